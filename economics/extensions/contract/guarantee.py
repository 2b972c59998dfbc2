"""What a backstop is worth to who borrows against a contract: the lower spread, and what that comes
to by the GPU-hour.
"""

from economics.extensions.contract.tranche import fair_spread_per_year
from economics.formulas.cost import over
from economics.formulas.debt import interest_on
from economics.vocabulary.statuses import nothing_sold


def backstop_spread_per_year(
    debt_rate_per_year, default_probability_per_year, lender_recovery_fraction, lgd, xp
):
    """How much lower the fair spread is for the backstop: what the guarantee is worth to a lender
    against the contract.
    """
    unbacked = fair_spread_per_year(
        debt_rate_per_year, default_probability_per_year, 1.0 - lender_recovery_fraction, xp
    )
    return unbacked - fair_spread_per_year(
        debt_rate_per_year, default_probability_per_year, lgd, xp
    )


@nothing_sold
def backstop_interest_usd_per_gpu_hour(
    backstop_spread_per_year,
    debt_usd_per_rack,
    principal_usd_per_rack_by_period,
    due_factor_by_period,
    sold_gpu_hour_per_rack_by_period,
    discount_factor_by_period,
    periods_per_year,
    xp,
):
    """Interest that the backstop saves for each GPU-hour sold, if the rack's loan bears the fair
    spread: before tax, level over the life.

    Present value at the WACC of that spread on what is owed, over that of the GPU-hours. A reading,
    never part of a flow.
    """
    spread_factor = backstop_spread_per_year / periods_per_year
    saved = interest_on(
        debt_usd_per_rack, principal_usd_per_rack_by_period, due_factor_by_period, spread_factor, xp
    )
    return over(
        saved.dot(discount_factor_by_period),
        sold_gpu_hour_per_rack_by_period.present_value(discount_factor_by_period),
        xp,
    )
