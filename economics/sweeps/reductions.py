"""What is left of a sweep's grid: the reductions of `kernels.grids.reductions` with names, units
and descriptions.
"""

from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from msgspec import UNSET

from economics.models.reasons import left_out
from economics.scenario.plan import finite
from economics.sweeps.answers import Summary
from economics.sweeps.prepared import Job
from economics.sweeps.spec import (
    Bottom,
    Histogram,
    Reduction,
    Share,
    Summarise,
    Top,
    condition_of,
)
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import percent_meant, unit_shown
from kernels.engines.partials import Moments, Tally, reaching
from kernels.grids import reductions
from kernels.grids.best_cells import Best
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tile


def tallies(reduction: Reduction, targets: tuple[str, ...]) -> tuple[tuple[str, Tally], ...]:
    """What a reduction makes of the values of which targets, where an engine can while it computes
    them.
    """
    match reduction:
        case Summarise():
            return tuple((target, Tally("moments")) for target in targets)
        case Histogram():
            return ((targets[0], Tally("bins")),)
        case Share():
            return ((targets[0], Tally("share", condition_of(reduction)[1])),)
        case Top() | Bottom():
            return ((targets[0], Tally("candidates", reaching(isinstance(reduction, Top)))),)
    return ()


def _by_status(evaluation: Evaluation, counts: tuple[int, ...]) -> dict[str, int]:
    return {name: n for name, n in zip(evaluation.status_names, counts, strict=False) if n}


def summary(job: Job) -> dict[str, Any]:
    """Moments and quantiles of every target."""
    made: dict[str, Summary] = {}
    for one in job.prepared.evaluations:
        made.update(_summaries(job, one))
    targets = {target: made[target] for target in job.prepared.targets}
    cells = job.prepared.grid.size
    notes = (left_out(target, one.missing, cells) for target, one in targets.items())
    return {"targets": targets, "notes": tuple(chain.from_iterable(notes))}


def _both(a: Any, b: Any) -> Any:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _keep(outs: dict[str, Any], tile: Tile) -> None:
    for target, out in outs.items():
        out[tile.box] = tile.own(target)


def _summaries(job: Job, one: Evaluation) -> dict[str, Summary]:
    few = one.grid.size <= reductions.EXACT_QUANTILE_CELLS
    outs = {target: np.empty(one.grid.shape) for target in one.targets} if few else {}

    def moments(tile: Tile) -> tuple[Moments, ...]:
        _keep(outs, tile)
        return tuple(reductions.moments(tile, target) for target in one.targets)

    def counts(tile: Tile) -> tuple[Any, ...]:
        return tuple(
            reductions.histogram(tile, t, m.least, m.greatest, reductions.QUANTILE_BINS)
            for t, m in bounds.items()
        )

    found = job.total(one, moments, _both)
    bounds = {t: m for t, m in zip(one.targets, found, strict=True) if m.count}
    if few:
        quantiles = {
            t: np.quantile(outs[t][np.isfinite(outs[t])], reductions.QUANTILES).tolist()
            for t in bounds
        }
    else:
        tallies = job.total(one, counts, _both) if bounds else ()
        quantiles = {
            t: reductions.binned_quantiles(n.counts, m.least, m.greatest)
            for (t, m), n in zip(bounds.items(), tallies, strict=True)
        }
    return {
        t: _target_summary(job, t, m, quantiles.get(t), few)
        for t, m in zip(one.targets, found, strict=True)
    }


def _target_summary(
    job: Job, target: str, moments: Moments, quantiles: Any, exact: bool
) -> Summary:
    some = moments.count > 0
    return Summary(
        unit=unit_shown(target),
        description=job.prepared.description(target),
        count=moments.count,
        missing=_by_status(job.prepared.of(target), moments.missing),
        least=moments.least if some else None,
        greatest=moments.greatest if some else None,
        mean=moments.mean if some else None,
        standard_deviation=moments.deviation if some else None,
        quantiles=(
            {
                f"p{round(100 * q):02d}": value
                for q, value in zip(reductions.QUANTILES, quantiles, strict=True)
            }
            if some
            else UNSET
        ),
        quantile_error=(
            (0.0 if exact else (moments.greatest - moments.least) / reductions.QUANTILE_BINS)
            if some
            else UNSET
        ),
    )


def best(job: Job) -> dict[str, Any]:
    """The cells in which a target is greatest or least, with all targets there."""
    prepared, reduction, over = job.prepared, job.prepared.reduction, job.prepared.grid
    greatest = isinstance(reduction, Top)
    target, count = reduction.target or prepared.targets[0], reduction.count  # type: ignore[union-attr]
    limit: list[float | None] = [None]  # what later tiles must reach

    def joined(a: Best, b: Best) -> Best:
        best = a.join(b, count, greatest, over)
        limit[0] = best.limit(count)
        return best

    found = job.total(
        prepared.of(target),
        lambda tile: Best.of(tile, target, count, greatest, over, limit[0]),
        joined,
        every_axis=True,
    )
    one, names = prepared.of(target), (*(axis.name for axis in over.axes), *prepared.targets)
    missing, ahead = _by_status(one, found.missing), _by_status(one, found.ahead)
    behind = {status: count - ahead.get(status, 0) for status, count in missing.items()}
    first = f", lying {'above' if greatest else 'below'} every value"
    return {
        "target": target,
        "rows": _rows(job, found.indices),
        "units": {name: unit_shown(name) for name in names},
        "missing": missing,
        "ahead": ahead,
        "notes": (
            *left_out(target, ahead, over.size, more=first),
            *left_out(target, behind, over.size),
        ),
    }


def _rows(job: Job, indices: Any) -> tuple[dict[str, Any], ...]:
    """Coordinates and targets of some cells; the status of each of a target that some lack."""
    over = job.prepared.grid
    rows = tuple(dict(over.labels(int(index))) for index in indices)
    for one in job.prepared.evaluations if rows else ():
        picked = one.at(over.places(indices))
        values = {target: np.empty(len(rows)) for target in one.targets}
        codes = {target: np.zeros(len(rows), dtype=np.int16) for target in one.targets}
        fill = partial(reductions.fill, targets=one.targets, columns=values, codes=codes)
        lacking = job.total(picked, fill, set.union)
        for target in one.targets:
            for row, value, code in zip(rows, values[target], codes[target], strict=True):
                row[target] = finite(float(value))
                if target in lacking:
                    row[f"{target}_status"] = one.status_names[code]
    return rows


def histogram(job: Job) -> dict[str, Any]:
    """Counts in equal bins of a target."""
    reduction = job.prepared.reduction
    assert isinstance(reduction, Histogram)  # noqa: S101
    target = reduction.target or job.prepared.targets[0]
    one, units = job.prepared.of(target), {target: unit_shown(target)}
    low, high = reduction.low, reduction.high
    if low is None or high is None:
        found = job.total(one, lambda tile: reductions.moments(tile, target), lambda a, b: a + b)
        if not found.count:
            none = {"target": target, "edges": (), "counts": (), "units": units}
            return {**none, **_in_no_bin(one, target, found.missing, 0)}
        low, high = found.least if low is None else low, found.greatest if high is None else high
    if high < low and reduction.high is None:
        raise Problem("reduce.low", low, f"at most the greatest value ({high:g})")
    if high < low:
        raise Problem("reduce.high", high, f"a number above low ({low:g})")
    counted = job.total(
        one,
        lambda tile: reductions.histogram(tile, target, low, high, reduction.bins),
        lambda a, b: a + b,
    )
    edges = (*(low + (high - low) * (k / reduction.bins) for k in range(reduction.bins)), high)
    counts = tuple(counted.counts.tolist())
    outside = one.grid.size - sum(counted.missing) - sum(counts)
    return {
        "target": target,
        "edges": edges,
        "counts": counts,
        "units": units,
        **_in_no_bin(one, target, counted.missing, outside),
    }


def _in_no_bin(
    one: Evaluation, target: str, missing: tuple[int, ...], outside: int
) -> dict[str, Any]:
    """The cells of a histogram that are in none of its bins."""
    named, cells = _by_status(one, missing), one.grid.size
    beyond = f"{outside:,} of {cells:,} cells have a {target} outside the bins"
    notes = (*left_out(target, named, cells), *([beyond] if outside else []))
    return {"outside": outside, "missing": named, "notes": notes}


def share(job: Job) -> dict[str, Any]:
    """In which fraction of the cells a condition is met, and in how many nobody can say."""
    assert isinstance(job.prepared.reduction, Share)  # noqa: S101
    target, sign, level = condition_of(job.prepared.reduction)
    one = job.prepared.of(target)

    found = job.total(
        one, lambda tile: reductions.share(tile, target, sign, level), lambda a, b: a + b
    )
    cells, unknown = one.grid.size, sum(found.missing)
    no_value = _by_status(one, found.missing)
    return {
        "target": target,
        "condition": f"{target} {sign} {level!r}".removesuffix(".0"),
        "met": found.counts,
        "not_met": cells - found.counts - unknown,
        "no_value": no_value,
        "share": found.counts / cells,
        "share_at_most": (found.counts + unknown) / cells,
        "notes": (*left_out(target, no_value, cells), *percent_meant(target, level)),
    }
