"""A sweep: a base scenario, axes, targets, and what is to be left of the grid."""

import time
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from economics.models.registry import model_of
from economics.scenario.basis import basis, unanswered
from economics.scenario.checking import checked
from economics.scenario.fields import distinct
from economics.scenario.inputs import Inputs
from economics.scenario.reading import Sourced, scenario
from economics.sweeps import cells, frontier, reductions
from economics.sweeps.answers import Device, DeviceUsed, Range, Reduced, Table
from economics.sweeps.axes import grid
from economics.sweeps.prepared import Job, Prepared, Progress
from economics.sweeps.spec import (
    Bottom,
    Cells,
    Frontier,
    Histogram,
    Reduction,
    Share,
    Summarise,
    SweepSpec,
    Threads,
    Top,
    condition_of,
    sweep_spec,
)
from economics.vocabulary.problems import Problem, UnknownProblem, as_one
from economics.vocabulary.units import unit_shown
from kernels.engines.engine import Engine
from kernels.grids.engine_choice import NAMES, choose
from kernels.grids.engine_table import NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.trace.grid import Axis, Grid

RUNNERS = {
    Summarise: reductions.summary,
    Top: reductions.best,
    Bottom: reductions.best,
    Histogram: reductions.histogram,
    Share: reductions.share,
}


def prepare(
    spec: Mapping[str, Any] | SweepSpec, backend: str | None = None, threads: int | None = None
) -> Prepared:
    """Check a sweep: scenario, axes, targets, reduce, backend. Nothing is computed. Errors:
    Problem, BackendError.

    The engine is `backend`, or the one that the spec names, or auto.
    """
    asked = spec if isinstance(spec, SweepSpec) else sweep_spec(spec)
    name = engine_name(asked.backend if backend is None else backend)
    sourced = scenario(asked.scenario)
    unknown = asked.reduce.field if isinstance(asked.reduce, Frontier) else None
    over = grid(asked.axes, sourced, unknown)
    if isinstance(asked.reduce, Frontier):
        frontier.check_axis(asked.reduce, asked.axes, over)
    usual, more = usual_targets(sourced, over) if asked.targets is None else (asked.targets, ())
    targets = _targets(asked.reduce, usual)
    taken = {*targets, *(f"{target}_status" for target in targets)}
    for at, axis in enumerate(over.axes):
        if axis.name in taken:
            raise Problem(f"axes[{at}].name", axis.name, "a name that no target and no status has")
    try:
        return prepare_over(sourced, over, targets, asked.reduce, name, threads, more)
    except Problem as problem:
        if problem.where != "targets":
            raise
        raise as_one(_of_reduction(one, asked.reduce, usual) for one in problem.each) from None


def _of_reduction(problem: Problem, reduction: Reduction, targets: tuple[str, ...]) -> Problem:
    """What is wrong with a target that only the reduction names, said of that."""
    if problem.value in targets:
        return problem
    part = "condition" if isinstance(reduction, Share) else "target"
    return Problem(f"reduce.{part}", problem.value, problem.expected)


def usual_targets(sourced: Sourced, over: Grid) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is computed where no target is named, as far as the scenario and the axes state enough
    for it; and what is not, in words.
    """
    inputs = Inputs.of(sourced, over.arrays())
    stated, lacking = inputs.stated(model_of(sourced.scenario).swept)
    return stated, unanswered(lacking)


def _targets(reduction: Reduction, asked: tuple[str, ...]) -> tuple[str, ...]:
    """What is computed of each cell: first what the reduction is of. Errors: Problem."""
    targets = distinct(asked)
    if isinstance(reduction, Share):
        targets = distinct((condition_of(reduction)[0], *targets))
    elif isinstance(reduction, Top | Bottom | Histogram) and reduction.target is not None:
        targets = distinct((reduction.target, *targets))
    if not targets:
        raise Problem("targets", [], "at least one quantity")
    return (reduction.target or targets[0],) if isinstance(reduction, Frontier) else targets


def prepare_over(
    sourced: Sourced,
    over: Grid,
    targets: tuple[str, ...],
    reduction: Reduction,
    name: str,
    threads: int | None = None,
    more: tuple[str, ...] = (),
) -> Prepared:
    """Targets over a grid of a scenario, ready to run on an engine. Errors: Problem,
    BackendError. `more` notices stand beside its own.
    """
    inputs = Inputs.of(sourced, over.arrays())
    plan = inputs.plan(targets)
    for target in targets:
        one = plan.nodes.get(target)
        if one is not None and one.first_year is not None:
            raise Problem("targets", target, f"one number a cell: {target}[1] is that of year 1")
    whole = Evaluation(plan.steps, targets, inputs.given(plan), over, plan.nodes, NUMPY)
    alike: dict[frozenset[int], list[str]] = {}
    for target in targets:
        alike.setdefault(whole.axes_of.get(target, frozenset()), []).append(target)
    asked = targets[:1] if isinstance(reduction, Share | Top | Bottom | Frontier) else ()
    reduced = reductions.tallies(reduction, targets)
    made = []
    for group in alike.values():
        own = inputs.plan(group)
        sides = tuple(target for target in group if target in asked)
        parts = own.steps, tuple(group), inputs.given(own), over, own.nodes, NUMPY
        own_tallies = tuple((target, tally) for target, tally in reduced if target in group)
        made.append(Evaluation(*parts, conditions=sides, tallies=own_tallies))
    evaluations, why = choose(name, made)
    needed = frozenset().union(*(one.needed_axes for one in evaluations))
    idle = tuple(
        f"axis {axis.name} changes none of the targets"
        for at, axis in enumerate(over.axes)
        if at not in needed and len(axis) > 1
    )
    if isinstance(reduction, Frontier):
        frontier.check_needed(reduction, evaluations[0])
        idle = (*idle, frontier.notice(reduction, evaluations[0], sourced.scenario))
    engine = evaluations[0].engine
    stated = checked(threads, Threads | None, "threads")
    threads = engine.workers() if stated is None else stated
    found = basis(sourced, inputs, targets, (*idle, *more))
    return Prepared(over, targets, evaluations, found, reduction, threads, why, _device(engine))


def _device(engine: Engine) -> DeviceUsed:
    """What an engine runs on, for the record."""
    found = engine.description()
    return Device(**found) if found else UNSET


def engine_name(name: Any, where: str = "backend") -> str:
    """The name of an engine, checked. Errors: Problem with near matches."""
    text: str = checked(name, str, where)
    if text not in NAMES:
        raise UnknownProblem(where, text, f"engine ({', '.join(NAMES)})", NAMES)
    return text


def sweep(
    spec: Mapping[str, Any] | SweepSpec,
    backend: str | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    tile_cells: int | None = None,
) -> Table | Reduced:
    """Run a sweep: a `Table` of all cells, or what the reduction leaves. Errors: Problem,
    BackendError.
    """
    return run(prepare(spec, backend, threads), progress, tile_cells)


def run(
    prepared: Prepared,
    progress: Progress | None = None,
    tile_cells: int | None = None,
    out: Mapping[str, Any] | None = None,
) -> Table | Reduced:
    """Run a prepared sweep; `progress(done, cells)` is called between tiles, and may raise to stop
    it.

    A table of cells is written into `out`, arrays of float64 of the grid's shape by target, where
    there is one: memory that is written again costs less than new memory. Errors: Problem where one
    does not fit.
    """
    began, reduction, job = (
        time.perf_counter(),
        prepared.reduction,
        Job(prepared, progress, tile_cells),
    )
    if isinstance(reduction, Cells):
        return cells.cells(job, out)
    if isinstance(reduction, Frontier):
        return frontier.frontier(job)
    parts = RUNNERS[type(reduction)](job)
    ranges = tuple(axis_range(axis) for axis in prepared.grid.axes)
    kind, seconds = str(reduction.__struct_config__.tag), time.perf_counter() - began
    return Reduced(
        kind=kind,
        cells=prepared.grid.size,
        axes=ranges,
        backend=prepared.backend,
        why=prepared.why,
        device=prepared.device,
        seconds=seconds,
        basis=prepared.basis,
        **parts,
    )


def axis_range(axis: Axis) -> Range:
    """An axis as an answer names it."""
    first, last = axis.coordinates[[0, -1]].tolist()
    return Range(axis.name, len(axis), first, last, unit_shown(axis.name))
