"""Roots of a function of one number: where a line meets 0, the root between two brackets, all roots
that samples can see.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kernels.language.profile import Value

SAMPLES = 257
JUMP = (
    1e-6  # a sign change at which this share of the bracket's values remains is a jump, not a root
)


def line_root(low: Value, high: Value, at_low: Value, at_high: Value, xp: Any) -> Value:
    """Where the line through (low, at_low) and (high, at_high) is 0; the line must not be level."""
    slope = at_high - at_low
    return low - at_low * ((high - low) / xp.where(slope == 0.0, 1.0, slope))


def bracketed_root(
    f: Callable[[Value], Value],
    low: Value,
    high: Value,
    at_low: Value,
    at_high: Value,
    only: Value,
    xp: Any,
) -> Value:
    """The root of `f` between `low` and `high`, where its values have opposite signs, in the cells
    that `only` names.

    The Illinois variant of regula falsi with a halving every third step, to the last bit or two.
    """

    def turn(
        low: Value, high: Value, at_low: Value, at_high: Value, side: Value, count: Value
    ) -> tuple[Any, Value]:
        chord = line_root(low, high, at_low, at_high, xp)
        outside = (chord <= low) | (chord >= high) | (count == 2.0)
        x = xp.where(outside, low + 0.5 * (high - low), chord)
        value = f(x)
        left = (value < 0.0) == (at_low < at_high)
        at_high_next = xp.where(left, xp.where(side == 1.0, 0.5 * at_high, at_high), value)
        at_low_next = xp.where(left, value, xp.where(side == -1.0, 0.5 * at_low, at_low))
        low_next, high_next = xp.where(left, x, low), xp.where(left, high, x)
        exact = value == 0.0
        low_next, high_next = xp.where(exact, x, low_next), xp.where(exact, x, high_next)
        going = high_next - low_next > 2e-16 * xp.maximum(high_next, -1.0 * low_next)
        state = (
            low_next,
            high_next,
            at_low_next,
            at_high_next,
            xp.where(left, 1.0, -1.0),
            xp.where(count == 2.0, 0.0, count + 1.0),
        )
        return state, going

    low, high, *_ = xp.iterate(turn, (low, high, at_low, at_high, 0.0, 0.0), 200, only=only)
    return low + 0.5 * (high - low)


class Sampled(NamedTuple):
    """All roots that a number of samples could see, and how many samples had a value."""

    roots: tuple[float, ...]
    valued: int


def samples(low: float, high: float) -> list[float]:
    """257 points from `low` to `high`, geometric where the range spans more than four orders of
    magnitude from 0 up.
    """
    last = SAMPLES - 1
    if low < 0.0 or high <= 1e4 * max(low, 1.0):
        return [low + (high - low) * (k / last) for k in range(last)] + [high]
    start = low if low > 0.0 else 1e-6
    ratio = high / start
    points = [start * ratio ** (k / last) for k in range(last)] + [high]
    return [low, *points[1:]] if low == 0.0 else points


def roots_between(f: Callable[[float], float], low: float, high: float) -> Sampled:
    """Every sign change of `f` over the samples, halved to the last bit, and the ends of every
    stretch on which it is 0.

    Gaps (NaN) hide roots; neither they nor jumps invent any.
    """
    points = samples(low, high)
    values = [f(x) for x in points]
    found = list(_zeros(f, points, values))
    for (a, at_a), (b, at_b) in zip(
        zip(points, values, strict=True), zip(points[1:], values[1:], strict=True), strict=False
    ):
        if at_a < 0.0 < at_b or at_b < 0.0 < at_a:
            root = _halved(f, a, b, at_a < 0.0)
            if root is not None and abs(f(root)) <= JUMP * max(abs(at_a), abs(at_b)):
                found.append(root)
    return Sampled(tuple(sorted(found)), sum(value == value for value in values))


def _zeros(
    f: Callable[[float], float], points: list[float], values: list[float]
) -> Iterator[float]:
    """Samples at which `f` is 0; of several in a row the ends of their stretch, which may lie
    between samples.
    """
    at_zero = [False, *(value == 0.0 for value in values), False]
    for k, (x, before, here, after) in enumerate(
        zip(points, at_zero, at_zero[1:], at_zero[2:], strict=False)
    ):
        if not here or (before and after):
            continue
        beyond = k - 1 if after else k + 1
        within_samples = (
            before != after and 0 <= beyond < len(points) and values[beyond] == values[beyond]
        )
        yield _end(f, x, points[beyond]) if within_samples else x


def _end(f: Callable[[float], float], within: float, beyond: float) -> float:
    """The last point at which `f` is 0 on the way from one within the stretch to one beyond it."""
    while (middle := within + 0.5 * (beyond - within)) not in (within, beyond):
        within, beyond = (middle, beyond) if f(middle) == 0.0 else (within, middle)
    return within


def _halved(f: Callable[[float], float], low: float, high: float, rises: bool) -> float | None:
    """The root in a bracket; None if the sign changes by a jump through a gap."""
    while True:
        middle = low + 0.5 * (high - low)
        if middle in (low, high):
            return min((low, high), key=lambda x: abs(f(x)))
        value = f(middle)
        if value == 0.0:
            return middle
        if value != value:
            return None
        if (value < 0.0) == rises:
            low = middle
        else:
            high = middle
