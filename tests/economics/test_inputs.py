"""What the model runs on: needed fields, fitting lives and tenors, given quantities."""

import numpy as np
import pytest
from racks import asked, reference, refused, small, value

from economics import Problem, quote, scenario
from economics.scenario.inputs import Inputs
from economics.vocabulary.problems import MissingProblem, UnknownProblem


@pytest.mark.parametrize(
    ("table", "field", "target"),
    [
        ("hardware", "gpu_per_rack", "cost_usd_per_gpu_hour"),
        ("hardware", "it_load_kw_per_rack", "cost_usd_per_rack_year"),
        ("hardware", "economic_life_years", "npv_usd_per_rack"),
        ("facility", "pue", "cost_usd_per_rack_year"),
        ("facility", "colocation_price_usd_per_kw_month", "cost_usd_per_rack_year"),
        ("power", "electricity_price_usd_per_kwh", "cost_usd_per_rack_year"),
        ("finance", "wacc_per_year", "npv_usd_per_rack"),
        ("revenue", "rental_price_usd_per_gpu_hour", "npv_usd_per_rack"),
        ("revenue", "utilisation", "npv_usd_per_rack"),
    ],
)
def test_a_field_that_a_target_needs_must_be_stated(table, field, target):
    problem = refused({table: {field: None}}, target)
    assert isinstance(problem, MissingProblem)
    assert problem.where == f"{table}.{field}"
    assert problem.value is None
    assert problem.expected == f"a value, needed by {target}"


def test_all_missing_fields_are_named_at_once_for_what_was_asked():
    targets = ["cost_usd_per_rack_year", "npv_usd_per_rack", "it_capex_usd_per_rack"]
    with pytest.raises(MissingProblem) as caught:
        quote(reference(revenue={"utilisation": None}, finance={"wacc_per_year": None}), targets)
    fields, _, users = str(caught.value).partition(", needed by ")
    assert fields.startswith(f"required: {caught.value.where}, ")
    assert {"revenue.utilisation", "finance.wacc_per_year"} <= {
        *fields.removeprefix("required: ").split(", ")
    }
    assert users == "cost_usd_per_rack_year and 1 more"


def test_a_field_that_no_target_needs_may_be_missing():
    assert (
        value(
            reference(revenue={"utilisation": None, "rental_price_usd_per_gpu_hour": None}),
            "it_capex_usd_per_rack",
        )
        == 4e6
    )


@pytest.mark.parametrize(
    ("changes", "target", "where", "found", "expected"),
    [
        (
            {"hardware": {"economic_life_years": 4.5}},
            "npv_usd_per_rack",
            "hardware.economic_life_years",
            4.5,
            "whole periods of 1/1 year",
        ),
        (
            {"hardware": {"economic_life_years": 0.2}},
            "npv_usd_per_rack",
            "hardware.economic_life_years",
            0.2,
            "whole periods of 1/1 year",
        ),
        (
            {"finance": {"debt_tenor_years": 2.5}},
            "equity_npv_usd_per_rack",
            "finance.debt_tenor_years",
            2.5,
            "whole periods of 1/1 year",
        ),
        (
            {"finance": {"debt_tenor_years": 7}},
            "equity_npv_usd_per_rack",
            "finance.debt_tenor_years",
            7.0,
            "economic life (from 5 years)",
        ),
        (
            {"hardware": {"economic_life_years": 4.5}, "finance": {"periods_per_year": 12}},
            "book_value_usd_per_rack",
            "hardware.economic_life_years",
            4.5,
            "whole years, needed by ",
        ),
        (
            {"hardware": {"economic_life_years": 4.51}, "finance": {"periods_per_year": 12}},
            "npv_usd_per_rack",
            "hardware.economic_life_years",
            4.51,
            "finance.periods_per_year = 12",
        ),
    ],
)
def test_a_life_or_tenor_that_does_not_fit(changes, target, where, found, expected):
    problem = refused(changes, target)
    assert (problem.where, problem.value) == (where, found)
    assert expected in problem.expected


def test_section_4_takes_any_life():
    tables = reference(hardware={"economic_life_years": 4.51})
    assert value(tables, "cost_usd_per_rack_year") > value(reference(), "cost_usd_per_rack_year")


def test_a_tenor_matters_only_where_debt_is_asked():
    assert value(reference(finance={"debt_tenor_years": 7}), "npv_usd_per_rack") == value(
        reference(), "npv_usd_per_rack"
    )


@pytest.mark.parametrize("target", ["it_capex_usd_per_rack", "pue"])
def test_something_must_be_bought(target):
    problem = refused({"hardware": {"server_price_usd_per_rack": 0}}, target)
    assert problem.where == "hardware.gpu_price_usd_per_gpu"
    assert problem.value == 0.0
    assert "hardware.server_price_usd_per_rack" in problem.expected


@pytest.mark.parametrize("given", ["it_capex_usd_per_rack", "equipment_price_usd_per_rack"])
def test_a_given_price_is_bought(given):
    tables = reference(hardware={"server_price_usd_per_rack": 0}, given={given: 4e6})
    assert value(tables, "npv_usd_per_rack") == pytest.approx(
        value(reference(), "npv_usd_per_rack"), rel=1e-12
    )


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("it_capex_usd_per_rak", "did you mean it_capex_usd_per_rack"),
        ("ebitda_usd_per_rack_by_year", ""),
        ("revenue_usd_per_rack_by_period", ""),
        ("irr_search", ""),
        ("nonsense", ""),
    ],
)
def test_only_a_quantity_of_one_number_can_be_given(given, near):
    problem = refused({"given": {given: 1.0}}, "npv_usd_per_rack")
    assert isinstance(problem, UnknownProblem)
    assert problem.where == f"given.{given}"
    assert near in problem.expected


def test_given_debt_is_held():
    loan = {"debt_fraction": 0.5, "debt_rate_per_year": 0.1}
    tables = reference(finance=loan, given={"debt_usd_per_rack": 1e6})
    answers = asked(tables, "equity_outlay_usd_per_rack", "principal_usd_per_rack_by_year")
    assert answers["equity_outlay_usd_per_rack"].value == 3e6
    assert sum(answers["principal_usd_per_rack_by_year"].values) == pytest.approx(1e6, rel=1e-12)


def test_a_given_quantity_that_is_swept_counts_as_given():
    one = scenario(reference(hardware={"server_price_usd_per_rack": 0}))
    inputs = Inputs.of(one, {"given.it_capex_usd_per_rack": 4e6})
    assert inputs.values["it_capex_usd_per_rack"] == 4e6
    assert inputs.computed == ("it_capex_usd_per_rack",)
    with pytest.raises(Problem, match=r"given.it_capex_usd_per_rack = -1.0: .*at least 0"):
        Inputs.of(one, {"given.it_capex_usd_per_rack": np.array([1.0, -1.0])})
    with pytest.raises(Problem, match=r"there is debt .given.debt_usd_per_rack."):
        Inputs.of(scenario(reference()), {"given.debt_usd_per_rack": np.array([0.0, 1e6])})


def test_a_field_of_another_facility_is_unknown():
    problem = refused({"given": {"satellite_capex_usd_per_kw": 1.0}}, "npv_usd_per_rack")
    assert problem.where == "given.satellite_capex_usd_per_kw"


def test_choices_follow_the_tables():
    tables = small(finance={"tax_depreciation": {"method": "units_of_production", "life_years": 4}})
    choices = Inputs.of(scenario(tables)).choices
    assert choices["tax_depreciation"] == "by_use"
    assert choices["book_depreciation"] == "default"
    assert (choices["facility"], choices["price"], choices["timing"]) == (
        "colocation",
        "decline",
        "end",
    )


def test_a_very_long_life_by_the_month_is_refused():
    assert quote(
        reference(hardware={"economic_life_years": 100}, finance={"periods_per_year": 12}),
        ["npv_usd_per_rack"],
    )
    assert (
        refused({"hardware": {"economic_life_years": 100.5}}, "npv_usd_per_rack").where
        == "hardware.economic_life_years"
    )


def test_a_price_path_states_every_price():
    """Year 1 stated beside a path is set aside and said so; a decline beside it is refused by the
    scenario.
    """
    path = {"price_path_usd_per_gpu_hour": [3.0, 2.0]}
    said = quote(
        reference(revenue=path), ["rental_price_usd_per_gpu_hour", "revenue_usd_per_rack_by_year"]
    )
    assert said.quantities["rental_price_usd_per_gpu_hour"].value == 3.0
    assert said.quantities["revenue_usd_per_rack_by_year"].values == pytest.approx(
        [72 * 8760 * 0.7 * p for p in (3, 2, 2, 2, 2)]
    )
    assert "rental_price_usd_per_gpu_hour is ignored" in said.notices[0]
