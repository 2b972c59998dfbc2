"""A flow: amounts over time as a sum of `amount * profile`, for floats, arrays and expressions
alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from kernels.language.profile import Profile, Value, is_zero


@dataclass(frozen=True)
class Flow:
    """A sum of `amount * profile`, kept apart until somebody needs whole steps."""

    terms: dict[Profile, Value]

    __array_ufunc__ = None

    def __add__(self, other: "Flow | Profile") -> "Flow":
        merged = dict(self.terms)
        for profile, amount in as_flow(other).terms.items():
            merged[profile] = merged[profile] + amount if profile in merged else amount
        return Flow(merged)

    def __sub__(self, other: "Flow | Profile") -> "Flow":
        return self + as_flow(other) * -1.0

    def __mul__(self, scale: Value) -> "Flow":
        return Flow({profile: amount * scale for profile, amount in self.terms.items()})

    __rmul__ = __mul__

    def _each(self, change: Callable[[Profile], Profile]) -> "Flow":
        return sum_flows(Flow({change(profile): amount}) for profile, amount in self.terms.items())

    def masked(self, mask: Profile) -> "Flow":
        """The steps that `mask` keeps (1) or drops (0)."""
        return self._each(lambda profile: profile.masked(mask))

    def grouped(self, size: int) -> "Flow":
        """The sum over each group of `size` steps."""
        return self._each(lambda profile: profile.grouped(size))

    def placed(self, marks: Profile, size: int) -> "Flow":
        """One value a group becomes `size` steps, put where `marks` is 1."""
        return self._each(lambda profile: profile.placed(marks, size))

    def spread(self, size: int, at: int) -> "Flow":
        """Each step becomes `size` steps, the value at step `at` of them."""
        return self._each(lambda profile: profile.spread(size, at))

    def parts(self) -> list[tuple[Profile, Value]]:
        """The terms in the order of every sum: last root first, so that what is named first is
        added last.

        The order never depends on the grid, so a cell has the same bits in any sweep; what is named
        first should be what spans most axes.
        """
        first = {
            root: i for i, root in reversed(list(enumerate(profile.root for profile in self.terms)))
        }
        return sorted(self.terms.items(), key=lambda term: -first[term[0].root])

    def present_value(self, discount: Profile, at_start: Value = 0.0) -> Value:
        """`at_start` and the sum of what comes later, discounted: each profile on its own small
        axes, then combined.
        """
        total, part, root = at_start, None, None
        for profile, amount in self.parts():
            worth = amount * profile.dot(discount)
            if profile.root is root:
                part = part + worth
            else:
                total, part, root = (total if part is None else total + part), worth, profile.root
        return total if part is None else total + part

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The whole flow, one value a step: for answers that are not linear in it."""
        parts = self.parts()
        return tuple(
            _step([(amount, value) for (_, amount), value in zip(parts, row, strict=True)])
            for row in self._rows(parts)
        )

    def _rows(self, parts: list[tuple[Profile, Value]]) -> Iterable[tuple[Value, ...]]:
        return zip(*(profile.values for profile, _ in parts), strict=True)


def _step(terms: list[tuple[Value, Value]]) -> Value:
    total: Value = 0.0
    for amount, value in terms:
        if not is_zero(value):
            total = total + amount * value
    return total


def flow(amount: Value, profile: Profile) -> Flow:
    """`amount` in each step in which `profile` is 1."""
    return Flow({profile: amount})


def as_flow(series: Flow | Profile) -> Flow:
    """A profile is a flow of its own values."""
    return series if isinstance(series, Flow) else Flow({series: 1.0})


def sum_flows(flows: Iterable[Flow]) -> Flow:
    """The sum of flows, in order."""
    total = Flow({})
    for one in flows:
        total = total + one
    return total
