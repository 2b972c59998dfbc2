"""Revenue, overheads, ebitda, tax and what is left for the project and for its equity, by period
and by operating year.
"""

from economics.formulas.statement import BEFORE_TAX, EQUITY_FLOW
from kernels.language.flow import flow
from kernels.language.node import (
    adds_to,
    by_year,
    helper,
    inner,
    named,
    signed,
    taken_from,
    when,
)
from kernels.language.profile import Profile


@inner
def revenue_usd_per_rack_by_period(
    rental_price_usd_per_gpu_hour, sold_gpu_hour_per_rack_year, sales_years_by_period
):
    """What sold GPU-hours bring in, at the price of their year."""
    return flow(rental_price_usd_per_gpu_hour * sold_gpu_hour_per_rack_year, sales_years_by_period)


@inner
def sold_gpu_hour_per_rack_by_period(sold_gpu_hour_per_rack_year, sold_years_by_period):
    """GPU-hours sold in each period."""
    return flow(sold_gpu_hour_per_rack_year, sold_years_by_period)


@inner
def overhead_usd_per_rack_by_period(revenue_usd_per_rack_by_period, revenue_overhead_fraction):
    """Fees, selling cost and revenue share of each period."""
    return revenue_usd_per_rack_by_period * revenue_overhead_fraction


@inner
def ebitda_usd_per_rack_by_period(
    revenue_usd_per_rack_by_period,
    revenue_overhead_fraction,
    operating_expense_usd_per_rack_by_period,
):
    """Revenue less overheads and operating expense; the building's capital charge is deducted like
    rent.
    """
    return (
        revenue_usd_per_rack_by_period * (1.0 - revenue_overhead_fraction)
        - operating_expense_usd_per_rack_by_period
    )


@signed
@when(basis_at_disposal="written_off")
def disposal_gain_usd_per_rack(tax_write_off_usd_per_rack):
    """Taxable gain at the end of the life: the residual less what is left of the tax basis, in all
    minus the write-off.
    """
    return -1.0 * tax_write_off_usd_per_rack


@signed
@when(basis_at_disposal="lost")
@named("disposal_gain_usd_per_rack")
def lost_disposal_gain_usd_per_rack(residual_usd_per_rack):
    """Taxable gain at the end of the life: the residual in full, what is left of the tax basis is
    lost.
    """
    return residual_usd_per_rack


@by_year(1)
def disposal_gain_usd_per_rack_by_year(disposal_gain_usd_per_rack, end_factor_by_period, calendar):
    """Taxable gain at disposal by operating year: at the end of the life (below 0: a loss)."""
    return flow(disposal_gain_usd_per_rack, end_factor_by_period.grouped(calendar.periods_per_year))


@by_year(1)
def unlevered_taxable_income_usd_per_rack_by_year(
    ebitda_usd_per_rack_by_period,
    tax_depreciation_usd_per_rack_by_year,
    disposal_gain_usd_per_rack_by_year,
    calendar,
):
    """Taxable income of each operating year as if there were no debt: ebitda less depreciation for
    tax, and in the last one the gain at disposal.
    """
    operating = ebitda_usd_per_rack_by_period.grouped(calendar.periods_per_year)
    return operating + disposal_gain_usd_per_rack_by_year - tax_depreciation_usd_per_rack_by_year


@by_year(1)
def taxable_income_usd_per_rack_by_year(
    unlevered_taxable_income_usd_per_rack_by_year, interest_usd_per_rack_by_year
):
    """Taxable income of each operating year, after interest."""
    return unlevered_taxable_income_usd_per_rack_by_year - interest_usd_per_rack_by_year


@by_year(1)
@taken_from(EQUITY_FLOW)
@when(loss_treatment="refund")
def tax_usd_per_rack_by_year(taxable_income_usd_per_rack_by_year, tax_rate):
    """Tax on the income of each operating year; on a loss it is refunded (below 0)."""
    return taxable_income_usd_per_rack_by_year * tax_rate


@by_year(1)
@taken_from(EQUITY_FLOW)
@when(loss_treatment="carry_forward")
@named("tax_usd_per_rack_by_year")
def nol_tax_usd_per_rack_by_year(
    taxable_income_usd_per_rack_by_year, tax_rate, loss_limit_fraction, xp
):
    """Tax on the income of each operating year; an NOL is carried forward and offsets up to
    `loss_limit_fraction` of later income.
    """

    def close_year(bank, income):
        gain = xp.maximum(income, 0.0)
        used = xp.minimum(bank, gain * loss_limit_fraction)
        return (bank - used + (gain - income),), (gain - used) * tax_rate

    return xp.scan(close_year, (0.0,), taxable_income_usd_per_rack_by_year)


@inner
def tax_usd_per_rack_by_period(tax_usd_per_rack_by_year, tax_share_factor_by_period, calendar):
    """Tax paid in each period: the year's on the dates of its instalments."""
    return tax_usd_per_rack_by_year.placed(tax_share_factor_by_period, calendar.periods_per_year)


@inner
def operating_flow_usd_per_rack_by_period(
    ebitda_usd_per_rack_by_period,
    unlevered_tax_usd_per_rack_by_year,
    tax_share_factor_by_period,
    calendar,
):
    """What each period leaves to the project: ebitda, less tax on the dates of its instalments."""
    return ebitda_usd_per_rack_by_period - unlevered_tax_usd_per_rack_by_year.placed(
        tax_share_factor_by_period, calendar.periods_per_year
    )


@inner
def equity_operating_flow_usd_per_rack_by_period(
    ebitda_usd_per_rack_by_period,
    interest_usd_per_rack_by_period,
    principal_usd_per_rack_by_period,
    tax_usd_per_rack_by_period,
):
    """What each period leaves to equity: ebitda less debt service and tax."""
    return (
        ebitda_usd_per_rack_by_period
        - interest_usd_per_rack_by_period
        - principal_usd_per_rack_by_period
        - tax_usd_per_rack_by_period
    )


def equity_outlay_usd_per_rack(it_capex_usd_per_rack, debt_usd_per_rack):
    """What equity pays at time 0: the capital that debt does not."""
    return it_capex_usd_per_rack - debt_usd_per_rack


@helper
def paid_at_start(amount, calendar):
    """An amount at time 0, nothing in any operating year."""
    return Profile((amount, *(0.0,) * calendar.years))


@by_year(0)
@taken_from(BEFORE_TAX)
def capital_usd_per_rack_by_year(it_capex_usd_per_rack, calendar):
    """Capital by operating year: all of it at time 0."""
    return paid_at_start(it_capex_usd_per_rack, calendar)


@by_year(1)
@adds_to(BEFORE_TAX)
def residual_usd_per_rack_by_year(residual_usd_per_rack, end_factor_by_period, calendar):
    """What is received for the rack by operating year: at the end of its life."""
    return flow(residual_usd_per_rack, end_factor_by_period.grouped(calendar.periods_per_year))


@by_year(0)
@adds_to(EQUITY_FLOW)
def debt_drawn_usd_per_rack_by_year(debt_usd_per_rack, calendar):
    """Debt drawn by operating year: all of it at time 0."""
    return paid_at_start(debt_usd_per_rack, calendar)
