"""A trace in the order in which it is computed: what each repetition and loop computes inside, and
what it takes from outside.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kernels.trace.expressions import Body, Expr, Fold, Turn

# Turns of a repetition, by a cell on the average. Over series most cells need none or few, and
# those that still go are packed: `make bench ONLY=choices` measures it (docs/performance.md).
# Without series all cells go on with the slowest, which seldom comes to rest before the limit.
TURNS, WHOLE_TURNS = 0.44, 100.0


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


class Work(NamedTuple):
    """Operations: as they are written, each step of a repetition or loop once, with what it keeps;
    as a cell takes them; and the axes of the cells.
    """

    written: int
    taken: float
    axes: frozenset[int]


def work(
    nodes: Iterable[Expr], turns: float = TURNS, whole_turns: float = WHOLE_TURNS
) -> list[Work]:
    """The operations of the values of a program; a repetition over series, and one without, takes
    so many turns.
    """
    found, seen = list[Work](), set[Body]()
    for one in nodes:
        if one.op != "result":
            number = int(one.op != "table")
            found.append(Work(number, number, one.axes))
        elif one.args[0] not in seen:
            body = one.args[0]
            seen.add(body)
            inside = work(inner(body).nodes, turns, whole_turns)
            taken = sum(part.taken for part in inside) * _steps(body, turns, whole_turns)
            written = sum(part.written for part in inside) + _kept(body)
            found.append(Work(written, taken, one.axes))
    return found


def _steps(body: Any, turns: float, whole_turns: float) -> float:
    """How often a repetition, a fold or a loop takes its step."""
    if not isinstance(body, Turn):
        return float(body.count)
    return min(turns if body.series else whole_turns, float(body.limit))


def _kept(body: Body) -> int:
    """How many values a repetition or a fold keeps beside its cells; a loop reads those of its
    repetition.
    """
    series = body.series if isinstance(body, Turn | Fold) else ()
    return len(body.start) + sum(map(len, series))


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
