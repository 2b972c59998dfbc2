"""A building let for a term: rent, its yield, and the debt, tax and returns of a rack on other
names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated as A
from typing import Any

from msgspec import Struct

from economics.formulas import discounting
from economics.formulas.cost import over
from economics.formulas.depreciation import kind_of
from economics.models import assembly
from economics.models.assembly import CALENDAR, CONSTANTS
from economics.records.finance import Finance, check_finance, finance_choices
from economics.vocabulary.bounds import Amount, Fraction, Rate, Years
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import Problem
from economics.vocabulary.statuses import no_outlay
from kernels.language.flow import flow
from kernels.language.graph import Graph
from kernels.language.instance import between, instance
from kernels.language.node import Node, adds_to, by_year, inner, node, renamed, taken_from


class Lease(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the landlord builds, what the tenant pays, what is left at the end."""

    build_capex_usd: A[Amount | None, is_("capital of the building at time 0")] = None
    rent_usd_per_year: A[Amount | None, is_("rent of year 1 if all is let")] = None
    rent_escalation_per_year: A[Rate, is_("yearly rise of the rent")] = 0.0
    lease_term_years: A[Years | None, is_("years of rent")] = None
    operating_cost_usd_per_year: A[
        Amount, is_("what the landlord pays to run it, every year the same")
    ] = 0.0
    vacancy_fraction: A[Fraction, is_("share of the rent that is not collected")] = 0.0
    residual_usd: A[Amount, is_("what the building is worth at the end of the term")] = 0.0
    target_irr_per_year: A[
        Rate | None, is_("return that the residual is asked for; the WACC if not stated")
    ] = None


class LeaseScenario(
    About, tag="lease", tag_field="model", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """The landlord of a building."""

    lease: A[Lease, is_("the building, its rent and its cost")] = Lease()
    finance: A[Finance, is_("capital, debt, tax and time")] = Finance()


TABLES: dict[str, tuple[type[Struct], ...]] = {"lease": (Lease,), "finance": (Finance,)}
TARGETS = (
    *(
        "noi_usd_per_year",
        "yield_on_cost_fraction",
        "npv_usd",
        "irr_per_year",
        "payback_years",
        "moic",
    ),
    *(
        "breakeven_rent_usd_per_year",
        "residual_for_return_usd",
        "equity_npv_usd",
        "equity_irr_per_year",
        "min_dscr",
    ),
)


def collected_rent_usd_per_year(rent_usd_per_year, vacancy_fraction):
    """Rent that is collected in year 1."""
    return rent_usd_per_year * (1.0 - vacancy_fraction)


def noi_usd_per_year(collected_rent_usd_per_year, operating_cost_usd_per_year):
    """Net operating income of year 1: rent collected less the cost of running the building."""
    return collected_rent_usd_per_year - operating_cost_usd_per_year


@no_outlay
def yield_on_cost_fraction(noi_usd_per_year, build_capex_usd, unit_years, xp):
    """Net operating income of year 1 over the capital of the building."""
    return over(noi_usd_per_year * unit_years, build_capex_usd, xp)


@inner
def rent_years_by_period(calendar, rent_escalation_per_year, operating_years_by_period, xp):
    """The length of each period of the term, at the rent of year 1."""
    return calendar.growth(xp.compound(rent_escalation_per_year, 1.0)) * operating_years_by_period


@inner
def rent_usd_by_period(collected_rent_usd_per_year, rent_years_by_period):
    """Rent collected in each period."""
    return flow(collected_rent_usd_per_year, rent_years_by_period)


@inner
def noi_usd_by_period(rent_usd_by_period, operating_cost_usd_per_year, operating_years_by_period):
    """Net operating income of each period."""
    return rent_usd_by_period - flow(operating_cost_usd_per_year, operating_years_by_period)


@by_year(1)
@adds_to("noi_usd_by_year")
def rent_usd_by_year(rent_usd_by_period, calendar):
    """Rent collected in each year of the term."""
    return rent_usd_by_period.grouped(calendar.periods_per_year)


@by_year(1)
@taken_from("noi_usd_by_year")
def operating_cost_usd_by_year(operating_cost_usd_per_year, operating_years_by_period, calendar):
    """What the landlord pays to run the building in each year of the term."""
    years = operating_years_by_period.grouped(calendar.periods_per_year)
    return flow(operating_cost_usd_per_year, years)


@by_year(1)
@adds_to("flow_before_tax_usd_by_year")
def noi_usd_by_year(noi_usd_by_period, calendar):
    """Net operating income of each year of the term."""
    return noi_usd_by_period.grouped(calendar.periods_per_year)


@inner
def rent_scale_search(build_capex_usd, operating_cost_usd_per_year, unit_years, xp):
    """A rent of the size of all cost, from which the breakeven is searched; 1 where there
    is none.
    """
    cost = build_capex_usd / unit_years + operating_cost_usd_per_year
    return xp.where(cost > 0.0, cost, 1.0)


@inner
def residual_scale_search(rent_scale_search, unit_years):
    """A residual of the size of all cost, from which the one for a return is searched."""
    return rent_scale_search * unit_years


NAMES = (
    ("it_capex_usd_per_rack", "build_capex_usd"),
    ("ebitda_usd", "noi_usd"),
    ("economic_life_years", "lease_term_years"),
    ("breakeven_price_usd_per_gpu_hour", "breakeven_rent_usd_per_year"),
    ("rental_price_usd_per_gpu_hour", "rent_usd_per_year"),
    ("unit_price_usd_per_gpu_hour", "rent_scale_search"),
    ("_per_rack_year", "_per_year"),
    ("_per_rack", ""),
)
WORDS = (
    *(("Year-1 price", "Rent of year 1"), ("year-1 price", "rent of year 1")),
    *(("; decline or a price path scale with it", ""), ("the rack", "the building")),
    *(("the economic life", "the term"), ("economic life", "term"), ("the life", "the term")),
    *(("operating year", "year"), ("Ebitda", "Net operating income")),
    ("ebitda", "net operating income"),
)
RENT = {  # why there is no breakeven
    "nothing_let": "no space is let",
    "not_needed": "none needed: the target is met without it",
    "not_enough": "none: no value meets the target",
}


def leased(name: str) -> str:
    """The lease's name for a quantity of the rack."""
    for old, new in NAMES:
        name = name.replace(old, new)
    return name


BREAKEVEN = "breakeven_rent_usd_per_year"
AT_TARGET = {"wacc_per_year": "target_irr_per_year"}
RESIDUAL = {
    BREAKEVEN: "residual_for_return_usd",
    "npv_usd": "target_npv_usd",
    "rent_usd_per_year": "residual_usd",
    "rent_scale_search": "residual_scale_search",
}
FORMULAS = (
    *map(
        node,
        (
            *(collected_rent_usd_per_year, noi_usd_per_year, yield_on_cost_fraction),
            *(rent_years_by_period, rent_usd_by_period, noi_usd_by_period, rent_usd_by_year),
            *(
                operating_cost_usd_by_year,
                noi_usd_by_year,
                rent_scale_search,
                residual_scale_search,
            ),
        ),
    ),
    renamed(
        discounting.cost_of_equity_per_year,
        {"cost_of_equity_per_year": "target_irr_per_year"},
        "The WACC where no target is stated.",
    ),
)


def choices(record: LeaseScenario, _: Mapping[str, Any]) -> dict[str, str]:
    """Which formulas a lease picks."""
    return {"model": "lease", **finance_choices(record.finance)}


def variants() -> Iterator[Mapping[str, str]]:
    """Each of a lease's choices once; it has no GPU-hours that depreciation could go by."""
    for chosen in assembly.variants(choices(LeaseScenario(), {})):
        if "by_use" not in chosen.values():
            yield chosen


def graph(choices: Mapping[str, str]) -> Graph:
    """The model's graph for a scenario's choices: its own formulas, and what of a rack's finance
    they and its fields give.
    """
    own = Graph.of(FORMULAS)
    let = own.replaced(_of_rack(assembly.graph(choices), own))
    asked = let.replaced(_at_target(let))
    return asked.replaced([_residual_for_return(asked)])


def _of_rack(rack: Graph, own: Graph) -> tuple[Node, ...]:
    """The rack's quantities that can be computed for a lease, under its names."""
    stated = {field for records in TABLES.values() for one in records for field in _fields(one)}
    known = {*stated, *CONSTANTS, *CALENDAR, "xp", *own.nodes}
    defined = {*own.nodes, *_fields(Lease)}
    found = list[str]()
    while added := [
        name
        for name, one in rack.nodes.items()
        if leased(name) not in defined and _is_known(one, known)
    ]:
        found += added
        for names in (known, defined):
            names.update(map(leased, added))
    wires = {name: leased(name) for one in rack.nodes.values() for name in _names(one)}
    return tuple(map(_in_rent, instance(rack, found, leased, wires, _in_words)))


def _fields(record: type[Struct]) -> tuple[str, ...]:
    return record.__struct_fields__


def _names(one: Node) -> Iterator[str]:
    """All names that a quantity speaks of."""
    yield from one.needs
    for asked in one.probes.values():
        yield from (asked.target, *asked.unknowns, *asked.held)


def _is_known(one: Node, known: set[str]) -> bool:
    return all(leased(name) in known for name in _names(one) if name not in one.probes)


def _in_words(doc: str) -> str:
    for old, new in WORDS:
        doc = doc.replace(old, new)
    return doc


def _in_rent(one: Node) -> Node:
    """A breakeven of the lease says in its own words why there is none; a price's sides stay."""
    if not one.name.endswith(BREAKEVEN):
        return one
    return replace(one, statuses=("ok", *RENT), words=RENT)


def _at_target(let: Graph) -> tuple[Node, ...]:
    """What the building is worth at the return that its residual is asked for."""
    return instance(
        let,
        between(let, ["npv_usd"], AT_TARGET),
        lambda name: f"target_{name}",
        AT_TARGET,
        lambda doc: doc.replace("at the WACC", "at the target return"),
    )


def _residual_for_return(asked: Graph) -> Node:
    doc = "Residual at which the building earns the target return, after tax."
    return renamed(asked.nodes[BREAKEVEN], RESIDUAL, doc)


def check(record: LeaseScenario) -> None:
    """What no single field of a lease can tell. Errors: Problem."""
    check_finance(record.finance)
    for name in ("book_depreciation", "tax_depreciation"):
        if kind_of(method := getattr(record.finance, name)) == "by_use":
            raise Problem(
                f"finance.{name}",
                method,
                "a method that does not go by use, because a lease has no GPU-hours",
            )
