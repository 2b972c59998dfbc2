"""A trace in the order in which it is computed: what each repetition and loop computes inside, and what it takes from outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kernels.tracing import Body, Expr, Loop, Turn


@dataclass(frozen=True, eq=False)
class Program:
    """Expressions in an order in which each stands after what it needs, and what they take from outside, first use first."""

    nodes: tuple[Expr, ...]
    imports: tuple[Expr, ...]


def program(wanted: Iterable[Any], body: Body | None = None) -> Program:
    """What computes some values: everything, or with `body` what changes with it."""
    nodes: dict[Expr, None] = {}
    imports: dict[Expr, None] = {}
    waiting: list[tuple[Expr, bool]] = [(e, False) for e in reversed([*wanted]) if isinstance(e, Expr)]
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
        values += [body.only, *(v for series in body.series for v in series)]
    return [v for v in values if isinstance(v, Expr)]


def inner(body: Body) -> Program:
    """What a repetition or a loop computes at each step."""
    if body.inner is None:
        going = (body.going,) if isinstance(body, Turn) else ()
        body.inner = program((*body.after, *going), body)
    found: Program = body.inner
    return found


def work(one: Expr) -> int:
    """How many operations a value takes, those of a repetition at one step."""
    if one.op != "result" or one is not one.args[0].results[0]:
        return int(one.op not in ("table", "result"))
    body = one.args[0]
    return sum(map(work, inner(body).nodes)) * (body.count if isinstance(body, Loop) else 1)
