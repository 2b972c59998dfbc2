"""Components with a life of their own: host, network, storage. A component is replaced when its
life is over, and sold at straight-line value at the end.

What is stated for no component stays with the rack. A component whose life is the economic life
costs what it would cost as part of the rack.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated as A
from typing import Any

from msgspec import Struct

from economics.extensions.extension import Extension, Life
from economics.extensions.gear.one_kind import (
    gear_capex_usd_per_rack,
    gear_charge_usd_per_rack_year,
    gear_depreciation_usd_per_rack_year,
    gear_left_factor_by_period,
    gear_renewal_usd_per_rack_by_period,
    gear_residual_usd_per_rack,
    gear_value_usd_per_rack,
    network_price_usd_per_rack,
    storage_price_usd_per_rack,
)
from economics.extensions.gear.rest_of_rack import (
    book_depreciation_usd_per_rack_by_year,
    book_value_usd_per_rack,
    cfads_usd_per_rack_by_period,
    component_depreciation_usd_per_rack_by_year,
    economic_value_usd_per_rack,
    main_capex_usd_per_rack,
    main_residual_usd_per_rack,
    no_renewal,
    paid_expense_usd_per_rack_by_period,
    renewal_usd_per_rack_by_year,
    residual_usd_per_rack,
    scrap_value_usd_per_rack,
)
from economics.vocabulary.bounds import Years
from economics.vocabulary.header import is_
from economics.vocabulary.problems import Problem
from kernels.language.flow import sum_flows
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import (
    Node,
    in_order,
    node,
    renamed,
)

PRICE_FIELDS = {
    "server": "server_price_usd_per_rack",
    "network": "network_price_usd_per_gpu",
    "storage": "storage_price_usd_per_gpu",
}
LIVES = {gear: f"{gear}_life_years" for gear in PRICE_FIELDS}


class Lives(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Lives of components that `hardware` may state."""

    server_life_years: A[
        Years | None,
        is_("life of what server_price_usd_per_rack buys, replaced when it is over"),
    ] = None
    network_life_years: A[
        Years | None, is_("life of the network equipment, replaced when it is over")
    ] = None
    storage_life_years: A[Years | None, is_("life of the storage, replaced when it is over")] = None


WHOLE = ("_price_usd_per_rack", "_capex_usd_per_rack")
PRICES = {"network": network_price_usd_per_rack, "storage": storage_price_usd_per_rack}
OF_GEAR = (
    *(gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_charge_usd_per_rack_year),
    *(gear_depreciation_usd_per_rack_year, gear_left_factor_by_period),
    *(gear_renewal_usd_per_rack_by_period, gear_value_usd_per_rack),
)
TOTALS = (
    *("capex_usd_per_rack", "residual_usd_per_rack"),
    *("depreciation_usd_per_rack_year", "value_usd_per_rack"),
)
OWN = (
    *(main_capex_usd_per_rack, main_residual_usd_per_rack, scrap_value_usd_per_rack),
    *(residual_usd_per_rack, economic_value_usd_per_rack, renewal_usd_per_rack_by_year),
    *(cfads_usd_per_rack_by_period, paid_expense_usd_per_rack_by_period),
    *(component_depreciation_usd_per_rack_by_year, book_depreciation_usd_per_rack_by_year),
    book_value_usd_per_rack,
)
MAIN = {
    "it_capex_usd_per_rack": "main_capex_usd_per_rack",
    "residual_usd_per_rack": "main_residual_usd_per_rack",
}
EARNED = {"ebitda_usd_per_rack_by_period": "cfads_usd_per_rack_by_period"}
REWIRED = {
    "book_depreciable_usd_per_rack": MAIN,
    "book_write_off_usd_per_rack": MAIN,
    "lcoc_usd_per_gpu_hour": {
        "operating_expense_usd_per_rack_by_period": "paid_expense_usd_per_rack_by_period"
    },
    "operating_flow_usd_per_rack_by_period": EARNED,
    "equity_operating_flow_usd_per_rack_by_period": EARNED,
}
CHARGE = "capital_charge_usd_per_rack_year"


def choose(record: Any, swept: Mapping[str, Any]) -> dict[str, str]:
    """Which formulas the lives of a scenario's components pick."""
    hardware = getattr(record, "hardware", None)
    if hardware is None:
        return {}
    own = [
        gear for gear, life in LIVES.items() if getattr(hardware, life) is not None or life in swept
    ]
    return {"components": "+".join(own) or "none"}


def _kinds(choices: Mapping[str, str]) -> list[str]:
    """The kinds of component with a life of their own."""
    return [gear for gear in choices.get("components", "none").split("+") if gear in LIVES]


def check(_: Mapping[str, Any], given: Mapping[str, float], choices: Mapping[str, str]) -> None:
    """Whether no price is given as a whole that must be known by part. Errors: Problem."""
    whole = next((name for name in given if name.endswith(WHOLE)), None)
    if whole and _kinds(choices):
        life = f"hardware.{LIVES[_kinds(choices)[0]]}"
        raise Problem(
            f"given.{whole}",
            given[whole],
            f"prices by part (hardware.server_price_usd_per_rack, ...), because {life} is stated",
        )


def notices(values: Mapping[str, Any]) -> Iterator[str]:
    """Lives of components that cost nothing."""
    for gear, price in PRICE_FIELDS.items():
        if LIVES[gear] in values and isinstance(values[price], float) and not values[price]:
            yield f"hardware.{LIVES[gear]} changes nothing: hardware.{price} is 0"


def lives(choices: Mapping[str, str]) -> Iterator[Life]:
    """The lives of components, where periods are walked."""
    for gear in _kinds(choices):
        yield Life(LIVES[gear], f"hardware.{LIVES[gear]}", f"{gear}_left_factor_by_period")


def _gear(gear: str) -> list[Node]:
    """The formulas of one kind of component."""
    prices = [node(PRICES[gear])] if gear in PRICES else []
    own = [node(formula) for formula in OF_GEAR]
    names = {
        name: name.replace("gear_", f"{gear}_", 1)
        for one in own
        for name in (one.name, *one.needs)
        if name.startswith("gear_")
    }
    return [*prices, *(renamed(one, names, one.doc.format(gear=gear)) for one in own)]


def _total(name: str, parts: list[Node], add: Any = in_order) -> Node:
    """The sum over kinds of component."""
    own = [one for one in parts if one.name.partition("_")[2] == name]
    addends = tuple(one.name for one in own)
    total = name if name.startswith("renewal") else f"component_{name}"
    doc = f"Sum of {', '.join(addends)}."
    return Node(total, add, addends, doc, first_year=own[0].first_year, inner=own[0].inner)


def _charges(charged: Node, kinds: list[str]) -> Iterator[Node]:
    """The capital charge as that of the rest of the rack, and those of its components."""
    names = {charged.name: "main_charge_usd_per_rack_year", **MAIN}
    main = renamed(charged, names, "Capital charge of what has no life of its own.")
    parts = (main.name, *(f"{kind}_charge_usd_per_rack_year" for kind in kinds))
    doc = f"{charged.doc} A component is charged over its own life."
    yield main
    yield Node(charged.name, in_order, parts, doc, marks=charged.marks)


def changes(graph: Graph, choices: Mapping[str, str]) -> Iterator[Node]:
    """What components add to a graph, and what they change in it."""
    kinds = _kinds(choices)
    gear = [one for kind in kinds for one in _gear(kind)]
    yield from (node(formula) for formula in OWN)
    yield from gear
    yield from _charges(graph.nodes[CHARGE], kinds)
    for name in TOTALS:
        yield _total(name, gear)
    yield _total("renewal_usd_per_rack_by_period", gear, _sum)
    for name, wires in REWIRED.items():
        yield rewired(graph.nodes[name], **wires)


def _sum(*flows):
    return sum_flows(flows)


GEAR = Extension(
    name="gear",
    choice="components",
    values=tuple(
        "+".join(some) for n in range(1, 1 + len(LIVES)) for some in combinations(LIVES, n)
    ),
    choose=choose,
    changes=changes,
    formulas=(no_renewal,),
    after=("contract", "delay"),
    redefines=frozenset(
        {
            *("residual_usd_per_rack", "economic_value_usd_per_rack", CHARGE),
            *("book_depreciation_usd_per_rack_by_year", "book_value_usd_per_rack"),
            "cfads_usd_per_rack_by_period",
        }
    ),
    fields={"hardware.residual_fraction": Lives},
    life_fields=tuple(LIVES.values()),
    lives=lives,
    check=check,
    notices=notices,
)
