"""Gear with a life of its own: host, network, storage. It is renewed when its life is over, and
sold at straight-line value at the end.

What is stated for no gear stays with the rack. Gear whose life is the economic life costs what it
would cost as part of the rack.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated as A
from typing import Any

from msgspec import Struct

from economics.extensions.extension import Extension, Life
from economics.formulas import value
from economics.formulas.depreciation import within
from economics.formulas.discounting import annuity_per_year
from economics.vocabulary.bounds import Years
from economics.vocabulary.header import is_
from economics.vocabulary.problems import Problem
from kernels.language.flow import flow, sum_flows
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import (
    Node,
    by_year,
    in_order,
    inner,
    named,
    node,
    renamed,
    when,
    whole_years,
)
from kernels.language.profile import Profile

PRICE_FIELDS = {
    "server": "server_price_usd_per_rack",
    "network": "network_price_usd_per_gpu",
    "storage": "storage_price_usd_per_gpu",
}
LIVES = {gear: f"{gear}_life_years" for gear in PRICE_FIELDS}


class Lives(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What `hardware` states of lives of their own."""

    server_life_years: A[
        Years | None,
        is_(
            "own life of what server_price_usd_per_rack buys; it is bought again when that is over"
        ),
    ] = None
    network_life_years: A[
        Years | None, is_("own life of the network equipment; it is bought again when that is over")
    ] = None
    storage_life_years: A[
        Years | None, is_("own life of the storage; it is bought again when that is over")
    ] = None


def network_price_usd_per_rack(network_price_usd_per_gpu, gpu_per_rack):
    """Price of the rack's network equipment."""
    return network_price_usd_per_gpu * gpu_per_rack


def storage_price_usd_per_rack(storage_price_usd_per_gpu, gpu_per_rack):
    """Price of the rack's storage."""
    return storage_price_usd_per_gpu * gpu_per_rack


def gear_capex_usd_per_rack(gear_price_usd_per_rack, spare_fraction, installation_fraction):
    """Capital spent on the {gear} gear each time it is bought, at the same price: with spares,
    freight, integration and sales tax.
    """
    return gear_price_usd_per_rack * (1.0 + spare_fraction) * (1.0 + installation_fraction)


def gear_residual_usd_per_rack(residual_fraction, gear_price_usd_per_rack):
    """What the {gear} gear is sold for at the end of its own life."""
    return residual_fraction * gear_price_usd_per_rack


def gear_charge_usd_per_rack_year(
    gear_capex_usd_per_rack,
    gear_residual_usd_per_rack,
    wacc_per_year,
    gear_life_years,
    periods_per_year,
    flow_lead_years,
    xp,
):
    """Level yearly charge that repays the {gear} gear, less its residual, with the WACC over its
    own life.
    """
    residual_now = gear_residual_usd_per_rack * xp.compound(wacc_per_year, -1.0 * gear_life_years)
    return (gear_capex_usd_per_rack - residual_now) * annuity_per_year(
        wacc_per_year, gear_life_years, periods_per_year, flow_lead_years, xp
    )


def gear_depreciation_usd_per_rack_year(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_life_years
):
    """Yearly depreciation of the {gear} gear, for books and for tax: straight line over its own
    life to its residual.
    """
    return (gear_capex_usd_per_rack - gear_residual_usd_per_rack) / gear_life_years


@inner
def gear_left_factor_by_period(calendar, gear_life_years, life_period, periods_per_year, xp):
    """Share of its own life that the {gear} gear has left at the end of each period, 1 where it has
    just been renewed.
    """
    lasts = gear_life_years * periods_per_year

    def grow(age, k):
        older = age + xp.where(life_period >= k - 0.5, 1.0, 0.0)
        renewed = (older > lasts - 0.5) & (life_period > k + 0.5)
        age = xp.where(renewed, 0.0, older)
        return (age,), 1.0 - age / lasts

    return xp.scan(grow, (0.0,), calendar.period)


@inner
def gear_renewal_usd_per_rack_by_period(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_left_factor_by_period, xp
):
    """What renewing the {gear} gear costs in each period: the new one less what the old one is sold
    for.
    """
    renewed = gear_left_factor_by_period.map(lambda left: xp.where(left >= 1.0, 1.0, 0.0))
    return flow(gear_capex_usd_per_rack - gear_residual_usd_per_rack, renewed)


@by_year(0)
def gear_value_usd_per_rack(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_left_factor_by_period, calendar
):
    """Straight-line value of the {gear} gear at time 0 and at each year's end, at which it could be
    sold.
    """
    m, left = calendar.periods_per_year, gear_left_factor_by_period.values
    at_ends = (left[min(m * year, len(left)) - 1] for year in range(1, calendar.years + 1))
    worn = gear_capex_usd_per_rack - gear_residual_usd_per_rack
    return Profile(
        (gear_capex_usd_per_rack, *(gear_residual_usd_per_rack + worn * one for one in at_ends))
    )


def main_capex_usd_per_rack(it_capex_usd_per_rack, component_capex_usd_per_rack):
    """Capital spent at time 0 on what has no life of its own."""
    return it_capex_usd_per_rack - component_capex_usd_per_rack


def main_residual_usd_per_rack(
    residual_fraction, equipment_price_usd_per_rack, component_residual_usd_per_rack
):
    """What is received at the end of the economic life for what has no life of its own."""
    return residual_fraction * equipment_price_usd_per_rack - component_residual_usd_per_rack


@by_year(0)
def scrap_value_usd_per_rack(component_value_usd_per_rack, main_residual_usd_per_rack):
    """What the rack could be sold for at time 0 and at each year's end: gear with a life of its own
    at its straight-line value.
    """
    return component_value_usd_per_rack + main_residual_usd_per_rack


def residual_usd_per_rack(scrap_value_usd_per_rack):
    """What the rack is sold for at the end of its economic life, gear with a life of its own at its
    straight-line value.
    """
    return scrap_value_usd_per_rack.values[-1]


@by_year(1)
@when(components="none")
@named("renewal_usd_per_rack_by_year")
def no_renewal(calendar):
    """What renewing gear costs in each operating year: nothing where none has a life of its own."""
    return Profile((0.0,) * calendar.years)


@by_year(1)
def renewal_usd_per_rack_by_year(renewal_usd_per_rack_by_period, calendar):
    """What renewing gear costs in each operating year."""
    return renewal_usd_per_rack_by_period.grouped(calendar.periods_per_year)


@inner
def ebitda_less_renewal_usd_per_rack_by_period(
    ebitda_usd_per_rack_by_period, renewal_usd_per_rack_by_period
):
    """Ebitda of each period, less what renewing gear costs in it."""
    return ebitda_usd_per_rack_by_period - renewal_usd_per_rack_by_period


@inner
def paid_expense_usd_per_rack_by_period(
    operating_expense_usd_per_rack_by_period, renewal_usd_per_rack_by_period
):
    """All running cost of each period, and what renewing gear costs in it."""
    return operating_expense_usd_per_rack_by_period + renewal_usd_per_rack_by_period


@by_year(1)
def component_depreciation_usd_per_rack_by_year(
    component_depreciation_usd_per_rack_year, economic_life_years, calendar, xp
):
    """Depreciation of gear with a life of its own in each operating year: one of each is always in
    service.
    """
    return flow(
        component_depreciation_usd_per_rack_year,
        within(calendar.year, calendar.year_start, economic_life_years, xp),
    )


@by_year(1)
def book_depreciation_usd_per_rack_by_year(
    book_depreciable_usd_per_rack,
    book_depreciation_fraction_by_year,
    component_depreciation_usd_per_rack_by_year,
):
    """Book depreciation in each operating year, before any write-off at the end: of the rack, and
    of gear with a life of its own.
    """
    main = value.book_depreciation_usd_per_rack_by_year(
        book_depreciable_usd_per_rack, book_depreciation_fraction_by_year
    )
    return main + component_depreciation_usd_per_rack_by_year


@whole_years
@by_year(0)
def book_value_usd_per_rack(
    it_capex_usd_per_rack, book_depreciation_usd_per_rack_by_year, renewal_usd_per_rack_by_year, xp
):
    """Capital not yet depreciated, renewed gear included, at time 0 and at each year's end; at the
    last before its write-off.
    """
    lost = book_depreciation_usd_per_rack_by_year - renewal_usd_per_rack_by_year
    return value.book_value_usd_per_rack(it_capex_usd_per_rack, lost, xp)


@whole_years
@by_year(0)
def economic_value_usd_per_rack(
    ebitda_usd_per_rack_by_year,
    renewal_usd_per_rack_by_year,
    scrap_value_usd_per_rack,
    economic_life_years,
    wacc_per_year,
    calendar,
    xp,
):
    """Value in use at time 0 and at each year's end: next year's ebitda less renewals, and value,
    discounted at the WACC, before tax.

    Never below what the rack could be sold for: the owner may scrap it at any year's end.
    """
    yearly = xp.compound(wacc_per_year, 1.0)
    earned = (ebitda_usd_per_rack_by_year - renewal_usd_per_rack_by_year).values
    *scraps, last = scrap_value_usd_per_rack.values

    def before(value, earned, scrap, start):
        value = xp.where(
            economic_life_years > start, xp.maximum(scrap, (earned + value) / yearly), last
        )
        return (value,), value

    years = (earned, scraps, calendar.year_start.values)
    values = xp.scan(before, (last,), *(Profile(reversed(one)) for one in years))
    return Profile((*reversed(values.values), last))


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
    *(ebitda_less_renewal_usd_per_rack_by_period, paid_expense_usd_per_rack_by_period),
    *(component_depreciation_usd_per_rack_by_year, book_depreciation_usd_per_rack_by_year),
    book_value_usd_per_rack,
)
MAIN = {
    "it_capex_usd_per_rack": "main_capex_usd_per_rack",
    "residual_usd_per_rack": "main_residual_usd_per_rack",
}
EARNED = {"ebitda_usd_per_rack_by_period": "ebitda_less_renewal_usd_per_rack_by_period"}
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
    """Which formulas the lives of a scenario's gear pick."""
    hardware = getattr(record, "hardware", None)
    if hardware is None:
        return {}
    own = [
        gear for gear, life in LIVES.items() if getattr(hardware, life) is not None or life in swept
    ]
    return {"components": "+".join(own) or "none"}


def _kinds(choices: Mapping[str, str]) -> list[str]:
    """The kinds of gear with a life of its own."""
    return [gear for gear in choices.get("components", "none").split("+") if gear in LIVES]


def check(_: Mapping[str, Any], given: Mapping[str, float], choices: Mapping[str, str]) -> None:
    """Whether no price is given as a whole that must be known by part. Errors: Problem."""
    whole = next((name for name in given if name.endswith(WHOLE)), None)
    if whole and _kinds(choices):
        life = f"hardware.{LIVES[_kinds(choices)[0]]}"
        raise Problem(
            f"given.{whole}",
            given[whole],
            f"prices by part (hardware.server_price_usd_per_rack, ...), for {life} is stated",
        )


def notices(values: Mapping[str, Any]) -> Iterator[str]:
    """Lives of gear that costs nothing."""
    for gear, price in PRICE_FIELDS.items():
        if LIVES[gear] in values and isinstance(values[price], float) and not values[price]:
            yield f"hardware.{LIVES[gear]} changes nothing: hardware.{price} is 0"


def lives(choices: Mapping[str, str]) -> Iterator[Life]:
    """The lives of gear, where they are walked."""
    for gear in _kinds(choices):
        yield Life(LIVES[gear], f"hardware.{LIVES[gear]}", f"{gear}_left_factor_by_period")


def _gear(gear: str) -> list[Node]:
    """The formulas of one kind of gear."""
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
    """The sum over kinds of gear."""
    own = [one for one in parts if one.name.partition("_")[2] == name]
    addends = tuple(one.name for one in own)
    total = name if name.startswith("renewal") else f"component_{name}"
    doc = f"Sum of {', '.join(addends)}."
    return Node(total, add, addends, doc, first_year=own[0].first_year, inner=own[0].inner)


def _charges(charged: Node, kinds: list[str]) -> Iterator[Node]:
    """The capital charge as that of what has no life of its own, and those of gear that has."""
    names = {charged.name: "main_charge_usd_per_rack_year", **MAIN}
    main = renamed(charged, names, "The charge of what has no life of its own.")
    parts = (main.name, *(f"{kind}_charge_usd_per_rack_year" for kind in kinds))
    doc = f"{charged.doc} Gear with a life of its own is charged over that."
    yield main
    yield Node(charged.name, in_order, parts, doc, marks=charged.marks)


def changes(graph: Graph, choices: Mapping[str, str]) -> Iterator[Node]:
    """What lives of their own add to a graph, and what they change in it."""
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
        }
    ),
    fields={"hardware": Lives},
    life_fields=tuple(LIVES.values()),
    lives=lives,
    check=check,
    notices=notices,
)
