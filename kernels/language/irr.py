"""Internal rate of return: the rate at which a series of dated amounts is worth 0, how many such
rates there are, and why not.

With x = 1 / (1 + rate) the value is a polynomial in x. The positive axis is split into x in (0, 1]
and 1 / x in (0, 1). In each half the sign changes of repeated running sums bound the roots from
above and differ from their number by an even one (Descartes' rule for the polynomial over a power
of 1 - x), so at most one change is an exact count. A half with more is walked from 1 down with
intervals that grow and shrink: positive and negative terms both rise, so their values at two ends
bound the polynomial, its slope and curvature in between; an interval is done when it surely has no
root or a slope of one sign, the half when the sums below have at most one change. Only + - * / and
comparisons: every engine takes the same steps.
"""

from typing import Any, NamedTuple

from kernels.language.profile import Profile, Value

OK, NO_SIGN_CHANGE, NO_ROOT, SEVERAL_ROOTS = 0.0, 1.0, 2.0, 3.0
STATUSES = {
    "no_sign_change": "none: the flow never changes sign",
    "no_root": "none: no rate makes the flow worth 0",
    "several_roots": "ambiguous: several rates make the flow worth 0",
}
DUST = (
    1e-12  # an amount below this share of the largest, or of all that is paid, is the rounding of 0
)
START = 2.0**-5  # width of the first interval
LEAST_WIDTH = (
    2.0**-28
)  # an interval of this share of its end that may still touch 0 counts as one root
ROUNDING = 2.0**-46  # of the sum of all magnitudes
LIMIT = 100_000  # turns of a loop that ends by itself long before


class Root(NamedTuple):
    """The rate a step (NaN unless `status` is 0), its status code and how many roots there are."""

    rate: Value
    status: Value
    root_count: Value


def irr(outlay: Value, amounts: Any, steps_per_year: int, xp: Any) -> Root:
    """The yearly rate at which `outlay` at 0 buys `amounts`, one a step from the first.

    The status is 0 iff exactly one root lies above -100 %, whatever the sign changes: a root that
    is only touched counts once.
    """
    given = Profile((-1.0 * outlay, *amounts.values))
    most, paid = xp.fold(
        lambda most, paid, a: (xp.maximum(most, a), paid - xp.minimum(a, 0.0)), (0.0, 0.0), given
    )
    dust = DUST * xp.maximum(most, paid)
    changes = (most > dust) & (paid > dust)
    dated = xp.scan(
        lambda dust, a: ((dust,), xp.where((a <= dust) & (a >= -1.0 * dust), 0.0, a)),
        (dust,),
        given,
    )
    backward, alive, always = (
        Profile(reversed(dated.values)),
        _alive(dated, xp),
        Profile((1.0,) * len(given.values)),
    )

    at_one, low_most = _sign_changes(dated, alive, xp)
    _, high_most = _sign_changes(backward, always, xp)
    near = (
        xp.maximum(at_one, -1.0 * at_one) > 2.0 * ROUNDING * paid
    ) ^ True  # 1 is a root but for rounding
    low_count, *low = _counted(
        dated, alive, low_most, at_one, changes & (near | (low_most > 1.0)), 0.0, xp
    )
    high_only = changes & (near | (high_most > 1.0))
    high_count, *high = _counted(
        backward, always, high_most, at_one, high_only, xp.where(near, 1.0, 0.0), xp
    )
    count = xp.where(changes, low_count + high_count, 0.0)

    above = high_count == 1.0  # the lone root lies above 1: it is found as that of 1 / x
    lone = count == 1.0
    x = _refined(_value, low, (backward,), lone & (above ^ True), xp)
    z = _refined(_trimmed, high, (dated, alive), lone & above, xp)
    growth = xp.where(above, z, 1.0 / xp.where(x > 0.0, x, 1.0))
    rate = _power(growth, steps_per_year) - 1.0
    status = xp.where(
        changes,
        xp.where(count == 1.0, OK, xp.where(count == 0.0, NO_ROOT, SEVERAL_ROOTS)),
        NO_SIGN_CHANGE,
    )
    return Root(xp.where(status == OK, rate, float("nan")), status, count)


def _power(base: Value, exponent: int) -> Value:
    product = base
    for _ in range(exponent - 1):
        product = product * base
    return product


def _alive(coefficients: Profile, xp: Any) -> Profile:
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


def _sign_changes(lowest_first: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
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


def _value(x: Value, highest_first: Profile, xp: Any) -> tuple[Value, ...]:
    """Value, slope and half the curvature."""

    def add(x: Value, value: Value, slope: Value, bend: Value, a: Value) -> tuple[Value, ...]:
        return x, value * x + a, slope * x + value, bend * x + slope

    return xp.fold(add, (x, 0.0, 0.0, 0.0), highest_first)[1:]  # type: ignore[no-any-return]


def _trimmed(x: Value, highest_first: Profile, alive: Profile, xp: Any) -> tuple[Value, ...]:
    """`_value` without the coefficients that are not alive: powers of x are divided out."""

    def add(
        x: Value, value: Value, slope: Value, bend: Value, a: Value, live: Value
    ) -> tuple[Value, ...]:
        by = xp.where(live > 0.0, x, 1.0)
        return x, value * by + a, slope * by + value * live, bend * by + slope * live

    return xp.fold(add, (x, 0.0, 0.0, 0.0), highest_first, alive)[1:]  # type: ignore[no-any-return]


def _refined(
    evaluate: Any, bracket: Any, series: tuple[Profile, ...], only: Value, xp: Any
) -> Value:
    """Bracketed Halley: `bracket` is (low, high, sign), and the value times the sign goes from
    below 0 to above.
    """

    def turn(x: Value, low: Value, high: Value, sign: Value, *series: Profile) -> tuple[Any, Value]:
        value, slope, bend = evaluate(x, *series, xp)
        value, slope = value * sign, slope * sign
        low, high = xp.where(value < 0.0, x, low), xp.where(value < 0.0, high, x)
        divisor = xp.where(slope > 0.0, slope, 1.0)
        newton = value / divisor
        curved = xp.minimum(0.5, xp.maximum(-1.0, newton * (bend * sign / divisor)))
        after = x - newton / (1.0 - curved)
        inside = (slope > 0.0) & (after > 0.0) & (after >= low) & (after <= high)
        after = xp.where(inside, after, 0.5 * (low + high))
        moved = xp.maximum(after - x, x - after)
        return (after, low, high, sign), (moved > xp.where(inside, 1e-6, 2e-16) * after) | (
            moved * curved * curved > 2e-16 * after
        )

    return xp.iterate(turn, (bracket[1], *bracket), LIMIT, *series, only=only)[0]


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


def _counted(
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
        bent, back = (
            xp.minimum(0.0, 2.0 * (cp0 - cq1)) * step,
            xp.maximum(0.0, 2.0 * (cp1 - cq0)) * step,
        )
        least = xp.maximum(
            dp0 - dq1, xp.maximum(slope0 + bent, slope1 - back)
        )  # of the slope in between, from
        most = xp.minimum(
            dp1 - dq0, xp.minimum(slope0 + back, slope1 - bent)
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
