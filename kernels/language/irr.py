"""Internal rate of return: the rate at which the present value of dated amounts is 0, how many such
rates there are, and why not.

With x = 1 / (1 + rate) the value is a polynomial in x. The positive axis is split into x in (0, 1]
and 1 / x in (0, 1): the roots of each half are counted (`root_count`), and the only one of both
refined. Only + - * / and comparisons: every engine takes the same steps.
"""

from typing import Any, NamedTuple

from kernels.language.profile import Profile, Value
from kernels.language.root_count import LIMIT, ROUNDING, alive, count_roots, sign_changes

OK, NO_SIGN_CHANGE, NO_ROOT, SEVERAL_ROOTS = 0.0, 1.0, 2.0, 3.0
STATUSES = {
    "no_sign_change": "none: the cash flow never changes sign",
    "no_root": "none: no discount rate makes the present value 0",
    "several_roots": "ambiguous: several discount rates make the present value 0",
}
DUST = 1e-12  # of the largest amount, or of all that is paid: less is the rounding of 0


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
    backward, live, always = (
        Profile(reversed(dated.values)),
        alive(dated, xp),
        Profile((1.0,) * len(given.values)),
    )

    at_one, low_most = sign_changes(dated, live, xp)
    _, high_most = sign_changes(backward, always, xp)
    near = (
        xp.maximum(at_one, -1.0 * at_one) > 2.0 * ROUNDING * paid
    ) ^ True  # 1 is a root but for rounding
    low_count, *low = count_roots(
        dated, live, low_most, at_one, changes & (near | (low_most > 1.0)), 0.0, xp
    )
    high_only = changes & (near | (high_most > 1.0))
    high_count, *high = count_roots(
        backward, always, high_most, at_one, high_only, xp.where(near, 1.0, 0.0), xp
    )
    count = xp.where(changes, low_count + high_count, 0.0)

    above = high_count == 1.0  # the lone root lies above 1: it is found as that of 1 / x
    lone = count == 1.0
    x = _refined(_value, low, (backward,), lone & (above ^ True), xp)
    z = _refined(_trimmed, high, (dated, live), lone & above, xp)
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
