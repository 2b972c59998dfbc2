"""Internal rate of return: the rate at which a series of dated amounts is worth 0, how many such rates there are, and why not.

With x = 1 / (1 + rate) the value is a polynomial in x. A pure investment (never overdrawn at the root: no partial sum above 0) has
one root (Soper 1959); every other cell has its roots counted. The count splits the positive axis into x in (0, 1] and 1/x in (0, 1) and
walks each with intervals that grow and shrink: positive and negative terms are both increasing, so their values at the two ends bound the
polynomial and its slope in between, and an interval is done when it surely has no root or a slope of one sign. Only + - * / and
comparisons: every engine takes the same steps.
"""

from typing import Any, NamedTuple

from kernels.series import Profile, Value

OK, NO_SIGN_CHANGE, NO_ROOT, SEVERAL_ROOTS = 0.0, 1.0, 2.0, 3.0
STATUSES = ("no_sign_change", "no_root", "several_roots")
LEAST_WIDTH = 2.0**-28  # an interval this small that may still touch 0 counts as one root
ROUNDING = 2.0**-46  # of the sum of all magnitudes
PURE = 1e-9  # a partial sum above 0 by less than this share of the outlay is rounding
LIMIT = 100_000  # turns of a loop that ends by itself long before


class Root(NamedTuple):
    """The rate a step (NaN unless `status` is 0), its status code and how many roots there are."""

    rate: Value
    status: Value
    root_count: Value


def irr(outlay: Value, amounts: Any, steps_per_year: int, xp: Any) -> Root:
    """The yearly rate at which `outlay` at 0 buys `amounts`, one a step from the first.

    The status is 0 iff exactly one root lies above -100 %, whatever the sign changes: a root that is only touched counts once.
    """
    rising = Profile((*reversed(amounts.values), -1.0 * outlay))  # highest power of x first
    falling = Profile((-1.0 * outlay, *amounts.values))  # highest power of 1 / x first

    gains, losses = xp.fold(lambda got, paid, a: (got + xp.maximum(a, 0.0), paid - xp.minimum(a, 0.0)), (0.0, 0.0), falling)
    changes = (gains > 0.0) & (losses > 0.0)
    most = 100.0 ** (1.0 / steps_per_year)  # -99 % a year: a lower rate is left to the count
    plain = changes & (outlay > 0.0) & (_value(most, rising, xp)[0] >= 0.0)
    x = _refined(_value, 1.0, (0.0, most, 1.0), (rising,), plain, xp)
    pure = plain & (_highest_balance(x, falling, xp) < PURE * outlay)

    unclear = changes & (pure ^ True)
    at_one = xp.fold(lambda total, a: (total + a,), (0.0,), falling)[0]
    low_count, *low = _counted(rising, at_one, unclear, True, xp)
    high_count, *high = _counted(falling, at_one, unclear, False, xp)
    count = xp.where(pure, 1.0, xp.where(unclear, low_count + high_count, 0.0))

    in_low = unclear & (count == 1.0) & (low_count == 1.0)
    in_high = unclear & (count == 1.0) & (high_count == 1.0)
    x = xp.where(in_low, _refined(_trimmed, 0.5 * (low[0] + low[1]), low, (rising, _alive(rising, xp)), in_low, xp), x)
    z = _refined(_trimmed, 0.5 * (high[0] + high[1]), high, (falling, _alive(falling, xp)), in_high, xp)
    growth = xp.where(in_high, z, 1.0 / xp.where(x > 0.0, x, 1.0))
    rate = _power(growth, steps_per_year) - 1.0
    status = xp.where(changes, xp.where(count == 1.0, OK, xp.where(count == 0.0, NO_ROOT, SEVERAL_ROOTS)), NO_SIGN_CHANGE)
    return Root(xp.where(status == OK, rate, float("nan")), status, count)


def _power(base: Value, exponent: int) -> Value:
    product = base
    for _ in range(exponent - 1):
        product = product * base
    return product


def _highest_balance(x: Value, falling: Profile, xp: Any) -> Value:
    """The largest sum of what was paid and got so far, valued at `x`, over all dates."""

    def add(worst: Value, value: Value, power: Value, amount: Value) -> tuple[Value, ...]:
        value = value + amount * power
        return xp.maximum(worst, value), value, power * x

    return xp.fold(add, (-1.0 * float("inf"), 0.0, 1.0), falling)[0]


def _value(x: Value, coefficients: Profile, xp: Any) -> tuple[Value, ...]:
    """Value and slope of the polynomial whose highest coefficient stands first."""
    gave: tuple[Value, ...] = xp.fold(lambda value, slope, a: (value * x + a, slope * x + value), (0.0, 0.0), coefficients)
    return gave


def _alive(coefficients: Profile, xp: Any) -> Profile:
    """1 up to the last coefficient that is not 0: a root at x = 0 is none, so powers of x are divided out."""
    backward = Profile(reversed(coefficients.values))

    def look(seen: Value, a: Value) -> tuple[tuple[Value], Value]:
        seen = xp.where(a != 0.0, 1.0, seen)
        return (seen,), seen

    marks = xp.scan(look, (0.0,), backward)
    return Profile(reversed(marks.values))


def _trimmed(x: Value, coefficients: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
    """`_value`, as if the coefficients that are not alive were not there."""

    def add(value: Value, slope: Value, a: Value, live: Value) -> tuple[Value, Value]:
        lives = live > 0.0
        return xp.where(lives, value * x + a, value), xp.where(lives, slope * x + value, slope)

    gave: tuple[Value, ...] = xp.fold(add, (0.0, 0.0), coefficients, alive)
    return gave


def _refined(evaluate: Any, x: Value, bracket: Any, series: tuple[Profile, ...], only: Value, xp: Any) -> Value:
    """Bracketed Newton: `bracket` is (low, high, sign), and the value times the sign goes from below 0 to above."""

    def turn(x: Value, low: Value, high: Value, sign: Value, *series: Profile) -> tuple[Any, Value]:
        value, slope = evaluate(x, *series, xp)
        value, slope = value * sign, slope * sign
        low, high = xp.where(value < 0.0, x, low), xp.where(value < 0.0, high, x)
        after = x - value / xp.where(slope > 0.0, slope, 1.0)
        inside = (slope > 0.0) & (after >= low) & (after <= high)
        after = xp.where(inside, after, 0.5 * (low + high))
        moved = xp.maximum(after - x, x - after)
        return (after, low, high, sign), moved > xp.where(inside, 1e-9, 2e-16) * after

    return xp.iterate(turn, (x, *bracket), LIMIT, *series, only=only)[0]


def _bounds(x: Value, coefficients: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
    """Of the positive terms sum, slope and half the curvature, then of the negative ones: all six rise with x."""

    def add(p: Value, dp: Value, cp: Value, q: Value, dq: Value, cq: Value, a: Value, live: Value) -> tuple[Value, ...]:
        lives, up, down = live > 0.0, xp.maximum(a, 0.0), xp.maximum(-1.0 * a, 0.0)
        p_after, q_after = xp.where(lives, p * x + up, p), xp.where(lives, q * x + down, q)
        dp_after, dq_after = xp.where(lives, dp * x + p, dp), xp.where(lives, dq * x + q, dq)
        return p_after, dp_after, xp.where(lives, cp * x + dp, cp), q_after, dq_after, xp.where(lives, cq * x + dq, cq)

    gave: tuple[Value, ...] = xp.fold(add, (0.0,) * 6, coefficients, alive)
    return gave


def _counted(coefficients: Profile, at_one: Value, only: Value, closed: bool, xp: Any) -> tuple[Value, ...]:
    """Roots in (0, 1] (`closed`) or (0, 1): how many, and of the last one its bracket and the sign that it rises with."""

    def turn(*arguments: Any) -> tuple[Any, Value]:
        at, width, count, low, high, sign, doubt, coefficients, alive, at_one = arguments
        last = at + width >= 1.0
        end = xp.where(last, 1.0, at + width)
        p0, dp0, cp0, q0, dq0, cq0 = _bounds(at, coefficients, alive, xp)
        p1, dp1, cp1, q1, dq1, cq1 = _bounds(end, coefficients, alive, xp)
        value0, value1 = p0 - q0, xp.where(last, at_one, p1 - q1)  # one value at 1 for both halves of the axis
        tiny, step = ROUNDING * (p1 + q1), end - at
        least = xp.maximum(dp0 - dq1, dp0 - dq0 + xp.minimum(0.0, 2.0 * (cp0 - cq1)) * step)  # of the slope in between, from
        most = xp.minimum(dp1 - dq0, dp0 - dq0 + xp.maximum(0.0, 2.0 * (cp1 - cq0)) * step)  # its ends or its curvature
        above = xp.maximum(p0 - q1, p0 - q0 + xp.minimum(0.0, least) * step)
        below = xp.minimum(p1 - q0, p0 - q0 + xp.maximum(0.0, most) * step)
        edge = tiny * (1.0 + doubt)  # doubt ends further from 0 than it begins, so that rounding cannot open it twice
        rootless = (above > edge) | (below < -1.0 * edge)
        steady = (least >= 0.0) | (most <= 0.0)
        clear = (last | (xp.maximum(value1, -1.0 * value1) > tiny)) & ((doubt == 0.0) | (xp.maximum(value0, -1.0 * value0) > tiny))
        known = rootless | (steady & clear)  # ends that are not 0 but for rounding, so that no root counts in two intervals
        reaches = last ^ True | closed | (at_one != 0.0)  # the root at 1 itself belongs to the closed half
        crosses = known & (rootless ^ True) & reaches & ((value0 < 0.0) & (value1 >= 0.0) | (value0 > 0.0) & (value1 <= 0.0))
        doubtful = (known ^ True) & (width <= LEAST_WIDTH)
        opens = doubtful & (doubt == 0.0)  # neighbours in doubt are one root
        low = xp.where(crosses | opens, at, low)
        high = xp.where(crosses | doubtful, end, high)
        sign = xp.where(crosses | opens, xp.where(value0 < 0.0, 1.0, -1.0), sign)
        count = count + xp.where(crosses | opens, 1.0, 0.0)
        at = xp.where(known | doubtful, end, at)
        width = xp.where(known, width * 2.0, xp.where(doubtful, width, width * 0.5))
        doubt = xp.where(doubtful, 1.0, xp.where(known, 0.0, doubt))
        return (at, width, count, low, high, sign, doubt), at < 1.0

    start = (0.0, 0.0625, 0.0, 0.0, 0.0, 1.0, 0.0)
    at, _, count, *bracket, _ = xp.iterate(turn, start, LIMIT, coefficients, _alive(coefficients, xp), at_one, only=only)
    return xp.where(at < 1.0, xp.maximum(count, 2.0), count), *bracket  # given up: surely no lone root
