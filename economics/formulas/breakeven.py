"""At which utilisation, or price, a rack pays: its running bills, its accounts, its capital. Three
lines, not one.
"""

from kernels.language.node import Probe, Why, above, below, helper, named, probe, statuses, when
from kernels.language.roots import bracketed_root, line_root

BELOW_ZERO = below("below zero: reached even if hours earn nothing")
UTILISATION = {
    "no_margin": above("none: an hour sold earns no more than its cost and tax"),
    "above_one": above("over 100 %: even full utilisation does not break even"),
    "below_zero": BELOW_ZERO,
}
PRICE: dict[str, str | Why] = {
    "nothing_sold": "no hours are sold",
    "below_zero": BELOW_ZERO,
    "out_of_reach": above("none: no price breaks even"),
}
# A line is drawn through points far apart, so that no digit of its slope is lost; 0 sells nothing.
NEAR, FAR = 2.0**-60, 1024.0
DOUBLINGS = 30  # of a price of 1: beyond 1e9 an hour no digit of a cost is left


def _coded(value, has_slope, level, pays_anyway, xp, upper):
    """(value, code) of a breakeven: 2 above `upper`, then below zero; without a slope below zero
    where it pays anyway, else `level`.
    """
    below = 2.0 if upper is None else 3.0
    code = xp.where(value < 0.0, below, 0.0)
    if upper is not None:
        code = xp.where(value > upper, 2.0, code)
    code = xp.where(has_slope, code, xp.where(pays_anyway, below, level))
    return xp.where(code == 0.0, value, float("nan")), code


def _steady(
    fixed,
    variable,
    rental_price_usd_per_gpu_hour,
    revenue_overhead_fraction,
    available_gpu_hour_per_rack_year,
    xp,
):
    """u* = fixed / (price * (1 - overhead) * available - variable)."""
    margin = (
        rental_price_usd_per_gpu_hour
        * (1.0 - revenue_overhead_fraction)
        * available_gpu_hour_per_rack_year
        - variable
    )
    some = margin > 0.0
    return _coded(fixed / xp.where(some, margin, 1.0), some, 1.0, fixed < 0.0, xp, 1.0)


@statuses(**UTILISATION)
@probe(cost=Probe("cash_cost_usd_per_rack_year", "utilisation"))
def cash_breakeven_utilisation(
    cost,
    rental_price_usd_per_gpu_hour,
    revenue_overhead_fraction,
    available_gpu_hour_per_rack_year,
    xp,
):
    """Utilisation of a steady year at which revenue pays the running bills: power, carbon, water,
    space, operations.
    """
    fixed = cost(0.0)
    return _steady(
        fixed,
        cost(1.0) - fixed,
        rental_price_usd_per_gpu_hour,
        revenue_overhead_fraction,
        available_gpu_hour_per_rack_year,
        xp,
    )


@statuses(**UTILISATION)
@probe(cost=Probe("operating_expense_usd_per_rack_year", "utilisation"))
def accounting_breakeven_utilisation(
    cost,
    book_depreciation_usd_per_rack_by_year,
    interest_usd_per_rack_by_year,
    unit_years,
    rental_price_usd_per_gpu_hour,
    revenue_overhead_fraction,
    available_gpu_hour_per_rack_year,
    xp,
):
    """Utilisation of a steady year at which pre-tax profit is 0: running cost, book depreciation
    and interest of year 1 are paid.
    """
    running = cost(0.0)
    capital = (
        book_depreciation_usd_per_rack_by_year.values[0] + interest_usd_per_rack_by_year.values[0]
    )
    fixed = running + capital / unit_years
    return _steady(
        fixed,
        cost(1.0) - running,
        rental_price_usd_per_gpu_hour,
        revenue_overhead_fraction,
        available_gpu_hour_per_rack_year,
        xp,
    )


@when(loss_treatment="refund")
@statuses(**UTILISATION)
@probe(npv=Probe("npv_usd_per_rack", "utilisation"))
def breakeven_utilisation(npv, xp):
    """Utilisation, after any ramp, at which the NPV after tax is 0: in closed form, for NPV is
    linear in it.
    """
    at_near, at_far = npv(NEAR), npv(FAR)
    root, rises = line_root(NEAR, FAR, at_near, at_far, xp), at_far - at_near > 0.0
    return _coded(root, rises, 1.0, at_near > 0.0, xp, 1.0)


@when(loss_treatment="carry_forward")
@named("breakeven_utilisation")
@statuses(**UTILISATION)
@probe(npv=Probe("npv_usd_per_rack", "utilisation"))
def nol_breakeven_utilisation(npv, xp):
    """Utilisation, after any ramp, at which the NPV after tax is 0: a bracketed root, for the NPV
    is not linear in it where an NOL is carried forward.
    """
    return crossing_utilisation(npv, xp)


@helper
def crossing_utilisation(gain, xp, level=1.0):
    """(value, code) of the utilisation between 0 and 1 at which `gain`, which need not be linear in
    it, is 0; code `level` where it does not rise.
    """
    at_zero, at_half, at_one = gain(0.0), gain(0.5), gain(1.0)
    rises = at_one - at_half > 0.0
    within = (at_zero <= 0.0) & (at_one >= 0.0)
    root = bracketed_root(gain, 0.0, 1.0, at_zero, at_one, within, xp)
    value = xp.where(within, root, xp.where(at_zero > 0.0, -1.0, 2.0))
    return _coded(value, rises, level, at_zero > 0.0, xp, 1.0)


@when(loss_treatment="refund")
@statuses(**PRICE)
@probe(npv=Probe("npv_usd_per_rack", "rental_price_usd_per_gpu_hour"))
def breakeven_price_usd_per_gpu_hour(npv, unit_price_usd_per_gpu_hour, tax_rate, xp):
    """Year-1 price at which the NPV after tax is 0; decline or a price path scale with it."""
    near, far = NEAR * unit_price_usd_per_gpu_hour, FAR * unit_price_usd_per_gpu_hour
    at_near, at_far = npv(near), npv(far)
    root, rises = line_root(near, far, at_near, at_far, xp), at_far - at_near > 0.0
    return _coded(root, rises, level_in_price(tax_rate, xp), at_near > 0.0, xp, None)


@helper
def level_in_price(tax_rate, xp):
    """Why no price is a breakeven where the NPV is the same at any: nothing is sold, or tax takes
    it all.
    """
    return xp.where(tax_rate < 1.0, 1.0, 3.0)


@when(loss_treatment="carry_forward")
@named("breakeven_price_usd_per_gpu_hour")
@statuses(**PRICE)
@probe(npv=Probe("npv_usd_per_rack", "rental_price_usd_per_gpu_hour"))
def nol_breakeven_price_usd_per_gpu_hour(npv, unit_price_usd_per_gpu_hour, tax_rate, xp):
    """Year-1 price at which the NPV after tax is 0; decline or a price path scale with it: a
    bracketed root.
    """
    at_zero, at_far = npv(0.0), npv(2.0**DOUBLINGS * unit_price_usd_per_gpu_hour)
    rises = at_far - at_zero > 0.0

    def double(high):
        return (high * 2.0,), npv(high * 2.0) < 0.0

    short = rises & (at_zero < 0.0)
    (high,) = xp.iterate(double, (0.5 * unit_price_usd_per_gpu_hour,), DOUBLINGS + 1, only=short)
    at_high = npv(high)
    within = rises & (at_zero <= 0.0) & (at_high >= 0.0)
    root = bracketed_root(npv, 0.0, high, at_zero, at_high, within, xp)
    value = xp.where(at_zero > 0.0, -1.0 * unit_price_usd_per_gpu_hour, root)
    level = level_in_price(tax_rate, xp)
    value, code = _coded(value, rises, level, at_zero > 0.0, xp, None)
    lost = rises & (at_high < 0.0)  # an NOL that no price offsets
    return xp.where(lost, float("nan"), value), xp.where(lost, 3.0, code)
