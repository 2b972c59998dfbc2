"""A trace in the order in which it is computed: what each repetition and loop computes inside, and
what it takes from outside.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kernels.trace.expressions import Body, Expr, Fold, Turn


@dataclass(frozen=True, eq=False)
class Program:
    """Expressions in an order in which each stands after what it needs, and what they take from
    outside, first use first.
    """

    nodes: tuple[Expr, ...]
    imports: tuple[Expr, ...]


def program(wanted: Iterable[Any], body: Body | None = None) -> Program:
    """What computes some values: everything, or with `body` what changes with it."""
    nodes: dict[Expr, None] = {}
    imports: dict[Expr, None] = {}
    waiting: list[tuple[Expr, bool]] = [
        (e, False) for e in reversed([*wanted]) if isinstance(e, Expr)
    ]
    while waiting:
        one, ready = waiting.pop()
        if one in nodes or one in imports:
            continue
        if ready:
            nodes[one] = None
        elif body is not None and body not in one.inside:
            imports[one] = None
        elif one.op not in ("state", "element"):
            waiting.append((one, True))
            waiting += [(need, False) for need in reversed(needs(one)) if need not in nodes]
    return Program(tuple(nodes), tuple(imports))


def needs(one: Expr) -> list[Expr]:
    """What an expression is computed from."""
    if one.op != "result":
        return [a for a in one.args if isinstance(a, Expr)]
    body = one.args[0]
    values = [*body.start, *inner(body).imports]
    if isinstance(body, Turn):
        values.append(body.only)
    if isinstance(body, Turn | Fold):
        values += [v for series in body.series for v in series]
    return [v for v in values if isinstance(v, Expr)]


def inner(body: Body) -> Program:
    """What a repetition or a loop computes at each step."""
    if body.inner is None:
        more = (
            body.going if isinstance(body, Turn) else body.each if isinstance(body, Fold) else None
        )
        body.inner = program((*body.after, more), body)
    found: Program = body.inner
    return found


def work(nodes: Iterable[Expr]) -> list[tuple[int, frozenset[int]]]:
    """How many operations the values of a program take, those of a repetition at one step, and the
    axes that they span.
    """
    found, seen = [], set[Body]()
    for one in nodes:
        if one.op != "result":
            found.append((int(one.op != "table"), one.axes))
        elif one.args[0] not in seen:
            body = one.args[0]
            seen.add(body)
            steps = 1 if isinstance(body, Turn) else body.count
            found.append((steps * sum(count for count, _ in work(inner(body).nodes)), one.axes))
    return found


def most_alive(nodes: Sequence[Expr]) -> int:
    """How many values of a program must be kept at once."""
    last = {need: at for at, one in enumerate(nodes) for need in needs(one)}
    ends = Counter(last.values())
    alive, most = 0, 0
    for at, one in enumerate(nodes):
        alive += one.op != "table"
        most = max(most, alive)
        alive -= ends[at]
    return most
