"""Which engine evaluates a grid: the one asked for, or of those that are there the one that takes
least time by an estimate.

Errors: BackendError where the engine asked for is not there, with the reason; it is never replaced
in silence.
"""

from collections.abc import Sequence

from kernels.engines.engine import Engine, Unsupported
from kernels.grids.engine_cost import Cost, cost, running
from kernels.grids.engine_table import ENGINES
from kernels.grids.evaluation import Evaluation
from kernels.language.verbs import BackendError

NAMES = ("auto", *(one.name for one in ENGINES))
LITTLE_SECONDS = 0.01


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
    """On the engine that takes least time by the estimate; the first takes everything."""
    first, _ = _on(engines[0], evaluations)
    costs, refusals = {engines[0].name: (cost(first), first)}, list[str]()
    most = costs[engines[0].name][0].total
    for engine in engines[1:]:
        if engine.start_seconds() + running(first, engine) < most:
            found, refused = _on(engine, evaluations)
            if refused:
                refusals.append(f"{engine.name}: {refused}")
            else:
                costs[engine.name] = cost(found), found
    best = min(costs, key=lambda name: costs[name][0].weighed)
    others = [f"{name} {_said(costs[name][0])}" for name in costs if name != best]
    how = "by estimate" if others or refusals else "little to compute:"
    return costs[best][1], "; ".join([f"{how} {_said(costs[best][0])}", *others, *refusals])


def _said(estimate: Cost) -> str:
    """An estimate in words."""
    compiling = f" ({_seconds(estimate.compile)} to compile)" if estimate.compile else ""
    return f"{_seconds(estimate.total)}{compiling}"


def _seconds(seconds: float) -> str:
    if seconds < LITTLE_SECONDS:
        return f"under {LITTLE_SECONDS:g} s"
    return f"about {seconds:.2g} s" if seconds < 10.0 else f"about {seconds:,.0f} s"


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
