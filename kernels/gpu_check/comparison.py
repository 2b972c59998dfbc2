"""Whether a device computes what numpy computes, to the last bit, and how fast, beside what its
memory alone would take.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda.device import Session
from kernels.engines.cuda.runner import Chunks
from kernels.engines.partials import Moments
from kernels.gpu_check.clock import NUMBER_BYTES, TimedSession
from kernels.gpu_check.known import KNOWN, digest
from kernels.grids import reductions as reduce
from kernels.grids.best_cells import Best
from kernels.grids.engine_table import CUDA, NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tile
from kernels.language.verbs import arrays
from kernels.trace.grid import boxes

BINS, BEST = 1000, 100  # of histograms; cells of a top
SUMS = 1e-12  # what sums are good to


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that was tried: how many cells, what was wrong, the time of its kernels or in all,
    and what storing alone takes of it.
    """

    name: str
    cells: int
    fault: str | None
    kernel_seconds: float | None = None
    seconds: float | None = None
    cells_per_second: float | None = None
    of_floor: float | None = None
    first_seconds: float | None = None


def known_plans(session: TimedSession) -> Iterator[Line]:
    """Plans whose answers have the same hash on every machine."""
    for plan in KNOWN:
        found = digest(_twice(session, partial(plan.by_device, session)))
        fault = None if found == plan.sha256 else f"the hash is {found}, not {plan.sha256}"
        yield _line(f"known: {plan.name}", plan.cells, fault, session)


def difference(expected: NDArray[Any], found: NDArray[Any]) -> str | None:
    """What is not the same to the last bit; whatever is no number is the same."""
    same = (
        expected == found
        if expected.dtype.kind == "i"
        else expected.view(np.int64) == found.view(np.int64)
    )
    wrong = ~(same | (expected != expected) & (found != found)).reshape(-1)
    if not wrong.any():
        return None
    first = int(wrong.argmax())
    values = expected.reshape(-1)[first].item(), found.reshape(-1)[first].item()
    return (
        f"{np.count_nonzero(wrong)} of {wrong.size} cells differ; number {first} is {values[1]!r},"
        f" not {values[0]!r}"
    )


def cells(name: str, evaluation: Evaluation, session: TimedSession, floor: float) -> Line:
    """Every cell of a grid, and why some have no value, beside those of numpy; `floor`: bytes that
    a device stores in a second.
    """
    expected, ours = _fill(evaluation, _by_numpy(evaluation)), evaluation.on(CUDA)
    runner = _runner(ours, session)
    found = _twice(session, lambda: _fill(ours, _by_device(ours, runner)))
    faults = (difference(expected[one], found[one]) for one in expected)
    stored = NUMBER_BYTES * len(runner.wanted) * evaluation.grid.size
    return _line(
        name, evaluation.grid.size, next(filter(None, faults), None), session, stored / floor
    )


def columns(
    name: str,
    seconds: float,
    expected: Mapping[str, NDArray[Any]],
    found: Mapping[str, NDArray[Any]],
) -> Line:
    """Columns that an engine made in so many seconds, beside those of numpy."""
    if expected.keys() != found.keys():
        return Line(
            name=name,
            cells=0,
            fault=f"columns are {', '.join(found)}, not {', '.join(expected)}",
            seconds=seconds,
        )
    many = next(iter(found.values())).size
    faults = (difference(expected[one], found[one]) for one in expected)
    return Line(
        name=name,
        cells=many,
        fault=next(filter(None, faults), None),
        seconds=seconds,
        cells_per_second=many / seconds,
    )


def reductions(
    name: str, evaluation: Evaluation, target: str, session: TimedSession
) -> Iterator[Line]:
    """What each reduction leaves of a target, beside what numpy leaves: counts, extremes and the
    best cells are the same, sums nearly.
    """
    ours = evaluation.on(CUDA)
    runner, whole = (
        _runner(ours, session),
        _merge(reduce.moments, _by_numpy(evaluation), target, Moments.__add__),
    )
    for what, use, merge, compare in _uses(evaluation, whole):
        expected = _merge(use, _by_numpy(evaluation), target, merge)
        found = _twice(session, partial(_merge, use, _by_device(ours, runner), target, merge))
        yield _line(f"{name}: {what}", evaluation.grid.size, compare(expected, found), session)


def _uses(
    evaluation: Evaluation, whole: Moments
) -> Iterator[tuple[str, Any, Any, Callable[[Any, Any], str | None]]]:
    """Name, reduction of a tile, how two of them are joined, how two results are compared."""
    yield "summary", reduce.moments, Moments.__add__, _other_moments
    bins: dict[str, Any] = {"low": whole.least, "high": whole.greatest, "bins": BINS}
    yield "histogram", partial(reduce.histogram, **bins), reduce.CellCounts.__add__, _other_counts
    yield (
        "share",
        partial(reduce.share, condition="<", level=whole.mean),
        reduce.CellCounts.__add__,
        _other_counts,
    )
    for what, greatest in (("top", True), ("bottom", False)):
        how: dict[str, Any] = {"count": BEST, "greatest": greatest, "grid": evaluation.grid}
        yield what, partial(Best.of, **how), partial(Best.join, **how), _other_best


def _other_moments(expected: Moments, found: Moments) -> str | None:
    exact = [(one.count, one.least, one.greatest, one.missing) for one in (expected, found)]
    if exact[0] != exact[1]:
        return f"count, least, greatest and missing are {exact[1]}, not {exact[0]}"
    size = max(abs(expected.least), abs(expected.greatest))
    sums = [(one.mean, one.deviation) for one in (expected, found)]
    near = all(
        math.isclose(a, b, rel_tol=SUMS, abs_tol=SUMS * size) for a, b in zip(*sums, strict=True)
    )
    return None if near else f"mean and deviation are {sums[1]}, not {sums[0]}"


def _other_counts(expected: reduce.CellCounts, found: reduce.CellCounts) -> str | None:
    wrong = np.count_nonzero(np.atleast_1d(expected.counts) != np.atleast_1d(found.counts))
    return (
        f"{wrong} counts differ, or why there are no values: {found.missing}"
        if wrong or expected.missing != found.missing
        else None
    )


def _other_best(expected: Best, found: Best) -> str | None:
    if expected.indices.shape != found.indices.shape:
        return f"{found.indices.size} cells, not {expected.indices.size}"
    return difference(expected.indices, found.indices) or difference(expected.values, found.values)


def _twice(session: TimedSession, work: Callable[[], Any]) -> Any:
    """What some work gives the second time, when all kernels are compiled and only they are
    timed.
    """
    work()
    session.kernel_seconds()
    return work()


def _line(
    name: str,
    many: int,
    fault: str | None,
    session: TimedSession,
    floor_seconds: float | None = None,
) -> Line:
    spent, first = math.fsum(session.kernel_seconds()), session.compile_seconds()
    of_floor = floor_seconds / spent if floor_seconds and spent else None
    rate = many / spent if spent else None
    return Line(
        name=name,
        cells=many,
        fault=fault,
        kernel_seconds=spent,
        cells_per_second=rate,
        of_floor=of_floor,
        first_seconds=first,
    )


def _runner(evaluation: Evaluation, session: Session) -> Chunks:
    traced = evaluation.traced
    sizes = evaluation.tile_sizes(every_axis=True)
    return Chunks(
        tuple(traced.values.values()),
        tuple(traced.statuses.values()),
        evaluation.grid.shape,
        sizes,
        arrays(),
        session,
    )


def _by_device(
    evaluation: Evaluation, runner: Chunks
) -> Callable[[Callable[[Tile], Any]], Iterator[Any]]:
    def over(use: Callable[[Tile], Any]) -> Iterator[Any]:
        for box in boxes(evaluation.grid.whole, runner.sizes):
            runner.at(box)
            yield use(Tile(box, box, evaluation.traced, runner))

    return over


def _by_numpy(evaluation: Evaluation) -> Callable[[Callable[[Tile], Any]], Iterator[Any]]:
    return lambda use: (
        found for _, found in evaluation.over_tiles(use, NUMPY.workers(), every_axis=True)
    )


def _fill(evaluation: Evaluation, over: Any) -> dict[str, NDArray[Any]]:
    """Every target over the whole grid, and why it has no value."""
    shape = evaluation.grid.shape
    columns = {target: np.empty(shape) for target in evaluation.targets}
    codes = {target: np.zeros(shape, dtype=np.int16) for target in evaluation.targets}
    with np.errstate(all="ignore"):
        for _ in over(lambda tile: reduce.fill(tile, evaluation.targets, columns, codes)):
            pass
    return {**columns, **{f"{target} status": code for target, code in codes.items()}}


def _merge(use: Any, over: Any, target: str, merge: Any) -> Any:
    merged = None
    with np.errstate(all="ignore"):
        for found in over(lambda tile: use(tile, target)):
            merged = found if merged is None else merge(merged, found)
    return merged
