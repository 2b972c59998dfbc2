"""A rack whose hours are sold under contract, the rest to others: tranches added up, and what that
changes in the model of a rental.

The formulas of one tranche (`contract.py`) stand in the graph once for each: under their own names
where there is one tranche, as `tranches[0].contract_value_usd_per_rack`, ... where there are
several.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from economics.extensions import outlay
from economics.extensions.contract import default, guarantee, tranche
from economics.extensions.contract.mixed_sales import (
    NO_OTHERS,
    accounting_breakeven_utilisation,
    breakeven_price_usd_per_gpu_hour,
    breakeven_utilisation,
    cash_breakeven_utilisation,
    mean_price_usd_per_gpu_hour,
    merchant_fraction,
    merchant_gpu_hour_per_rack_year,
    net_prepayment_usd_per_rack,
    net_prepayment_usd_per_rack_by_year,
    revenue_usd_per_rack_by_period,
    sold_gpu_hour_per_rack_by_period,
    sold_gpu_hour_per_rack_year,
    steady_revenue_usd_per_rack_year,
    use_factor_by_period,
    used_electricity_years_by_period,
    used_fraction,
    used_opex_years_by_period,
    used_years_by_period,
    whole_use_factor,
)
from economics.extensions.contract.names import (
    ALL_HOURS,
    TRANCHE,
    tranche_choices,
    tranche_name,
    tranche_names,
    tranche_path,
)
from economics.extensions.extension import Extension, Life
from economics.formulas import lines
from economics.formulas.expense import EXPENSE
from economics.vocabulary.problems import Problem
from economics.vocabulary.values import greatest_sum
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import (
    Formula,
    Node,
    Probe,
    above,
    below,
    formulas_of,
    in_order,
    node,
    probe,
    renamed,
    signed,
    statuses,
)
from kernels.language.roots import bracketed_root

CERTAIN = 1.0 - 2.0**-53  # the largest probability below 1
OF_TRANCHE = tuple(one for module in (tranche, default, guarantee) for one in formulas_of(module))
INNER_TOTALS = (
    *("contract_revenue_usd_per_rack_by_period", "contract_sold_gpu_hour_per_rack_by_period"),
    *("contract_use_factor_by_period", "contract_revenue_usd_per_rack_year"),
    *("contract_used_fraction", "contract_sold_fraction"),
)
TOTALS = {
    "contract_value_usd_per_rack": "contract_value_usd_per_rack",
    "expected_loss_usd_per_rack": "expected_loss_usd_per_rack",
    "prepayment_usd_per_rack": "prepayment_usd_per_rack",
    "hours_fraction": "contracted_fraction",
    **{name: f"all_{name}" for name in INNER_TOTALS},
}


@statuses(
    always_above=above("none: the NPV is above 0 even if default is certain"),
    always_below=below("none: the NPV is below 0 even without default"),
    gains_by_default="none: the NPV is below 0 without default, and rises with it",
)
@probe(npv=Probe("npv_usd_per_rack", "default_probability_per_year"))
def breakeven_default_probability_per_year(npv, unit_years, xp):
    """Yearly probability of default up to which the NPV after tax is above 0; of several tranches
    the same for all.

    Between 0 and 1, found as a bracketed root: no value where the NPV has one sign at both ends, or
    others pay so much more than the contract that default is a gain.
    """

    def at(probability):
        return npv(probability / unit_years)

    at_zero, at_certain = at(0.0), at(CERTAIN)
    within = (at_zero >= 0.0) & (at_certain <= 0.0)
    root = bracketed_root(at, 0.0, CERTAIN, at_zero, at_certain, within, xp)
    alike = xp.where(at_zero >= 0.0, 1.0, xp.where(at_certain > 0.0, 3.0, 2.0))
    return xp.where(within, root, float("nan")), xp.where(within, 0.0, alike)


@signed
@probe(npv=Probe("npv_usd_per_rack", "backstop_fraction"))
def backstop_value_usd_per_rack(npv, npv_usd_per_rack):
    """What the backstop adds to the NPV after tax; of several tranches that of all backstops
    together.
    """
    return npv_usd_per_rack - npv(0.0)


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
    net_prepayment_usd_per_rack_by_year,
    cash_breakeven_utilisation,
    accounting_breakeven_utilisation,
    breakeven_utilisation,
    breakeven_price_usd_per_gpu_hour,
    whole_use_factor,
    used_years_by_period,
    used_electricity_years_by_period,
    used_opex_years_by_period,
)
SOLD_YEARS = {
    f"sold_{years}": f"used_{years}"
    for years in ("years_by_period", "electricity_years_by_period", "opex_years_by_period")
}


def _tranche(at: int, count: int) -> list[Node]:
    names = {
        name: tranche_name(name, at, count)
        for name in (*TRANCHE, *(one.name for one in OF_TRANCHE))
    }
    return [renamed(one, names, one.doc) for one in OF_TRANCHE]


def _total(name: str, total: str, count: int) -> list[Node]:
    """The sum over tranches; nothing to do where there is one tranche, whose own quantity it is."""
    parts = tuple(tranche_name(name, at, count) for at in range(count))
    if parts == (total,):
        return []
    hidden = name in INNER_TOTALS
    signed = any(one.signed for one in OF_TRANCHE if one.name == name)
    doc = f"Sum of {', '.join(parts)}."
    return [Node(total, in_order, parts, doc, inner=hidden, signed=signed)]


def _asked_of_all(formula: Formula, count: int) -> Node:
    """A question about another value of a field of one tranche, asked about the same value
    in all.
    """
    old = node(formula)
    (parameter, asked), *_ = old.probes.items()
    unknown, *others = (tranche_name(asked.unknown, at, count) for at in range(count))
    return replace(old, probes={parameter: asked._replace(unknown=unknown, others=tuple(others))})


def _running_costs(graph: Graph) -> Iterator[Node]:
    """The variable share of each cost, which follows the hours that are used."""
    for part in graph.parts(EXPENSE):
        if part.marks["with_use"]:
            for name in (lines.fixed(part.name), lines.variable(part.name)):
                yield rewired(graph.nodes[name], utilisation="used_fraction")
            flows = graph.nodes[lines.by_period(part.name)]
            yield rewired(flows, utilisation="whole_use_factor", **SOLD_YEARS)


def changes(graph: Graph, choices: Mapping[str, str]) -> Iterator[Node]:
    """What tranches add to the graph of a rental, and what they change in it."""
    count = int(choices.get("tranches", "1"))
    yield from (node(formula) for formula in (*OWN, *outlay.FORMULAS))
    for name in outlay.RETURNS:
        yield rewired(graph.nodes[name], it_capex_usd_per_rack="project_outlay_usd_per_rack")
    yield rewired(graph.nodes["load_factor"], utilisation="used_fraction")
    mean_price = {"rental_price_usd_per_gpu_hour": "mean_price_usd_per_gpu_hour"}
    yield rewired(graph.nodes["margin_fraction"], **mean_price)
    yield from _running_costs(graph)
    for at in range(count):
        yield from _tranche(at, count)
    for name, total in TOTALS.items():
        yield from _total(name, total, count)
    for formula in (breakeven_default_probability_per_year, backstop_value_usd_per_rack):
        yield _asked_of_all(formula, count)


def lives(choices: Mapping[str, str]) -> Iterator[Life]:
    """The terms of the tranches."""
    for name in tranche_names(choices, "contract_term_years"):
        yield Life(name, tranche_path(name), name, within_life=True)


def check(values: Mapping[str, Any], _: Mapping[str, float], choices: Mapping[str, str]) -> None:
    """Whether the tranches' hours are there. Errors: Problem."""
    names = tranche_names(choices, "hours_fraction")
    hours = greatest_sum(values.get(name, 0.0) for name in names)
    if hours > ALL_HOURS:
        expected = "shares of the hours (hours_fraction) that are together at most 1"
        raise Problem("revenue.tranches", hours, expected)


CONTRACT = Extension(
    name="contract",
    choice="revenue",
    values=("contract",),
    choose=lambda record, _: tranche_choices(record),
    changes=changes,
    redefines=frozenset(
        {
            *("revenue_usd_per_rack_by_period", "sold_gpu_hour_per_rack_by_period"),
            *("sold_gpu_hour_per_rack_year", "cash_breakeven_utilisation"),
            *("accounting_breakeven_utilisation", "breakeven_utilisation"),
            *("breakeven_price_usd_per_gpu_hour", "equity_outlay_usd_per_rack"),
            "unlevered_taxable_income_usd_per_rack_by_year",
        }
    ),
    life_fields=("contract_term_years",),
    lives=lives,
    check=check,
    words={"no_others": NO_OTHERS.words, **node(breakeven_default_probability_per_year).words},
    targets={
        "contract": (
            *("contract_value_usd_per_rack", "expected_loss_usd_per_rack"),
            *("backstop_value_usd_per_rack", "breakeven_default_probability_per_year"),
        )
    },
)
