"""The price of time: annuities, discount factors, and what the owner's capital costs a year."""

from kernels.language.node import helper, inner, named, signed, when

LEAST_RATE = 1e-200  # below it a rate has no digits left to compound, and no effect


@helper
def annuity_per_year(rate_per_year, life_years, periods_per_year, flow_lead_years, xp):
    """Yearly payment, level over a life, that repays 1 spent at time 0 with interest: the capital
    recovery factor.

    `flow_lead_years` is how long before its period's end a payment falls. 1 / life at rate 0. Any
    positive life.
    """
    free = xp.maximum(rate_per_year, -1.0 * rate_per_year) < LEAST_RATE
    period_rate = xp.excess(rate_per_year, 1.0 / periods_per_year)
    repaid = xp.where(free, 1.0, -1.0 * xp.excess(rate_per_year, -1.0 * life_years))
    payment = xp.where(free, 1.0 / life_years, periods_per_year * period_rate / repaid)
    return payment / xp.compound(rate_per_year, flow_lead_years)


@inner
@when(timing="end")
def flow_lead_years():
    """How long before the end of its period a flow falls: timing "end", not at all."""
    return 0.0


@inner
@when(timing="mid")
@named("flow_lead_years")
def mid_flow_lead_years(periods_per_year):
    """How long before the end of its period a flow falls: timing "mid", half a period."""
    return 0.5 / periods_per_year


def capital_recovery_factor_per_year(
    wacc_per_year, economic_life_years, periods_per_year, flow_lead_years, xp
):
    """Level yearly charge on 1 USD of capital over the economic life at the WACC."""
    return annuity_per_year(
        wacc_per_year, economic_life_years, periods_per_year, flow_lead_years, xp
    )


def capital_charge_usd_per_rack_year(
    it_capex_usd_per_rack,
    residual_usd_per_rack,
    wacc_per_year,
    economic_life_years,
    capital_recovery_factor_per_year,
    xp,
):
    """Level yearly charge that repays the rack's capital, less its residual, with the WACC over its
    life.
    """
    residual_now = residual_usd_per_rack * xp.compound(wacc_per_year, -1.0 * economic_life_years)
    return (it_capex_usd_per_rack - residual_now) * capital_recovery_factor_per_year


@signed
def cost_of_equity_per_year(wacc_per_year):
    """Yearly return that the owner asks for: the WACC where none is stated."""
    return wacc_per_year


@helper
def within_life(worth, calendar, life_period, xp):
    """The worths of the periods of the life, 0 after it: a longer life elsewhere in a grid must not
    touch a cell.
    """
    return worth.map(lambda value, k: xp.where(life_period >= k - 0.5, value, 0.0), calendar.period)


@inner
def discount_factor_by_period(
    calendar, life_period, wacc_per_year, periods_per_year, flow_lead_years, xp
):
    """Worth at time 0 of 1 USD that flows in a period, at the WACC, at the date that `timing` gives
    it.
    """
    step = 1.0 / xp.compound(wacc_per_year, 1.0 / periods_per_year)
    return within_life(
        calendar.powers(step, step * xp.compound(wacc_per_year, flow_lead_years)),
        calendar,
        life_period,
        xp,
    )


@inner
def end_discount_factor_by_period(calendar, life_period, wacc_per_year, periods_per_year, xp):
    """Worth at time 0 of 1 USD at the end of a period, at the WACC."""
    return within_life(
        calendar.powers(1.0 / xp.compound(wacc_per_year, 1.0 / periods_per_year)),
        calendar,
        life_period,
        xp,
    )


def residual_discount_factor(end_factor_by_period, end_discount_factor_by_period):
    """Worth at time 0 of 1 USD at the end of the economic life."""
    return end_factor_by_period.dot(end_discount_factor_by_period)
