"""How many roots a polynomial has between 0 and 1, and where the last of them lies.

The sign changes of repeated running sums bound the roots in (0, 1) from above and differ from their
number by an even one (Descartes' rule for the polynomial over a power of 1 - x), so at most one
change is an exact count. Where there are more, the interval is walked from 1 down with steps that
grow and shrink: positive and negative terms both rise, so their values at two ends bound the
polynomial, its slope and curvature in between; a step is done when it surely has no root or a slope
of one sign, the walk when the sums below have at most one change.
"""

from typing import Any

from kernels.language.profile import Profile, Value

START = 2.0**-5  # width of the first interval
LEAST_WIDTH = 2.0**-28  # of its end: an interval that may still touch 0 counts as one root
ROUNDING = 2.0**-46  # of the sum of all magnitudes
LIMIT = 100_000  # turns of a loop that ends by itself long before


def alive(coefficients: Profile, xp: Any) -> Profile:
    """1 up to the last coefficient that is not 0, then 0: nothing may depend on how many dates
    follow the last amount.
    """

    def look(seen: Value, a: Value) -> tuple[tuple[Value], Value]:
        seen = xp.where(a == 0.0, seen, 1.0)
        return (seen,), seen

    marks = xp.scan(look, (0.0,), Profile(reversed(coefficients.values)))
    return Profile(reversed(marks.values))


def _turned(last: Value, changes: Value, value: Value, xp: Any) -> tuple[Value, Value]:
    """The last sign and the number of sign changes after one more value; 0 has no sign."""
    turned = (value > 0.0) & (last < 0.0) | (value < 0.0) & (last > 0.0)
    return xp.where(value == 0.0, last, value), xp.where(turned, changes + 1.0, changes)


def sign_changes(lowest_first: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
    """The sum of all coefficients, and the sign changes of their sums' sums' sums: no fewer than
    roots in (0, 1).
    """

    def add(
        once: Value, twice: Value, thrice: Value, last: Value, changes: Value, a: Value, live: Value
    ) -> tuple[Value, ...]:
        once = once + a
        twice = twice + once * live
        thrice = thrice + twice * live
        return once, twice, thrice, *_turned(last, changes, thrice, xp)

    once, twice, _, last, changes = xp.fold(add, (0.0,) * 5, lowest_first, alive)
    last, changes = _turned(last, changes, twice, xp)
    return once, _turned(last, changes, once, xp)[1]


def _terms(x: Value, lowest_first: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
    """Of the positive terms sum, slope and half the curvature, of the negative ones the same, and
    the sign changes as far as x.

    All six rise with x. Powers count from the first coefficient that is not 0: a root at x = 0 is
    none.
    """

    def add(
        x: Value,
        power: Value,
        d: Value,
        c: Value,
        p: Value,
        dp: Value,
        cp: Value,
        v: Value,
        dv: Value,
        cv: Value,
        twice: Value,
        thrice: Value,
        last: Value,
        changes: Value,
        a: Value,
        live: Value,
    ) -> tuple[Value, ...]:
        up = xp.maximum(a, 0.0)
        p, dp, cp = p + up * power, dp + up * d, cp + up * c
        v, dv, cv = v + a * power, dv + a * d, cv + a * c
        twice = twice + v * live
        thrice = thrice + twice * live
        last, changes = _turned(last, changes, thrice, xp)
        begun = last != 0.0
        powers = power * xp.where(begun, x, 1.0), d * x + xp.where(begun, power, 0.0), c * x + d
        return x, *powers, p, dp, cp, v, dv, cv, twice, thrice, last, changes

    _, _, _, _, p, dp, cp, v, dv, cv, twice, _, last, changes = xp.fold(
        add, (x, 1.0, *(0.0,) * 12), lowest_first, alive
    )
    last, changes = _turned(last, changes, twice, xp)
    return p, dp, cp, p - v, dp - dv, cp - cv, _turned(last, changes, v, xp)[1]


def count_roots(
    lowest_first: Profile,
    alive: Profile,
    most: Value,
    at_one: Value,
    only: Value,
    doubt: Value,
    xp: Any,
) -> tuple[Value, ...]:
    """Roots in (0, 1]: how many, and of the last one its bracket and the sign that it rises with;
    `most` of them where not `only`.

    `doubt` 1 leaves a root at 1 to the other half.
    """

    def turn(*arguments: Any) -> tuple[Any, Value]:
        (
            at,
            width,
            count,
            low,
            high,
            sign,
            doubt,
            p1,
            dp1,
            cp1,
            q1,
            dq1,
            cq1,
            coefficients,
            alive,
        ) = arguments
        first = width == 0.0
        end = xp.maximum(at - width, 0.5 * at)
        step = at - end
        *terms, changes = _terms(end, coefficients, alive, xp)
        p0, dp0, cp0, q0, dq0, cq0 = terms
        value0, value1, slope0, slope1 = p0 - q0, p1 - q1, dp0 - dq0, dp1 - dq1
        tiny = ROUNDING * (p1 + q1)
        fall_of_slope, rise_of_slope = (
            xp.minimum(0.0, 2.0 * (cp0 - cq1)) * step,
            xp.maximum(0.0, 2.0 * (cp1 - cq0)) * step,
        )
        least = xp.maximum(
            dp0 - dq1, xp.maximum(slope0 + fall_of_slope, slope1 - rise_of_slope)
        )  # of the slope in between, from
        most = xp.minimum(
            dp1 - dq0, xp.minimum(slope0 + rise_of_slope, slope1 - fall_of_slope)
        )  # its ends or its curvature
        fall, rise = xp.minimum(0.0, least) * step, xp.maximum(0.0, most) * step
        above = xp.maximum(p0 - q1, xp.maximum(value0 + fall, value1 - rise))
        below = xp.minimum(p1 - q0, xp.minimum(value0 + rise, value1 - fall))
        edge = tiny * (
            1.0 + doubt
        )  # doubt ends further from 0 than it begins, so that rounding cannot open it twice
        rootless = (above > edge) | (below < -1.0 * edge)
        steady = (least >= 0.0) | (most <= 0.0)
        clear0, clear1 = (
            xp.maximum(value0, -1.0 * value0) > tiny,
            xp.maximum(value1, -1.0 * value1) > tiny,
        )
        known = (
            first | rootless | (steady & clear0 & (clear1 | (doubt == 0.0)))
        )  # no root counts in two intervals
        crosses = (
            known
            & ((first | rootless) ^ True)
            & ((clear1 ^ True) | ((value0 < 0.0) ^ (value1 < 0.0)))
        )
        doubtful = (known ^ True) & (step <= LEAST_WIDTH * at)
        opens = doubtful & (doubt == 0.0)  # neighbours in doubt are one root
        ends = known & (changes <= 1.0) & (xp.maximum(value0, -1.0 * value0) > ROUNDING * (p0 + q0))
        lone = ends & (changes == 1.0)  # below the end
        low = xp.where(lone, 0.0, xp.where(crosses | doubtful, end, low))
        high = xp.where(lone, end, xp.where(crosses | opens, at, high))
        sign = xp.where(lone | crosses | opens, xp.where((value0 < 0.0) ^ lone, 1.0, -1.0), sign)
        count = count + xp.where(crosses | opens, 1.0, 0.0) + xp.where(lone, 1.0, 0.0)
        moves = known | doubtful
        width = xp.where(
            first, START, xp.where(known, step * 2.0, xp.where(doubtful, step, step * 0.5))
        )
        doubt = xp.where(first, doubt, xp.where(doubtful, 1.0, xp.where(known, 0.0, doubt)))
        carried = [
            xp.where(moves, new, old)
            for new, old in zip(terms, (p1, dp1, cp1, q1, dq1, cq1), strict=True)
        ]
        at = xp.where(ends, 0.0, xp.where(moves, end, at))
        return (at, width, count, low, high, sign, doubt, *carried), (at > 0.0) & (value0 == value0)

    start = (
        1.0,
        0.0,
        xp.where(only, 0.0, most),
        0.0,
        1.0,
        xp.where(at_one < 0.0, -1.0, 1.0),
        doubt,
        *(0.0,) * 6,
    )
    at, _, count, *bracket, _, _, _, _, _, _, _ = xp.iterate(
        turn, start, LIMIT, lowest_first, alive, only=only
    )
    return xp.where(
        only & (at > 0.0), xp.maximum(count, 2.0), count
    ), *bracket  # given up: surely no lone root
