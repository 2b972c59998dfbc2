"""Roots of a function of one number: where a line meets 0, the root between two brackets."""

from collections.abc import Callable
from typing import Any

from kernels.language.profile import Value

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
