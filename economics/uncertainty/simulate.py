"""Simulations: what targets become when fields are uncertain."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated as A
from typing import Any

import numpy as np
from msgspec import UNSET, Meta, Struct

from economics.scenario.basis import Basis
from economics.scenario.checking import checked
from economics.scenario.fields import distinct
from economics.scenario.reading import Sourced, scenario
from economics.sweeps import cells
from economics.sweeps.answers import DeviceUsed, Engine, Why
from economics.sweeps.axes import draw_axis
from economics.sweeps.distributions import Drawn
from economics.sweeps.prepared import Job, Prepared, Progress
from economics.sweeps.spec import (
    ABOUT,
    Cells,
    Share,
    check_parts,
    condition_of,
    draws_of,
    targets_of,
)
from economics.sweeps.sweep import engine_name, prepare_over, usual_targets
from economics.uncertainty.outcomes import (
    Chance,
    Condition,
    Outcome,
    chance,
    intervals,
    lacking,
    notes,
    outcome,
)
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import Problem, all_of, as_one
from economics.vocabulary.units import percent_meant
from kernels.trace.grid import Grid

AXIS = "draw"
TILE_CELLS = 131_072
Conditions = A[tuple[A[str, Meta(max_length=1000)], ...], Meta(max_length=1000)]


class SimulationSpec(Struct, frozen=True, kw_only=True):
    """A simulation as it is asked, in records; its scenario may be one in tables too."""

    scenario: Mapping[str, Any] | About | Sourced
    draws: Drawn
    targets: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()
    backend: str = "auto"


class Simulation(Struct, frozen=True, kw_only=True):
    """What was drawn and what came of it; every interval is one of 95 %, `intervals` says how they
    were found.
    """

    draws: A[Drawn, is_("what was drawn, and how")]
    targets: A[dict[str, Outcome], is_("what became of each target")]
    conditions: A[tuple[Chance, ...], is_("how likely each condition is")]
    intervals: A[str, is_("how the intervals were found")]
    notes: A[tuple[str, ...], Meta(description="in words, how many draws have no value and why")]
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: A[float, is_("that it took to compute")]
    basis: A[Basis, is_("the scenario that the draws change")]


class PreparedSimulation(Struct, frozen=True, eq=False):
    """A checked simulation, ready to run."""

    draws: Drawn
    targets: tuple[str, ...]
    conditions: tuple[Condition, ...]
    prepared: Prepared
    began: float


def simulate(
    spec: Mapping[str, Any] | SimulationSpec,
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Draw and evaluate: scenario, draws, targets, conditions, backend. Errors: Problem,
    BackendError (NoSampler without scipy).

    The same seed gives the same bits on every engine.
    """
    return run(prepare(spec, backend, threads), progress)


def prepare(
    spec: Mapping[str, Any] | SimulationSpec, backend: str | None = None, threads: int | None = None
) -> PreparedSimulation:
    """Check a simulation's spec and draw; no target is computed. Errors: Problem, BackendError."""
    began = time.perf_counter()
    asked = spec if isinstance(spec, SimulationSpec) else simulation_spec(spec)
    name = engine_name(asked.backend if backend is None else backend)
    sourced = scenario(asked.scenario)
    over = Grid((draw_axis(AXIS, asked.draws, "draws", sourced),))
    usual, more = usual_targets(sourced, over) if asked.targets is None else (asked.targets, ())
    targets = distinct(usual)
    texts = [(text, f"conditions[{place}]") for place, text in enumerate(asked.conditions)]
    conditions = tuple(all_of(lambda one: _condition(*one), texts))
    if not targets and not conditions:
        raise Problem("targets", [], "at least one quantity or condition")
    every = distinct((*targets, *(target for target, _, _ in conditions)))
    try:
        prepared = prepare_over(sourced, over, every, Cells(), name, threads, more)
    except Problem as problem:
        if problem.where != "targets":
            raise
        raise as_one(_of_condition(one, targets, conditions) for one in problem.each) from None
    return PreparedSimulation(asked.draws, targets, conditions, prepared, began)


def simulation_spec(tables: Mapping[str, Any]) -> SimulationSpec:
    """A simulation from the tables of a file. Errors: Problem."""
    check_parts(tables, SimulationSpec, ABOUT, "a simulation")
    return SimulationSpec(
        scenario=tables.get("scenario", {}),
        draws=draws_of(tables),
        targets=targets_of(tables),
        conditions=checked(tables.get("conditions", ()), Conditions, "conditions"),
        backend=tables.get("backend", "auto"),
    )


def _condition(text: str, where: str) -> Condition:
    try:
        return condition_of(Share(text))
    except Problem as problem:
        raise Problem(where, problem.value, problem.expected) from None


def _of_condition(
    problem: Problem, targets: tuple[str, ...], conditions: tuple[Condition, ...]
) -> Problem:
    """What is wrong with a target that only a condition names, said of that."""
    named = [target for target, _, _ in conditions]
    if problem.value in targets or problem.value not in named:
        return problem
    return Problem(f"conditions[{named.index(problem.value)}]", problem.value, problem.expected)


def run(simulation: PreparedSimulation, progress: Progress | None = None) -> Simulation:
    """Evaluate all draws and estimate; `progress(done, draws)` is called between tiles, and may
    raise to stop.
    """
    prepared, how = simulation.prepared, simulation.draws
    table = cells.cells(job(prepared, progress))
    statuses = {target: table.columns.get(f"{target}_status") for target in prepared.targets}
    outcomes = {
        target: outcome(how, table.columns[target], lacking(statuses[target]))
        for target in simulation.targets
    }
    sided = {
        target: _sided(prepared, target, table.columns[target].values)
        for target in {target for target, _, _ in simulation.conditions}
    }
    chances = tuple(
        chance(how, one, sided[one[0]], statuses[one[0]]) for one in simulation.conditions
    )
    return Simulation(
        draws=how,
        targets=outcomes,
        conditions=chances,
        intervals=intervals(how),
        notes=(*notes(how, outcomes, chances), *_meant(simulation.conditions)),
        backend=table.backend,
        why=table.why,
        device=table.device,
        seconds=time.perf_counter() - simulation.began,
        basis=table.basis,
    )


def _meant(conditions: Iterable[Condition]) -> Iterator[str]:
    """What is said of levels that were likely meant in percent."""
    for target, _, level in conditions:
        yield from percent_meant(target, level)


def _sided(prepared: Prepared, target: str, values: Any) -> Any:
    """What conditions are asked of: the values of a target, but infinite in draws that lie above or
    below every value. Only draws without a value are asked again.
    """
    one, places = prepared.of(target), np.flatnonzero(np.isnan(values))
    if not places.size or target not in one.nodes or not any(one.nodes[target].sides):
        return values
    found, there = values.copy(), replace(one, conditions=(target,)).at([places])
    for box, sided in there.over_tiles(lambda tile: np.array(tile.sided(target))):
        found[places[box[0]]] = sided
    return found


def job(prepared: Prepared, progress: Progress | None) -> Job:
    """A job of tiles that are small beside the draws, and no larger than the engine takes by
    itself.
    """
    return Job(
        prepared, progress, min(TILE_CELLS, *(one.tile_cells() for one in prepared.evaluations))
    )
