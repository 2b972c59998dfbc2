"""Failures."""

import pytest
from racks import JOB, asked, reference, status, value

from economics.vocabulary.problems import MissingProblem, Problem


def test_the_worked_number():
    """26,446 GPU-hours between failures, 1,024 GPUs, 1.5 hours lost."""
    tables = reference(operations=JOB)
    assert round(value(tables, "goodput_fraction"), 10) == 0.9451075692
    assert value(tables, "hour_per_interruption") == 26_446 / 1_024


def test_a_good_hour_costs_more():
    answers = asked(
        reference(operations=JOB), "cost_usd_per_good_gpu_hour", "cost_usd_per_gpu_hour"
    )
    good, sold = answers["cost_usd_per_good_gpu_hour"], answers["cost_usd_per_gpu_hour"]
    assert good.value == pytest.approx(sold.value / 0.9451075692, rel=1e-9)


def test_nothing_lost_is_all_good():
    assert (
        value(reference(operations={**JOB, "hours_lost_per_interruption": 0}), "goodput_fraction")
        == 1.0
    )


def test_nothing_sold_has_no_cost():
    assert (
        status(reference(operations=JOB, revenue={"utilisation": 0}), "cost_usd_per_good_gpu_hour")
        == "nothing_sold"
    )


@pytest.mark.parametrize("field", sorted(JOB))
def test_each_field_is_needed(field):
    with pytest.raises(MissingProblem) as caught:
        value(reference(operations={**JOB, field: None}), "goodput_fraction")
    assert caught.value.where == f"operations.{field}"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("mtbf_gpu_hour", 0), ("job_gpu", 0), ("job_gpu", 1.5), ("hours_lost_per_interruption", -1)],
)
def test_what_cannot_be(field, wrong):
    with pytest.raises(Problem) as caught:
        value(reference(operations={**JOB, field: wrong}), "goodput_fraction")
    assert caught.value.where == f"operations.{field}"
