"""What is paid before late operations begin, and what later money is worth then."""

from economics.formulas import cashflow, discounting
from economics.formulas.cashflow import paid_at_start
from economics.formulas.discounting import annuity_per_year
from economics.formulas.statement import BEFORE_TAX, EQUITY_FLOW
from kernels.language.flow import flow
from kernels.language.node import (
    by_year,
    inner,
    named,
    signed,
    taken_from,
    when,
)
from kernels.language.profile import Profile


def net_prepayment_usd_per_rack():
    """What customers pay at time 0, less overheads: 0 without contracts."""
    return 0.0


@when(delay="free")
def delay_cost_usd_per_rack_year():
    """What a year of delay costs in rent: 0 where the space is not paid for meanwhile."""
    return 0.0


@when(delay="rented")
@named("delay_cost_usd_per_rack_year")
def rented_delay_cost_usd_per_rack_year(facility_cost_usd_per_rack_year):
    """What a year of delay costs in rent: the space, its capital charge included, at the prices of
    year 1.
    """
    return facility_cost_usd_per_rack_year


def equity_delay_cost_usd_per_rack_year(
    delay_cost_usd_per_rack_year, debt_usd_per_rack, loan_rate_factor, periods_per_year
):
    """What a year of delay costs equity: rent, and interest on the debt, which is not repaid
    meanwhile.
    """
    return delay_cost_usd_per_rack_year + debt_usd_per_rack * loan_rate_factor * periods_per_year


@by_year(0)
@taken_from(BEFORE_TAX)
def delay_rent_usd_per_rack_by_year(delay_cost_usd_per_rack_year, delay_years, calendar):
    """Rent of the delay by operating year: all of it before operations begin."""
    return paid_at_start(delay_cost_usd_per_rack_year * delay_years, calendar)


@by_year(0)
@taken_from(EQUITY_FLOW)
def delay_interest_usd_per_rack_by_year(
    debt_usd_per_rack, loan_rate_factor, periods_per_year, delay_years, calendar
):
    """Interest of the delay by operating year: all of it before operations begin."""
    yearly = debt_usd_per_rack * loan_rate_factor * periods_per_year
    return paid_at_start(yearly * delay_years, calendar)


@signed
def start_income_usd_per_rack(
    net_prepayment_usd_per_rack, delay_cost_usd_per_rack_year, delay_years
):
    """Taxable income from before operations begin, assessed with operating year 1: prepayments less
    rent.
    """
    return net_prepayment_usd_per_rack - delay_cost_usd_per_rack_year * delay_years


@by_year(1)
def taxable_income_usd_per_rack_by_year(
    unlevered_taxable_income_usd_per_rack_by_year,
    interest_usd_per_rack_by_year,
    delay_cost_usd_per_rack_year,
    equity_delay_cost_usd_per_rack_year,
    delay_years,
    calendar,
):
    """Taxable income of each operating year, after interest; that of the delay is deducted with
    year 1.
    """
    operating = cashflow.taxable_income_usd_per_rack_by_year(
        unlevered_taxable_income_usd_per_rack_by_year, interest_usd_per_rack_by_year
    )
    interest = (equity_delay_cost_usd_per_rack_year - delay_cost_usd_per_rack_year) * delay_years
    return operating - flow(interest, Profile((1.0, *(0.0,) * (calendar.years - 1))))


def start_cost_usd_per_rack(project_outlay_usd_per_rack, delay_cost_usd_per_rack_year, delay_years):
    """What is paid before operations begin: the outlay, and the rent of the delay."""
    return project_outlay_usd_per_rack + delay_cost_usd_per_rack_year * delay_years


def start_worth_usd_per_rack(
    project_outlay_usd_per_rack,
    delay_cost_usd_per_rack_year,
    delay_years,
    wacc_per_year,
    periods_per_year,
    flow_lead_years,
    xp,
):
    """What is paid before operations begin, at time 0: the outlay, and the rent of the delay
    discounted at the WACC.
    """
    some = delay_years > 0.0
    payment = annuity_per_year(
        wacc_per_year, xp.where(some, delay_years, 1.0), periods_per_year, flow_lead_years, xp
    )
    return project_outlay_usd_per_rack + xp.where(
        some, delay_cost_usd_per_rack_year * (1.0 / payment), 0.0
    )


def delayed_capital_usd_per_rack(
    it_capex_usd_per_rack, start_worth_usd_per_rack, project_outlay_usd_per_rack
):
    """Capital with the rent of the delay, at time 0."""
    return it_capex_usd_per_rack + (start_worth_usd_per_rack - project_outlay_usd_per_rack)


@inner
def discount_factor_by_period(
    calendar, life_period, wacc_per_year, periods_per_year, flow_lead_years, delay_years, xp
):
    """Worth at time 0 of 1 USD that flows in a period of the life, at the WACC, at the date that
    `timing` gives it.
    """
    operating = discounting.discount_factor_by_period(
        calendar, life_period, wacc_per_year, periods_per_year, flow_lead_years, xp
    )
    return operating * xp.compound(wacc_per_year, -1.0 * delay_years)


@inner
def end_discount_factor_by_period(
    calendar, life_period, wacc_per_year, periods_per_year, delay_years, xp
):
    """Worth at time 0 of 1 USD at the end of a period of the life, at the WACC."""
    operating = discounting.end_discount_factor_by_period(
        calendar, life_period, wacc_per_year, periods_per_year, xp
    )
    return operating * xp.compound(wacc_per_year, -1.0 * delay_years)


@inner
def delay_period(delay_years, periods_per_year):
    """How many periods the delay has."""
    return delay_years * periods_per_year


@inner
def investment_years(economic_life_years, delay_years):
    """From the payment of the capital to the end of the life, the delay included."""
    return economic_life_years + delay_years
