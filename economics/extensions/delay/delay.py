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
from economics.extensions.delay.late_dates import (
    discount_factor_by_date,
    discounted_payback_years,
    payback_years,
    project_flow_usd_per_rack_by_date,
)
from economics.extensions.delay.late_start import (
    delay_cost_usd_per_rack_year,
    delay_interest_usd_per_rack_by_year,
    delay_period,
    delay_rent_usd_per_rack_by_year,
    delayed_capital_usd_per_rack,
    discount_factor_by_period,
    end_discount_factor_by_period,
    equity_delay_cost_usd_per_rack_year,
    investment_years,
    net_prepayment_usd_per_rack,
    rented_delay_cost_usd_per_rack_year,
    start_cost_usd_per_rack,
    start_income_usd_per_rack,
    start_worth_usd_per_rack,
    taxable_income_usd_per_rack_by_year,
)
from economics.extensions.extension import Extension, Life
from economics.formulas import cost
from economics.vocabulary.bounds import RampYears
from economics.vocabulary.header import is_
from economics.vocabulary.statuses import no_delay
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import (
    Node,
    Probe,
    named,
    node,
    probe,
    renamed,
    signed,
    when,
)


class Delay(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What `operations` states of a delay."""

    delay_years: A[
        RampYears, is_("years from the capital's payment until operations and life begin")
    ] = 0.0
    rent_during_delay: A[bool, is_("whether the space is paid for meanwhile")] = False


@signed
@when(delay="none")
@no_delay
@named("cost_of_delay_usd_per_rack_month")
def cost_of_no_delay():
    """Average cost of a month of delay: no value where operations begin at once."""
    return float("nan"), 1.0


@signed
@no_delay
@probe(npv=Probe("npv_usd_per_rack", "delay_years"))
def cost_of_delay_usd_per_rack_month(npv, npv_usd_per_rack, delay_years, month_per_year, xp):
    """Average cost of a month of delay: the NPV without it less that with it, over its
    months.
    """
    return cost.over(npv(0.0) - npv_usd_per_rack, delay_years * month_per_year, xp)


FORMULAS = (
    *(delay_cost_usd_per_rack_year, rented_delay_cost_usd_per_rack_year),
    *(equity_delay_cost_usd_per_rack_year, start_income_usd_per_rack),
    *(taxable_income_usd_per_rack_by_year, start_cost_usd_per_rack, start_worth_usd_per_rack),
    *(delayed_capital_usd_per_rack, discount_factor_by_period, end_discount_factor_by_period),
    *(delay_rent_usd_per_rack_by_year, delay_interest_usd_per_rack_by_year),
    *(delay_period, investment_years, project_flow_usd_per_rack_by_date),
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
    "worth_search": "project_outlay_usd_per_rack",
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
            *("unlevered_taxable_income_usd_per_rack_by_year", "investment_years"),
        }
    ),
    fields={"operations.opex_escalation_per_year": Delay},
    life_fields=("delay_years",),
    lives=lives,
    targets={"delay_years": ("cost_of_delay_usd_per_rack_month",)},
)
