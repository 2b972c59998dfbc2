"""A rack's scenario: what it chooses and what no single field can tell."""

import pickle

import pytest
from racks import CHOICES, reference

from economics import Problem, scenario
from economics.models.rack import SWEPT, TARGETS, check, choices
from economics.records.finance import check_finance, finance_choices


def test_what_a_scenario_chooses():
    record = scenario(reference()).scenario
    assert choices(record, {}) == {**CHOICES, "delay": "none", "components": "none"}
    assert finance_choices(record.finance).items() <= CHOICES.items()
    path = reference(
        revenue={"rental_price_usd_per_gpu_hour": None, "price_path_usd_per_gpu_hour": [3.0, 2.0]}
    )
    assert choices(scenario(path).scenario, {})["price"] == "path"


def test_a_sound_scenario_passes():
    record = scenario(reference()).scenario
    check(record)
    check_finance(record.finance)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [3.0], "price_decline_per_year": 0.1}},
            "revenue.price_decline_per_year",
        ),
    ],
)
def test_fields_that_do_not_go_together(changes, where):
    with pytest.raises(Problem) as caught:
        scenario(reference(**changes))
    assert caught.value.where == where


def test_the_usual_targets_of_a_sweep_are_usual():
    assert set(SWEPT) < set(TARGETS)


def test_a_record_can_be_pickled():
    record = scenario(reference(operations={"delay_years": 1})).scenario
    assert pickle.loads(pickle.dumps(record)) == record
