"""A building let for a term: rent, its yield, and the debt, tax and returns of a rack on other
names.
"""

from dataclasses import replace
from typing import Annotated as A
from typing import Any

from msgspec import Struct

from economics.formulas import breakeven, cashflow, debt, returns, schedules, value
from economics.formulas import discounting as finance
from economics.formulas.cost import over
from economics.formulas.depreciation import kind_of
from economics.models.rack import check_finance, finance_choices
from economics.records.installation import Finance
from economics.vocabulary.bounds import Amount, Fraction, Rate, Years
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import Problem
from economics.vocabulary.statuses import no_outlay
from kernels.language.flow import flow
from kernels.language.node import Formula, Node, by_year, inner, node, renamed


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

    lease: Lease = Lease()
    finance: Finance = Finance()


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
def rent_usd_by_year(rent_usd_by_period, calendar):
    """Rent collected in each year of the term."""
    return rent_usd_by_period.grouped(calendar.periods_per_year)


@by_year(1)
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


OWN: tuple[Formula, ...] = (
    *(
        collected_rent_usd_per_year,
        noi_usd_per_year,
        yield_on_cost_fraction,
        rent_years_by_period,
        rent_usd_by_period,
    ),
    *(
        noi_usd_by_period,
        rent_usd_by_year,
        noi_usd_by_year,
        rent_scale_search,
        residual_scale_search,
    ),
)
REUSED: tuple[Any, ...] = (  # of the rack: time, debt, tax, depreciation, returns, breakeven
    *(
        schedules.life_period,
        schedules.operating_years_by_period,
        schedules.end_factor_by_period,
        schedules.year_end_factor_by_period,
    ),
    *(finance.flow_lead_years, finance.mid_flow_lead_years, finance.cost_of_equity_per_year),
    *(
        finance.discount_factor_by_period,
        finance.end_discount_factor_by_period,
        finance.residual_discount_factor,
    ),
    *(
        debt.debt_tenor_years,
        debt.loan_rate_factor,
        debt.due_factor_by_period,
        debt.loan_discount_factor_by_period,
    ),
    *(
        debt.principal_factor_by_period,
        debt.straight_principal_factor_by_period,
        debt.bullet_principal_factor_by_period,
    ),
    *(
        debt.interest_factor_by_period,
        debt.debt_usd_per_rack,
        debt.principal_usd_per_rack_by_period,
    ),
    *(
        debt.interest_usd_per_rack_by_period,
        debt.sculpted_service_usd_per_rack_by_period,
        debt.sculpted_debt_usd_per_rack,
    ),
    *(
        debt.capped_debt_usd_per_rack,
        debt.debt_service_usd_per_rack_by_period,
        debt.sculpted_principal_usd_per_rack_by_period,
    ),
    *(
        debt.sculpted_interest_usd_per_rack_by_period,
        debt.interest_usd_per_rack_by_year,
        debt.principal_usd_per_rack_by_year,
    ),
    *(
        debt.debt_balance_usd_per_rack_by_year,
        debt.dscr_bounds_search,
        debt.min_dscr,
        debt.mean_dscr,
        debt.llcr,
    ),
    *(cashflow.disposal_gain_usd_per_rack, cashflow.lost_disposal_gain_usd_per_rack),
    *(
        cashflow.unlevered_taxable_income_usd_per_rack_by_year,
        cashflow.taxable_income_usd_per_rack_by_year,
    ),
    *(cashflow.tax_usd_per_rack_by_year, cashflow.carried_tax_usd_per_rack_by_year),
    *(cashflow.unlevered_tax, cashflow.unlevered_carried_tax),
    *(
        cashflow.operating_flow_usd_per_rack_by_period,
        cashflow.equity_operating_flow_usd_per_rack_by_period,
    ),
    cashflow.equity_outlay_usd_per_rack,
    *(value.book_depreciable_usd_per_rack, value.default_book_depreciable_usd_per_rack),
    *(value.book_depreciation_fraction_by_year, value.method_book_depreciation_fraction_by_year),
    *(
        value.book_depreciation_usd_per_rack_by_year,
        value.book_value_usd_per_rack,
        value.book_write_off_usd_per_rack,
    ),
    *(
        node(one)
        for one in value.FOR_TAX
        if "by_use" not in one.when.get("tax_depreciation", ())
        or len(one.when["tax_depreciation"]) > 1
    ),
    *(
        returns.npv_usd_per_rack,
        returns.project_flow_usd_per_rack_by_year,
        returns.dates_per_year,
        returns.mid_dates_per_year,
    ),
    *(returns.project_flow_usd_per_rack_by_date, returns.mid_project_flow_usd_per_rack_by_date),
    *(
        returns.discount_factor_by_date,
        returns.mid_discount_factor_by_date,
        returns.irr_search,
        returns.irr_per_year,
    ),
    *(returns.root_count, returns.gains_search, returns.moic, returns.mirr_per_year),
    *(returns.payback_years, returns.discounted_payback_years, *returns.FOR_EQUITY),
    *(
        breakeven.breakeven_price_usd_per_gpu_hour,
        breakeven.carried_breakeven_price_usd_per_gpu_hour,
    ),
    *(
        node(one)
        for one in breakeven.FOR_EQUITY
        if one.name == "equity_breakeven_price_usd_per_gpu_hour"
    ),
)
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
    *(("; decline or a price path scale with it", ""), ("the rack's", "the building's")),
    *(
        ("the economic life", "the term"),
        ("economic life", "term"),
        ("the life", "the term"),
        ("operating year", "year"),
    ),
    *(("Ebitda", "Net operating income"), ("ebitda", "net operating income")),
)


RENT = {  # why there is no breakeven
    "nothing_let": "nothing is let",
    "not_needed": "none is needed",
    "not_enough": "nothing makes up for the rest",
}


def leased(name: str) -> str:
    """The lease's name for a quantity of the rack."""
    for old, new in NAMES:
        name = name.replace(old, new)
    return name


def _leased(formula: Formula | Node) -> Node:
    """A formula of the rack for the lease."""
    one = node(formula)
    probed = [name for p in one.probes.values() for name in (p.target, p.unknown, *p.held)]
    doc = one.doc
    for old, new in WORDS:
        doc = doc.replace(old, new)
    made = renamed(one, {name: leased(name) for name in (one.name, *one.needs, *probed)}, doc)
    return (
        replace(made, statuses=("ok", *RENT))
        if made.name.endswith("breakeven_rent_usd_per_year")
        else made
    )


AT_TARGET = {
    "wacc_per_year": "target_irr_per_year",
    **{
        name: f"target_{name}"
        for name in ("discount_factor_by_period", "end_discount_factor_by_period")
    },
    "residual_discount_factor": "target_residual_discount_factor",
    "npv_usd": "target_npv_usd",
}
RESIDUAL = {
    "breakeven_rent_usd_per_year": "residual_for_return_usd",
    "npv_usd": "target_npv_usd",
    "rent_usd_per_year": "residual_usd",
    "rent_scale_search": "residual_scale_search",
}
SHARED = tuple(map(_leased, REUSED))
AT_TARGET_DOC = "Net present value at the target return, after tax."
FORMULAS: tuple[Node, ...] = (
    *map(node, OWN),
    *SHARED,
    renamed(
        finance.cost_of_equity_per_year,
        {"cost_of_equity_per_year": "target_irr_per_year"},
        "The WACC where no target is stated.",
    ),
    *(
        renamed(
            one,
            AT_TARGET,
            (
                f"{one.doc.replace(', at the WACC', '')} At the target return."
                if one.name != "npv_usd"
                else AT_TARGET_DOC
            ),
        )
        for one in SHARED
        if one.name in AT_TARGET
    ),
    *(
        renamed(one, RESIDUAL, "Residual at which the building earns the target return, after tax.")
        for one in SHARED
        if one.name == "breakeven_rent_usd_per_year"
    ),
)


def choices(record: LeaseScenario) -> dict[str, str]:
    """Which formulas a lease picks."""
    return {"model": "lease", **finance_choices(record.finance)}


def check(record: LeaseScenario) -> None:
    """What no single field of a lease can tell. Errors: Problem."""
    check_finance(record.finance)
    for name in ("book_depreciation", "tax_depreciation"):
        if kind_of(method := getattr(record.finance, name)) == "by_use":
            raise Problem(
                f"finance.{name}",
                method,
                "a method that does not go by use, for a lease has no GPU-hours",
            )
