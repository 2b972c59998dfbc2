"""What a rack and an hour of it cost, and what is left of the price."""

from economics.vocabulary.statuses import no_price, nothing_sold
from kernels.language.node import helper, signed, statuses


def cost_usd_per_rack_year(capital_charge_usd_per_rack_year, operating_expense_usd_per_rack_year):
    """Yearly cost of a rack, level over its life at year-1 prices: the capital charge and all
    running costs.
    """
    return capital_charge_usd_per_rack_year + operating_expense_usd_per_rack_year


def cost_usd_per_rack_hour(cost_usd_per_rack_year, hour_per_year):
    """Cost of a rack for each hour of the year, sold or not."""
    return cost_usd_per_rack_year / hour_per_year


@statuses(nothing_available="no hours are available")
def cost_usd_per_available_gpu_hour(cost_usd_per_rack_year, available_gpu_hour_per_rack_year, xp):
    """Cost of a GPU-hour that could be sold."""
    return over(cost_usd_per_rack_year, available_gpu_hour_per_rack_year, xp)


@nothing_sold
def cost_usd_per_gpu_hour(
    cost_usd_per_rack_year, sold_gpu_hour_per_rack_year, revenue_overhead_fraction, xp
):
    """Cost of a sold GPU-hour, revenue overheads included: the level price that earns it back
    without growth or ramp.
    """
    return over(
        cost_usd_per_rack_year, sold_gpu_hour_per_rack_year * (1.0 - revenue_overhead_fraction), xp
    )


@helper
def over(amount, quantity, xp):
    """(amount / quantity, 0), or (NaN, 1) where the quantity is not above 0."""
    some = quantity > 0.0
    return xp.where(some, amount / xp.where(some, quantity, 1.0), float("nan")), xp.where(
        some, 0.0, 1.0
    )


@helper
def ratio(amount, quantity, xp):
    """(amount / quantity, 0), or (NaN, 1) where the quantity is 0; what has no value leaves none,
    for its own reason.
    """
    none = quantity == 0.0
    return xp.where(none, float("nan"), amount / xp.where(none, 1.0, quantity)), xp.where(
        none, 1.0, 0.0
    )


@nothing_sold
def lcoc_usd_per_gpu_hour(
    it_capex_usd_per_rack,
    residual_usd_per_rack,
    residual_discount_factor,
    operating_expense_usd_per_rack_by_period,
    sold_gpu_hour_per_rack_by_period,
    revenue_overhead_fraction,
    discount_factor_by_period,
    xp,
):
    """Levelised cost of compute: present value of all costs over that of sold GPU-hours. Nominal,
    before tax, overheads included.

    As the price (no decline, no tax) it makes the NPV 0.
    """
    capital = it_capex_usd_per_rack - residual_usd_per_rack * residual_discount_factor
    costs = operating_expense_usd_per_rack_by_period.present_value(
        discount_factor_by_period, capital
    )
    sold = sold_gpu_hour_per_rack_by_period.present_value(discount_factor_by_period)
    return over(costs, sold * (1.0 - revenue_overhead_fraction), xp)


@signed
@no_price
def margin_fraction(
    cost_usd_per_gpu_hour, rental_price_usd_per_gpu_hour, revenue_overhead_fraction, xp
):
    """Share of the price that is left after overheads and the full cost of the sold GPU-hour, that
    of capital included: an economic margin.
    """
    return margin(
        cost_usd_per_gpu_hour, rental_price_usd_per_gpu_hour, revenue_overhead_fraction, xp
    )


@helper
def margin(cost, price, revenue_overhead_fraction, xp):
    """(share of the price that is left, code), of a cost that holds overheads on a price that just
    meets it.
    """
    share, code = over(cost, price, xp)
    return (1.0 - revenue_overhead_fraction) * (1.0 - share), code


@signed
@statuses(breakeven_is_zero="breakeven utilisation is 0 %")
def headroom_fraction(utilisation, breakeven_utilisation, xp):
    """How far utilisation lies above its breakeven, as a share of the breakeven."""
    zero = breakeven_utilisation == 0.0
    return xp.where(
        zero, float("nan"), utilisation / xp.where(zero, 1.0, breakeven_utilisation) - 1.0
    ), xp.where(zero, 1.0, 0.0)
