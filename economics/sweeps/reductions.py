"""What a sweep may leave of its grid, and how it is run: the reductions of
`kernels.grids.reductions` with names, units and descriptions.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Annotated as A
from typing import Any, Union

import numpy as np
from msgspec import UNSET, Meta, Struct

from economics.scenario.basis import Basis
from economics.sweeps.answers import DeviceUsed, Summary
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown
from kernels.engines.partials import Moments
from kernels.grids import reductions
from kernels.grids.best_cells import Best
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tile
from kernels.trace.grid import Grid

Progress = Callable[[int, int], None]
LINE_BYTES = 48  # of what is kept of each line of a frontier


class Cells(Struct, tag="cells", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The whole table."""


class Summarise(Struct, tag="summary", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """Count, extremes, mean, standard deviation and quantiles of every target."""


class Top(Struct, tag="top", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The cells in which a target (default: the first) is greatest."""

    target: str | None = None
    count: A[int, Meta(ge=1, le=100_000)] = 100


class Bottom(Struct, tag="bottom", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The cells in which a target (default: the first) is least."""

    target: str | None = None
    count: A[int, Meta(ge=1, le=100_000)] = 100


class Histogram(Struct, tag="histogram", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """How many cells lie in each of equal bins of a target, between `low` and `high` (default: its
    extremes).
    """

    target: str | None = None
    bins: A[int, Meta(ge=1, le=1_000_000)] = 256
    low: A[float, Meta(ge=-1e15, le=1e15)] | None = None
    high: A[float, Meta(ge=-1e15, le=1e15)] | None = None


class Share(Struct, tag="share", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The fraction of all cells that meet a condition such as `breakeven_utilisation < 0.8`."""

    condition: str


class Frontier(Struct, tag="frontier", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """For each cell of the other axes, the value of a swept field at which a target (default: the
    first) crosses a level.
    """

    field: str
    target: str | None = None
    level: A[float, Meta(ge=-1e15, le=1e15)] = 0.0


Reduction = Union[Cells, Summarise, Top, Bottom, Histogram, Share, Frontier]  # noqa: UP007  msgspec reads it
CONDITION = re.compile(r"^\s*([A-Za-z_][\w\[\].]*)\s*(<=|>=|<|>)\s*([-+0-9.eE_]+)\s*$")


class Prepared(Struct, frozen=True, eq=False):
    """A checked sweep, ready to run: one evaluation for all targets that depend on the same
    axes.
    """

    grid: Grid
    targets: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    basis: Basis
    reduction: Reduction
    threads: int
    why: str
    device: DeviceUsed = UNSET

    def of(self, target: str) -> Evaluation:
        """The evaluation that has a target."""
        return next(e for e in self.evaluations if target in e.targets)

    @property
    def backend(self) -> str:
        """The name of the engine."""
        return self.evaluations[0].engine.name

    @property
    def rows(self) -> int:
        """How many rows the answer has as a table of cells; 0 where it is no such table."""
        if isinstance(self.reduction, Frontier):
            return self.grid.size // len(
                next(axis for axis in self.grid.axes if axis.name == self.reduction.field)
            )
        return self.grid.size if isinstance(self.reduction, Cells) else 0

    @property
    def bytes(self) -> int:
        """How much memory the answer takes while it is made, and its tiles; not what a format makes
        of it.
        """
        if isinstance(self.reduction, Frontier):
            return self.tile_bytes + self.rows * LINE_BYTES
        exact = (
            isinstance(self.reduction, Summarise)
            and self.grid.size <= reductions.EXACT_QUANTILE_CELLS
        )
        return self.tile_bytes + (
            self.grid.size * 8 * len(self.targets)
            if exact or isinstance(self.reduction, Cells)
            else 0
        )

    @property
    def tile_bytes(self) -> int:
        """How much memory the tiles take that are under way."""
        return max(e.tile_bytes for e in self.evaluations) * self.threads


def condition_of(reduction: Share) -> tuple[str, str, float]:
    """The target, the sign and the level of a condition. Errors: Problem."""
    parsed = CONDITION.match(reduction.condition)
    try:
        name, sign, level = parsed.groups() if parsed else ("", "", "")
        number = float(level)
    except ValueError:
        raise Problem(
            "reduce.condition",
            reduction.condition,
            'a condition such as "breakeven_utilisation < 0.8"',
        ) from None
    if number - number != 0.0:
        raise Problem("reduce.condition", reduction.condition, "a finite level")
    return name, sign, number


class Job(Struct, frozen=True, eq=False):
    """A prepared sweep, who watches it, and a tile size where one is forced."""

    prepared: Prepared
    progress: Progress | None
    tile_cells: int | None

    def total(self, evaluation: Evaluation, use: Any, merge: Any, every_axis: bool = False) -> Any:
        """`use` of every tile of an evaluation, merged in order; `every_axis`: tiles are cut along
        idle axes too.
        """
        return reductions.total(
            evaluation,
            use,
            self.prepared.threads,
            merge,
            self.progress,
            self.tile_cells,
            every_axis,
        )


def described(evaluation: Evaluation, target: str) -> str:
    """What a target is, in one line."""
    return " ".join(
        (
            evaluation.nodes[target].doc
            if target in evaluation.nodes
            else "A field of the scenario."
        ).split()
    )


def _missing(evaluation: Evaluation, found: Moments | reductions.CellCounts) -> dict[str, int]:
    return {name: n for name, n in zip(evaluation.status_names, found.missing, strict=False) if n}


def summary(job: Job) -> dict[str, Any]:
    """Moments and quantiles of every target."""
    made: dict[str, Summary] = {}
    for one in job.prepared.evaluations:
        made.update(_summaries(job, one))
    return {"targets": {target: made[target] for target in job.prepared.targets}}


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
        t: _summarised(one, t, m, quantiles.get(t), few)
        for t, m in zip(one.targets, found, strict=True)
    }


def _summarised(
    evaluation: Evaluation, target: str, moments: Moments, quantiles: Any, exact: bool
) -> Summary:
    some = moments.count > 0
    return Summary(
        unit=unit_shown(target),
        description=described(evaluation, target),
        count=moments.count,
        missing=_missing(evaluation, moments),
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
    names = (*(axis.name for axis in over.axes), *prepared.targets)
    return {"rows": _rows(job, found.indices), "units": {name: unit_shown(name) for name in names}}


def _rows(job: Job, indices: Any) -> tuple[dict[str, Any], ...]:
    """Coordinates and targets of some cells."""
    over, rows = (
        job.prepared.grid,
        tuple(dict(job.prepared.grid.labels(int(index))) for index in indices),
    )
    for one in job.prepared.evaluations if rows else ():
        picked = one.at(over.places(indices))
        outs = {target: np.empty(len(rows)) for target in one.targets}
        job.total(picked, partial(_keep, outs), lambda _, last: last)
        for row, *values in zip(rows, *outs.values(), strict=True):
            row.update(
                {t: float(v) if np.isfinite(v) else None for t, v in zip(outs, values, strict=True)}
            )
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
            return {"missing": _missing(one, found), "units": units}
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
    return {
        "edges": edges,
        "counts": tuple(counted.counts.tolist()),
        "missing": _missing(one, counted),
        "units": units,
    }


def share(job: Job) -> dict[str, Any]:
    """In which fraction of the cells a condition is met."""
    assert isinstance(job.prepared.reduction, Share)  # noqa: S101
    target, sign, level = condition_of(job.prepared.reduction)
    one = job.prepared.of(target)

    found = job.total(
        one, lambda tile: reductions.share(tile, target, sign, level), lambda a, b: a + b
    )
    fraction = found.counts / job.prepared.grid.size
    condition = f"{target} {sign} {level!r}".removesuffix(".0")
    return {
        "condition": condition,
        "meeting": found.counts,
        "share": fraction,
        "missing": _missing(one, found),
    }
