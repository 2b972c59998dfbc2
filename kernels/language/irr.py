"""Internal rate of return: the rate at which the present value of dated amounts is 0, and why there
is no such rate, or not one alone.

With x = 1 / (1 + rate) the value is a polynomial in x. Rates above -99 % a year are those of x
between 0 and a greatest one; as the rate rises, the value *falls* through 0 at a return, and
*rises* through 0 at a rate of borrowing. The roots are counted (`root_count`) and the return
refined. Only + - * / and comparisons: every engine takes the same steps.
"""

from typing import Any, NamedTuple

from kernels.language.node import Why, any_side, below, either_side
from kernels.language.profile import Profile, Value
from kernels.language.root_count import LIMIT, ROUNDING, Stretch, count_roots, sign_changes

(
    OK,
    ONLY_GAINS,
    ONLY_LOSSES,
    NOTHING,
    ALWAYS_ABOVE,
    ALWAYS_BELOW,
    BELOW_FLOOR,
    BORROWING,
    SEVERAL,
) = (float(code) for code in range(9))
STATUSES: dict[str, str | Why] = {
    "no_sign_change": any_side("none: the cash flow never changes sign"),
    "no_root": either_side("none: no discount rate makes the present value 0"),
    "below_minus_99_percent": below("below -99 % a year: nearly all is lost"),
    "borrowing": "none: the only rate is one of borrowing, above which the present value is > 0",
    "several_roots": "ambiguous: several discount rates make the present value 0",
}
FLOOR = 100.0  # 1 / (1 - 99 %): a year's growth of 1 / x is never less than 1 / FLOOR
DUST = 1e-12  # of the largest amount, or of all that is paid: less is the rounding of 0
SPLIT = 1.0 + 2.0**-20  # from here two stretches are looked at, just beyond a rate of 0 %


class Rate(NamedTuple):
    """The rate a year (NaN unless `status` is 0), its status code and how many roots there are."""

    rate: Value
    status: Value
    root_count: Value


class _Search(NamedTuple):
    """How many roots there are, the first amount that is not 0, and a bracket of the return where
    there may be one: it is if it `falls`.
    """

    count: Value
    start: Value
    falls: Value
    low: Value
    high: Value


def irr(outlay: Value, amounts: Any, steps_per_year: int, xp: Any) -> Rate:
    """The yearly rate at which `outlay` at 0 buys `amounts`, one a step from the first.

    The status is 0 iff exactly one root above -99 % a year is a fall, and every rise above -99 %
    lies below it and below 0 %. A root that is only touched is a fall and a rise.
    """
    dated, most, paid = without_dust(outlay, amounts, xp)
    backward, changes = Profile(reversed(dated.values)), (most > 0.0) & (paid > 0.0)
    found = _search(dated, backward, changes, paid, steps_per_year, xp)
    x = refined(backward, found.low, found.high, 1.0, found.falls, xp)
    growth = 1.0 / xp.where(found.falls, x, 1.0)
    rate = xp.where(found.falls, power(growth, steps_per_year) - 1.0, float("nan"))
    flat = xp.where(most > 0.0, ONLY_GAINS, xp.where(paid > 0.0, ONLY_LOSSES, NOTHING))
    status = xp.where(changes, _status(found, _first(backward, xp), xp), flat)
    return Rate(rate, xp.where(found.count == found.count, status, OK), found.count)


def _status(found: _Search, last: Value, xp: Any) -> Value:
    """Why amounts of both signs have no return, by the last of them; 0 where they have one."""
    sunk = xp.where(last > 0.0, BELOW_FLOOR, ALWAYS_BELOW)
    rootless = xp.where(found.start > 0.0, ALWAYS_ABOVE, sunk)
    other = xp.where(found.count == 1.0, BORROWING, SEVERAL)
    return xp.where(found.count == 0.0, rootless, xp.where(found.falls, OK, other))


def _search(
    dated: Profile, backward: Profile, changes: Value, paid: Value, steps_per_year: int, xp: Any
) -> _Search:
    """At once where the bound of all roots is exact, else by bounds on both sides of the split, or
    by a walk.
    """
    below, above, bound = stretches(dated, steps_per_year, xp)
    start, at_top, top = below.at_bottom, above.at_bottom, 1.0 / above.bottom
    open_ = changes & (bound > 1.0)
    at_split, low_bound, high_bound = xp.iterate(
        lambda *arguments: _from_split(*arguments, xp),
        (1.0, 0.0, 0.0),
        1,
        *(dated, backward),
        only=open_,
    )
    near = xp.maximum(at_split, -1.0 * at_split) <= 2.0 * ROUNDING * paid  # may be a root
    between = (high_bound == 1.0) & ((at_split < 0.0) ^ (at_top < 0.0))
    low_open, high_open = (open_ & (near | (most > 1.0)) for most in (low_bound, high_bound))
    low = count_roots(dated, below, low_bound, low_open, xp)
    high = count_roots(backward, above, xp.where(between, 1.0, 0.0), high_open, xp)
    count = xp.where(open_, low.count + high.count, xp.where(changes, bound, 0.0))
    count = xp.where(at_top == at_top, count, float("nan"))

    beyond = open_ & (low.count == 0.0)
    pair = (count == 2.0) & (low.count < 2.0) & (high.touched == 0.0)  # the fall has the lower x
    return _Search(
        count,
        start,
        (start < 0.0) & ((count == 1.0) | pair),
        xp.where(beyond, xp.where(pair, SPLIT, 1.0 / high.high), low.low),
        xp.where(
            beyond,
            1.0 / xp.where(pair, high.high, high.low),
            xp.where(open_, low.high, top),
        ),
    )


def stretches(dated: Profile, steps_per_year: int, xp: Any) -> tuple[Stretch, Stretch, Value]:
    """Where roots are counted: those of x up to the split; beyond it those of 1 / x, up to the x of
    -99 % a year; and a bound of all of them.
    """
    top = float(FLOOR ** (1.0 / steps_per_year))
    at_top, bound = sign_changes(dated, 1.0 / top, xp)
    below = Stretch(0.0, SPLIT, _first(dated, xp), 1.0)
    return below, Stretch(1.0 / top, 1.0 / SPLIT, at_top, 0.0), bound


def without_dust(outlay: Value, amounts: Any, xp: Any) -> tuple[Profile, Value, Value]:
    """The amounts from time 0 on, rounding of 0 taken as 0; the greatest gain, and the sum of all
    losses, 0 where they are such rounding.
    """
    given = Profile((-1.0 * outlay, *amounts.values))
    most, paid = xp.fold(
        lambda most, paid, a: (xp.maximum(most, a), paid - xp.minimum(a, 0.0)), (0.0, 0.0), given
    )
    dust = DUST * xp.maximum(most, paid)
    dated = xp.scan(
        lambda dust, a: ((dust,), xp.where((a <= dust) & (a >= -1.0 * dust), 0.0, a)),
        (dust,),
        given,
    )
    return dated, xp.where(most > dust, most, 0.0), xp.where(paid > dust, paid, 0.0)


def _first(amounts: Profile, xp: Any) -> Value:
    """The first amount that is not 0."""
    return xp.fold(lambda first, a: (xp.where(first == 0.0, a, first),), (0.0,), amounts)[0]


def _from_split(*arguments: Any) -> tuple[Any, Value]:
    """The value at the split, and bounds of the roots below and above it: a repetition of one turn,
    so that it runs only where it is needed.
    """
    *_, dated, backward, xp = arguments
    at_split, low_bound = sign_changes(dated, 1.0 / SPLIT, xp)
    _, high_bound = sign_changes(backward, SPLIT, xp)
    return (at_split, low_bound, high_bound), low_bound < 0.0


def power(base: Value, exponent: int) -> Value:
    """`base` times itself, so many factors in all."""
    product = base
    for _ in range(exponent - 1):
        product = product * base
    return product


def _value(x: Value, highest_first: Profile, xp: Any) -> tuple[Value, ...]:
    """Value, slope and half the curvature."""

    def add(x: Value, value: Value, slope: Value, bend: Value, a: Value) -> tuple[Value, ...]:
        return x, value * x + a, slope * x + value, bend * x + slope

    return xp.fold(add, (x, 0.0, 0.0, 0.0), highest_first)[1:]  # type: ignore[no-any-return]


def refined(
    highest_first: Profile, low: Value, high: Value, sign: float, only: Value, xp: Any
) -> Value:
    """The root in a bracket, where the value times `sign` goes from below 0 to above: Halley's
    method, from 1 or the end next to it.
    """

    def turn(x: Value, low: Value, high: Value, highest_first: Profile) -> tuple[Any, Value]:
        value, slope, bend = _value(x, highest_first, xp)
        value, slope, bend = value * sign, slope * sign, bend * sign
        low, high = xp.where(value < 0.0, x, low), xp.where(value < 0.0, high, x)
        divisor = xp.where(slope > 0.0, slope, 1.0)
        newton = value / divisor
        curved = xp.minimum(0.5, xp.maximum(-1.0, newton * (bend / divisor)))
        after = x - newton / (1.0 - curved)
        inside = (slope > 0.0) & (after > 0.0) & (after >= low) & (after <= high)
        after = xp.where(inside, after, 0.5 * (low + high))
        moved = xp.maximum(after - x, x - after)
        return (after, low, high), (moved > xp.where(inside, 1e-6, 2e-16) * after) | (
            moved * curved * curved > 2e-16 * after
        )

    start = xp.maximum(low, xp.minimum(high, 1.0))
    return xp.iterate(turn, (start, low, high), LIMIT, highest_first, only=only)[0]
