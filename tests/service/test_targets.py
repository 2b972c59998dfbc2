"""Ready-made questions: they ask for what there is, of models that have it."""

import pytest

from economics import Problem, scenario
from service.files import scenario_tables
from service.quantities import quantities
from service.targets import READY, ready


@pytest.mark.parametrize("question", READY)
def test_they_ask_for_what_each_model_has_once(question):
    known = {*quantities().quantities, *quantities().fields}
    for targets in READY[question].values():
        assert set(targets) <= known
        assert len(set(targets)) == len(targets)


def test_a_model_without_an_answer_is_told_which_have_one():
    bill = scenario(scenario_tables("azure-openai-2024")).scenario
    for question, models in READY.items():
        with pytest.raises(Problem, match=f"model = 'bill': expected {' or '.join(models)} for {question}; quote answers"):
            ready(question, bill)


def test_all_that_a_program_is_asked_for_is_depreciation():
    program = scenario(scenario_tables("hyperscaler-vintages")).scenario
    assert "book_value_usd_by_year" in ready("depreciate", program)
    assert "understatement_usd_by_year" in ready("depreciate", program)
