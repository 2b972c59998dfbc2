"""Names and units: every name of the model says its unit, and every formula has the unit that its
name says.
"""

from itertools import product

import pytest
from laws import sample
from units import UnitCalendar, checked

from economics.extensions.contract.names import TRANCHE, tranche_name
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
from economics.vocabulary.unit_carrier import Unit, parsed
from economics.vocabulary.units import STRUCTURE, UnitError, percent_meant, unit_text, value_text
from kernels.language.flow import flow
from kernels.language.graph import Graph

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
    "reading": ("some", "none"),
    "load": ("by_use", "full"),
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


def combinations(*names):
    return [
        dict(zip(names, chosen, strict=True))
        for chosen in product(*(CHOICES[name] for name in names))
    ]


GRAPHS = product(*(CHOICES[name] for name in ("amortisation", "timing", "facility")))


@pytest.mark.parametrize(("amortisation", "timing", "facility"), sample(GRAPHS, 7))
def test_every_formula_has_the_unit_of_its_name(amortisation, timing, facility):
    """All choices of a graph with all others: each formula stands in several of them."""
    for others in combinations(
        "price", "loss_treatment", "basis_at_disposal", "book_depreciation", "tax_depreciation"
    ):
        own = {"facility": facility, "timing": timing, "amortisation": amortisation}
        choices = {**PLAIN, **own, **others}
        book, tax = METHODS[others["book_depreciation"]][0], METHODS[others["tax_depreciation"]][0]
        assert checked(graph(choices), carriers(choices, book, tax)) > 100


PLAIN = {name: options[0] for name, options in CHOICES.items()}


@pytest.mark.parametrize("method", [*SCHEDULES, *BY_USE], ids=lambda method: type(method).__name__)
@pytest.mark.parametrize("kind", ["book", "tax"])
def test_every_depreciation_method_gives_fractions(method, kind):
    name = f"{kind}_depreciation"
    choices = {**PLAIN, name: "by_use" if method in BY_USE else "method"}
    given = {**carriers(choices), name: method}
    assert checked(graph(choices), given) > 100


@pytest.mark.parametrize(("count", "stated"), sample(product((1, 2), (True, False)), 3))
def test_every_formula_of_contracts_has_the_unit_of_its_name(count, stated):
    """Each tranche has fields of its own; a term and a use have formulas where they are not
    stated.
    """
    fields = [
        name for name in TRANCHE if stated or name not in ("contract_term_years", "use_fraction")
    ]
    for others in combinations("timing", "price", "loss_treatment", "amortisation"):
        choices = {**PLAIN, **others, "revenue": "contract", "tranches": str(count)}
        given = {name: unit for name, unit in carriers(choices).items() if name not in TRANCHE}
        given |= {
            tranche_name(name, at, count): parsed(name) for name in fields for at in range(count)
        }
        assert checked(graph(choices), given) > 150


@pytest.mark.parametrize(
    ("delay", "revenue"), sample(product(("free", "rented"), ("rental", "contract")), 3)
)
def test_every_formula_of_a_delay_has_the_unit_of_its_name(delay, revenue):
    for others in combinations("timing", "loss_treatment", "amortisation"):
        choices = {
            **PLAIN,
            **others,
            "delay": delay,
            **({"revenue": revenue, "tranches": "1"} if revenue == "contract" else {}),
        }
        given = {**carriers(choices), **{name: parsed(name) for name in TRANCHE}}
        assert checked(graph(choices), given) > 130


@pytest.mark.parametrize(
    ("own", "revenue"),
    sample(product(("network", "server+network+storage"), ("rental", "contract")), 3),
)
def test_every_formula_of_gear_has_the_unit_of_its_name(own, revenue):
    """With and without contracts and a delay, all of which change what a life of its own
    changes.
    """
    for others in combinations(
        "timing", "basis_at_disposal", "book_depreciation", "tax_depreciation"
    ):
        method = METHODS[others["book_depreciation"]][0], METHODS[others["tax_depreciation"]][0]
        if revenue == "contract" and "by_use" in others.values():
            continue
        sold = (
            {"revenue": "contract", "tranches": "1", "delay": "rented"}
            if revenue == "contract"
            else {}
        )
        choices = {**PLAIN, **others, **sold, "components": own}
        given = {**carriers(choices, *method), **{name: parsed(name) for name in TRANCHE}}
        assert checked(graph(choices), given) > 130


def with_formula(name, formula):
    """The model with one formula replaced by a wrong one."""
    nodes = dict(graph(PLAIN).nodes)
    needs = formula.__code__.co_varnames[: formula.__code__.co_argcount]
    nodes[name] = type(nodes[name])(name, formula, needs)
    return Graph(nodes)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lcoc_usd_per_gpu_hour", "usd/(gpu hour)"),
        ("cost_usd_per_available_gpu_hour", "usd/(gpu hour)"),
        ("cost_usd_per_rack_year", "usd/(rack year)"),
        ("it_energy_kwh_per_rack_year", "kwh/(rack year)"),
        ("npv_usd_per_rack", "usd/rack"),
        ("book_value_usd_per_rack[3]", "usd/rack"),
        ("ebitda_usd_per_rack_by_year", "usd/rack"),
        ("sold_gpu_hour_per_rack_year", "gpu hour/(rack year)"),
        ("gpu_per_rack", "gpu/rack"),
        ("payback_years", "years"),
        ("irr_per_year", "1/year"),
        ("maintenance_fraction_per_year", "1/year"),
        ("pue", "1"),
        ("breakeven_utilisation", "1"),
        ("price_usd_per_mtok", "usd/mtok"),
    ],
)
def test_a_name_says_its_unit(name, text):
    assert unit_text(name) == text


@pytest.mark.parametrize("name", ["speed", "cost_usd_per_smile", "wage_per_hour", "", "lcoc"])
def test_a_name_without_a_unit_is_refused(name):
    with pytest.raises(UnitError):
        parsed(name)


def test_a_kilowatt_hour_is_a_kilowatt_for_an_hour():
    assert parsed("x_kwh").powers == (KW * parsed("x_hour")).powers


@pytest.mark.parametrize(
    "name",
    ["wacc_per_year", "debt_rate_per_year", "electricity_escalation_per_year", "mirr_per_year"],
)
def test_a_yearly_rate_is_marked(name):
    assert parsed(name).rate


@pytest.mark.parametrize(
    "name",
    [
        "maintenance_fraction_per_year",
        "capital_recovery_factor_per_year",
        "hour_per_year",
        "tax_rate",
    ],
)
def test_a_share_of_a_year_is_no_rate(name):
    assert not parsed(name).rate


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


@pytest.mark.parametrize("name", ["irr_per_year", "breakeven_utilisation", "tranches[1].lgd"])
def test_a_level_was_likely_meant_in_percent(name):
    (said,) = percent_meant(name, 15.0)
    assert said == f'{name} is compared with 15, which is 1,500 %; did you mean 0.15 or "15%"?'
    assert percent_meant(name, 0.15) == percent_meant(name, 1.2) == percent_meant(name, 250.0) == ()


@pytest.mark.parametrize("name", ["moic", "min_dscr", "payback_years", "price_to_cost_factor"])
def test_a_level_of_what_is_not_in_percent_is_as_it_is(name):
    assert percent_meant(name, 15.0) == ()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("utilisation", 0.9446, "94.46 %"),
        ("irr_per_year", -0.07, "-7 %"),
        ("npv_usd_per_rack", 1234567.0, "1.23457e+06"),
        ("min_dscr", 1.2, "1.2"),
        ("any words", 0.5, "0.5"),
    ],
)
def test_numbers_in_sentences_are_in_percent_where_they_are_read_so(name, value, text):
    assert value_text(name, value) == text
