"""Repetitions, folds and loops of a trace, run by numpy step by step."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.language.profile import Profile
from kernels.language.verbs import Arrays
from kernels.trace.expressions import FUNCTIONS, Body, Expr, Fold, Loop, Turn
from kernels.trace.program import inner

Values = dict[Any, Any]


def _where(condition: Any, a: Any, b: Any, out: NDArray[Any]) -> None:
    np.copyto(out, b)
    np.copyto(out, a, where=condition)


def function(op: str) -> Callable[..., Any]:
    """The function of numpy for an operation."""
    return _where if op == "where" else getattr(np, FUNCTIONS[op])


def operand(value: Any, values: Mapping[Any, Any]) -> Any:
    """What an expression is, or a plain value."""
    return values[value] if isinstance(value, Expr) else value


def run_turn(turn: Turn, values: Mapping[Any, Any], xp: Arrays) -> tuple[Any, ...]:
    """The states of a repetition when the last cell has stopped."""
    imports = inner(turn).imports
    kept = [Profile(operand(v, values) for v in series) for series in turn.series]
    split = len(turn.states), len(turn.states) + len(kept)

    def step(*arguments: Any) -> tuple[tuple[Any, ...], Any]:
        own: Values = dict(zip(turn.states, arguments[: split[0]], strict=True))
        own.update(
            {(turn, k): series.values for k, series in enumerate(arguments[split[0] : split[1]])}
        )
        own.update(zip(imports, arguments[split[1] :], strict=True))
        return _after_step(turn, own, xp), operand(turn.going, own)

    start, outside = (operand(s, values) for s in turn.start), (values[one] for one in imports)
    return tuple(
        xp.iterate(step, tuple(start), turn.limit, *kept, *outside, only=operand(turn.only, values))
    )


def run_fold(body: Fold, values: Mapping[Any, Any], xp: Arrays) -> tuple[Any, ...]:
    """The states after the last step of a fold, and what each step of a scan gave."""
    state, given = tuple(operand(s, values) for s in body.start), list[Any]()
    outside = {one: values[one] for one in inner(body).imports}
    for row in zip(*body.series, strict=True):
        own = {
            **outside,
            **dict(
                zip(
                    (*body.states, *body.elements),
                    (*state, *(operand(v, values) for v in row)),
                    strict=True,
                )
            ),
        }
        state = _after_step(body, own, xp)
        given.append(operand(body.each, own))
    return (*state, *given) if body.each is not None else state


def _after_step(body: Body, own: Values, xp: Arrays) -> tuple[Any, ...]:
    for one in inner(body).nodes:
        if one.op != "result":
            arguments = [operand(a, own) for a in one.args]
            own[one] = xp.where(*arguments) if one.op == "where" else function(one.op)(*arguments)
        elif one not in own:
            repeats = one.args[0]
            found = (
                run_turn(repeats, own, xp)
                if isinstance(repeats, Turn)
                else _run_loop(repeats, own, xp)
            )
            own.update(zip(repeats.results, found, strict=True))
    return tuple(operand(a, own) for a in body.after)


def _run_loop(loop: Loop, outer: Values, xp: Arrays) -> tuple[Any, ...]:
    state = tuple(operand(s, outer) for s in loop.start)
    for row in zip(*(outer[rows.turn, rows.place] for rows in loop.series), strict=True):
        state = _after_step(
            loop,
            {**outer, **dict(zip((*loop.states, *loop.elements), (*state, *row), strict=True))},
            xp,
        )
    return state
