"""Expressions instead of numbers: the formulas, run once, say what is to be computed in every cell.

What spans few cells (lists, profiles, present values of profiles) is computed here and now; what
spans more becomes an expression over the axes that it depends on, each made once. `iterate` becomes
one repetition whose step is traced once; folds inside it become one loop over kept series; folds
outside are written out step by step.
"""

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any

from kernels.language.flow import Flow
from kernels.language.profile import Profile
from kernels.language.verbs import fold, scan
from kernels.trace.expressions import FUNCTIONS, NOTHING, Expr, Fold, Loop, Rows, Turn, raw

LONG = 24  # steps of a fold that is worth a loop of its own


class Tracer:
    """The verbs on expressions over a grid; `plain` computes what spans at most `limit` cells;
    `rolls`: folds of `long` steps or more are not written out.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        limit: int,
        plain: Any,
        rolls: bool = False,
        long: int = LONG,
    ) -> None:
        self.shape, self.limit, self.plain, self.rolls, self.long = shape, limit, plain, rolls, long
        self.made: dict[Any, Expr] = {}

    def table(self, array: Any) -> Expr:
        """An array over its own axes, size 1 on the others."""
        return Expr(
            self,
            "table",
            (),
            frozenset(axis for axis, length in enumerate(array.shape) if length > 1),
            array=array,
        )

    def input(self, name: str) -> Expr:
        """A number that is known later, by its name."""
        return Expr(self, "input", (name,), NOTHING)

    def lift(self, value: Any) -> Any:
        """What a plan is given, with tables for arrays."""
        if hasattr(value, "ndim"):
            return self.table(value)
        if hasattr(value, "__struct_fields__"):
            return type(value)(
                **{name: self.lift(getattr(value, name)) for name in value.__struct_fields__}
            )
        return value

    def cells(self, axes: Iterable[int]) -> int:
        """How many cells some axes span."""
        return prod(self.shape[axis] for axis in axes)

    def op(self, op: str, *args: Any) -> Any:
        """An operation on values, computed now if it is small; NotImplemented where an argument is
        a series.
        """
        if any(isinstance(a, Profile | Flow) for a in args):
            return NotImplemented
        if op in ("*", "/") and isinstance(args[1], float) and args[1] == 1.0:
            return args[0]
        if op == "*" and isinstance(args[0], float) and args[0] == 1.0:
            return args[1]
        axes = _axes(args)
        if (
            all(not isinstance(a, Expr) or a.array is not None for a in args)
            and self.cells(axes) <= self.limit
        ):
            function = (
                self.plain.np.where if op == "where" else getattr(self.plain.np, FUNCTIONS[op])
            )
            return self.table(function(*map(raw, args)))
        args = tuple(self.table(a) if hasattr(a, "ndim") else a for a in args)
        key = (
            op,
            *(
                a if isinstance(a, Expr) else (type(a), a.hex() if isinstance(a, float) else a)
                for a in args
            ),
        )
        if key not in self.made:
            self.made[key] = Expr(self, op, args, axes, _inside(args))
        return self.made[key]

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """`a` in the cells in which the condition holds, else `b`."""
        if isinstance(condition, bool):
            return a if condition else b
        traced = any(isinstance(x, Expr) for x in (condition, a, b))
        return self.op("where", condition, a, b) if traced else self.plain.where(condition, a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller one, cell by cell."""
        return self.where(a < b, a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger one, cell by cell."""
        return self.where(a > b, a, b)

    def compound(self, rate: Any, years: Any) -> Any:
        """(1 + rate) ** years."""
        if not isinstance(rate, Expr) and not isinstance(years, Expr):
            return self.plain.compound(rate, years)
        if isinstance(years, float) and years == 1.0:
            return 1.0 + rate
        return self.op("exp", self.op("*", years, self._log1p(rate)))

    def excess(self, rate: Any, years: Any) -> Any:
        """(1 + rate) ** years - 1, exact for small rates."""
        if not isinstance(rate, Expr) and not isinstance(years, Expr):
            return self.plain.excess(rate, years)
        return self.op("expm1", self.op("*", years, self._log1p(rate)))

    def _log1p(self, rate: Any) -> Any:
        return (
            self.op("log1p", rate)
            if isinstance(rate, Expr)
            else self.op("log1p", self.constant(rate))
        )

    def constant(self, value: float) -> Expr:
        """A number as an expression, for what takes nothing else."""
        return (
            self.op("number", value)
            if not hasattr(self.plain, "np")
            else self.table(self.plain.np.full((1,) * len(self.shape), value))
        )

    def fold(self, step: Callable[..., Any], start: tuple[Any, ...], *series: Any) -> Any:
        """The state after the last step."""
        if not any(isinstance(s, Rows) for s in series):
            rolled = self._rolled(lambda *values: (step(*values), None), start, series)
            return fold(step, start, *series) if rolled is None else rolled[: len(start)]
        axes = _axes(start).union(*(_axes(s.values) for s in series))
        while True:
            loop = Loop(start, series)
            loop.states = tuple(
                Expr(self, "state", (loop, i), axes, frozenset({loop})) for i in range(len(start))
            )
            inside = [frozenset({loop, s.turn}) for s in series]
            loop.elements = tuple(
                Expr(self, "element", (loop, k), _axes(s.values), inside[k])
                for k, s in enumerate(series)
            )
            loop.after = step(*loop.states, *loop.elements)
            if axes == (axes := axes | _axes(loop.after)):
                break
        around = _inside((*start, *loop.after, *loop.elements)) - {loop}
        loop.results = tuple(
            Expr(self, "result", (loop, i), axes, around) for i in range(len(start))
        )
        return loop.results

    def scan(self, step: Callable[..., Any], start: tuple[Any, ...], *series: Any) -> Profile:
        """One result a step; not of kept series."""
        rolled = self._rolled(step, start, series)
        return scan(step, start, *series) if rolled is None else Profile(rolled[len(start) :])

    def _rolled(
        self, step: Callable[..., Any], start: tuple[Any, ...], series: Sequence[Any]
    ) -> tuple[Expr, ...] | None:
        """A long fold or scan as one loop: the states after it, then what it gave; None where it is
        to be written out.
        """
        lists = [s.values for s in series]
        values = (*start, *(v for values in lists for v in values))
        if (
            not self.rolls
            or len(lists[0]) < self.long
            or _inside(values)
            or not any(isinstance(v, Expr) and v.array is None for v in values)
        ):
            return None
        axes = _axes(values)
        while True:
            body = Fold(start, lists)
            body.states = tuple(
                Expr(self, "state", (body, i), axes, frozenset({body})) for i in range(len(start))
            )
            body.elements = tuple(
                Expr(self, "element", (body, k), _axes(one), frozenset({body}))
                for k, one in enumerate(lists)
            )
            body.after, body.each = step(*body.states, *body.elements)
            given = (*body.after, body.each)
            if axes == (axes := axes | _axes(given)):
                break
        if _inside(given) - {body}:
            return None
        count = len(start) + (0 if body.each is None else body.count)
        body.results = tuple(Expr(self, "result", (body, i), axes) for i in range(count))
        return body.results

    def iterate(
        self,
        step: Callable[..., Any],
        start: tuple[Any, ...],
        limit: int,
        *series: Any,
        only: Any = True,
    ) -> tuple[Any, ...]:
        """Repeat `state, going = step(*state, *series)` in the cells that `only` names, up to the
        first step that is not going.
        """
        each = [s.values if hasattr(s, "values") else (s,) for s in series]
        values = (*start, only, *(v for values in each for v in values))
        if not any(isinstance(v, Expr) for v in values):
            if series or not isinstance(only, bool):
                return tuple(self.plain.iterate(step, start, limit, *series, only=only))
        elif (
            all(not isinstance(v, Expr) or v.array is not None for v in values)
            and self.cells(_axes(values)) <= self.limit
        ):
            done = self._now(step, start, limit, series, only)
            if done is not None:
                return done
        return self._turn(step, start, limit, series, only, _axes(values))

    def _now(
        self, step: Any, start: Any, limit: int, series: Any, only: Any
    ) -> tuple[Any, ...] | None:
        """The repetition done at once; None if its step needs what is not known yet."""
        if series:
            done = self.plain.iterate(
                step, tuple(map(raw, start)), limit, *map(_raw_series, series), only=raw(only)
            )
            return tuple(self.lift(value) for value in done)
        state, active = tuple(start), only
        for _ in range(limit):
            after, going = step(*state)
            if any(isinstance(value, Expr) and value.array is None for value in (*after, going)):
                return None
            state = tuple(
                self.where(active, new, old) for new, old in zip(after, state, strict=True)
            )
            active = going & active
            if not self.plain.np.any(raw(active)):
                break
        return state

    def _turn(
        self, step: Any, start: Any, limit: int, series: Any, only: Any, axes: frozenset[int]
    ) -> tuple[Expr, ...]:
        kept = [s.values for s in series if hasattr(s, "values")]
        while True:
            turn = Turn(start, only, limit, kept)
            turn.states = tuple(
                Expr(self, "state", (turn, i), axes, frozenset({turn})) for i in range(len(start))
            )
            rows = (Rows(turn, place) for place in range(len(kept)))
            turn.after, turn.going = step(
                *turn.states, *(next(rows) if hasattr(s, "values") else s for s in series)
            )
            if axes == (axes := axes | _axes((*turn.after, turn.going))):
                break
        around = _inside(
            (*start, only, *turn.after, turn.going, *(v for values in kept for v in values))
        ) - {turn}
        turn.results = tuple(
            Expr(self, "result", (turn, i), axes, around) for i in range(len(start))
        )
        return turn.results


def _raw_series(series: Any) -> Any:
    return Profile(map(raw, series.values)) if hasattr(series, "values") else raw(series)


def _axes(values: Iterable[Any]) -> frozenset[int]:
    spanned = (
        (axis for axis, n in enumerate(v.shape) if n > 1)
        if hasattr(v, "shape")
        else getattr(v, "axes", ())
        for v in values
    )
    return NOTHING.union(*spanned)


def _inside(values: Iterable[Any]) -> frozenset[Any]:
    return NOTHING.union(*(v.inside for v in values if isinstance(v, Expr)))
