"""How numbers are computed: the verbs that formulas may use beside + - * / and comparisons, for
floats and for arrays.

`where`, `minimum`, `maximum` choose; `compound`, `excess` are the only powers; `fold`, `scan`,
`iterate` walk series. A formula takes them as its parameter `xp`. Minimum and maximum are selects,
so NaN and -0 fall the same way on every engine.

BackendError   the engine asked for is not there; the message says why
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernels.language.profile import Profile, Value

State = tuple[Value, ...]


class BackendError(Exception):
    """The engine asked for cannot run here; never replaced by another in silence."""


def fold(step: Callable[..., State], start: State, *series: Any) -> State:
    """The state after the last step: `state = step(*state, *values)`, first step first."""
    state = start
    for values in zip(*(s.values for s in series), strict=True):
        state = step(*state, *values)
    return state


def scan(step: Callable[..., tuple[State, Value]], start: State, *series: Any) -> Profile:
    """One result a step: `state, result = step(*state, *values)`."""
    state, results = start, []
    for values in zip(*(s.values for s in series), strict=True):
        state, result = step(*state, *values)
        results.append(result)
    return Profile(results)


class Floats:
    """The verbs on Python floats: one scenario, without numpy."""

    fold = staticmethod(fold)
    scan = staticmethod(scan)

    @staticmethod
    def where(condition: bool, a: Value, b: Value) -> Value:
        """`a` where the condition holds, else `b`."""
        return a if condition else b

    @staticmethod
    def minimum(a: Value, b: Value) -> Value:
        """The smaller one."""
        return a if a < b else b

    @staticmethod
    def maximum(a: Value, b: Value) -> Value:
        """The larger one."""
        return a if a > b else b

    @staticmethod
    def compound(rate: float, years: float) -> float:
        """(1 + rate) ** years; rate >= -1 a year. Infinite, as on arrays, where that is too large
        for a float.
        """
        if years == 1.0:
            return 1.0 + rate
        try:
            return math.exp(years * math.log1p(rate))
        except OverflowError:
            return math.inf

    @staticmethod
    def excess(rate: float, years: float) -> float:
        """(1 + rate) ** years - 1, exact for small rates; infinite where that is too large for a
        float.
        """
        try:
            return math.expm1(years * math.log1p(rate))
        except OverflowError:
            return math.inf

    @staticmethod
    def iterate(
        step: Callable[..., tuple[State, bool]],
        start: State,
        limit: int,
        *series: Any,
        only: bool = True,
    ) -> State:
        """Repeat `state, going = step(*state, *series)` up to and with the first step that is not
        going.
        """
        state, going = start, only
        while going and limit:
            state, going = step(*state, *series)
            limit -= 1
        return state


FLOATS = Floats()


@dataclass(frozen=True)
class Arrays:
    """The verbs on arrays of `np`: numpy, or a module with its functions."""

    np: Any

    fold = staticmethod(fold)
    scan = staticmethod(scan)

    def where(self, condition: Value, a: Value, b: Value) -> Value:
        """`a` in the cells in which the condition holds, else `b`."""
        if isinstance(condition, bool):
            return a if condition else b
        return self.np.where(condition, a, b)

    def minimum(self, a: Value, b: Value) -> Value:
        """The smaller one, cell by cell."""
        return self.where(a < b, a, b)

    def maximum(self, a: Value, b: Value) -> Value:
        """The larger one, cell by cell."""
        return self.where(a > b, a, b)

    def compound(self, rate: Value, years: Value) -> Value:
        """(1 + rate) ** years, by exp and log1p of numpy even for one value: a cell's bits must not
        depend on what is swept.

        numpy's power takes other ways for an exponent that is the same in all cells than for one
        that varies.
        """
        if isinstance(years, float) and years == 1.0:
            return 1.0 + rate
        return _unboxed(self.np.exp(self.np.multiply(years, self.np.log1p(rate))))

    def excess(self, rate: Value, years: Value) -> Value:
        """(1 + rate) ** years - 1, exact for small rates."""
        return _unboxed(self.np.expm1(self.np.multiply(years, self.np.log1p(rate))))

    def iterate(
        self,
        step: Callable[..., tuple[State, Value]],
        start: State,
        limit: int,
        *series: Any,
        only: Value = True,
    ) -> State:
        """The same as of floats in every cell: one that has stopped keeps its state.

        When at most half of the cells still go, they are taken together and the rest is not
        computed; a `step` with series must therefore use nothing but its arguments and plain
        numbers.
        """
        state, active = start, only
        if not self.np.any(active):
            return state
        for turn in range(limit):
            if series and _few(active):
                return self._packed(step, state, limit - turn, series, active)
            after, going = step(*state, *series)
            state = tuple(
                self.where(active, new, old) for new, old in zip(after, state, strict=True)
            )
            active = going & active
            if not self.np.any(active):
                break
        return state

    def _packed(
        self,
        step: Callable[..., Any],
        state: State,
        limit: int,
        series: tuple[Any, ...],
        active: Any,
    ) -> State:
        np = self.np
        shape = np.broadcast_shapes(
            active.shape,
            *(np.shape(s) for s in state),
            *(np.shape(v) for s in series for v in _values(s)),
        )
        chosen = np.broadcast_to(active, shape)
        full = [np.array(np.broadcast_to(s, shape), dtype=float) for s in state]

        def pack(value: Value) -> Value:
            return np.broadcast_to(value, shape)[chosen] if np.ndim(value) else value

        def pack_series(one: Any) -> Any:
            return Profile(pack(v) for v in one.values) if hasattr(one, "values") else pack(one)

        packed = self.iterate(
            step, tuple(f[chosen] for f in full), limit, *map(pack_series, series)
        )
        for f, p in zip(full, packed, strict=True):
            f[chosen] = p
        return tuple(full)


def _values(series: Any) -> tuple[Value, ...]:
    return series.values if hasattr(series, "values") else (series,)


def _few(active: Value) -> bool:
    return getattr(active, "ndim", 0) > 0 and 2 * int(active.sum()) <= active.size


def _unboxed(value: Any) -> Value:
    return float(value) if value.ndim == 0 else value


def arrays() -> Arrays:
    """The verbs on numpy arrays."""
    import numpy

    return Arrays(numpy)
