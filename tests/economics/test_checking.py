"""Tables become records: percentages are read where numbers may stand, and all faults are told."""

from typing import get_type_hints

import numpy as np
import pytest
from racks import reference

from economics import Problem, quote, scenario, solve
from economics.models.registry import MODELS
from economics.scenario.checking import checked
from economics.scenario.fields import bounds, field_kinds, field_type, search_bounds
from economics.sweeps.axes import AnyAxis
from economics.vocabulary.bounds import Rate
from economics.vocabulary.problems import MOST_AT_ONCE

RATES = ("wacc_per_year", "cost_of_equity_per_year", "debt_rate_per_year")
ESCALATIONS = ("electricity_escalation_per_year", "opex_escalation_per_year")


def refused(tables):
    with pytest.raises(Problem) as caught:
        scenario(tables)
    return caught.value


@pytest.mark.parametrize("written", ["8%", {"value": "8 %", "source": "a bank", "as_of": "2026"}])
def test_a_percentage_is_a_number_like_any_other(written):
    found = scenario(reference(finance={"wacc_per_year": written}))
    assert found.scenario.finance.wacc_per_year == 0.08
    assert found.scenario == scenario(reference(finance={"wacc_per_year": 0.08})).scenario


def test_wherever_a_number_may_stand():
    method = {"method": "custom", "schedule": ["50%", "30%", 0.2]}
    found = scenario(
        {
            **reference(
                finance={"tax_depreciation": method},
                revenue={
                    "kind": "contract",
                    "tranches": [{"hours_fraction": "40%"}],
                    "price_path_usd_per_gpu_hour": [3, 2.0],
                },
            ),
            "given": {"load_factor": "90%"},
        }
    ).scenario
    assert found.finance.tax_depreciation.schedule == (0.5, 0.3, 0.2)
    assert found.revenue.tranches[0].hours_fraction == 0.4
    assert found.revenue.price_path_usd_per_gpu_hour == (3.0, 2.0)
    assert found.given == {"load_factor": 0.9}
    axis = {"kind": "values", "field": "wacc_per_year", "values": ["6%", "8%"]}
    assert checked(axis, AnyAxis, "axes[0]").values == (0.06, 0.08)


def test_numbers_of_numpy_are_numbers_like_any_other():
    tables = reference(
        finance={"wacc_per_year": np.float64(0.08)},
        hardware={"gpu_per_rack": np.int64(8)},
        revenue={"price_path_usd_per_gpu_hour": np.array([3.0, 2.0])},
    )
    found = scenario(tables).scenario
    assert (found.finance.wacc_per_year, found.hardware.gpu_per_rack) == (0.08, 8)
    assert found.revenue.price_path_usd_per_gpu_hour == (3.0, 2.0)
    axis = {"kind": "values", "field": "wacc_per_year", "values": np.array([0.06, 0.08])}
    assert checked(axis, AnyAxis, "axes[0]").values == (0.06, 0.08)
    with pytest.raises(Problem, match=r"finance.wacc_per_year = nan: expected a finite number"):
        scenario(reference(finance={"wacc_per_year": np.float32("nan")}))


def test_a_text_stays_a_text_and_a_count_takes_no_share():
    found = scenario({**reference(), "name": "8%", "note": "100%"}).scenario
    assert (found.name, found.note) == ("8%", "100%")
    said = refused(reference(hardware={"gpu_per_rack": "50%"}))
    assert str(said) == "hardware.gpu_per_rack = '50%': expected a whole number, or leave it out"


def test_a_percentage_has_the_source_of_its_file():
    tables = {**reference(finance={"tax_rate": "21%"}), "source": "a paper", "as_of": "2026"}
    assert scenario(tables).sources["finance.tax_rate"].source == "a paper"


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        *((name, 8, '0.08 or "8%"') for name in RATES),
        ("tax_rate", 21, '0.21 or "21%"'),
        ("loss_limit_fraction", 80.0, '0.8 or "80%"'),
    ],
)
def test_a_percentage_that_stands_without_its_sign_is_refused_with_a_hint(field, value, meant):
    said = str(refused(reference(finance={field: value})))
    assert said == f"finance.{field} = {value}: expected a number <= 1.0; did you mean {meant}?"


@pytest.mark.parametrize("value", ["800%", "-100%"])
def test_a_percentage_out_of_bounds_is_told_as_it_was_written(value):
    said = str(refused(reference(finance={"wacc_per_year": value})))
    assert said.startswith(f"finance.wacc_per_year = '{value}': expected a number ")
    assert "did you mean" not in said


def test_escalations_are_rates():
    for field, table in zip(ESCALATIONS, ("power", "operations"), strict=True):
        assert 'did you mean 0.03 or "3%"?' in str(refused(reference(**{table: {field: 3}})))
        scenario(reference(**{table: {field: 1.0}}))


def test_a_stated_rate_is_at_most_1_and_is_looked_for_up_to_10():
    record = scenario(reference()).scenario
    for field in (*RATES, *ESCALATIONS):
        wanted = field_type(field, record)
        assert bounds(wanted) == (-1.0 + 1e-9, 1.0)
        assert search_bounds(wanted) == (-1.0 + 1e-9, 10.0)
    assert search_bounds(field_type("utilisation", record)) == (0.0, 1.0)
    assert search_bounds(Rate) == (-1.0 + 1e-9, 10.0)
    rich = reference(revenue={"rental_price_usd_per_gpu_hour": 20.0})
    (irr,) = solve(rich, "npv_usd_per_rack", 0.0, "wacc_per_year").roots
    assert irr > 1.0
    assert irr == pytest.approx(quote(rich, ["irr_per_year"]).quantities["irr_per_year"].value)


def test_every_field_that_is_wrong_is_told_at_once():
    tables = reference(
        hardware={"gpu_per_rack": 0, "speed": 9},
        facility={"pue": "low"},
        finance={"wacc_per_year": 10, "tax_rate": "21"},
        revenue={"price_path_usd_per_gpu_hour": [1.0, -1.0, -2.0]},
    )
    said = refused(tables)
    assert {one.where for one in said.each} == {
        "hardware.gpu_per_rack",
        "hardware.speed",
        "facility.pue",
        "finance.wacc_per_year",
        "finance.tax_rate",
        "revenue.price_path_usd_per_gpu_hour[1]",
        "revenue.price_path_usd_per_gpu_hour[2]",
    }
    assert "\n" not in str(said)
    assert all(str(one) in str(said) for one in said.each)


def test_what_is_wrong_beside_an_unknown_kind_is_told_too():
    """Without the kind a table is no table, and what stands after it was never looked at."""
    tables = reference(
        hardware={"gpu_per_rack": 0, "economic_life_years": -4},
        facility={"kind": "rented"},
        finance={"wacc_per_year": 10, "tax_rate": 21, "book_depreciation": {"life_years": 5}},
        revenue={"utilisation": 80},
    )
    assert [one.where for one in refused(tables).each] == [
        "hardware.gpu_per_rack",
        "hardware.economic_life_years",
        "facility.kind",
        "finance.wacc_per_year",
        "finance.tax_rate",
        "finance.book_depreciation.method",
        "revenue.utilisation",
    ]


@pytest.mark.parametrize(
    ("tables", "where", "value", "meant"),
    [
        (reference(finance={"utilisation": 0.7}), "finance.utilisation", 0.7, "revenue"),
        ({**reference(), "wacc_per_year": "8%"}, "wacc_per_year", "8%", "finance"),
        ({**reference(), "finance.wacc_per_year": 0.1}, "finance.wacc_per_year", 0.1, "finance"),
    ],
)
def test_a_field_in_the_wrong_place_is_told_with_the_right_one(tables, where, value, meant):
    said = refused(tables)
    assert (said.where, said.value) == (where, value)
    field = where.rpartition(".")[2]
    assert said.expected.endswith(f"; did you mean {field} in the table {meant}?")


def test_what_is_missing_because_it_is_wrong_is_told_once():
    method = {"method": "straight_line", "life_years": 0.0, "salvage_fraction": 3}
    said = refused(reference(finance={"book_depreciation": method}))
    assert said.where == "finance.book_depreciation.life_years"
    assert len({one.where for one in said.each}) == len(said.each)
    assert all("0.0" in str(one) or "3" in str(one) for one in said.each)


def test_a_table_is_not_told_to_be_empty_without_what_is_wrong_in_it():
    axis = {"kind": "draws", "count": 8, "fields": {"utilisation": {"kind": "unifrm", "low": 0.1}}}
    for fields, where in ((axis["fields"], "fields.utilisation.kind"), ({}, "fields")):
        with pytest.raises(Problem) as caught:
            checked({**axis, "fields": fields}, AnyAxis, "")
        assert [one.where for one in caught.value.each] == [where]


def test_a_kind_that_is_wrong_hides_no_other_field():
    """In the order of the file; of the table without its kind nothing more can be said."""
    tables = {
        "hardware": {"life": 5},
        "facility": {"kind": "colo", "pue": 0.5},
        "finance": {"wacc_per_year": 11, "tax_rate": 25},
        "revenue": {"kind": "rental", "utilisation": 75},
    }
    assert [one.where for one in refused(tables).each] == [
        *("hardware.life", "facility.kind", "finance.wacc_per_year", "finance.tax_rate"),
        "revenue.utilisation",
    ]


def test_they_are_told_up_to_a_number():
    tables = reference(hardware={f"unknown_{at}": 1 for at in range(3 * MOST_AT_ONCE)})
    assert len(refused(tables).each) == MOST_AT_ONCE


def test_of_a_table_of_any_names_as_many_as_can_be_found_soon():
    few = {f"unknown_{at}": "x" for at in range(3)}
    many = {f"unknown_{at}": "x" for at in range(3 * MOST_AT_ONCE)}
    assert [len(refused({**reference(), "given": one}).each) for one in (few, many)] == [3, 1]


@pytest.mark.parametrize("name", ["", ".", "[0]", "*", "...", "a.b"])
def test_of_a_table_of_any_names_one_may_be_no_name(name):
    said = refused({**reference(), "given": {name: "x"}})
    assert (said.where, said.value, said.expected) == (f"given.{name}", "x", "a number")


@pytest.mark.parametrize("model", MODELS)
def test_no_field_of_a_rate_or_a_fraction_goes_above_1(model):
    """But for factors, years and amounts, which say so."""
    for records in MODELS[model].tables.values():
        for record in records:
            for field, kind in field_kinds(record).items():
                words = field.split("_")
                share = kind == "number" and (
                    "fraction" in words or "rate" in words or "escalation" in words
                )
                if share:
                    wanted = get_type_hints(record, include_extras=True)[field]
                    assert bounds(wanted)[1] <= 1.0, field
