"""What an addition to a rack is: a record. The list of those that there are is `extensions.py`.

An addition answers to one choice. Where a scenario makes it, the addition gets the graph of a rack,
as the ones before it have left it, and gives the quantities that it adds, those that it rewires
(`kernels.language.instance.rewired`, of the graph that it gets) and those that it defines anew.

ExtensionError    two additions define one quantity, or an order that cannot be
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from msgspec import Struct

from kernels.language.graph import Graph
from kernels.language.node import Formula, Node

Choices = Mapping[str, str]
Values = Mapping[str, Any]


class ExtensionError(Exception):
    """Additions that do not go together."""


class Life(NamedTuple):
    """Years that must be whole periods where they matter: where `needed_by` is computed or read.

    `within_life`: at most the economic life. `delays`: 0 is one of them, and operations begin after
    it.
    """

    name: str
    path: str
    needed_by: str
    within_life: bool = False
    delays: bool = False


@dataclass(frozen=True)
class Extension:
    """An addition to a rack.

    `choice` is what it answers to, `values` are those under which it is there, `choose` tells the
    scenario's (from its record and the names that are swept). `formulas` stand in the graph of
    every rack, by their `when`: parts of the operating expense, and what is said where the addition
    is not there. `changes` gives what it adds to and changes in a graph. It comes `after` others by
    name, and `redefines` names the quantities of a rack or of others that it defines anew.

    `fields` are those that it adds to tables of the scenario, as a record by the table's name, or
    by that and the field behind which they stand (`operations.opex_escalation_per_year`).
    `life_fields` are those that say how many periods there are of something, `lives` those of some
    choices with what must be true of them. `check` raises Problem for what no single field can
    tell, from the values, what is given and the choices; `notices` says what a reader should know.
    `targets` are usual where a field of that name is stated, or a `revenue` of that kind; `words`
    tell statuses of what `changes` brings.

    Scenarios of one shape are told the same (`economics/scenario/shapes.py`): `choose`, `lives` and
    `notices` look at words, lists, years, and at numbers only whether they are stated, 0 or 1;
    `check` looks at any.
    """

    name: str
    choice: str
    values: tuple[str, ...]
    choose: Callable[[Any, Values], Choices]
    changes: Callable[[Graph, Choices], Iterable[Node]]
    formulas: tuple[Formula | Node, ...] = ()
    after: tuple[str, ...] = ()
    redefines: frozenset[str] = frozenset()
    fields: Mapping[str, type[Struct]] = field(default_factory=dict)
    life_fields: tuple[str, ...] = ()
    lives: Callable[[Choices], Iterable[Life]] = lambda _: ()
    check: Callable[[Values, Mapping[str, float], Choices], None] = lambda *_: None
    notices: Callable[[Values], Iterable[str]] = lambda _: ()
    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def is_chosen(self, choices: Choices) -> bool:
        """Whether it is there under these choices."""
        return choices.get(self.choice) in self.values


def in_sequence(extensions: Iterable[Extension]) -> tuple[Extension, ...]:
    """Each after those that it comes after, else by name: however they are listed. Errors:
    ExtensionError.
    """
    listed = sorted(extensions, key=lambda one: one.name)
    by_name = {one.name: one for one in listed}
    if len(by_name) < len(listed):
        raise ExtensionError(f"two extensions of one name: {[one.name for one in listed]}")
    for one in listed:
        if strange := set(one.after) - set(by_name):
            raise ExtensionError(f"{one.name} comes after {min(strange)}, which is not there")
    try:
        sorter = TopologicalSorter({one.name: sorted(one.after) for one in listed})
        return tuple(by_name[name] for name in sorter.static_order())
    except CycleError as error:
        raise ExtensionError(f"extensions after each other: {', '.join(error.args[1])}") from None


def fields_added(
    extensions: Iterable[Extension],
) -> dict[str, dict[str, list[type[Struct]]]]:
    """The fields that extensions add, by table and by the field behind which they stand."""
    found: dict[str, dict[str, list[type[Struct]]]] = {}
    for one in in_sequence(extensions):
        for place, fields in one.fields.items():
            table, _, behind = place.partition(".")
            found.setdefault(table, {}).setdefault(behind, []).append(fields)
    return found


def extended(graph: Graph, extensions: Iterable[Extension], choices: Choices) -> Graph:
    """A rack's graph with the additions that a scenario's choices ask for. Errors:
    ExtensionError.
    """
    owners: dict[str, str] = {}
    for one in in_sequence(extensions):
        if one.is_chosen(choices):
            made = [_of_choice(node, one, graph) for node in _changed(one, graph, choices)]
            for node in made:
                _claim(node, one, graph, owners)
            graph = graph.replaced(made)
    return graph


def _changed(one: Extension, graph: Graph, choices: Choices) -> list[Node]:
    try:
        return list(one.changes(graph, choices))
    except KeyError as error:
        raise ExtensionError(f"{one.name} changes {error}, which is not there") from error


def _claim(node: Node, one: Extension, graph: Graph, owners: dict[str, str]) -> None:
    """Note whose a quantity is. Errors: ExtensionError for another's that is not named."""
    old = graph.nodes.get(node.name)
    if old is not None and _is_new(node, old):
        if node.name not in one.redefines:
            whose = owners.get(node.name, "the rack")
            raise ExtensionError(
                f"{one.name} defines {node.name} anew, which is of {whose}; name it in redefines"
            )
        owners[node.name] = one.name
    elif old is None:
        owners[node.name] = one.name


def _is_new(node: Node, old: Node) -> bool:
    """Whether a quantity has another formula than the old one, not other inputs only."""
    return node.formula is not old.formula


def _of_choice(node: Node, one: Extension, graph: Graph) -> Node:
    """An added quantity, which says which choices it is for."""
    if node.name in graph.nodes or node.when:
        return node
    return replace(node, when={one.choice: one.values})
