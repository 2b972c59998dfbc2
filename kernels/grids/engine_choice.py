"""Which engine evaluates a grid: the one asked for, or the best that is there and worth its start.

Errors: BackendError where the engine asked for is not there, with the reason; it is never replaced
in silence.
"""

from collections.abc import Sequence

from kernels.engines.engine import Engine, Unsupported
from kernels.grids.engine_table import ENGINES
from kernels.grids.evaluation import Evaluation
from kernels.language.verbs import BackendError

NAMES = ("auto", *(one.name for one in ENGINES))
OPERATION_SECONDS = 1e-9  # of numpy on a cell, roughly
COMPILE_SECONDS = 1e-3  # of an operation, roughly


def choose(
    name: str, evaluations: Sequence[Evaluation], engines: Sequence[Engine] = ENGINES
) -> tuple[tuple[Evaluation, ...], str]:
    """The evaluations on an engine, and why it was taken. Errors: BackendError."""
    if name not in NAMES:
        raise BackendError(f"backend = {name!r}: expected {', '.join(NAMES[:-1])} or {NAMES[-1]}")
    if name == NAMES[0]:
        return _best(evaluations, engines)
    found, refused = _on(next(one for one in engines if one.name == name), evaluations)
    if refused:
        raise BackendError(f"backend = {name!r}: {refused}")
    return found, "asked for"


def _best(
    evaluations: Sequence[Evaluation], engines: Sequence[Engine]
) -> tuple[tuple[Evaluation, ...], str]:
    """On the last engine that is worth its start and takes them; the first takes everything."""
    why = list[str]()
    for engine in reversed(engines[1:]):
        if not _worthwhile(evaluations, engine):
            continue
        found, refused = _on(engine, evaluations)
        if not refused:
            return found, "; ".join(["much to compute", *why])
        why.append(f"{engine.name}: {refused}")
    return _on(engines[0], evaluations)[0], "; ".join(why) or "little to compute"


def _worthwhile(evaluations: Sequence[Evaluation], engine: Engine) -> bool:
    """Whether the grid is large enough to repay the start of a compiling engine."""
    slow = sum(one.traced.cell_operations for one in evaluations) * OPERATION_SECONDS
    start = sum(one.traced.operations for one in evaluations) * COMPILE_SECONDS
    return slow > start + engine.least_seconds


def _on(
    engine: Engine, evaluations: Sequence[Evaluation]
) -> tuple[tuple[Evaluation, ...], str | None]:
    """The evaluations on an engine, or why it cannot take them."""
    if refused := engine.missing():
        return (), refused
    found = tuple(one.on(engine) for one in evaluations)
    try:
        for one in found:
            one.check()
    except Unsupported as error:
        return (), str(error)
    return found, None
