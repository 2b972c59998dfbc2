"""Simulations: what targets become when fields are uncertain, with how far off each estimate may
be.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated as A
from typing import Any

import numpy as np
from msgspec import UNSET, Meta, Struct
from numpy.typing import NDArray

from economics.models.registry import model_of
from economics.questions.quote import distinct
from economics.scenario.basis import Basis
from economics.scenario.reading import checked, scenario
from economics.sweeps import cells
from economics.sweeps.answers import DeviceUsed, Engine, Why
from economics.sweeps.axes import draw_axis
from economics.sweeps.distributions import Drawn
from economics.sweeps.reductions import Cells, Job, Prepared, Progress, Share, condition_of
from economics.sweeps.sweep import engine_name, ready
from economics.vocabulary.problems import Problem, UnknownProblem
from kernels.grids import estimates
from kernels.grids.estimates import Estimate
from kernels.grids.reductions import CONDITIONS
from kernels.trace.grid import Grid

PARTS = ("scenario", "draws", "targets", "conditions", "backend")
ABOUT = ("name", "source", "as_of", "note")
RANKS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
AXIS = "draw"
TILE_CELLS = 131_072
Values = NDArray[np.float64]
Conditions = A[tuple[A[str, Meta(max_length=1000)], ...], Meta(max_length=1000)]


class Outcome(Struct, frozen=True, kw_only=True):
    """A target over the draws in which it has a value; `missing` counts the others by their
    status.
    """

    unit: str
    description: str
    count: int
    missing: dict[str, int]
    least: float | None = None
    greatest: float | None = None
    standard_deviation: float | None = None
    mean: Estimate | None = None
    quantiles: dict[str, Estimate] = {}


class Chance(Struct, frozen=True, kw_only=True):
    """The probability of a condition: the share of all draws that meet it. A draw without a value
    does not.
    """

    condition: str
    meeting: int
    missing: dict[str, int]
    probability: Estimate


class Simulation(Struct, frozen=True, kw_only=True):
    """What was drawn and what came of it; every interval is one of 95 %, `intervals` says how they
    were found.
    """

    draws: Drawn
    targets: dict[str, Outcome]
    conditions: tuple[Chance, ...]
    intervals: str
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: float
    basis: Basis


class Plan(Struct, frozen=True, eq=False):
    """A checked simulation, ready to run."""

    draws: Drawn
    targets: tuple[str, ...]
    conditions: tuple[tuple[str, str, float], ...]
    prepared: Prepared
    began: float

    @property
    def independent(self) -> bool:
        """Whether no draw depends on another."""
        return self.draws.method == "random"

    @property
    def parts(self) -> list[slice]:
        """The draws of each block; all of them if they are independent."""
        return (
            [slice(0, self.draws.count)] if self.independent else estimates.blocks(self.draws.count)
        )


def simulate(
    spec: Mapping[str, Any],
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
    spec: Mapping[str, Any], backend: str | None = None, threads: int | None = None
) -> Plan:
    """Check a simulation's spec and draw; no target is computed. Errors: Problem, BackendError."""
    began = time.perf_counter()
    known_parts(spec, PARTS, "a simulation")
    name = engine_name(spec.get("backend", "auto") if backend is None else backend)
    sourced, how = scenario(spec.get("scenario", {})), draws_of(spec)
    targets = distinct(
        checked(spec.get("targets", model_of(sourced.scenario).swept), tuple[str, ...], "targets")
    )
    asked = checked(spec.get("conditions", ()), Conditions, "conditions")
    conditions = tuple(_condition(text, f"conditions[{place}]") for place, text in enumerate(asked))
    if not targets and not conditions:
        raise Problem("targets", [], "at least one quantity or condition")
    over = Grid((draw_axis(AXIS, how, "draws", sourced),))
    every = distinct((*targets, *(target for target, _, _ in conditions)))
    try:
        return Plan(
            how, targets, conditions, ready(sourced, over, every, Cells(), name, threads), began
        )
    except Problem as problem:
        raise _of_condition(problem, targets, conditions) from None


def known_parts(spec: Mapping[str, Any], parts: Sequence[str], what: str) -> None:
    """Errors: UnknownProblem where a spec has another part."""
    unknown = sorted(set(spec) - {*parts, *ABOUT})
    if unknown:
        raise UnknownProblem(unknown[0], unknown[0], f"part of {what}", parts)


def draws_of(spec: Mapping[str, Any]) -> Drawn:
    """What a spec draws. Errors: Problem."""
    if not isinstance(spec.get("draws"), Mapping | Drawn):
        raise Problem("draws", spec.get("draws"), "a table with fields, each a distribution")
    found: Drawn = checked(spec["draws"], Drawn, "draws")
    return found


def _condition(text: str, where: str) -> tuple[str, str, float]:
    try:
        return condition_of(Share(text))
    except Problem as problem:
        raise Problem(where, problem.value, problem.expected) from None


def _of_condition(
    problem: Problem, targets: tuple[str, ...], conditions: tuple[tuple[str, str, float], ...]
) -> Problem:
    """What is wrong with a target that only a condition names, said of that."""
    named = [target for target, _, _ in conditions]
    if problem.where != "targets" or problem.value in targets or problem.value not in named:
        return problem
    return Problem(f"conditions[{named.index(problem.value)}]", problem.value, problem.expected)


def run(plan: Plan, progress: Progress | None = None) -> Simulation:
    """Evaluate all draws and estimate; `progress(done, draws)` is called between tiles, and may
    raise to stop.
    """
    table = cells.cells(job(plan.prepared, progress))
    values = {target: table.columns[target].values for target in plan.prepared.targets}
    missing = {
        target: _missing(table.columns.get(f"{target}_status")) for target in plan.prepared.targets
    }
    outcomes = {}
    for target in plan.targets:
        column = table.columns[target]
        outcomes[target] = _outcome(
            plan, values[target], column.unit, column.description, missing[target]
        )
    return Simulation(
        draws=plan.draws,
        targets=outcomes,
        conditions=tuple(
            _chance(plan, one, values[one[0]], missing[one[0]]) for one in plan.conditions
        ),
        intervals=_intervals(plan),
        backend=table.backend,
        why=table.why,
        device=table.device,
        seconds=time.perf_counter() - plan.began,
        basis=table.basis,
    )


def job(prepared: Prepared, progress: Progress | None) -> Job:
    """A job of tiles that are small beside the draws, and no larger than the engine takes by
    itself.
    """
    return Job(
        prepared, progress, min(TILE_CELLS, *(one.tile_cells() for one in prepared.evaluations))
    )


def _missing(column: Any) -> dict[str, int]:
    """How many cells have no value, by the words of a column of statuses."""
    if column is None:
        return {}
    counts = np.bincount(column.values, minlength=len(column.categories)).tolist()
    return {
        name: count for name, count in zip(column.categories[1:], counts[1:], strict=True) if count
    }


def _outcome(
    plan: Plan, values: Values, unit: str, description: str, missing: dict[str, int]
) -> Outcome:
    parts = [_sorted(values[part]) for part in plan.parts]
    whole = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts), kind="stable")
    if not len(whole):
        return Outcome(unit=unit, description=description, count=0, missing=missing)
    means = [float(part.mean()) if len(part) else None for part in parts]
    mean = (
        estimates.mean(whole)
        if plan.independent
        else estimates.block_estimate(float(whole.mean()), means)
    )
    return Outcome(
        unit=unit,
        description=description,
        count=len(whole),
        missing=missing,
        least=float(whole[0]),
        greatest=float(whole[-1]),
        standard_deviation=float(whole.std(ddof=1)) if len(whole) > 1 else None,
        mean=mean,
        quantiles={
            f"p{round(100 * rank):02d}": _quantile(plan, whole, parts, rank) for rank in RANKS
        },
    )


def _sorted(values: Values) -> Values:
    return np.sort(values[np.isfinite(values)])


def _quantile(plan: Plan, whole: Values, parts: Sequence[Values], rank: float) -> Estimate:
    if plan.independent:
        return estimates.quantile(whole, rank)
    each = [estimates.quantile_of(part, rank) if len(part) else None for part in parts]
    return estimates.block_estimate(estimates.quantile_of(whole, rank), each)


def _chance(
    plan: Plan, condition: tuple[str, str, float], values: Values, missing: dict[str, int]
) -> Chance:
    target, sign, level = condition
    met = CONDITIONS[sign](values, level) & np.isfinite(values)
    meeting = int(np.count_nonzero(met))
    found = estimates.share(meeting, len(met)) if plan.independent else estimates.block_share(met)
    text = f"{target} {sign} {level!r}".removesuffix(".0")
    return Chance(condition=text, meeting=meeting, missing=missing, probability=found)


def _intervals(plan: Plan) -> str:
    """How the intervals were found, in words."""
    if plan.draws.method == "random":
        return "95 %: mean by Student's t, quantiles by order statistics, probabilities by Wilson"
    if plan.draws.count < estimates.BLOCKS:
        return f"none: they take {estimates.BLOCKS} draws of a Sobol sequence, or more"
    return (
        f"95 %: Student's t of {estimates.BLOCKS} blocks of a Sobol sequence; probabilities on"
        " which all agree by Wilson"
    )
