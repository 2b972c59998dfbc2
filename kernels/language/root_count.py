"""How many roots a polynomial has in a stretch of the positive axis, and where the lowest lies.

The sign changes of repeated running sums bound the roots in (0, x) from above and differ from their
number by an even one (Descartes' rule for the polynomial over a power of x less its unknown), so at
most one change is an exact count. Where there are more, the stretch is walked from its top down
with steps that grow and shrink: positive and negative terms both rise, so their values at two ends
bound the polynomial, its slope and curvature in between; a step is done when it surely has no root
or a slope of one sign, the walk when the sums below have at most one change.
"""

from typing import Any, NamedTuple

from kernels.language.profile import Profile, Value

START = 2.0**-5  # width of the first step, as a share of the top
LEAST_WIDTH = 2.0**-28  # of its end: a step that may still touch 0 counts as one root
ROUNDING = 2.0**-46  # of the sum of all magnitudes
LIMIT = 100_000  # turns of a loop that ends by itself long before
UNKNOWN = 2.0  # the sign above a doubt: one that begins at the top


class Stretch(NamedTuple):
    """Where roots are counted: from `bottom`, at which the polynomial has the sign of `at_bottom`,
    to `top`; a root that may be the top itself counts where `has_top` is 1.
    """

    bottom: float
    top: float
    at_bottom: Value
    has_top: float


class Roots(NamedTuple):
    """How many roots there are, a bracket of the lowest, and how many are only touched: each of
    those counts twice, as the fall and the rise that it nearly is.
    """

    count: Value
    low: Value
    high: Value
    touched: Value


def _turned(last: Value, changes: Value, value: Value, xp: Any) -> tuple[Value, Value]:
    """The last sign and the number of sign changes after one more value; 0 has no sign."""
    turned = (value > 0.0) & (last < 0.0) | (value < 0.0) & (last > 0.0)
    return xp.where(value == 0.0, last, value), xp.where(turned, changes + 1.0, changes)


def sign_changes(lowest_first: Profile, shrink: float, xp: Any) -> tuple[Value, Value]:
    """The polynomial at 1 / `shrink`, over its highest power, and the sign changes of the sums of
    its sums there: no fewer than roots below. Zeros after the last coefficient change no sign.
    """

    def add(once: Value, twice: Value, last: Value, changes: Value, a: Value) -> tuple[Value, ...]:
        once = once * shrink + a
        twice = twice * shrink + once
        return once, twice, *_turned(last, changes, twice, xp)

    once, _, last, changes = xp.fold(add, (0.0,) * 4, lowest_first)
    return once, _turned(last, changes, once, xp)[1]


def _terms(x: Value, lowest_first: Profile, xp: Any) -> tuple[Value, ...]:
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
        last: Value,
        changes: Value,
        a: Value,
    ) -> tuple[Value, ...]:
        up = xp.maximum(a, 0.0)
        p, dp, cp = p + up * power, dp + up * d, cp + up * c
        v, dv, cv = v + a * power, dv + a * d, cv + a * c
        twice = twice + v
        last, changes = _turned(last, changes, twice, xp)
        begun = last != 0.0
        powers = power * xp.where(begun, x, 1.0), d * x + xp.where(begun, power, 0.0), c * x + d
        return x, *powers, p, dp, cp, v, dv, cv, twice, last, changes

    _, _, _, _, p, dp, cp, v, dv, cv, _, last, changes = xp.fold(
        add, (x, 1.0, *(0.0,) * 11), lowest_first
    )
    return p, dp, cp, p - v, dp - dv, cp - cv, _turned(last, changes, v, xp)[1]


def count_roots(
    lowest_first: Profile,
    stretch: Stretch,
    others: Value,
    only: Value,
    xp: Any,
) -> Roots:
    """The roots within a stretch; `others` of them where not `only`. NaN where numbers leave the
    range of floats.
    """
    bottom, top, at_bottom, has_top = stretch

    def turn(*arguments: Any) -> tuple[Any, Value]:
        at, width, count, low, high, touched, doubt, *before, at_bottom, coefficients = arguments
        p1, dp1, cp1, q1, dq1, cq1 = before
        first = width == 0.0
        end = xp.maximum(bottom, xp.maximum(at - width, 0.5 * at))
        step = at - end
        *terms, changes = _terms(end, coefficients, xp)
        p0, dp0, cp0, q0, dq0, cq0 = terms
        value0, value1, slope0, slope1 = p0 - q0, p1 - q1, dp0 - dq0, dp1 - dq1
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
        tiny, sure = ROUNDING * (p1 + q1), doubt == 0.0
        edge = tiny * xp.where(sure, 1.0, 2.0)  # doubt ends further from 0 than it begins, so that
        rootless = (above > edge) | (below < -1.0 * edge)  # rounding cannot open it twice
        steady = (least >= 0.0) | (most <= 0.0)
        clear0 = xp.maximum(value0, -1.0 * value0) > ROUNDING * (p0 + q0)
        clear1 = xp.maximum(value1, -1.0 * value1) > edge
        known = first | rootless | (steady & clear0 & clear1)
        crosses = known & ((first | rootless) ^ True) & ((value0 < 0.0) ^ (value1 < 0.0))
        doubtful = (known ^ True) & (step <= LEAST_WIDTH * at)
        opens = doubtful & sure  # neighbours in doubt are one root
        touches = known & (
            (doubt == 1.0) & (value1 > 0.0) | (doubt == -1.0) & (value1 < 0.0)
        )  # the same sign on both sides of the doubt
        settled = known & (changes <= 1.0) & clear0
        ends = settled & (crosses ^ True)  # one root a turn
        lone = ends & ((value0 < 0.0) ^ (at_bottom < 0.0))  # below the end
        at_top = first & (clear0 ^ True)
        low = xp.where(lone, bottom, xp.where(crosses | doubtful | at_top, end, low))
        high = xp.where(lone, end, xp.where(crosses | opens | at_top, at, high))
        count = count + xp.where(crosses | opens | lone, 1.0, 0.0) + xp.where(touches, 1.0, 0.0)
        count = count + xp.where(at_top, has_top, 0.0)
        touched = touched + xp.where(touches, 1.0, 0.0)
        side = xp.where(value1 < 0.0, -1.0, 1.0)
        doubt = xp.where(at_top, UNKNOWN, xp.where(known, 0.0, xp.where(opens, side, doubt)))
        width = xp.where(
            first,
            START * top,
            xp.where(known, step * 2.0, xp.where(doubtful, step, step * 0.5)),
        )
        width = xp.where(settled & crosses, 0.0, width)
        moves = known | doubtful
        carried = [xp.where(moves, new, old) for new, old in zip(terms, before, strict=True)]
        done = ends | (moves & (first ^ True) & (end <= bottom))
        at = xp.where(done, 0.0, xp.where(moves, end, at))
        state = (at, width, count, low, high, touched, doubt, *carried)
        return state, (at > 0.0) & (value0 == value0)

    start = (top, 0.0, xp.where(only, 0.0, others), bottom, top, *(0.0,) * 8)
    at, _, count, low, high, touched, *_ = xp.iterate(
        turn, start, LIMIT, at_bottom, lowest_first, only=only
    )
    return Roots(xp.where(only & (at > 0.0), float("nan"), count), low, high, touched)
