"""A delay between the payment of the capital and the start of operations: the life, the tax and the
debt's schedule begin after it.

Meanwhile the space may have to be paid for, at the prices of year 1, and the loan bears interest,
which equity pays. Both are deducted for tax with operating year 1. By operating year, what is paid
before operations stands at 0.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated as A
from typing import Any

from msgspec import Struct

from economics.extensions import outlay
from economics.extensions.extension import Extension, Life
from economics.formulas import cashflow, cost, discounting, returns
from economics.formulas.discounting import annuity_per_year
from economics.vocabulary.bounds import RampYears
from economics.vocabulary.header import is_
from economics.vocabulary.statuses import never, no_delay
from kernels.language.flow import flow
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import (
    Node,
    Probe,
    by_year,
    inner,
    named,
    node,
    probe,
    renamed,
    signed,
    when,
)
from kernels.language.profile import Profile


class Delay(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What `operations` states of a delay."""

    delay_years: A[
        RampYears, is_("years from the capital's payment until operations and life begin")
    ] = 0.0
    rent_during_delay: A[bool, is_("whether the space is paid for meanwhile")] = False


def net_prepayment_usd_per_rack():
    """What customers pay at time 0, less overheads: nothing without contracts."""
    return 0.0


@when(delay="free")
def delay_cost_usd_per_rack_year():
    """What a year of delay costs in rent: nothing where the space is not paid for meanwhile."""
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


def _shifted(series, before, calendar, delay_period, dates, xp):
    """A series from the start of operations, `dates` values a period, as one from time 0:
    `before(k)` at the k-th date of the delay.
    """
    values = series.values

    def after(k, delay):
        place = k - delay * dates
        return values[place] if 0 <= place < len(values) else 0.0

    def at(k):
        first, *others = calendar.delays
        value = after(k, first)
        for delay in others:
            value = xp.where(delay_period > delay - 0.5, after(k, delay), value)
        return (
            xp.where(delay_period * dates > k + 0.5, before(k), value)
            if k < calendar.delays[-1] * dates
            else value
        )

    return Profile(at(k) for k in range(len(values) + calendar.delays[-1] * dates))


@inner
def project_flow_usd_per_rack_by_date(
    undelayed_project_flow_usd_per_rack_by_date,
    delay_cost_usd_per_rack_year,
    delay_period,
    dates_per_year,
    periods_per_year,
    calendar,
    xp,
):
    """What the outlay buys, date by date from time 0: rent during the delay, then what operations
    leave.
    """
    dates, paid = (
        dates_per_year // calendar.periods_per_year,
        -1.0 * (delay_cost_usd_per_rack_year / periods_per_year),
    )
    series = undelayed_project_flow_usd_per_rack_by_date
    return _shifted(series, lambda k: 0.0 if k % dates else paid, calendar, delay_period, dates, xp)


@inner
def discount_factor_by_date(
    undelayed_discount_factor_by_date,
    wacc_per_year,
    delay_period,
    dates_per_year,
    periods_per_year,
    calendar,
    xp,
):
    """Worth at time 0 of 1 USD on each date, at the WACC."""
    dates = dates_per_year // calendar.periods_per_year

    def worth(k):
        return xp.compound(wacc_per_year, -1.0 * (k + 1) / dates / periods_per_year)

    return _shifted(undelayed_discount_factor_by_date, worth, calendar, delay_period, dates, xp)


def _nothing(_):
    return 0.0


@inner
def delayed_end_factor_by_period(end_factor_by_period, delay_period, calendar, xp):
    """1 in the last period of the life, counted from time 0, else 0."""
    return _shifted(end_factor_by_period, _nothing, calendar, delay_period, 1, xp)


def _unless_free(outlay, years, code, xp):
    """A payback and its code: at once where nothing is paid at time 0, for the sum of flows is not
    below 0 there.
    """
    paid = outlay > 0.0
    return xp.where(paid, years, 0.0), xp.where(paid, code, 0.0)


@never
def payback_years(
    project_outlay_usd_per_rack,
    start_cost_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    calendar,
    periods_per_year,
    delay_years,
    xp,
):
    """When the flows have returned, for the first time, all that was paid before operations;
    counted from time 0, 0 without an outlay.
    """
    years, code = returns.payback_years(
        start_cost_usd_per_rack,
        operating_flow_usd_per_rack_by_period,
        residual_usd_per_rack,
        end_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _unless_free(project_outlay_usd_per_rack, years + delay_years, code, xp)


@never
def discounted_payback_years(
    project_outlay_usd_per_rack,
    start_worth_usd_per_rack,
    operating_flow_usd_per_rack_by_period,
    residual_usd_per_rack,
    end_factor_by_period,
    discount_factor_by_period,
    end_discount_factor_by_period,
    calendar,
    periods_per_year,
    delay_years,
    xp,
):
    """When the discounted flows have returned, for the first time, all that was paid before
    operations; counted from time 0.
    """
    years, code = returns.discounted_payback_years(
        start_worth_usd_per_rack,
        operating_flow_usd_per_rack_by_period,
        residual_usd_per_rack,
        end_factor_by_period,
        discount_factor_by_period,
        end_discount_factor_by_period,
        calendar,
        periods_per_year,
        xp,
    )
    return _unless_free(project_outlay_usd_per_rack, years + delay_years, code, xp)


@signed
@when(delay="none")
@no_delay
@named("cost_of_delay_usd_per_rack_month")
def cost_of_no_delay():
    """What a month of the delay costs on average: nothing to say where there is none."""
    return float("nan"), 1.0


@signed
@no_delay
@probe(npv=Probe("npv_usd_per_rack", "delay_years"))
def cost_of_delay_usd_per_rack_month(npv, npv_usd_per_rack, delay_years, month_per_year, xp):
    """What a month of the delay costs on average: the NPV without it less that with it, over its
    months.
    """
    return cost.over(npv(0.0) - npv_usd_per_rack, delay_years * month_per_year, xp)


FORMULAS = (
    *(delay_cost_usd_per_rack_year, rented_delay_cost_usd_per_rack_year),
    *(equity_delay_cost_usd_per_rack_year, start_income_usd_per_rack),
    *(taxable_income_usd_per_rack_by_year, start_cost_usd_per_rack, start_worth_usd_per_rack),
    *(delayed_capital_usd_per_rack, discount_factor_by_period, end_discount_factor_by_period),
    *(delay_period, delayed_end_factor_by_period, project_flow_usd_per_rack_by_date),
    *(discount_factor_by_date, payback_years, discounted_payback_years),
    cost_of_delay_usd_per_rack_month,
)
OUTLAY = (
    outlay.project_outlay_usd_per_rack,
    outlay.equity_outlay_usd_per_rack,
    outlay.unlevered_taxable_income_usd_per_rack_by_year,
)
BY_DATE = ("project_flow_usd_per_rack_by_date", "discount_factor_by_date")
PAID_AT_START = {
    "npv_usd_per_rack": "start_worth_usd_per_rack",
    "project_flow_usd_per_rack_by_year": "start_cost_usd_per_rack",
    "irr_search": "project_outlay_usd_per_rack",
    "gains_search": "project_outlay_usd_per_rack",
}


def choose(record: Any, swept: Mapping[str, Any]) -> dict[str, str]:
    """Which formulas a scenario's delay picks."""
    operations = getattr(record, "operations", None)
    if operations is None:
        return {}
    if not operations.delay_years and "delay_years" not in swept:
        return {"delay": "none"}
    return {"delay": "rented" if operations.rent_during_delay else "free"}


def changes(graph: Graph, choices: Mapping[str, str]) -> Iterator[Node]:
    """What a delay adds to a graph, and what it changes in it."""
    yield from Graph.of(FORMULAS, choices).nodes.values()
    if "net_prepayment_usd_per_rack" not in graph.nodes:
        yield from map(node, (net_prepayment_usd_per_rack, *OUTLAY))
    for name in BY_DATE:
        old = graph.nodes[name]
        yield renamed(old, {name: f"undelayed_{name}"}, old.doc)
    for name, paid in PAID_AT_START.items():
        both = {"it_capex_usd_per_rack": paid, "project_outlay_usd_per_rack": paid}
        yield rewired(graph.nodes[name], **both)
    ends = {"end_factor_by_period": "delayed_end_factor_by_period"}
    yield rewired(graph.nodes["mirr_per_year"], **ends)
    capital = {"it_capex_usd_per_rack": "delayed_capital_usd_per_rack"}
    yield rewired(graph.nodes["lcoc_usd_per_gpu_hour"], **capital)


def lives(choices: Mapping[str, str]) -> Iterator[Life]:
    """The delay: none, or whole periods."""
    if "delay" in choices:
        yield Life("delay_years", "operations.delay_years", "calendar", delays=True)


DELAY = Extension(
    name="delay",
    choice="delay",
    values=("free", "rented"),
    choose=choose,
    changes=changes,
    formulas=(cost_of_no_delay,),
    after=("contract",),
    redefines=frozenset(
        {
            *("start_income_usd_per_rack", "taxable_income_usd_per_rack_by_year"),
            *("discount_factor_by_period", "end_discount_factor_by_period"),
            *("project_flow_usd_per_rack_by_date", "discount_factor_by_date"),
            *("payback_years", "discounted_payback_years", "equity_outlay_usd_per_rack"),
            "unlevered_taxable_income_usd_per_rack_by_year",
        }
    ),
    fields={"operations": Delay},
    life_fields=("delay_years",),
    lives=lives,
    targets={"delay_years": ("cost_of_delay_usd_per_rack_month",)},
)
