"""What becomes of a target, by hand values."""

import numpy as np
import pytest

from economics.sweeps.answers import Column
from economics.sweeps.distributions import Drawn, Uniform
from economics.uncertainty.outcomes import chance, intervals, lacking, outcome

NAN = float("nan")


def how(method, count):
    fields = {"pue": Uniform(low=1.0, high=2.0)}
    return Drawn(fields=fields, count=count, method=method)


def column(values):
    return Column(np.asarray(values), "usd", "What it is.")


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_moments_are_of_the_draws_that_have_a_value(method):
    found = outcome(how(method, 5), column([4.0, 1.0, NAN, 3.0, 2.0]), {"never": 1})
    assert (found.unit, found.description) == ("usd", "What it is.")
    assert (found.count, found.missing, found.least, found.greatest) == (4, {"never": 1}, 1.0, 4.0)
    assert found.mean.value == 2.5
    assert found.standard_deviation == pytest.approx((5 / 3) ** 0.5)
    assert list(found.quantiles) == ["p05", "p10", "p25", "p50", "p75", "p90", "p95"]
    assert 1.0 <= found.quantiles["p05"].value <= found.quantiles["p95"].value <= 4.0


def test_independent_draws_have_an_interval_by_students_t():
    found = outcome(how("random", 2), column([1.0, 3.0]), {}).mean
    assert found.standard_error == pytest.approx(1.0)
    assert found.high - found.value == pytest.approx(12.7062, rel=1e-4)  # of 1 degree of freedom


def test_without_any_value_there_is_no_estimate():
    found = outcome(how("sobol", 2), column([NAN, NAN]), {"never": 2})
    assert (found.count, found.missing, found.mean, found.quantiles) == (0, {"never": 2}, None, {})


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_a_draw_without_a_value_does_not_meet_a_condition(method):
    values = np.asarray([1.0, NAN, 3.0, 4.0])
    found = chance(how(method, 4), ("npv", ">=", 3.0), values, {"never": 1})
    assert (found.condition, found.meeting, found.missing) == ("npv >= 3", 2, {"never": 1})
    assert found.probability.value == 0.5


def test_statuses_are_counted_by_their_words():
    codes = Column(np.asarray([0, 2, 1, 2]), "1", "", ("ok", "never", "no_debt", "no_price"))
    assert lacking(codes) == {"never": 1, "no_debt": 2}
    assert lacking(None) == {}


def test_how_intervals_are_found_depends_on_the_draws():
    assert "Student's t, quantiles by order statistics" in intervals(how("random", 2))
    assert "blocks of a Sobol sequence" in intervals(how("sobol", 8))
    assert intervals(how("sobol", 7)).startswith("none: they take 8 draws")
