"""A profile: the shape in time of one unit of something, one value a step."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

Value = Any  # a float, an array over the axes it depends on, or a traced expression


class Profile:
    """One value for each step. Small: it spans only the axes that shape it.

    Profiles are compared by identity, and what is made from one is remembered in it, so that flows
    over one profile stay so.
    """

    __array_ufunc__ = None

    def __init__(self, values: Iterable[Value], root: "Profile | None" = None) -> None:
        self.values: tuple[Value, ...] = tuple(values)
        self.root: Profile = (
            root or self
        )  # the profile that this one re-times: terms of one root are added first
        self._made: dict[Any, Any] = {}

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """`make()`, remembered under `key`; when two threads make it at once, both get the one that
        was remembered.
        """
        if key in self._made:
            return self._made[key]
        return self._made.setdefault(key, make())

    def map(self, f: Callable[..., Value], *others: "Profile") -> "Profile":
        """`f` of the values of each step."""
        return Profile(map(f, self.values, *(o.values for o in others)))

    def _with(self, other: Any, f: Callable[[Value, Value], Value]) -> "Profile":
        if isinstance(other, Profile):
            return Profile(f(a, b) for a, b in zip(self.values, other.values, strict=True))
        return Profile(f(value, other) for value in self.values)

    def __add__(self, other: Any) -> "Profile":
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> "Profile":
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> "Profile":
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other: Any) -> "Profile":
        return self._with(other, lambda a, b: a / b)

    def __rsub__(self, other: Any) -> "Profile":
        return self._with(other, lambda a, b: b - a)

    __radd__, __rmul__ = __add__, __mul__

    def dot(self, weights: "Profile") -> Value:
        """Sum of `value * weight`, added step by step from the first."""

        def add() -> Value:
            total: Value = 0.0
            for value, weight in zip(self.values, weights.values, strict=True):
                if not is_zero(value):
                    total = total + value * weight
            return total

        return self.once(("dot", weights), add)

    def masked(self, mask: "Profile") -> "Profile":
        """The steps that `mask` keeps (1) or drops (0)."""
        return cast(
            Profile, self.once(("masked", mask), lambda: Profile((self * mask).values, self.root))
        )

    def grouped(self, size: int) -> "Profile":
        """The sum over each group of `size` steps; the last group may be shorter."""
        if size == 1:
            return self
        starts = range(0, len(self.values), size)
        return cast(
            Profile,
            self.once(
                ("grouped", size),
                lambda: Profile((sum_of(self.values[k : k + size]) for k in starts), self.root),
            ),
        )

    def placed(self, marks: "Profile", size: int) -> "Profile":
        """One value a group becomes `size` steps: the group's value where `marks` is 1, nothing
        where it is 0.
        """

        def place() -> Profile:
            return Profile(
                (_marked(mark, self.values[k // size]) for k, mark in enumerate(marks.values)),
                self.root,
            )

        return cast(Profile, self.once(("placed", marks, size), place))

    def spread(self, size: int, at: int) -> "Profile":
        """Each step becomes `size` steps, with the value at step `at` of them and nothing at the
        others.
        """
        if size == 1:
            return self

        def place() -> Profile:
            return Profile(
                (value if k == at else 0.0 for value in self.values for k in range(size)), self.root
            )

        return cast(Profile, self.once(("spread", size, at), place))


def _marked(mark: Value, value: Value) -> Value:
    if isinstance(mark, float):
        return value if mark == 1.0 else value * mark if mark else 0.0
    return value * mark


def pad(values: Sequence[Value], count: int) -> Profile:
    """The values of the first of so many steps, and 0 after the last of them."""
    return Profile((*values, *(0.0,) * count)[:count])


def is_zero(value: Value) -> bool:
    """Whether the value is known to be 0 in every cell."""
    return isinstance(value, float) and value == 0.0


def sum_of(values: Iterable[Value]) -> Value:
    """The sum, added in order from the first."""
    total: Value = 0.0
    for value in values:
        if not is_zero(value):
            total = total + value
    return total


def running_products(first: Value, base: Value, count: int) -> Profile:
    """`first, first * base, first * base * base, ...`: the powers of a rate without a power."""
    values = [first]
    while len(values) < count:
        values.append(values[-1] * base)
    return Profile(values[:count])
