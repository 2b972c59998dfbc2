"""What is received and paid before operations begin, beside the capital: what customers prepay."""

from economics.formulas import cashflow
from kernels.language.flow import flow
from kernels.language.node import by_year, signed
from kernels.language.profile import Profile

RETURNS = (
    *("npv_usd_per_rack", "project_flow_usd_per_rack_by_year", "irr_search"),
    *("gains_search", "worth_search", "payback_years", "discounted_payback_years"),
)


@signed
def project_outlay_usd_per_rack(it_capex_usd_per_rack, net_prepayment_usd_per_rack):
    """What the project pays at time 0: the capital, less what customers prepay."""
    return it_capex_usd_per_rack - net_prepayment_usd_per_rack


@signed
def equity_outlay_usd_per_rack(project_outlay_usd_per_rack, debt_usd_per_rack):
    """What equity pays at time 0: what neither customers nor the debt do."""
    return project_outlay_usd_per_rack - debt_usd_per_rack


@signed
def start_income_usd_per_rack(net_prepayment_usd_per_rack):
    """Taxable income from before operations begin, assessed with operating year 1: prepayments,
    less overheads on them.

    Source: 26 USC 451(c), an advance payment is income of the year in which it is received, unless
    deferral is elected.
    """
    return net_prepayment_usd_per_rack


@by_year(1)
def unlevered_taxable_income_usd_per_rack_by_year(
    ebitda_usd_per_rack_by_period,
    tax_depreciation_usd_per_rack_by_year,
    disposal_gain_usd_per_rack_by_year,
    start_income_usd_per_rack,
    calendar,
):
    """Taxable income of each operating year as if there were no debt; the first has what was earned
    before it, the last the disposal.
    """
    operating = cashflow.unlevered_taxable_income_usd_per_rack_by_year(
        ebitda_usd_per_rack_by_period,
        tax_depreciation_usd_per_rack_by_year,
        disposal_gain_usd_per_rack_by_year,
        calendar,
    )
    return operating + flow(
        start_income_usd_per_rack, Profile((1.0, *(0.0,) * (calendar.years - 1)))
    )


FORMULAS = (
    project_outlay_usd_per_rack,
    equity_outlay_usd_per_rack,
    start_income_usd_per_rack,
    unlevered_taxable_income_usd_per_rack_by_year,
)
