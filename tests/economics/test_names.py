"""The tranches of a scenario: names, values, and what can be wrong with them."""

import pytest
from contracts import contract
from racks import asked, changed, reference, value

from economics import scenario, sweep
from economics.extensions.contract.names import (
    tranche_choices,
    tranche_fields,
    tranche_names,
    tranche_values,
)
from economics.scenario.fields import field_type, known_fields, path_of
from economics.vocabulary.problems import MissingProblem, Problem, UnknownProblem

LONE, TWO = contract(), contract({"hours_fraction": 0.5}, {"hours_fraction": 0.25, "label": "spot"})


def refused(tables, *targets):
    with pytest.raises(Problem) as caught:
        asked(tables, *(targets or ("npv_usd_per_rack",)))
    return caught.value


def test_names_of_one_and_of_several():
    one, two = scenario(LONE).scenario, scenario(TWO).scenario
    assert tranche_fields(one)["hours_fraction"] == "revenue.tranches[0].hours_fraction"
    assert tranche_fields(two)["tranches[1].hours_fraction"] == "revenue.tranches[1].hours_fraction"
    assert tranche_values(two)["tranches[1].hours_fraction"] == 0.25
    assert tranche_choices(two) == {"revenue": "contract", "tranches": "2"}
    assert tranche_names({"tranches": "2"}, "lgd") == ("tranches[0].lgd", "tranches[1].lgd")
    assert tranche_names({}, "lgd") == tuple(tranche_fields(scenario(reference()).scenario)) == ()
    assert path_of("vacancy_years") == "revenue.tranches[0].vacancy_years"
    assert path_of("tranches[3].vacancy_years") == "revenue.tranches[3].vacancy_years"
    assert path_of("tranches[3].label") is None


def test_what_can_vary():
    one, two = scenario(LONE).scenario, scenario(TWO).scenario
    assert "vacancy_years" in known_fields(one)
    assert "tranches[1].vacancy_years" in known_fields(two)
    assert "vacancy_years" not in known_fields(two)
    assert field_type("vacancy_years", scenario(reference()).scenario) is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("default_probability_per_year", 1),
        ("default_probability_per_year", -0.1),
        ("hours_fraction", 1.1),
        ("backstop_fraction", 2),
        ("recovery_fraction", -1),
        ("vacancy_years", -1),
        ("contract_term_years", 0),
        ("prepayment_fraction", 1.5),
        ("contract_price_usd_per_gpu_hour", -1),
        ("take_or_pay_fraction", "all"),
    ],
)
def test_what_a_field_cannot_be(field, wrong):
    problem = refused(
        contract(
            {}, {field: wrong, "hours_fraction": 0} if field != "hours_fraction" else {field: wrong}
        )
    )
    assert (problem.where, problem.value) == (f"revenue.tranches[1].{field}", wrong)


def test_a_misspelt_field_of_a_tranche():
    problem = refused(contract({"hour_fraction": 0.5}))
    assert isinstance(problem, UnknownProblem)
    assert problem.where == "revenue.tranches[0].hour_fraction"
    assert "did you mean hours_fraction" in problem.expected


def test_tranches_belong_to_a_contract():
    assert refused(reference(revenue={"tranches": []})).where == "revenue.tranches"


def test_there_must_be_a_tranche():
    assert refused(changed(LONE, revenue={"tranches": []})).where == "revenue.tranches"
    assert "1 to 20" in refused(contract(*[{"hours_fraction": 0}] * 21)).expected


def test_tranches_share_the_hours():
    problem = refused(contract({"hours_fraction": 0.6}, {"hours_fraction": 0.5}))
    assert (problem.where, problem.value) == ("revenue.tranches", 1.1)
    assert value(contract(*[{"hours_fraction": 0.1}] * 10), "npv_usd_per_rack")


def test_tranches_share_the_hours_in_every_cell():
    axis = {"kind": "values", "field": "tranches[1].hours_fraction", "values": [0.2, 0.7]}
    with pytest.raises(Problem, match=r"revenue\.tranches = 1\.2"):
        sweep({"scenario": TWO, "axes": [axis]})


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        (contract({"contract_term_years": 4}), "revenue.tranches[0].contract_term_years"),
        (
            contract({"hours_fraction": 0.5}, {"hours_fraction": 0.5, "contract_term_years": 4}),
            "revenue.tranches[1].contract_term_years",
        ),
        (contract({"contract_term_years": 1.5}), "revenue.tranches[0].contract_term_years"),
        (
            contract(
                finance={"tax_depreciation": {"method": "units_of_production", "life_years": 3}}
            ),
            "finance.tax_depreciation.method",
        ),
    ],
)
def test_what_does_not_fit(tables, where):
    assert refused(tables).where == where


@pytest.mark.parametrize("field", ["hours_fraction", "contract_price_usd_per_gpu_hour"])
def test_a_field_that_is_needed(field):
    tables = contract({}, {"hours_fraction": 0})
    del tables["revenue"]["tranches"][1][field]
    problem = refused(tables)
    assert isinstance(problem, MissingProblem)
    assert problem.where == f"revenue.tranches[1].{field}"


def test_numbers_of_tranches_have_sources():
    price = {"value": 2.5, "source": "a filing", "as_of": "2025-10"}
    found = scenario(contract({"contract_price_usd_per_gpu_hour": price}))
    assert found.sources["revenue.tranches[0].contract_price_usd_per_gpu_hour"].source == "a filing"
    assert found.scenario.revenue.tranches[0].contract_price_usd_per_gpu_hour == 2.5
    assert "revenue.tranches[0].hours_fraction" in found.stated


def test_a_revenue_without_a_kind_is_a_rental():
    stated, meant = reference(), reference()
    del stated["revenue"]["kind"]
    assert scenario(stated).scenario == scenario(meant).scenario
