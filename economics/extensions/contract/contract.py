"""A rack whose hours are sold under contract, the rest to others: tranches added up, and what that
changes in the model of a rental.

The formulas of one tranche (`contract.py`) stand in the graph once for each: under their own names
where there is one tranche, as `tranches[0].contract_value_usd_per_rack`, ... where there are
several.
"""

from dataclasses import replace
from inspect import getmembers, isfunction

from economics.extensions import outlay
from economics.extensions.contract import guarantee, tranche
from economics.extensions.contract.names import TRANCHE, tranche_name
from economics.formulas import breakeven, cost, power
from economics.vocabulary.statuses import nothing_sold
from kernels.language.flow import flow
from kernels.language.node import Node, Probe, in_order, inner, node, probe, renamed, statuses
from kernels.language.roots import bracketed_root

CERTAIN = 1.0 - 2.0**-53  # the largest probability below 1
OF_TRANCHE = tuple(
    node(f)
    for module in (tranche, guarantee)
    for _, f in getmembers(module, isfunction)
    if f.__module__ == module.__name__
)
TOTALS = {
    "contract_value_usd_per_rack": "contract_value_usd_per_rack",
    "expected_loss_usd_per_rack": "expected_loss_usd_per_rack",
    "prepayment_usd_per_rack": "prepayment_usd_per_rack",
    "contract_revenue_usd_per_rack_by_period": "all_contract_revenue_usd_per_rack_by_period",
    "contract_sold_gpu_hour_per_rack_by_period": "all_contract_sold_gpu_hour_per_rack_by_period",
    "contract_use_factor_by_period": "all_contract_use_factor_by_period",
    "contract_revenue_usd_per_rack_year": "all_contract_revenue_usd_per_rack_year",
    "contract_used_fraction": "all_contract_used_fraction",
    "contract_sold_fraction": "all_contract_sold_fraction",
    "hours_fraction": "contracted_fraction",
}


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


@statuses(**breakeven.UTILISATION)
@probe(
    revenue=Probe("steady_revenue_usd_per_rack_year", "utilisation"),
    cost=Probe("cash_cost_usd_per_rack_year", "utilisation"),
)
def cash_breakeven_utilisation(revenue, cost, revenue_overhead_fraction, xp):
    """Utilisation of the hours sold to others at which a year in which all customers pay meets its
    running bills.
    """
    return breakeven.crossing_utilisation(
        lambda u: revenue(u) * (1.0 - revenue_overhead_fraction) - cost(u), xp
    )


@statuses(**breakeven.UTILISATION)
@probe(
    revenue=Probe("steady_revenue_usd_per_rack_year", "utilisation"),
    cost=Probe("operating_expense_usd_per_rack_year", "utilisation"),
)
def accounting_breakeven_utilisation(
    revenue,
    cost,
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
        lambda u: revenue(u) * (1.0 - revenue_overhead_fraction) - cost(u) - capital, xp
    )


@statuses(always_above="none: above it throughout", always_below="none: below it throughout")
@probe(npv=Probe("npv_usd_per_rack", "default_probability_per_year"))
def breakeven_default_probability_per_year(npv, unit_years, xp):
    """Yearly probability of default at which the NPV after tax is 0; of several tranches the same
    for all.

    Between 0 and 1, found as a bracketed root: no value where the NPV has one sign at both ends.
    """

    def at(probability):
        return npv(probability / unit_years)

    at_zero, at_certain = at(0.0), at(CERTAIN)
    within = ((at_zero >= 0.0) & (at_certain <= 0.0)) | ((at_zero <= 0.0) & (at_certain >= 0.0))
    root = bracketed_root(at, 0.0, CERTAIN, at_zero, at_certain, within, xp)
    return xp.where(within, root, float("nan")), xp.where(
        within, 0.0, xp.where(at_zero > 0.0, 1.0, 2.0)
    )


@probe(npv=Probe("npv_usd_per_rack", "backstop_fraction"))
def backstop_value_usd_per_rack(npv, npv_usd_per_rack):
    """What the backstop adds to the NPV after tax; of several tranches that of all backstops
    together.
    """
    return npv_usd_per_rack - npv(0.0)


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


def _bent(one: Node) -> Node:
    """A breakeven for any NPV that rises, where the rental has one for an NPV that is
    linear too.
    """
    statuses = (
        "no_others" if status == "nothing_sold" else status for status in one.statuses
    )  # a price of others is asked for
    return replace(one, when={}, statuses=tuple(statuses))


OWN = (
    merchant_fraction,
    merchant_gpu_hour_per_rack_year,
    revenue_usd_per_rack_by_period,
    sold_gpu_hour_per_rack_by_period,
    use_factor_by_period,
    used_fraction,
    sold_gpu_hour_per_rack_year,
    steady_revenue_usd_per_rack_year,
    mean_price_usd_per_gpu_hour,
    net_prepayment_usd_per_rack,
    cash_breakeven_utilisation,
    accounting_breakeven_utilisation,
    whole_use_factor,
    used_years_by_period,
    used_electricity_years_by_period,
    used_opex_years_by_period,
)
OF_RACK = (
    *(node(formula) for formula in OWN),
    *outlay.NODES,
    outlay.in_place(power.load_factor, utilisation="used_fraction"),
    outlay.in_place(
        cost.margin_fraction, rental_price_usd_per_gpu_hour="mean_price_usd_per_gpu_hour"
    ),
    *(
        _bent(one)
        for one in (*map(node, breakeven.OF_PROJECT), *breakeven.FOR_EQUITY)
        if one.when["loss_treatment"] == ("carry_forward",)
    ),
)


def _tranche(at: int, count: int) -> list[Node]:
    names = {
        name: tranche_name(name, at, count)
        for name in (*TRANCHE, *(one.name for one in OF_TRANCHE))
    }
    return [renamed(one, names, one.doc) for one in OF_TRANCHE]


def _total(name: str, total: str, count: int) -> list[Node]:
    """The sum over tranches; nothing to do where there is one tranche, whose own quantity it is."""
    parts = tuple(tranche_name(name, at, count) for at in range(count))
    return (
        [] if parts == (total,) else [Node(total, in_order, parts, f"Sum of {', '.join(parts)}.")]
    )


def _asked_of_all(formula, count: int) -> Node:
    """A question about another value of a field of one tranche, asked about the same value
    in all.
    """
    old = node(formula)
    (parameter, asked), *_ = old.probes.items()
    unknown, *others = (tranche_name(asked.unknown, at, count) for at in range(count))
    return replace(old, probes={parameter: asked._replace(unknown=unknown, others=tuple(others))})


def nodes(count: int) -> tuple[Node, ...]:
    """What `count` tranches add to the graph of a rental, and what they change in it."""
    tranches = (one for at in range(count) for one in _tranche(at, count))
    totals = (one for name, total in TOTALS.items() for one in _total(name, total, count))
    asked = (
        _asked_of_all(formula, count)
        for formula in (breakeven_default_probability_per_year, backstop_value_usd_per_rack)
    )
    return tuple(
        replace(one, when={"revenue": ("contract",)})
        for one in (*OF_RACK, *tranches, *totals, *asked)
    )
