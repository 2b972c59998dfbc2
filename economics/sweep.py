"""A sweep: a base scenario, axes, targets, and what is to be left of the grid."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Annotated as A
from typing import Any, Union

import numpy as np
from msgspec import UNSET, Meta, Struct

from economics.axes import as_axes, grid
from economics.inputs import Inputs
from economics.problems import Problem, UnknownProblem
from economics.quantity import UnitError, unit_text
from economics.quote import _distinct
from economics.scenario import Scenario, Sourced, checked, scenario
from economics.table import Column, Range, Reduced, Summary, Table
from kernels import reduce
from kernels.backend import engine
from kernels.evaluate import Evaluation, Tile
from kernels.graph import near
from kernels.grid import Grid

DEFAULT_TARGETS = ("cost_usd_per_gpu_hour", "breakeven_utilisation", "npv_usd_per_rack")
MOST_CELLS_IN_MEMORY = 2**31
Progress = Callable[[int, int], None]


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
    """How many cells lie in each of equal bins of a target, between `low` and `high` (default: its extremes)."""

    target: str | None = None
    bins: A[int, Meta(ge=1, le=1_000_000)] = 256
    low: A[float, Meta(ge=-1e15, le=1e15)] | None = None
    high: A[float, Meta(ge=-1e15, le=1e15)] | None = None


class Share(Struct, tag="share", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The fraction of all cells that meet a condition such as `breakeven_utilisation < 0.8`."""

    condition: str


Reduction = Union[Cells, Summarise, Top, Bottom, Histogram, Share]  # noqa: UP007  msgspec reads tagged unions from it
CONDITION = re.compile(r"^\s*([A-Za-z_][\w\[\]]*)\s*(<=|>=|<|>)\s*([-+0-9.eE_]+)\s*$")


class Prepared(Struct, frozen=True, eq=False):
    """A checked sweep, ready to run: one evaluation for all targets that depend on the same axes."""

    grid: Grid
    targets: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    reduction: Reduction
    threads: int
    why: str

    def of(self, target: str) -> Evaluation:
        """The evaluation that has a target."""
        return next(e for e in self.evaluations if target in e.targets)

    @property
    def bytes(self) -> int:
        """How much memory the answer takes, and its tiles."""
        tiles = max(int(np.prod(e.tile_sizes(), dtype=float)) * 8 * len(e.steps) for e in self.evaluations) * self.threads
        return tiles + (self.grid.size * 8 * len(self.targets) if isinstance(self.reduction, Cells) else 0)


def prepare(spec: Mapping[str, Any], backend: str = "auto", threads: int | None = None) -> Prepared:
    """Check a sweep's spec: scenario, axes, targets, reduce. Nothing is computed. Errors: Problem, BackendError."""
    unknown = sorted(set(spec) - {"scenario", "axes", "targets", "reduce", "name", "source", "as_of", "note"})
    if unknown:
        raise UnknownProblem(unknown[0], unknown[0], "part of a sweep", near(unknown[0], ("scenario", "axes", "targets", "reduce")))
    if not isinstance(spec.get("scenario"), Mapping | Scenario | Sourced):
        raise Problem("scenario", spec.get("scenario"), "the base scenario's tables")
    sourced = scenario(spec["scenario"])
    over = grid(as_axes(spec.get("axes")), sourced)
    reduction: Reduction = checked(spec.get("reduce", {"kind": "cells"}), Reduction, "reduce")
    targets = _distinct(checked(spec.get("targets", DEFAULT_TARGETS), tuple[str, ...], "targets"))
    if isinstance(reduction, Share):
        targets = _distinct((_condition(reduction)[0], *targets))
    elif isinstance(reduction, Top | Bottom | Histogram) and reduction.target is not None:
        targets = _distinct((reduction.target, *targets))
    if not targets:
        raise Problem("targets", [], "at least one quantity")
    inputs = Inputs.of(sourced, over.arrays())
    plan = inputs.plan(targets)
    for target in targets:
        one = plan.nodes.get(target)
        if one is not None and (one.first_year is not None or target.endswith(("_by_period", "_by_date", "_search"))):
            raise Problem("targets", target, f"one number a cell: {target}[1] is that of year 1")
    xp, why = engine(backend)
    whole = Evaluation(plan.steps, targets, inputs.given(plan), over, xp, plan.nodes)
    alike: dict[frozenset[int], list[str]] = {}
    for target in targets:
        alike.setdefault(whole.axes_of.get(target, frozenset()), []).append(target)
    evaluations = []
    for group in alike.values():
        own = inputs.plan(group)
        evaluations.append(Evaluation(own.steps, tuple(group), inputs.given(own), over, xp, own.nodes))
    return Prepared(over, targets, tuple(evaluations), reduction, threads or _cores(), why)


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _condition(reduction: Share) -> tuple[str, str, float]:
    parsed = CONDITION.match(reduction.condition)
    try:
        name, sign, level = parsed.groups() if parsed else ("", "", "")
        number = float(level)
    except ValueError:
        raise Problem("reduce.condition", reduction.condition, 'a condition such as "breakeven_utilisation < 0.8"') from None
    if number - number != 0.0:
        raise Problem("reduce.condition", reduction.condition, "a finite level")
    return name, sign, number


def sweep(
    spec: Mapping[str, Any], backend: str = "auto", progress: Progress | None = None, threads: int | None = None, tile_cells: int | None = None
) -> Table | Reduced:
    """Run a sweep: a `Table` of all cells, or what the reduction leaves. Errors: Problem, BackendError."""
    return run(prepare(spec, backend, threads), progress, tile_cells)


def run(prepared: Prepared, progress: Progress | None = None, tile_cells: int | None = None) -> Table | Reduced:
    """Run a prepared sweep; `progress(done, cells)` is called between tiles, and may raise to stop it."""
    began, reduction, job = time.perf_counter(), prepared.reduction, Job(prepared, progress, tile_cells)
    if isinstance(reduction, Cells):
        return _cells(job)
    parts = {Summarise: _summary, Top: _best, Bottom: _best, Histogram: _histogram, Share: _share}[type(reduction)](job)
    ranges = tuple(
        Range(axis.name, len(axis), axis.coordinates[0].item(), axis.coordinates[-1].item(), _unit(axis.name)) for axis in prepared.grid.axes
    )
    kind, seconds = str(reduction.__struct_config__.tag), time.perf_counter() - began
    return Reduced(kind=kind, cells=prepared.grid.size, axes=ranges, backend=prepared.evaluations[0].xp.name, seconds=seconds, **parts)


class Job(Struct, frozen=True, eq=False):
    """A prepared sweep, who watches it, and a tile size where one is forced."""

    prepared: Prepared
    progress: Progress | None
    tile_cells: int | None

    def total(self, evaluation: Evaluation, partial: Any, merge: Any) -> Any:
        """`partial` of every tile of an evaluation, merged in order."""
        return reduce.total(evaluation, partial, self.prepared.threads, merge, self.progress, self.tile_cells)


def _unit(name: str) -> str:
    try:
        return unit_text(name)
    except UnitError:
        return "1"


def _described(evaluation: Evaluation, target: str) -> str:
    return " ".join((evaluation.nodes[target].doc if target in evaluation.nodes else "A field of the scenario.").split())


def _cells(job: Job) -> Table:
    over, targets = job.prepared.grid, job.prepared.targets
    if over.size > MOST_CELLS_IN_MEMORY:
        raise Problem("axes", over.size, f"at most {MOST_CELLS_IN_MEMORY} cells as a table; a reduction takes any number")
    columns: dict[str, Column] = {}
    for at, axis in enumerate(over.axes):
        shape = [-1 if place == at else 1 for place in range(len(over.axes))]
        words = axis.labels if axis.labels is not None else ()
        along = np.arange(len(axis), dtype=np.int32) if words else axis.coordinates
        values = np.broadcast_to(along.reshape(shape), over.shape)
        columns[axis.name] = Column(values, _unit(axis.name), f"Axis {at + 1} of {len(over.axes)}.", words)
    outs, codes = ({target: make(over.shape) for target in targets} for make in (np.empty, lambda s: np.zeros(s, dtype=np.int16)))
    for one in job.prepared.evaluations:
        job.total(one, lambda tile: reduce.fill(tile, tile.targets, outs, codes), lambda a, b: None)
    for target in targets:
        one = job.prepared.of(target)
        columns[target] = Column(outs[target], unit_text(target), _described(one, target))
        if not np.isfinite(outs[target]).all():
            columns[f"{target}_status"] = Column(codes[target], "1", f"Why a cell of {target} has no value.", one.status_names)
    return Table(axes=tuple(axis.name for axis in over.axes), shape=over.shape, columns=columns, backend=job.prepared.evaluations[0].xp.name)


def _missing(evaluation: Evaluation, moments: reduce.Moments) -> dict[str, int]:
    return {name: n for name, n in zip(evaluation.status_names, moments.missing, strict=False) if n}


def _summary(job: Job) -> dict[str, Any]:
    made: dict[str, Summary] = {}
    for one in job.prepared.evaluations:
        made.update(_summaries(job, one))
    return {"targets": {target: made[target] for target in job.prepared.targets}}


def _both(a: Any, b: Any) -> Any:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _summaries(job: Job, one: Evaluation) -> dict[str, Summary]:
    few = one.grid.size <= reduce.EXACT_QUANTILE_CELLS
    outs = {target: np.empty(one.grid.shape) for target in one.targets} if few else {}

    def moments(tile: Tile) -> tuple[reduce.Moments, ...]:
        for target, out in outs.items():
            out[tile.box] = tile.own(target)
        return tuple(reduce.Moments.of(tile, target) for target in one.targets)

    def counts(tile: Tile) -> tuple[Any, ...]:
        return tuple(reduce.histogram(tile, t, m.least, m.greatest, reduce.QUANTILE_BINS) for t, m in bounds.items())

    found = job.total(one, moments, _both)
    bounds = {t: m for t, m in zip(one.targets, found, strict=True) if m.count}
    if few:
        quantiles = {t: np.quantile(outs[t][np.isfinite(outs[t])], reduce.QUANTILES).tolist() for t in bounds}
    else:
        tallies = job.total(one, counts, _both) if bounds else ()
        quantiles = {t: reduce.binned_quantiles(n, m.least, m.greatest) for (t, m), n in zip(bounds.items(), tallies, strict=True)}
    return {t: _summarised(one, t, m, quantiles.get(t), few) for t, m in zip(one.targets, found, strict=True)}


def _summarised(evaluation: Evaluation, target: str, moments: reduce.Moments, quantiles: Any, exact: bool) -> Summary:
    some = moments.count > 0
    return Summary(
        unit=unit_text(target),
        description=_described(evaluation, target),
        count=moments.count,
        missing=_missing(evaluation, moments),
        least=moments.least if some else None,
        greatest=moments.greatest if some else None,
        mean=moments.mean if some else None,
        standard_deviation=moments.deviation if some else None,
        quantiles={f"p{round(100 * q):02d}": value for q, value in zip(reduce.QUANTILES, quantiles, strict=True)} if some else UNSET,
        quantile_error=(0.0 if exact else (moments.greatest - moments.least) / reduce.QUANTILE_BINS) if some else UNSET,
    )


def _best(job: Job) -> dict[str, Any]:
    prepared, reduction, over = job.prepared, job.prepared.reduction, job.prepared.grid
    greatest = isinstance(reduction, Top)
    target, count = reduction.target or prepared.targets[0], reduction.count  # type: ignore[union-attr]
    best = job.total(
        prepared.of(target),
        lambda tile: reduce.Best.of(tile, target, count, greatest, over),
        lambda a, b: a.joined(b, count, greatest, over),
    )
    rows = tuple(_row(prepared, int(index)) for index in best.indices)
    return {"rows": rows, "units": {name: _unit(name) for name in (*(a.name for a in over.axes), *prepared.targets)}}


def _row(prepared: Prepared, index: int) -> dict[str, Any]:
    row, at = dict(prepared.grid.labels(index)), prepared.grid.position(index)
    for one in prepared.evaluations:
        tile = one.tile(tuple(slice(place, place + 1) for place in at))
        for target in one.targets:
            value = float(tile.own(target).ravel()[0])
            row[target] = value if np.isfinite(value) else None
    return row


def _histogram(job: Job) -> dict[str, Any]:
    reduction = job.prepared.reduction
    assert isinstance(reduction, Histogram)  # noqa: S101
    target = reduction.target or job.prepared.targets[0]
    one, units = job.prepared.of(target), {target: unit_text(target)}
    found = job.total(one, lambda tile: reduce.Moments.of(tile, target), lambda a, b: a + b)
    low = found.least if reduction.low is None else reduction.low
    high = found.greatest if reduction.high is None else reduction.high
    if not found.count:
        return {"missing": _missing(one, found), "units": units}
    if high < low:
        raise Problem("reduce.high", high, f"a number above low ({low:g})")
    counts = job.total(one, lambda tile: reduce.histogram(tile, target, low, high, reduction.bins), lambda a, b: a + b)
    edges = (*(low + (high - low) * (k / reduction.bins) for k in range(reduction.bins)), high)
    return {"edges": edges, "counts": tuple(counts.tolist()), "missing": _missing(one, found), "units": units}


def _share(job: Job) -> dict[str, Any]:
    assert isinstance(job.prepared.reduction, Share)  # noqa: S101
    target, sign, level = _condition(job.prepared.reduction)
    one = job.prepared.of(target)

    def count(tile: Tile) -> tuple[int, reduce.Moments]:
        return reduce.share(tile, target, sign, level), reduce.Moments.of(tile, target)

    meeting, found = job.total(one, count, _both)
    share = meeting / job.prepared.grid.size
    return {"condition": f"{target} {sign} {level:g}", "meeting": meeting, "share": share, "missing": _missing(one, found)}
