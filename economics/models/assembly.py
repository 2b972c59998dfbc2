"""The model, assembled: every formula once, and the lines of the cash flow made from the parts of
the operating expense.
"""

from collections.abc import Mapping
from functools import lru_cache
from inspect import getmembers, isfunction
from types import ModuleType
from typing import NamedTuple

from economics.extensions import delay, gear
from economics.extensions.contract import contract
from economics.formulas import (
    breakeven,
    cashflow,
    cost,
    debt,
    discounting,
    facility,
    failures,
    hardware,
    operations,
    power,
    returns,
    schedules,
    subscription,
    tokens,
    value,
)
from economics.vocabulary.units import STRUCTURE
from kernels.language.flow import flow, sum_flows
from kernels.language.graph import Graph
from kernels.language.node import Node, Probe, by_year, in_order, node

MODEL_VERSION = "1"
CONSTANTS = {
    "hour_per_year": 8760.0,
    "month_per_year": 12.0,
    "second_per_hour": 3600.0,
    "token_per_mtok": 1e6,
    "unit_years": 1.0,
    "unit_price_usd_per_gpu_hour": 1.0,
}
CALENDAR = ("calendar", "periods_per_year")
INNER = (
    "flow_lead_years",
    "life_period",
    "loan_rate_factor",
    "vacancy_period",
    "whole_use_factor",
    "delay_period",
)
INNER_STARTS, INNER_ENDS = (
    ("fixed_", "variable_", "all_contract_"),
    ("_by_period", "_by_date", "_search"),
)
EXPENSE = power.EXPENSE
MODULES = (
    *(
        hardware,
        power,
        facility,
        operations,
        discounting,
        schedules,
        cost,
        failures,
        debt,
        cashflow,
        value,
        returns,
        breakeven,
    ),
    *(tokens, subscription),
)
HELPERS = (
    *(
        "annuity_per_year",
        "lost_years",
        "over",
        "ratio",
        "balances",
        "interest_on",
        "owned",
        "lowered",
        "within_life",
    ),
    "crossing_utilisation",
)


def is_public(name: str) -> bool:
    """Whether a quantity can be asked for or given: series by period or date, searches, the
    structure of time are inner ones.
    """
    own = name.rpartition("].")[2]  # of a tranche
    return (
        own not in (*STRUCTURE, *INNER, *CONSTANTS)
        and not own.endswith(INNER_ENDS)
        and not own.startswith(INNER_STARTS)
    )


def formulas_of(module: ModuleType) -> list[Node]:
    """The public formulas that a module defines, in the order of its text."""
    own = [
        f
        for name, f in getmembers(module, isfunction)
        if f.__module__ == module.__name__ and name not in HELPERS and name[0] != "_"
    ]
    return [node(f) for f in sorted(own, key=lambda f: f.__code__.co_firstlineno)]


class Use(NamedTuple):
    """What the variable share of a cost follows: the quantity that it depends on, its level and the
    start of its profiles' names.
    """

    unknown: str
    level: str
    prefix: str


OF_RENTAL = Use("utilisation", "utilisation", "sold")
OF_CONTRACTS = Use("used_fraction", "whole_use_factor", "used")


def lines(parts: tuple[Node, ...], use: Use = OF_RENTAL) -> list[Node]:
    """Nodes made from the parts of the operating expense: each part by period, each line by period
    and year, the cash cost.
    """
    made, by_line = [], dict[str, list[str]]()
    for part in parts:
        made += _by_period(part, use)
        by_line.setdefault(part.name.split("_")[0], []).append(_period(part.name))
    for line, names in by_line.items():
        by_period, yearly = f"{line}_usd_per_rack_by_period", f"{line}_usd_per_rack_by_year"
        made.append(
            Node(by_period, _sum, tuple(names), f"{line.capitalize()} cost of each period.")
        )
        made.append(_yearly(by_period, yearly, f"{line.capitalize()} cost of each operating year."))
    total = tuple(f"{line}_usd_per_rack_by_period" for line in by_line)
    made.append(
        Node(
            "operating_expense_usd_per_rack_by_period",
            _sum,
            total,
            "All running cost of each period.",
        )
    )
    for name, doc in (
        ("revenue", "Revenue"),
        ("overhead", "Fees, selling cost and revenue share"),
        ("ebitda", "Ebitda"),
    ):
        made.append(
            _yearly(
                f"{name}_usd_per_rack_by_period",
                f"{name}_usd_per_rack_by_year",
                f"{doc} of each operating year.",
            )
        )
    cash = tuple(part.name for part in parts if part.marks["cash"])
    made.append(
        Node(
            "cash_cost_usd_per_rack_year",
            in_order,
            cash,
            "Yearly running bills of a rack: operating expense that is cash.",
        )
    )
    return made


def _first_paragraph(doc: str) -> str:
    return " ".join(doc.split("\n\n")[0].split())


def _period(name: str) -> str:
    return name.replace("_per_rack_year", "_per_rack_by_period")


def _sum(*flows):
    return sum_flows(flows)


def _yearly(by_period: str, yearly: str, doc: str) -> Node:
    @by_year(1)
    def grouped(flows, calendar):
        return flows.grouped(calendar.periods_per_year)

    return Node(yearly, grouped, (by_period, "calendar"), doc, first_year=1)


def _by_period(part: Node, use: Use) -> list[Node]:
    """A part's flow; what depends on utilisation is split into its fixed and its variable share,
    which follows the ramp.
    """
    growth = part.marks["escalates_by"]
    years = f"{growth}_years_by_period" if growth else "operating_years_by_period"
    used = f"{use.prefix}_{growth}_years_by_period" if growth else f"{use.prefix}_years_by_period"
    name, doc = _period(part.name), f"{_first_paragraph(part.doc)} By period."
    if not part.marks["with_use"]:
        return [Node(name, flow, (part.name, years), doc)]
    fixed, variable = f"fixed_{part.name}", f"variable_{part.name}"
    asked = {"cost": Probe(part.name, use.unknown)}
    return [
        Node(
            fixed,
            lambda cost: cost(0.0),
            ("cost",),
            f"{part.name} while nothing is sold.",
            probes=asked,
        ),
        Node(
            variable,
            lambda cost, fixed: cost(1.0) - fixed,
            ("cost", fixed),
            f"What full use adds to {part.name}.",
            probes=asked,
        ),
        Node(name, _two_flows, (fixed, years, variable, use.level, used), doc),
    ]


def _two_flows(fixed, years, variable, level, used):
    return flow(variable * level, used) + flow(fixed, years)


FORMULAS = (
    *(one for module in MODULES for one in formulas_of(module)),
    *value.FOR_TAX,
    *returns.FOR_EQUITY,
    *breakeven.FOR_EQUITY,
    cashflow.unlevered_tax,
    cashflow.unlevered_carried_tax,
    node(delay.no_delay),
    node(gear.no_renewal),
)


@lru_cache(maxsize=256)
def _graph(choices: tuple[tuple[str, str], ...]) -> Graph:
    chosen = dict(choices)
    base = Graph.of(FORMULAS, chosen)
    contracts = chosen.get("revenue") == "contract"
    made = lines(base.parts(EXPENSE), OF_CONTRACTS if contracts else OF_RENTAL)
    whole = Graph.of((*(one for one in base.nodes.values() if one.name != EXPENSE), *made), chosen)
    sold = whole.replaced(contract.nodes(int(chosen["tranches"]))) if contracts else whole
    started = sold.replaced(delay.nodes(chosen))
    return started.replaced(gear.nodes(started, chosen))


def graph(choices: Mapping[str, str]) -> Graph:
    """The model's graph for a scenario's choices."""
    return _graph(tuple(sorted(choices.items())))
