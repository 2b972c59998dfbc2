"""Quantities of a finished graph once more, for somebody else; and quantities with other inputs."""

from collections.abc import Callable, Iterable, Mapping

from kernels.language.graph import Graph
from kernels.language.node import Formula, Node, node, renamed


def rewired(formula: Formula | Node, **wires: str) -> Node:
    """The same quantity with other inputs; an input that it does not have is no matter."""
    old = node(formula)
    return renamed(old, {**wires, old.name: old.name}, old.doc)


def between(graph: Graph, targets: Iterable[str], wires: Iterable[str]) -> tuple[str, ...]:
    """The quantities on the way from `wires` to `targets`, both ends of it: targets are among them,
    wires are not.
    """
    reached: dict[str, bool] = dict.fromkeys(wires, True)
    ends = frozenset(reached)

    def hangs_on_a_wire(name: str) -> bool:
        if name not in reached:
            reached[name] = False  # what a probe asks of itself
            inputs = sorted(graph.nodes[name].inputs) if name in graph.nodes else []
            hanging = list(map(hangs_on_a_wire, inputs))  # each of them, not the first one only
            reached[name] = any(hanging)
        return reached[name]

    for target in targets:
        hangs_on_a_wire(target)
    return tuple(name for name in graph.nodes if reached.get(name) and name not in ends)


def instance(
    graph: Graph,
    own: Iterable[str],
    rename: Callable[[str], str],
    wires: Mapping[str, str],
    doc: Callable[[str], str],
    held: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> tuple[Node, ...]:
    """Quantities of a finished graph once more, for somebody else.

    They are renamed among themselves and fed through `wires`, by the old names of inputs; `doc`
    makes the new description of the old one, `held` says what probes of a quantity hold as it is.
    """
    here = [name for name in own if name in graph.nodes]
    names = {**{name: rename(name) for name in here}, **wires}
    return tuple(
        renamed(graph.nodes[name], names, doc(graph.nodes[name].doc), held(name)) for name in here
    )
