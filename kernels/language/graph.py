"""A graph of named quantities (`node.py`): which formulas hold for some choices, and what to
evaluate, in which order, to get some targets. Nothing is registered: `Graph.of` collects what it is
given.

GraphError
  UnknownName    neither given nor computed
  DoubleName     two formulas of one name for the same choices
  CircularName   defined in terms of itself
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from kernels.language.node import Formula, Node, Probe, in_order, node
from kernels.language.spelling import near


class GraphError(Exception):
    """A quantity is missing, defined twice or defined in terms of itself."""


class UnknownName(GraphError):
    """A name that is neither given nor computed; `name`, the `user` that needs it and those `near`
    it among the known names are attributes. These are looked for when it is told, for whoever tries
    what is missing does not tell.
    """

    def __init__(self, name: str, user: str | None, known: Iterable[str]) -> None:
        self.name, self.user, self._known = name, user, known
        super().__init__(name, user, known)

    @cached_property
    def near(self) -> tuple[str, ...]:
        """The known names that may be meant."""
        return near(self.name, self._known)

    def __str__(self) -> str:
        hint = f"; did you mean {' or '.join(self.near)}?" if self.near else ""
        needed = f" (needed by {self.user})" if self.user else ""
        return f"{self.name} is neither given nor computed{needed}{hint}"


class DoubleName(GraphError):
    """Two formulas of one name for the same choices."""


class CircularName(GraphError):
    """A quantity that is defined in terms of itself."""


class Step(NamedTuple):
    """One evaluation of a plan: `values[name] = call(*needs)`, a pair with a status code where
    `statuses` are named.
    """

    name: str
    call: Formula
    needs: tuple[str, ...]
    statuses: tuple[str, ...]
    probes: Mapping[str, tuple[Probe, "tuple[Step, ...]"]]


@dataclass(frozen=True)
class Graph:
    """Named quantities for one set of choices. Make one with `Graph.of`."""

    nodes: Mapping[str, Node]

    @classmethod
    def of(
        cls, formulas: "Iterable[Formula | Node]", choices: Mapping[str, str] | None = None
    ) -> "Graph":
        """The graph of all formulas that hold for `choices`; totals are added from their parts, in
        the order given.
        """
        nodes: dict[str, Node] = {}
        for one in map(node, formulas):
            if any(
                (choices or {}).get(choice) not in allowed for choice, allowed in one.when.items()
            ):
                continue
            if one.name in nodes:
                raise DoubleName(f"{one.name} is defined twice")
            nodes[one.name] = one
        for total in dict.fromkeys(one.total for one in list(nodes.values()) if one.total):
            if total in nodes:
                raise DoubleName(f"{total} has both parts and a formula")
            parts = tuple(one.name for one in nodes.values() if one.total == total)
            nodes[total] = Node(total, in_order, parts, "Sum of " + ", ".join(parts) + ".")
        return cls(nodes)

    def replaced(self, nodes: Iterable[Node]) -> "Graph":
        """The graph with some quantities defined otherwise, or beside its own. Errors:
        DoubleName.
        """
        others: dict[str, Node] = {}
        for one in nodes:
            if one.name in others:
                raise DoubleName(f"{one.name} is defined twice")
            others[one.name] = one
        return Graph({**self.nodes, **others})

    def parts(self, total: str) -> tuple[Node, ...]:
        """The addends of a total, in their declared order."""
        return tuple(one for one in self.nodes.values() if one.total == total)

    def plan(self, targets: Iterable[str], given: Iterable[str]) -> tuple[Step, ...]:
        """What to evaluate, in order, to get `targets` when `given` are known. Errors: UnknownName,
        CircularName.
        """
        known, seen = {*given, "xp"}, set[str]()
        steps: dict[str, Step] = {}
        sorter: TopologicalSorter[str] = TopologicalSorter()
        wanted: list[tuple[str, str | None]] = [(target, None) for target in targets]
        while wanted:
            name, user = wanted.pop()
            if name in seen or name in known:
                continue
            if name not in self.nodes:
                raise UnknownName(name, user, {*self.nodes, *known} - {"xp"})
            seen.add(name)
            steps[name] = step = self._step(self.nodes[name], known)
            sorter.add(name, *(n for n in step.needs if n not in known))
            wanted += [(n, name) for n in step.needs]
        try:
            return tuple(steps[n] for n in sorter.static_order())
        except CycleError as error:
            raise CircularName(" -> ".join(error.args[1])) from error

    def _step(self, one: Node, known: set[str]) -> Step:
        if not one.probes:
            return Step(one.name, one.formula, one.needs, one.statuses, {})
        inner = {parameter: self._inner(p, known) for parameter, p in one.probes.items()}
        needs = [n for n in one.needs if n not in one.probes]
        for parameter, p in one.probes.items():
            made = (
                {s.name for s in inner[parameter]}
                | {f"{s.name}_status" for s in inner[parameter] if s.statuses}
                | {*p.unknowns}
            )
            used = [n for s in inner[parameter] for n in s.needs] or [p.target]
            needs += [n for n in used if n not in made]
        ordered = tuple(dict.fromkeys((*needs, "xp")))
        probes = {parameter: (p, inner[parameter]) for parameter, p in one.probes.items()}
        return Step(one.name, _probing(one, ordered, probes), ordered, one.statuses, probes)

    def _inner(self, p: Probe, known: set[str]) -> tuple[Step, ...]:
        """The steps on the way to a probe's target that change with its unknown."""
        moved, inner = {*p.unknowns}, []
        for step in self.plan([p.target], {*known, *p.unknowns, *p.held}):
            if not moved.isdisjoint(step.needs):
                moved.add(step.name)
                inner.append(step)
        return tuple(inner)


def _probing(
    one: Node, ordered: tuple[str, ...], probes: Mapping[str, tuple[Probe, tuple[Step, ...]]]
) -> Formula:
    def asked(p: Probe, steps: tuple[Step, ...], values: dict[str, Any]) -> Formula:
        return lambda value: run(
            steps, {**values, **dict.fromkeys(p.unknowns, value)}, values["xp"]
        )[p.target]

    def call(*arguments: Any) -> Any:
        values = dict(zip(ordered, arguments, strict=True))
        return one.formula(
            *[asked(*probes[n], values) if n in probes else values[n] for n in one.needs]
        )

    return call


def run(steps: Iterable[Step], given: Mapping[str, Any], xp: Any) -> dict[str, Any]:
    """Evaluate a plan. `xp` and the given values decide what comes out: numbers, arrays, units or
    expressions.
    """
    return run_into({**given, "xp": xp}, steps)


def run_into(values: dict[str, Any], steps: Iterable[Step]) -> dict[str, Any]:
    """Evaluate a plan into `values`, which has what is given and `xp`."""
    name = ""
    try:
        for name, call, needs, named, _ in steps:
            if named:
                values[name], values[f"{name}_status"] = call(*[values[n] for n in needs])
            else:
                values[name] = call(*[values[n] for n in needs])
    except Exception as error:
        if not hasattr(error, "__notes__"):
            error.add_note(f"while computing {name}")
        raise
    return values
