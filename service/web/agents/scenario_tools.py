"""Tools that answer about scenarios: what the routes of the same questions answer, cut to what an
agent can read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

import economics
from economics import Explanation, Reduced, Sourced, Table
from economics.models.registry import usual_targets
from economics.questions.compare import Bridge, Comparison, placed
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Lacking
from economics.sweeps.spec import Cells, SweepSpec
from economics.sweeps.sweep import axis_range
from economics.vocabulary.problems import Problem
from service.files.cells import cells
from service.web.agents.agent_records import (
    Call,
    Derivation,
    Output,
    ReducedSweep,
    ShortBridge,
    SideBySide,
    Solved,
    Step,
    Told,
)
from service.web.limits import check_cells, check_memory, engine_problems
from service.web.named_scenarios import asked_scenario, tables_of
from service.web.schema import (
    CompareRequest,
    ExplainRequest,
    QuoteRequest,
    SolveRequest,
)

DEEPEST, MOST_STEPS = 2, 40  # levels of a derivation where none is asked for; numbers of it
MOST_PERIODS = 24  # values of one number by period
MOST_CHANGES, MOST_INPUTS = 10, 40  # of a comparison


def quote(asked: QuoteRequest, _: Call) -> Told:
    """Values of targets. Errors: Problem."""
    sourced = asked_scenario(asked)
    found = economics.quote(sourced, asked.targets)
    return Told(found, (sourced,), found.notices)


def solve(asked: SolveRequest, call: Call) -> Told:
    """Values of a field at which a target is met. Errors: Problem, NoAnswer."""
    sourced = asked_scenario(asked)
    found = economics.solve(
        sourced, asked.target, asked.value, asked.unknown, asked.between, call.beat
    )
    status = "ok" if found.roots or found.stretches else "no_root"
    solved = Solved(status=status, **msgspec.structs.asdict(found))
    return Told(solved, (sourced,), found.basis.notices)


def explain(asked: ExplainRequest, _: Call) -> Told:
    """A number's derivation, level by level. Errors: Problem."""
    sourced = asked_scenario(asked)
    whole = economics.explain(sourced, asked.target)
    depth = DEEPEST if asked.depth is None else asked.depth
    return Told(_derivation(whole, depth), (sourced,), sourced.notices)


def _derivation(whole: Explanation, depth: int) -> Derivation:
    known: dict[str, Explanation] = {}
    level, levels = [whole], list[list[Explanation]]()
    while level:
        levels.append([one for one in level if one.name not in known])
        for one in level:
            if one.name not in known or one.inputs:  # told in full where it is met first
                known[one.name] = one
        level = [below for one in levels[-1] for below in known[one.name].inputs]
    names = dict.fromkeys(one.name for level in levels[: depth + 1] for one in level)
    kept = list(names)[:MOST_STEPS]
    left = len(known) - len(kept)
    note = (
        f"{left} numbers deeper down are left out: explain one of the inputs, or ask for more depth"
        if left and len(kept) < MOST_STEPS
        else f"{left} numbers are left out, {MOST_STEPS} are told: explain one of the inputs"
        if left
        else "all of the derivation is told"
    )
    steps = [_step(known[name]) for name in kept]
    return Derivation(steps=steps, left_out=left, note=note)


def _step(one: Explanation) -> Step:
    values, status, described = one.values, one.status, one.description
    if values is not None:
        status = "ok" if None not in values else "partly"
        if len(values) > MOST_PERIODS:
            described += f" (the first {MOST_PERIODS} of {len(values)} values)"
    return Step(
        name=one.name,
        value=one.value if values is None else UNSET,
        values=UNSET if values is None else values[:MOST_PERIODS],
        unit=one.unit,
        status=status,
        description=described,
        formula=one.formula or UNSET,
        inputs=tuple(dict.fromkeys(below.name for below in one.inputs)),
        source=one.source or UNSET,
    )


def compare(asked: CompareRequest, call: Call) -> Told:
    """Scenarios side by side by what all of them state enough for. Errors: Problem, NoAnswer."""
    tables = [tables_of(one, f"scenarios[{at}]") for at, one in enumerate(asked.scenarios)]
    sourced = [placed(at, economics.scenario, one) for at, one in enumerate(tables)]
    wanted = _common(sourced) if asked.targets is None else asked.targets
    lacking = [placed(at, _lacking, one, wanted) for at, one in enumerate(sourced)]
    stated = tuple(one for one in wanted if not any(one in each for each in lacking))
    found = economics.compare(sourced, stated or wanted, asked.bridge, call.beat)
    missing = {
        name: list(dict.fromkeys(path for paths in each.values() for path in paths))
        for name, each in zip(found.names, lacking, strict=True)
    }
    zero = dict(zip(found.names, _taken_as_zero(found, sourced), strict=True))
    order, why = _order(found, missing, zero)
    side = SideBySide(
        names=found.names,
        inputs=list(found.inputs[:MOST_INPUTS]),
        inputs_left_out=max(len(found.inputs) - MOST_INPUTS, 0),
        outputs={name: _output(found, name) for name in found.outputs},
        missing=_some(missing),
        taken_as_zero=_some(zero),
        unanswered=tuple(one for one in dict.fromkeys(wanted) if one not in stated),
        order=order,
        no_order=why,
        bridges=[_bridge(one) for one in found.bridges],
    )
    notices = tuple(
        f"{name}: {notice}"
        for name, basis in zip(found.names, found.bases, strict=True)
        for notice in basis.notices
    )
    return Told(side, tuple(sourced), notices)


def _common(found: Sequence[Sourced]) -> tuple[str, ...]:
    first, *others = (usual_targets(one.scenario) for one in found)
    return tuple(target for target in first if all(target in other for other in others))


def _lacking(one: Sourced, targets: tuple[str, ...]) -> Lacking:
    return Inputs.of(one).lacking(targets)


def _output(found: Comparison, name: str) -> Output:
    answers = found.outputs[name]
    return Output(
        unit=answers[0].unit,
        description=answers[0].description,
        values=tuple(one.values if one.value is UNSET else one.value for one in answers),
        statuses=tuple(one.status for one in answers),
    )


def _taken_as_zero(found: Comparison, sourced: Sequence[Sourced]) -> list[list[str]]:
    """Of each scenario the amounts that it does not state, so that they are 0, and another does."""
    paths = [one for one in found.inputs if one.unit and "usd" in one.unit]
    return [
        [one.path for one in paths if one.values[at] == 0.0 and one.path not in each.stated]
        for at, each in enumerate(sourced)
    ]


def _some(paths: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: each for name, each in paths.items() if each}


def _order(
    found: Comparison, missing: Mapping[str, list[str]], zero: Mapping[str, list[str]]
) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """The scenarios by the values of each target, where nothing is missing; else why not."""
    why = [f"{name} does not state {', '.join(each)}" for name, each in missing.items() if each]
    why += [
        f"{name} does not state {', '.join(each)}, which another does: 0 is taken"
        for name, each in zero.items()
        if each
    ]
    if why:
        return {}, f"no scenario is put before another: {'; '.join(why)}"
    single = {name: each for name, each in found.outputs.items() if each[0].value is not UNSET}
    whole = {
        name: [(one.value, called) for one, called in zip(each, found.names, strict=True)]
        for name, each in single.items()
        if all(one.status == "ok" for one in each)
    }
    without = [
        f"{name} in {called} ({one.status})"
        for name, each in single.items()
        for one, called in zip(each, found.names, strict=True)
        if one.status != "ok"
    ]
    order = {name: tuple(called for _, called in sorted(each)) for name, each in whole.items()}
    return order, f"no value, so no order: {', '.join(without)}" if without else None


def _bridge(one: Bridge) -> ShortBridge:
    largest = sorted(one.changes, key=lambda change: -abs(change.change))[:MOST_CHANGES]
    kept = [change for change in one.changes if change in largest]
    return ShortBridge(
        target=one.target,
        unit=one.unit,
        start=one.start,
        end=one.end,
        status=one.status,
        changes=[{"fields": change.fields, "change": change.change} for change in kept],
        left_out=len(one.changes) - len(kept),
        note=one.note,
    )


def sweep(asked: ReducedSweep, call: Call) -> Told:
    """What a reduction leaves of a grid. Errors: TooLarge, Problem, NoEngine."""
    if isinstance(asked.reduce, Cells):
        kinds = "summary, top, bottom, histogram, share or frontier"
        raise Problem("reduce", "cells", f"a reduction ({kinds}): cells are not for agents")
    sourced = asked_scenario(asked)
    spec = SweepSpec(
        scenario=sourced,
        axes=asked.axes,
        targets=asked.targets,
        reduce=asked.reduce,
        backend=asked.backend or call.settings.backend,
    )
    check_cells(spec, call.settings)
    with engine_problems(spec.backend):
        prepared = economics.prepare(spec)
        check_memory(prepared.bytes, call.settings, "cells")
        call.beat(0, 1)
        found = economics.run(prepared, call.beat)
    if isinstance(found, Table):
        found = _frontier(found, prepared)
    return Told(found, (sourced,), found.basis.notices)


def _frontier(table: Table, prepared: Any) -> Reduced:
    columns = cells(table).columns
    rows = zip(*(one.values for one in columns.values()), strict=True)
    return Reduced(
        kind="frontier",
        cells=prepared.grid.size,
        axes=tuple(map(axis_range, prepared.grid.axes)),
        rows=tuple(dict(zip(columns, row, strict=True)) for row in rows),
        units={name: one.unit for name, one in columns.items()},
        backend=table.backend,
        why=table.why,
        seconds=0.0,
        basis=table.basis,
    )
