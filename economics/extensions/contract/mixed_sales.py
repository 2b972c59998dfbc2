"""A rack whose hours are sold under contract, the rest to others: revenue, use and breakevens."""

from economics.formulas import breakeven, cost
from economics.formulas.cashflow import paid_at_start
from economics.formulas.statement import BEFORE_TAX
from economics.vocabulary.statuses import nothing_sold
from kernels.language.flow import flow
from kernels.language.node import (
    Probe,
    above,
    adds_to,
    by_year,
    inner,
    probe,
    statuses,
)

NO_OTHERS = above("no hours are sold outside the contracts")
UTILISATION = {**breakeven.UTILISATION, "no_others": NO_OTHERS}
LAST = float(len(UTILISATION))  # the code of the last of them
PRICE = {**breakeven.PRICE, "nothing_sold": NO_OTHERS}


def merchant_fraction(contracted_fraction, xp):
    """Share of the available hours that no contract reserves."""
    return xp.maximum(1.0 - contracted_fraction, 0.0)


def merchant_gpu_hour_per_rack_year(merchant_fraction, available_gpu_hour_per_rack_year):
    """GPU-hours of a year that no contract reserves."""
    return merchant_fraction * available_gpu_hour_per_rack_year


@inner
def revenue_usd_per_rack_by_period(
    rental_price_usd_per_gpu_hour,
    merchant_gpu_hour_per_rack_year,
    utilisation,
    sales_years_by_period,
    all_contract_revenue_usd_per_rack_by_period,
):
    """Expected revenue of each period: hours that no contract reserves, and those under contract.
    Prepayments came at time 0.
    """
    merchant = flow(
        rental_price_usd_per_gpu_hour * (merchant_gpu_hour_per_rack_year * utilisation),
        sales_years_by_period,
    )
    return all_contract_revenue_usd_per_rack_by_period + merchant


@inner
def sold_gpu_hour_per_rack_by_period(
    merchant_gpu_hour_per_rack_year,
    utilisation,
    sold_years_by_period,
    all_contract_sold_gpu_hour_per_rack_by_period,
):
    """Expected GPU-hours that are paid for in each period."""
    return all_contract_sold_gpu_hour_per_rack_by_period + flow(
        merchant_gpu_hour_per_rack_year * utilisation, sold_years_by_period
    )


@inner
def use_factor_by_period(
    merchant_fraction, utilisation, ramp_factor_by_period, all_contract_use_factor_by_period
):
    """Expected share of the available hours that is used in each period: what variable cost
    follows.
    """
    return (
        ramp_factor_by_period * (merchant_fraction * utilisation)
        + all_contract_use_factor_by_period
    )


def used_fraction(merchant_fraction, utilisation, all_contract_used_fraction):
    """Share of the available hours that is used while all customers pay, after any ramp."""
    return all_contract_used_fraction + merchant_fraction * utilisation


def sold_gpu_hour_per_rack_year(
    available_gpu_hour_per_rack_year, merchant_fraction, utilisation, all_contract_sold_fraction
):
    """GPU-hours of a rack that are paid for in a year while all customers pay, used or not, after
    any ramp.
    """
    return available_gpu_hour_per_rack_year * (
        all_contract_sold_fraction + merchant_fraction * utilisation
    )


def steady_revenue_usd_per_rack_year(
    all_contract_revenue_usd_per_rack_year,
    merchant_gpu_hour_per_rack_year,
    utilisation,
    rental_price_usd_per_gpu_hour,
):
    """Revenue of a year while all customers pay, at year-1 prices, after any ramp."""
    return all_contract_revenue_usd_per_rack_year + rental_price_usd_per_gpu_hour * (
        merchant_gpu_hour_per_rack_year * utilisation
    )


@nothing_sold
def mean_price_usd_per_gpu_hour(steady_revenue_usd_per_rack_year, sold_gpu_hour_per_rack_year, xp):
    """Mean price of a sold GPU-hour in such a year."""
    return cost.over(steady_revenue_usd_per_rack_year, sold_gpu_hour_per_rack_year, xp)


def net_prepayment_usd_per_rack(prepayment_usd_per_rack, revenue_overhead_fraction):
    """What customers pay at time 0, less overheads."""
    return prepayment_usd_per_rack * (1.0 - revenue_overhead_fraction)


@by_year(0)
@adds_to(BEFORE_TAX)
def net_prepayment_usd_per_rack_by_year(net_prepayment_usd_per_rack, calendar):
    """What customers pay in advance, less overheads, by operating year: all of it at time 0."""
    return paid_at_start(net_prepayment_usd_per_rack, calendar)


@statuses(**UTILISATION)
@probe(
    revenue=Probe("steady_revenue_usd_per_rack_year", "utilisation"),
    cost=Probe("cash_cost_usd_per_rack_year", "utilisation"),
    sold=Probe("sold_gpu_hour_per_rack_year", "utilisation"),
)
def cash_breakeven_utilisation(revenue, cost, sold, revenue_overhead_fraction, xp):
    """Utilisation of the hours sold to others at which a year in which all customers pay meets its
    running bills.
    """
    return breakeven.crossing_utilisation(
        lambda u: revenue(u) * (1.0 - revenue_overhead_fraction) - cost(u),
        xp,
        _level(sold(0.0), sold(1.0), xp),
    )


@statuses(**UTILISATION)
@probe(
    revenue=Probe("steady_revenue_usd_per_rack_year", "utilisation"),
    cost=Probe("operating_expense_usd_per_rack_year", "utilisation"),
    sold=Probe("sold_gpu_hour_per_rack_year", "utilisation"),
)
def accounting_breakeven_utilisation(
    revenue,
    cost,
    sold,
    book_depreciation_usd_per_rack_by_year,
    interest_usd_per_rack_by_year,
    unit_years,
    revenue_overhead_fraction,
    xp,
):
    """Utilisation of the hours sold to others at which pre-tax profit is 0 in a year in which all
    customers pay.
    """
    capital = (
        book_depreciation_usd_per_rack_by_year.values[0] + interest_usd_per_rack_by_year.values[0]
    ) / unit_years
    return breakeven.crossing_utilisation(
        lambda u: revenue(u) * (1.0 - revenue_overhead_fraction) - cost(u) - capital,
        xp,
        _level(sold(0.0), sold(1.0), xp),
    )


def _level(idle, full, xp):
    """The code of a utilisation that makes nothing better: no margin, or no others if no more
    hours are sold at 1 than at 0.
    """
    return xp.where(full > idle, 1.0, LAST)


@statuses(**UTILISATION)
@probe(
    npv=Probe("npv_usd_per_rack", "utilisation"),
    sold=Probe("sold_gpu_hour_per_rack_by_period", "utilisation"),
)
def breakeven_utilisation(npv, sold, calendar, xp):
    """Utilisation of the hours sold to others, after any ramp, at which the NPV after tax is 0: a
    bracketed root, for what contracts pay bends the NPV.
    """
    idle, full = (sold(u).present_value(calendar.period) for u in (0.0, 1.0))
    return breakeven.crossing_utilisation(npv, xp, _level(idle, full, xp))


@statuses(**{"no_others" if name == "nothing_sold" else name: why for name, why in PRICE.items()})
@probe(npv=Probe("npv_usd_per_rack", "rental_price_usd_per_gpu_hour"))
def breakeven_price_usd_per_gpu_hour(npv, unit_price_usd_per_gpu_hour, tax_rate, xp):
    """Year-1 price of the hours sold to others at which the NPV after tax is 0; decline or a price
    path scale with it: a bracketed root.
    """
    return breakeven.nol_breakeven_price_usd_per_gpu_hour(
        npv, unit_price_usd_per_gpu_hour, tax_rate, xp
    )


@inner
def whole_use_factor():
    """All of the use: what the variable share of a cost is a cost of."""
    return 1.0


@inner
def used_years_by_period(operating_years_by_period, use_factor_by_period):
    """Expected years of full use in each period."""
    return operating_years_by_period * use_factor_by_period


@inner
def used_electricity_years_by_period(electricity_years_by_period, use_factor_by_period):
    """Expected years of full use in each period, at year-1 electricity prices."""
    return electricity_years_by_period * use_factor_by_period


@inner
def used_opex_years_by_period(opex_years_by_period, use_factor_by_period):
    """Expected years of full use in each period, at year-1 prices of what escalates with opex."""
    return opex_years_by_period * use_factor_by_period
