"""Which engine evaluates a grid: the one asked for, or the best that is there and worth its start.

Errors: BackendError where the engine asked for is not there, with the reason; it is never replaced in silence.
"""

from collections.abc import Sequence
from importlib.util import find_spec

from kernels.backend import Arrays, BackendError, arrays
from kernels.evaluate import Evaluation
from kernels.layout import Unsupported

NAMES = ("auto", "numpy", "jit")
OPERATION_SECONDS = 1e-9  # of numpy on a cell, roughly
COMPILE_SECONDS = 1e-3  # of an operation, roughly
LEAST_SECONDS = 0.1  # that there must be to gain


def engine(name: str, evaluations: Sequence[Evaluation]) -> tuple[tuple[Evaluation, ...], str]:
    """The evaluations on an engine, and why it was taken. Errors: BackendError."""
    if name not in NAMES:
        raise BackendError(f"backend = {name!r}: expected {', '.join(NAMES[:-1])} or {NAMES[-1]}")
    on_numpy = tuple(one.on(arrays()) for one in evaluations)
    if name == "numpy":
        return on_numpy, "asked for"
    if name == "auto" and not _worthwhile(evaluations):
        return on_numpy, "few cells"
    on_jit = tuple(one.on(Arrays(arrays().np, "jit")) for one in evaluations)
    refused = _refused(on_jit)
    if name == "jit":
        if refused:
            raise BackendError(f"backend = 'jit': {refused}")
        return on_jit, "asked for"
    return (on_numpy, refused) if refused else (on_jit, "many cells")


def _worthwhile(evaluations: Sequence[Evaluation]) -> bool:
    """Whether the grid is large enough to repay the start of the jit engine."""
    slow = sum(one.traced.cell_operations for one in evaluations) * OPERATION_SECONDS
    start = sum(one.traced.operations for one in evaluations) * COMPILE_SECONDS
    return slow > start + LEAST_SECONDS


def _refused(evaluations: Sequence[Evaluation]) -> str | None:
    """Why the jit engine cannot take some evaluations, or None."""
    if find_spec("llvmlite") is None:
        return "llvmlite is not installed: pip install 'rackrate[jit]'"
    from kernels.jit import check

    try:
        for one in evaluations:
            check(one.traced.values.values(), one.traced.statuses.values(), one.tile_sizes())
    except Unsupported as error:
        return str(error)
    return None
