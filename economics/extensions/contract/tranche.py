"""One tranche of hours under contract: what it promises, what it is worth when the customer may
default, what is used of it.

A customer who defaults in a period pays nothing from that period on. Its hours then stand empty for
`vacancy_years` and are sold to others at their price; of what is missing against the contract,
`recovery_fraction` is recovered and the backstop pays its fraction of the rest. After the term the
hours are sold to others too.
"""

from kernels.language.flow import flow
from kernels.language.node import inner, signed
from kernels.language.profile import Profile


def contract_term_years(economic_life_years):
    """Years of the contract: the economic life where none are stated."""
    return economic_life_years


def use_fraction(utilisation):
    """Share of the contract's hours that are used: the utilisation of the other hours where none is
    stated.
    """
    return utilisation


def contract_gpu_hour_per_rack_year(hours_fraction, available_gpu_hour_per_rack_year):
    """GPU-hours of a year that the contract reserves."""
    return hours_fraction * available_gpu_hour_per_rack_year


def paid_fraction(use_fraction, take_or_pay_fraction, xp):
    """Share of the contract's hours that are paid for: those used, at least the share that is paid
    for used or not.
    """
    return xp.maximum(use_fraction, take_or_pay_fraction)


@inner
def contract_years_by_period(
    term_factor_by_period,
    operating_years_by_period,
    ramp_factor_by_period,
    use_fraction,
    take_or_pay_fraction,
    xp,
):
    """Years of payment for all of the contract's hours in each period of the term; the ramp lowers
    use, not what is paid unused.
    """

    def paid(term, years, ramp):
        return term * years * xp.maximum(use_fraction * ramp, take_or_pay_fraction)

    return term_factor_by_period.map(paid, operating_years_by_period, ramp_factor_by_period)


@inner
def promised_usd_per_rack_by_period(
    contract_gpu_hour_per_rack_year, contract_price_usd_per_gpu_hour, contract_years_by_period
):
    """What the contract promises for each period, prepaid or not, if the customer never
    defaults.
    """
    return flow(
        contract_gpu_hour_per_rack_year * contract_price_usd_per_gpu_hour, contract_years_by_period
    )


def prepayment_usd_per_rack(promised_usd_per_rack_by_period, prepayment_fraction, calendar):
    """Share of the undiscounted contract that the customer pays at time 0; later payments are lower
    by it, and it is never returned.
    """
    return prepayment_fraction * promised_usd_per_rack_by_period.present_value(
        Profile((1.0,) * calendar.periods)
    )


def recovered_fraction(recovery_fraction, backstop_fraction):
    """Share of what is missing after a default that comes in yet: what is recovered, and the
    backstop's share of the rest.
    """
    return recovery_fraction + (1.0 - recovery_fraction) * backstop_fraction


@inner
def contract_revenue_usd_per_rack_by_period(
    contract_gpu_hour_per_rack_year,
    contract_price_usd_per_gpu_hour,
    prepayment_fraction,
    rental_price_usd_per_gpu_hour,
    utilisation,
    recovered_fraction,
    paying_factor_by_period,
    vacant_factor_by_period,
    held_factor_by_period,
    resold_factor_by_period,
    contract_years_by_period,
    sales_years_by_period,
    xp,
):
    """Expected revenue of the contract's hours: what is paid, what is recovered of what is missing,
    what others pay.
    """
    due_usd_per_gpu_hour = contract_price_usd_per_gpu_hour * (1.0 - prepayment_fraction)
    merchant_usd_per_gpu_hour = rental_price_usd_per_gpu_hour * utilisation

    def missing(held, contract_years, sales_years):
        return (1.0 - held) * xp.maximum(
            due_usd_per_gpu_hour * contract_years - merchant_usd_per_gpu_hour * sales_years, 0.0
        )

    paid = contract_years_by_period * (
        paying_factor_by_period + vacant_factor_by_period * recovered_fraction
    )
    short = held_factor_by_period.map(missing, contract_years_by_period, sales_years_by_period)
    of_others = flow(
        contract_gpu_hour_per_rack_year * merchant_usd_per_gpu_hour,
        sales_years_by_period * resold_factor_by_period,
    )
    return (
        flow(contract_gpu_hour_per_rack_year * due_usd_per_gpu_hour, paid)
        + flow(contract_gpu_hour_per_rack_year * recovered_fraction, short)
        + of_others
    )


@inner
def certain_revenue_usd_per_rack_by_period(
    promised_usd_per_rack_by_period,
    prepayment_fraction,
    contract_gpu_hour_per_rack_year,
    rental_price_usd_per_gpu_hour,
    utilisation,
    term_factor_by_period,
    sales_years_by_period,
):
    """Revenue of the contract's hours if the customer never defaults: what is due in the term, what
    others pay after it.
    """
    after = sales_years_by_period * (1.0 - term_factor_by_period)
    merchant_usd_per_rack_year = contract_gpu_hour_per_rack_year * (
        rental_price_usd_per_gpu_hour * utilisation
    )
    return promised_usd_per_rack_by_period * (1.0 - prepayment_fraction) + flow(
        merchant_usd_per_rack_year, after
    )


def contract_value_usd_per_rack(
    promised_usd_per_rack_by_period,
    prepayment_fraction,
    prepayment_usd_per_rack,
    discount_factor_by_period,
):
    """What the contract's payments are worth at the WACC if the customer never defaults: before
    tax, overheads and cost.
    """
    later = promised_usd_per_rack_by_period.present_value(discount_factor_by_period) * (
        1.0 - prepayment_fraction
    )
    return later + prepayment_usd_per_rack


@signed
def expected_loss_usd_per_rack(
    certain_revenue_usd_per_rack_by_period,
    contract_revenue_usd_per_rack_by_period,
    discount_factor_by_period,
):
    """What default is expected to cost at the WACC, before tax: revenue of the contract's hours
    without it less that with it.

    Hours that still stand empty after the term are part of it; a market above the contract's price
    makes it a gain.
    """
    certain = certain_revenue_usd_per_rack_by_period.present_value(discount_factor_by_period)
    return certain - contract_revenue_usd_per_rack_by_period.present_value(
        discount_factor_by_period
    )


@inner
def contract_sold_gpu_hour_per_rack_by_period(
    contract_gpu_hour_per_rack_year,
    contract_years_by_period,
    paying_factor_by_period,
    utilisation,
    sold_years_by_period,
    resold_factor_by_period,
):
    """Expected hours that are paid for, by the customer or by others."""
    others = flow(
        contract_gpu_hour_per_rack_year * utilisation,
        sold_years_by_period * resold_factor_by_period,
    )
    return (
        flow(contract_gpu_hour_per_rack_year, contract_years_by_period * paying_factor_by_period)
        + others
    )


@inner
def contract_use_factor_by_period(
    hours_fraction,
    use_fraction,
    utilisation,
    term_factor_by_period,
    paying_factor_by_period,
    resold_factor_by_period,
    ramp_factor_by_period,
):
    """Expected share of the rack's available hours that the contract's hours use, by the customer
    or by others.
    """
    used = (
        term_factor_by_period * paying_factor_by_period * use_fraction
        + resold_factor_by_period * utilisation
    )
    return used * ramp_factor_by_period * hours_fraction


def contract_used_fraction(hours_fraction, use_fraction):
    """Share of the rack's available hours that the contract uses while its customer pays."""
    return hours_fraction * use_fraction


def contract_sold_fraction(hours_fraction, paid_fraction):
    """Share of the rack's available hours that the contract pays for while its customer pays."""
    return hours_fraction * paid_fraction


def contract_revenue_usd_per_rack_year(
    contract_gpu_hour_per_rack_year, contract_price_usd_per_gpu_hour, paid_fraction
):
    """Yearly revenue of the contract while its customer pays, prepaid or not."""
    return contract_gpu_hour_per_rack_year * contract_price_usd_per_gpu_hour * paid_fraction


def lgd(lender_recovery_fraction, backstop_fraction):
    """Loss given default of a lender against the contract: what neither recovery nor the backstop
    gives back, of what is owed.
    """
    return (1.0 - lender_recovery_fraction) * (1.0 - backstop_fraction)


def fair_spread_per_year(debt_rate_per_year, default_probability_per_year, lgd, xp):
    """Yearly spread over the loan's rate that pays a lender for the losses expected in a year. A
    reading, never part of a flow.

    (1 + rate + spread) * (1 - h * lgd) = 1 + rate.
    """
    lost = (1.0 - xp.compound(-1.0 * default_probability_per_year, 1.0)) * lgd
    return xp.compound(debt_rate_per_year, 1.0) * lost / (1.0 - lost)
