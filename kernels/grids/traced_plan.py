"""A plan over a grid as expressions: what each target is in every cell, and why it may have no
value there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from kernels.language.graph import Step, run_into
from kernels.language.node import Node
from kernels.trace.expressions import Expr
from kernels.trace.program import program, work
from kernels.trace.tracer import Tracer

OK, UNDEFINED = "ok", "undefined"


@dataclass(frozen=True)
class TracedPlan:
    """What a plan computes for each cell: a value of each target, and a place in `status_names`
    where it has none.

    `sided` is what conditions are asked of, where they are asked and that is not the value:
    infinite above and below every value, NaN only where nothing is known.
    """

    values: Mapping[str, Any]
    statuses: Mapping[str, Any]
    sided: Mapping[str, Any]
    status_names: tuple[str, ...]
    operations: int
    cell_operations: float  # of all cells together

    @property
    def targets(self) -> tuple[str, ...]:
        """What was asked for."""
        return tuple(self.values)

    @property
    def others(self) -> tuple[Any, ...]:
        """What is computed beside the values, and only where it is asked for."""
        return *self.statuses.values(), *self.sided.values()


def trace_plan(
    steps: Sequence[Step],
    targets: Sequence[str],
    given: Mapping[str, Any],
    nodes: Mapping[str, Node],
    tracer: Tracer,
    conditions: Sequence[str] = (),
) -> TracedPlan:
    """The plan as expressions of a tracer, which is not used again; `conditions` are the targets of
    which conditions are asked.
    """
    names = status_names(steps)
    with np.errstate(all="ignore"):
        lifted = {name: tracer.lift(value) for name, value in given.items()}
        values = run_into({**lifted, "xp": tracer}, steps)
        statuses = _statuses(targets, nodes, values, names)
        sided = _sided(conditions, nodes, values)
    wanted = {target: values[target] for target in targets}
    # else expressions and their tracer would keep each other, and their tables, alive
    tracer.made.clear()
    weights = [(count, tracer.cells(axes)) for count, axes in work(program(wanted.values()).nodes)]
    return TracedPlan(
        wanted,
        statuses,
        sided,
        names,
        sum(count for count, _ in weights),
        float(sum(count * cells for count, cells in weights)),
    )


def status_names(steps: Sequence[Step]) -> tuple[str, ...]:
    """Every status that a cell can have; the first is "ok"."""
    named = {status for step in steps for status in step.statuses}
    return (OK, *sorted(named - {OK}), UNDEFINED)


def _statuses(
    targets: Sequence[str],
    nodes: Mapping[str, Node],
    values: Mapping[str, Any],
    names: Sequence[str],
) -> dict[str, Any]:
    """The status of each target, as a place in `names`; where none says why, it is undefined."""
    known: dict[str, Any] = {}
    undefined, xp = float(names.index(UNDEFINED)), values["xp"]
    codes = {target: _status(target, nodes, values, names, known) for target in targets}
    return {
        target: undefined if code is None else xp.where(code == 0.0, undefined, code)
        for target, code in codes.items()
    }


def _status(
    name: str,
    nodes: Mapping[str, Node],
    values: Mapping[str, Any],
    names: Sequence[str],
    known: dict[str, Any],
) -> Any:
    """Where `name` has no value: its own status, else that of the first input without one; 0 if
    none says why, None if none can.
    """
    if name in known or name not in nodes:
        return known.get(name)
    node, xp = nodes[name], values["xp"]
    code = _own_status(node, values, names)
    for need in node.needs:
        theirs = _status(need, nodes, values, names, known)
        if theirs is not None and isinstance(values[need], Expr | float):
            theirs = xp.where(values[need] - values[need] == 0.0, 0.0, theirs)
            code = theirs if code is None else xp.where(code == 0.0, theirs, code)
    known[name] = code
    return code


def _own_status(node: Node, values: Mapping[str, Any], names: Sequence[str]) -> Any:
    """The status that a formula gives, as a place in `names`; None if it gives none."""
    if not node.statuses or f"{node.name}_status" not in values:
        return None  # without statuses, or given in place of its formula
    places = [float(names.index(status)) for status in node.statuses]
    given, code = values[f"{node.name}_status"], 0.0
    for number, place in enumerate(places[1:], 1):
        code = values["xp"].where(given == float(number), place, code)
    return code


def _sided(
    targets: Sequence[str], nodes: Mapping[str, Node], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The targets whose own status can say on which side a cell without a value lies."""
    made: dict[str, Any] = {}
    for target in targets:
        if target in nodes and f"{target}_status" in values and any(nodes[target].sides):
            made[target] = values[target]
            for code, side in enumerate(nodes[target].sides):
                if side:
                    at = values[f"{target}_status"] == float(code)
                    made[target] = values["xp"].where(at, side * inf, made[target])
    return made
