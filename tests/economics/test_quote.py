"""One scenario's answers: the reference figures to every digit printed."""

import tomllib
from importlib.resources import files

import pytest
from racks import asked, changed, reference, small, status, value, values

from economics import Problem, quote
from economics.models.rack import TARGETS as DEFAULT_TARGETS

# figures of 16 and 17 digits hold to a few units of the last bit: the order of sums is free
ULPS = 1e-15
TAX = {"tax_rate": 0.21}
MACRS = {
    **TAX,
    "tax_depreciation": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    "basis_at_disposal": "lost",
}
DEBT = {**MACRS, "debt_fraction": 0.6, "debt_rate_per_year": 0.11}
FALLING = {
    "finance": DEBT,
    "revenue": {"price_decline_per_year": 0.2},
    "operations": {"opex_escalation_per_year": 0.025},
    "power": {"electricity_escalation_per_year": 0.025},
}


def from_file(**changes):
    """The reference project as it is shipped."""
    return changed(
        tomllib.loads(
            (files("configs") / "scenarios" / "reference-project.toml").read_text("utf-8")
        ),
        **changes,
    )


@pytest.mark.parametrize("project", [reference, from_file])
@pytest.mark.parametrize(
    ("changes", "prefix", "npv", "irr", "price"),
    [
        ({}, "", 964_535.658394, 0.19049001362651782, 2.9236924765777466),
        ({"finance": TAX}, "", 558_835.347392, 0.15330364360547238, 3.0773384141794877),
        ({"finance": MACRS}, "", 544_210.414917, 0.15289648344155582, 3.0883996277930668),
        ({"finance": DEBT}, "equity_", 624_930.569755, 0.2513498321572371, 3.027348892883815),
        (FALLING, "equity_", -794_143.806151, None, 4.357537245578793),
    ],
)
def test_reference_project(project, changes, prefix, npv, irr, price):
    tables = project(**changes)
    assert round(value(tables, f"{prefix}npv_usd_per_rack"), 6) == npv
    assert value(tables, f"{prefix}irr_per_year") == (
        None if irr is None else pytest.approx(irr, rel=4 * ULPS)
    )
    assert value(tables, f"{prefix}breakeven_price_usd_per_gpu_hour") == pytest.approx(
        price, rel=ULPS
    )


def test_reference_project_breakeven_utilisation():
    assert round(value(reference(), "breakeven_utilisation"), 10) == 0.5847384953


@pytest.mark.parametrize(
    ("changes", "cover"), [({"finance": DEBT}, 2.0167770845909603), (FALLING, 0.5741676042617582)]
)
def test_reference_project_least_cover(changes, cover):
    assert value(reference(**changes), "min_dscr") == pytest.approx(cover, rel=ULPS)


def test_a_project_that_never_pays_has_no_irr():
    """Price -20 % a year: no rate makes the equity worth 0."""
    answers = asked(reference(**FALLING), "equity_irr_per_year", "equity_root_count")
    assert answers["equity_irr_per_year"].value is None
    assert answers["equity_irr_per_year"].status == "no_root"
    assert answers["equity_root_count"].value == 0.0


FOUR_H100 = {
    "hardware": {
        "gpu_per_rack": 4,
        "gpu_price_usd_per_gpu": 27_500,
        "server_price_usd_per_rack": 10_414,
        "it_load_kw_per_rack": 2.1,
        "economic_life_years": 5,
    },
    "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 194.95, "pue": 1.52},
    "power": {"electricity_price_usd_per_kwh": 0.2575},
    "finance": {"wacc_per_year": 0.0},
    "revenue": {"rental_price_usd_per_gpu_hour": 3.29, "utilisation": 0.8},
}


@pytest.mark.parametrize(("price", "breakeven", "digits"), [(3.29, 0.313977, 6), (1.99, 0.5191, 4)])
@pytest.mark.parametrize(
    "target",
    ["accounting_breakeven_utilisation", "breakeven_utilisation", "equity_breakeven_utilisation"],
)
def test_four_h100(price, breakeven, digits, target):
    """Without discounting, tax and debt the three lines of capital are one."""
    tables = changed(FOUR_H100, revenue={"rental_price_usd_per_gpu_hour": price})
    assert round(value(tables, "cost_usd_per_rack_year"), 2) == 36_195.73
    assert round(value(tables, target), digits) == breakeven


def test_an_answer_says_its_unit_and_what_it_is():
    answer = asked(reference(), "lcoc_usd_per_gpu_hour")["lcoc_usd_per_gpu_hour"]
    assert (answer.unit, answer.status) == ("usd/(gpu hour)", "ok")
    assert answer.description.startswith(
        "Levelised cost of compute: present value of all costs over that of sold GPU-hours."
    )


def test_a_field_can_be_asked_for():
    assert value(reference(), "pue") == 1.25


def test_a_quote_repeats_the_scenario_with_its_defaults():
    said = quote(reference())
    assert set(said.quantities) == set(DEFAULT_TARGETS)
    finance = said.scenario.finance
    assert (finance.cost_of_equity_per_year, finance.debt_fraction, finance.debt_tenor_years) == (
        0.10,
        0.0,
        5.0,
    )
    assert (
        said.conventions.periods_per_year,
        said.conventions.timing,
        said.conventions.hour_per_year,
    ) == (1, "end", 8760.0)
    assert said.notices == ()
    assert quote(said.scenario).quantities == said.quantities


def test_sculpted_debt_is_capped_at_the_capital_unless_stated():
    sculpted = reference(
        finance={"amortisation": "sculpted", "target_dscr": 1.3, "debt_rate_per_year": 0.1}
    )
    assert quote(sculpted, ["npv_usd_per_rack"]).scenario.finance.debt_fraction == 1.0


def test_debt_without_a_cost_of_equity_is_noticed():
    (notice,) = quote(
        reference(finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1}), ["llcr"]
    ).notices
    assert "cost_of_equity_per_year is not stated" in notice


def test_fields_behind_a_given_quantity_are_noticed():
    said = quote(
        reference(given={"it_capex_usd_per_rack": 3e6}),
        ["it_capex_usd_per_rack", "cost_usd_per_rack_year"],
    )
    assert said.quantities["it_capex_usd_per_rack"].value == 3e6
    assert said.notices == ()  # the server's price still says what the residual is
    said = quote(reference(given={"equipment_price_usd_per_rack": 3e6}), ["cost_usd_per_rack_year"])
    assert said.notices == (
        "hardware.server_price_usd_per_rack is ignored: equipment_price_usd_per_rack is given",
    )


def test_all_fields_that_given_quantities_set_aside_are_one_notice():
    given = {"electricity_cost_usd_per_rack_year": 1e5, "equipment_price_usd_per_rack": 3e6}
    (said,) = quote(reference(given=given), ["cost_usd_per_rack_year"]).notices
    idle, cause = said.split(" are ignored: ")
    assert cause == f"{', '.join(given)} are given"
    assert {"hardware.server_price_usd_per_rack", "power.electricity_price_usd_per_kwh"} <= {
        *idle.split(", ")
    }


def test_targets_are_a_list():
    with pytest.raises(Problem, match="targets = 'llcr': expected a list of names"):
        quote(reference(), "llcr")


def test_an_inner_series_is_no_answer():
    with pytest.raises(Problem, match="did you mean revenue_usd_per_rack_by_year"):
        quote(reference(), ["revenue_usd_per_rack_by_period"])


@pytest.mark.parametrize(
    ("changes", "target", "expected"),
    [
        ({"revenue": {"rental_price_usd_per_gpu_hour": 1.0}}, "breakeven_utilisation", "above_one"),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 1.0}}, "headroom_fraction", "above_one"),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "breakeven_utilisation", "no_margin"),
        (
            {"revenue": {"rental_price_usd_per_gpu_hour": 0.0}},
            "cash_breakeven_utilisation",
            "no_margin",
        ),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "margin_fraction", "no_price"),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "payback_years", "never"),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "irr_per_year", "no_sign_change"),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "mirr_per_year", "ok"),
        ({"revenue": {"utilisation": 0.0}}, "cost_usd_per_gpu_hour", "nothing_sold"),
        ({"revenue": {"utilisation": 0.0}}, "lcoc_usd_per_gpu_hour", "nothing_sold"),
        ({"revenue": {"utilisation": 0.0}}, "margin_fraction", "nothing_sold"),
        ({"revenue": {"utilisation": 0.0}}, "breakeven_price_usd_per_gpu_hour", "nothing_sold"),
        (
            {"hardware": {"availability": 0.0}},
            "cost_usd_per_available_gpu_hour",
            "nothing_available",
        ),
        ({}, "min_dscr", "no_debt"),
        ({}, "mean_dscr", "no_debt"),
        ({}, "llcr", "no_debt"),
        ({}, "retirement_age_years", "not_within_life"),
        ({}, "breakeven_utilisation", "ok"),
        ({"operations": {"other_cost_usd_per_rack_year": 3e6}}, "payback_years", "never"),
        (
            {"operations": {"other_cost_usd_per_rack_year": 3e6}},
            "discounted_payback_years",
            "never",
        ),
        (
            {"finance": {"debt_fraction": 1.0, "debt_rate_per_year": 0.0}},
            "equity_moic",
            "no_outlay",
        ),
    ],
)
def test_a_value_that_is_not_there_says_why(changes, target, expected):
    answer = asked(reference(**changes), target)[target]
    assert answer.status == expected
    assert (answer.value is None) == (expected != "ok")


@pytest.mark.parametrize("losses", ["refund", "carry_forward"])
@pytest.mark.parametrize(
    ("changes", "target", "expected"),
    [
        (
            {"hardware": {"residual_fraction": 1.0}, "finance": {"wacc_per_year": -0.1}},
            "breakeven_utilisation",
            "below_zero",
        ),
        (
            {"hardware": {"residual_fraction": 1.0}, "finance": {"wacc_per_year": -0.1}},
            "breakeven_price_usd_per_gpu_hour",
            "below_zero",
        ),
        (
            {"revenue": {"rental_price_usd_per_gpu_hour": 1e-4}},
            "breakeven_utilisation",
            "above_one",
        ),
        ({"revenue": {"rental_price_usd_per_gpu_hour": 0.0}}, "breakeven_utilisation", "no_margin"),
        ({"revenue": {"utilisation": 0.0}}, "breakeven_price_usd_per_gpu_hour", "nothing_sold"),
    ],
)
def test_breakevens_say_why_they_are_not_there(losses, changes, target, expected):
    assert (
        status(
            changed(small(**changes), finance={"loss_treatment": losses, "tax_rate": 0.2}), target
        )
        == expected
    )


def test_several_roots_are_no_irr():
    """-100, 230, -132: worth 0 at 10 % and at 20 %."""
    path = {
        "rental_price_usd_per_gpu_hour": None,
        "price_path_usd_per_gpu_hour": [1000 / 8760, 638 / 8760],
    }
    tables = small(
        hardware={"economic_life_years": 2},
        operations={"other_cost_usd_per_rack_year": 770},
        revenue=path,
    )
    assert values(tables, "project_flow_usd_per_rack_by_year") == pytest.approx(
        (-100, 230, -132), rel=1e-12
    )
    assert status(tables, "irr_per_year") == "several_roots"
    assert value(tables, "root_count") == 2.0


@pytest.mark.parametrize(("year", "expected"), [(0, 4e6), (1, 3.2e6), (5, 0.0)])
def test_one_year_of_a_quantity_by_year(year, expected):
    assert value(reference(), f"book_value_usd_per_rack[{year}]") == pytest.approx(
        expected, abs=1e-6
    )


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("book_value_usd_per_rack[6]", "a year up to 5"),
        ("ebitda_usd_per_rack_by_year[0]", "a year from 1"),
        ("ebitda_usd_per_rack_by_year[6]", "a year up to 5"),
        ("npv_usd_per_rack[1]", "a known quantity by year"),
        ("book_valu_usd_per_rack[1]", "did you mean book_value_usd_per_rack"),
    ],
)
def test_a_year_that_is_not_there(target, expected):
    with pytest.raises(Problem) as caught:
        value(reference(), target)
    assert caught.value.where == "targets"
    assert caught.value.value == target
    assert expected in caught.value.expected


def test_an_empty_list_of_targets_answers_nothing():
    assert quote(reference(), []).quantities == {}


@pytest.mark.parametrize(
    ("given", "where", "expected"),
    [
        (
            {"cost_of_equity_per_year": 0.2},
            "given.cost_of_equity_per_year",
            "finance.cost_of_equity_per_year",
        ),
        ({"it_capex_usd_per_rack": -5.0}, "given.it_capex_usd_per_rack", "at least 0"),
        ({"life_period": 3}, "given.life_period", "quantity of one number"),
        ({"debt_usd_per_rack": 1e6}, "finance.debt_rate_per_year", "given.debt_usd_per_rack"),
        ({"hour_per_year": 8766}, "given.hour_per_year", "quantity of one number"),
    ],
)
def test_what_cannot_be_given(given, where, expected):
    with pytest.raises(Problem) as caught:
        quote(reference(given=given), ["equity_npv_usd_per_rack"])
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_targets_that_a_given_quantity_does_not_reach_are_noticed():
    why = "computed from what stands behind it"
    said = quote(
        reference(given={"operating_expense_usd_per_rack_year": 1e6}),
        ["cost_usd_per_rack_year", "npv_usd_per_rack"],
    )
    assert (
        f"given.operating_expense_usd_per_rack_year does not reach npv_usd_per_rack: {why}"
        in said.notices
    )
    said = quote(
        reference(given={"facility_cost_usd_per_rack_year": 1e6}), ["cost_usd_per_rack_year"]
    )
    assert said.notices == (
        f"given.facility_cost_usd_per_rack_year does not reach cost_usd_per_rack_year: {why}",
    )


def test_a_depreciation_method_that_is_set_aside_is_noticed():
    method = {"method": "straight_line", "life_years": 6}
    tables = reference(
        finance={"book_depreciation": method}, given={"book_write_off_usd_per_rack": 0.0}
    )
    (said,) = quote(tables, ["book_write_off_usd_per_rack"]).notices
    assert said.startswith("finance.book_depreciation, hardware.economic_life_years, ")
    assert said.endswith(" are ignored: book_write_off_usd_per_rack is given")
