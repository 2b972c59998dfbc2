"""Ready-made questions: they ask for what there is, of models that have it."""

import pytest
from racks import reference

from economics import Problem, quote, scenario
from economics.questions.ready_made import READY, answer, ready
from service.files.reading import scenario_tables
from service.web.quantities import quantities


@pytest.mark.parametrize("question", READY)
def test_they_ask_for_what_each_model_has_once(question):
    known = {*quantities().quantities, *quantities().fields}
    for targets in READY[question].values():
        assert set(targets) <= known
        assert len(set(targets)) == len(targets)


def test_a_model_without_an_answer_is_told_which_have_one():
    bill = scenario(scenario_tables("azure-openai-2024")).scenario
    for question, models in READY.items():
        with pytest.raises(
            Problem,
            match=f"model = 'bill': expected {' or '.join(models)} for {question}; quote answers",
        ):
            ready(question, bill)


def test_all_that_a_program_is_asked_for_is_depreciation():
    program = scenario(scenario_tables("hyperscaler-vintages")).scenario
    assert "book_value_usd_by_year" in ready("depreciate", program)
    assert "understatement_usd_by_year" in ready("depreciate", program)


def test_the_lines_of_a_cash_flow_come_to_what_is_left():
    """Also where gear is bought again: of every year but the last, which has the residual."""
    gear = {"network_price_usd_per_gpu": 3000, "network_life_years": 2}
    loan = {"debt_fraction": 0.5, "debt_rate_per_year": 0.08, "tax_rate": 0.2}
    sourced = scenario(
        reference(hardware=gear, finance=loan, revenue={"price_decline_per_year": 0.1})
    )
    found = {
        name: one.values
        for name, one in quote(sourced, ready("cashflow", sourced.scenario)).quantities.items()
        if "_by_year" in name
    }
    lines = {name.removesuffix("_usd_per_rack_by_year"): values for name, values in found.items()}
    paid = (
        "overhead",
        "electricity",
        "carbon",
        "water",
        "facility",
        "operations",
        "renewal",
        "interest",
        "principal",
        "tax",
    )
    assert sum(lines["renewal"]) > 0
    for year in range(4):
        left = lines["revenue"][year] - sum(lines[name][year] for name in paid)
        assert lines["equity_flow"][year + 1] == pytest.approx(left, rel=1e-9)


def test_breakeven_stands_beside_what_the_scenario_states_itself():
    own = ("utilisation", "rental_price_usd_per_gpu_hour")
    assert tuple(answer("breakeven", reference()).quantities)[-2:] == own
    tables = reference()
    del tables["revenue"]["utilisation"]
    found = answer("breakeven", tables).quantities
    assert "utilisation" not in found
    assert own[1] in found
