"""Units as a carrier: what may be added, multiplied, compounded."""

import pytest
from units import UnitCalendar, checked

from economics.formulas.depreciation import (
    Bonus,
    Custom,
    DecliningBalance,
    Macrs,
    StraightLine,
    SumOfYears,
    UnitsOfProduction,
)
from economics.models.assembly import CONSTANTS
from economics.models.registry import graph
from economics.scenario.fields import field_paths
from economics.vocabulary.unit_carrier import UNITS, Truth, Unit, check, parsed
from economics.vocabulary.units import STRUCTURE, UnitError
from kernels.language.flow import flow
from kernels.language.graph import Graph
from kernels.language.profile import Profile

USD, KW, YEARS, ONE = parsed("x_usd"), parsed("x_kw"), parsed("x_years"), Unit({})


PRICE, RATE = parsed("x_usd_per_gpu_hour"), parsed("wacc_per_year")


SCHEDULES = (
    StraightLine(YEARS, ONE),
    SumOfYears(YEARS, ONE),
    DecliningBalance(YEARS, ONE, True, ONE),
    DecliningBalance(YEARS, ONE, False, ONE),
    Macrs(5),
    Custom((0.5, 0.2)),
    Bonus(ONE, StraightLine(YEARS, ONE)),
)


BY_USE = (UnitsOfProduction(YEARS, ONE), Bonus(ONE, UnitsOfProduction(YEARS, ONE)))


METHODS = {"default": (None,), "method": SCHEDULES, "by_use": BY_USE}


CHOICES = {
    "facility": ("colocation", "owned", "orbital"),
    "timing": ("end", "mid"),
    "price": ("decline", "path"),
    "amortisation": ("level", "straight", "bullet", "sculpted"),
    "loss_treatment": ("refund", "carry_forward"),
    "basis_at_disposal": ("written_off", "lost"),
    "book_depreciation": tuple(METHODS),
    "tax_depreciation": tuple(METHODS),
}


STATED_OR_NOT = ("debt_tenor_years", "cost_of_equity_per_year")


def carriers(choices, book=None, tax=None):
    """What formulas take, as units: every field, the constants, the calendar and the depreciation
    methods.
    """
    given = {
        name: parsed(name)
        for name in (*field_paths(), *CONSTANTS)
        if name not in (*STRUCTURE, *STATED_OR_NOT)
    }
    given |= {"periods_per_year": parsed("period_per_year"), "calendar": UnitCalendar(4, 2, False)}
    given |= {"book_depreciation": book, "tax_depreciation": tax}
    if choices["price"] == "path":
        given["price_path_usd_per_gpu_hour"] = (PRICE, PRICE)
        del given["rental_price_usd_per_gpu_hour"], given["price_decline_per_year"]
    return given


PLAIN = {name: options[0] for name, options in CHOICES.items()}


def with_formula(name, formula):
    """The model with one formula replaced by a wrong one."""
    nodes = dict(graph(PLAIN).nodes)
    needs = formula.__code__.co_varnames[: formula.__code__.co_argcount]
    nodes[name] = type(nodes[name])(name, formula, needs)
    return Graph(nodes)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, residual_usd_per_rack: (
                it_load_kw_per_rack + residual_usd_per_rack
            ),
        ),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, wacc_per_year: it_load_kw_per_rack * (1.0 + wacc_per_year),
        ),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, wacc_per_year: it_load_kw_per_rack * wacc_per_year,
        ),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, hour_per_year: it_load_kw_per_rack * hour_per_year,
        ),
        ("facility_load_kw_per_rack", lambda it_load_kw_per_rack: it_load_kw_per_rack + 1.0),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, xp: xp.maximum(it_load_kw_per_rack, 1.0),
        ),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack, pue, xp: xp.where(pue > 1.0, it_load_kw_per_rack, pue),
        ),
        (
            "facility_load_kw_per_rack",
            lambda it_load_kw_per_rack: it_load_kw_per_rack if it_load_kw_per_rack > 0.0 else 0.0,
        ),
        (
            "load_factor",
            lambda xp, wacc_per_year, it_load_kw_per_rack: xp.compound(
                wacc_per_year, it_load_kw_per_rack
            ),
        ),
        ("load_factor", lambda xp, pue, economic_life_years: xp.compound(pue, economic_life_years)),
        ("cash_cost_usd_per_rack_year", lambda it_capex_usd_per_rack: it_capex_usd_per_rack),
        (
            "revenue_usd_per_rack_by_period",
            lambda it_capex_usd_per_rack, calendar: flow(it_capex_usd_per_rack, calendar.year),
        ),
    ],
)
def test_a_wrong_formula_is_refused(name, formula):
    """Among them kw + usd, and a rate in + and in *."""
    with pytest.raises(UnitError):
        checked(with_formula(name, formula), carriers(PLAIN))


def test_units_add_only_to_their_own():
    assert (USD + USD).powers == (USD - USD).powers == {"usd": 1}
    for wrong in (
        lambda: USD + KW,
        lambda: USD - 1.0,
        lambda: 1.0 + USD,
        lambda: USD < KW,
        lambda: USD == 2.0,
    ):
        with pytest.raises(UnitError):
            wrong()


def test_units_multiply():
    assert repr(USD / KW) == "kw^-1 usd^1"
    assert repr(USD / USD) == "1"
    assert repr(2.0 / YEARS) == "year^-1"
    assert repr(USD * 3.0) == repr(3.0 * USD) == "usd^1"


def test_nothing_goes_with_any_unit():
    assert (USD + 0.0).powers == (0.0 + USD).powers == USD.powers
    assert USD * 0.0 == 0.0
    assert isinstance(USD > 0.0, Truth)


def test_a_rate_is_only_compounded():
    for wrong in (
        lambda: RATE + 1.0,
        lambda: RATE + RATE,
        lambda: RATE * 2.0,
        lambda: USD * RATE,
        lambda: 1.0 - RATE,
    ):
        with pytest.raises(UnitError, match="may only be compounded"):
            wrong()
    assert UNITS.compound(RATE, YEARS).powers == UNITS.excess(-1.0 * RATE, 2.0).powers == {}


def test_no_branch_on_a_value():
    for wrong in (USD, USD > 0.0):
        with pytest.raises(UnitError, match=r"use xp\.where"):
            bool(wrong)


def test_a_series_is_checked_step_by_step():
    check("x_usd_by_year", Profile((USD, 0.0)))
    with pytest.raises(UnitError, match=r"gives kw\^1, its name says usd\^1"):
        check("x_usd_by_year", Profile((USD, KW)))


def test_nothing_over_a_unit_is_nothing():
    """The share of a cost that is 0 here: it has no unit that could be wrong."""
    assert 0.0 / USD == 0.0
    assert (1.0 / USD).powers == {"usd": -1}
