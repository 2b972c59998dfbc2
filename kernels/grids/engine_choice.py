"""Which engine evaluates a grid: the one asked for, or the best that is there and worth its start.

Errors: BackendError where the engine asked for is not there, with the reason; it is never replaced
in silence.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from kernels.engines.rows.layout import Unsupported
from kernels.grids.evaluation import Evaluation
from kernels.language.verbs import Arrays, BackendError, arrays

NAMES = ("auto", "numpy", "jit", "cuda")
OPERATION_SECONDS = 1e-9  # of numpy on a cell, roughly
COMPILE_SECONDS = 1e-3  # of an operation, roughly
LEAST_SECONDS = {"jit": 0.1, "cuda": 1.0}  # that there must be to gain; a device is slow to wake


def engine(name: str, evaluations: Sequence[Evaluation]) -> tuple[tuple[Evaluation, ...], str]:
    """The evaluations on an engine, and why it was taken. Errors: BackendError."""
    if name not in NAMES:
        raise BackendError(f"backend = {name!r}: expected {', '.join(NAMES[:-1])} or {NAMES[-1]}")
    if name != "auto":
        found, refused = _on(name, evaluations)
        if refused:
            raise BackendError(f"backend = {name!r}: {refused}")
        return found, "asked for"
    why = list[str]()
    for fast in ("cuda", "jit"):
        if not _worthwhile(evaluations, fast):
            continue
        found, refused = _on(fast, evaluations)
        if not refused:
            return found, "; ".join(["much to compute", *why])
        why.append(f"{fast}: {refused}")
    return _on("numpy", evaluations)[0], "; ".join(why) or "little to compute"


def missing(name: str) -> str | None:
    """Why an engine cannot run here; None if it can."""
    if name == "jit" and find_spec("llvmlite") is None:
        return "llvmlite is not installed: pip install 'rackrate[jit]'"
    if name == "cuda":
        from kernels.engines.cuda import device

        return device.missing()
    return None


def described(name: str) -> dict[str, Any] | None:
    """What an engine that is there runs on, for records: devices, versions, a hash of the kernels;
    None where that is the processor.
    """
    if name != "cuda":
        return None
    from kernels.engines.cuda import device, source

    found = [device.described(number) for number in range(device.devices())]
    named = {key: ", ".join(dict.fromkeys(one[key] for one in found)) for key in found[0]}
    return {
        "name": named.pop("device"),
        **named,
        "count": len(found),
        "sources": source.package_hash(),
    }


def workers(name: str) -> int:
    """How many threads keep an engine busy: one a core, or two a device, one of which copies while
    the other computes.
    """
    if name == "cuda":
        from kernels.engines.cuda import device

        return 2 * device.devices()
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worthwhile(evaluations: Sequence[Evaluation], name: str) -> bool:
    """Whether the grid is large enough to repay the start of a compiling engine."""
    slow = sum(one.traced.cell_operations for one in evaluations) * OPERATION_SECONDS
    start = sum(one.traced.operations for one in evaluations) * COMPILE_SECONDS
    return slow > start + LEAST_SECONDS[name]


def _on(name: str, evaluations: Sequence[Evaluation]) -> tuple[tuple[Evaluation, ...], str | None]:
    """The evaluations on an engine, or why it cannot take them."""
    if refused := missing(name):
        return (), refused
    found = tuple(one.on(Arrays(arrays().np, name)) for one in evaluations)
    try:
        for one in found:
            one.check()
    except Unsupported as error:
        return (), str(error)
    return found, None
