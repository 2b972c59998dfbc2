"""The normal distribution from + - * / and selects, which every engine has: logarithm, exponential,
upper tail.
"""

from typing import Any

from kernels.language.profile import Profile, Value

LOG_TWO = 0.6931471805599453
LOG_TWO_HIGH = 0.6931471803691238  # its first bits: exact in sums of it
LOG_TWO_LOW = 1.9082149292705877e-10  # and what is left of it
ROOT_OF_TWO_PI = 2.5066282746310002
FARTHEST = 40.0  # standard deviations; what lies beyond is less than the smallest float
TAIL = 2.0  # standard deviations from which the continued fraction converges faster than the series
HALVINGS = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
WHOLE_HALVINGS = (1024.0, 512.0, 256.0, 128.0, *HALVINGS)
SIXTEENTHS = 1.5 * 2.0**48  # added and taken away again, it leaves whole sixteenths
ODD = Profile(float(k) for k in range(3, 61, 2))
DEPTHS = Profile(float(k) for k in range(100, 0, -1))
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


def exponential_below(x: Value, xp: Any) -> Value:
    """e to the power -x, x between 0 and 1000: halved as often as log 2 goes into x, then a series
    for the rest.
    """
    rest, low, halved = x, 0.0, 1.0
    for count in WHOLE_HALVINGS:
        large = rest >= count * LOG_TWO_HIGH
        rest = xp.where(large, rest - count * LOG_TWO_HIGH, rest)
        low = low + xp.where(large, count * LOG_TWO_LOW, 0.0)
        halved = xp.where(large, halved * 2.0**-count, halved)
    rest = rest - low
    total: Value = 1.0
    for k in reversed(range(1, POWER_TERMS)):
        total = 1.0 - rest * total * (1.0 / k)
    return total * halved


def above(x: Value, xp: Any) -> Value:
    """The share of a standard normal distribution above x, far out in the tail too to about 1e-14
    of itself; NaN above NaN.

    Source: G. Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4),
    2004: the series of odd powers; in the tail the continued fraction of Laplace, DLMF 7.9.1.
    """
    size = xp.minimum(xp.maximum(x, -1.0 * x), FARTHEST)
    near, far = xp.minimum(size, TAIL), xp.maximum(size, TAIL)

    def add(total: Value, term: Value, odd: Value) -> tuple[Value, Value]:
        term = term * (near * near) / odd
        return total + term, term

    def deepen(below: Value, depth: Value) -> tuple[Value]:
        return (far + depth / below,)

    total, _ = xp.fold(add, (near, near), ODD)
    (below,) = xp.fold(deepen, (far,), DEPTHS)
    share = xp.where(size < TAIL, 0.5 - density(near, xp) * total, density(far, xp) / below)
    return xp.where(x == x, xp.where(x < 0.0, 1.0 - share, share), x)


def density(x: Value, xp: Any) -> Value:
    """The density of a standard normal distribution at x between 0 and 40; the square is taken in
    two parts, for it would lose digits of the power.
    """
    short = (x + SIXTEENTHS) - SIXTEENTHS
    rest = (x - short) * (x + short)
    below = rest < 0.0
    size = exponential_below(0.5 * xp.where(below, -1.0 * rest, rest), xp)
    near = xp.where(below, 1.0 / size, size)
    return exponential_below(0.5 * (short * short), xp) * near / ROOT_OF_TWO_PI
