"""The normal distribution from + - * / and selects, which every engine has: logarithm, exponential,
upper tail.
"""

from typing import Any

from kernels.language.profile import Profile, Value

LOG_TWO = 0.6931471805599453
ROOT_OF_TWO_PI = 2.5066282746310002
FARTHEST = 8.0  # standard deviations; what lies beyond is less than 1e-15
HALVINGS = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
SQUARINGS = 6
ODD = Profile(float(k) for k in range(3, 280, 2))
SERIES_TERMS, POWER_TERMS = 18, 18


def logarithm(x: Value, xp: Any) -> Value:
    """The natural logarithm of a number between 1e-38 and 1e38: halved or doubled into [1, 2), then
    a series.
    """
    small = x < 1.0
    rest, doublings = xp.where(small, 1.0 / x, x), 0.0
    for count in HALVINGS:
        large = rest >= 2.0**count
        rest = xp.where(large, rest * 2.0**-count, rest)
        doublings = doublings + xp.where(large, count, 0.0)
    ratio = (rest - 1.0) / (rest + 1.0)
    total: Value = 0.0
    for k in reversed(range(SERIES_TERMS)):
        total = total * (ratio * ratio) + 1.0 / (2.0 * k + 1.0)
    size = doublings * LOG_TWO + 2.0 * (ratio * total)
    return xp.where(small, -1.0 * size, size)


def exponential(x: Value) -> Value:
    """e to a power between -64 and 64: a series for a 64th of it, squared six times."""
    part = x * 2.0**-SQUARINGS
    total: Value = 1.0
    for k in reversed(range(1, POWER_TERMS)):
        total = 1.0 + part * total * (1.0 / k)
    for _ in range(SQUARINGS):
        total = total * total
    return total


def above(x: Value, xp: Any) -> Value:
    """The share of a standard normal distribution above x, to about 1e-14; NaN above NaN.

    Source: G. Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4),
    2004: the series of odd powers.
    """
    near = xp.maximum(xp.minimum(x, FARTHEST), -FARTHEST)

    def add(total: Value, term: Value, odd: Value) -> tuple[Value, Value]:
        term = term * (near * near) / odd
        return total + term, term

    total, _ = xp.fold(add, (near, near), ODD)
    share = 0.5 - exponential(-0.5 * (near * near)) / ROOT_OF_TWO_PI * total
    return xp.where(x == x, xp.maximum(xp.minimum(share, 1.0), 0.0), x)
