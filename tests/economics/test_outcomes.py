"""What becomes of a target, by hand values."""

import numpy as np
import pytest

from economics.sweeps.answers import Column
from economics.sweeps.distributions import Drawn, Uniform
from economics.uncertainty.outcomes import chance, intervals, lacking, outcome

NAN, INF = float("nan"), float("inf")


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


WHY = Column(np.asarray([0, 2, 0, 1, 0, 2, 0, 0]), "1", "", ("ok", "never", "no_debt"))


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_a_draw_without_a_value_neither_meets_a_condition_nor_fails_it(method):
    """Of eight draws one lies above every value, by its status, and of two nobody can say."""
    values = np.asarray([1.0, NAN, 3.0, INF, 4.0, NAN, 2.0, 5.0])
    found = chance(how(method, 8), ("years", ">=", 3.0), values, WHY)
    assert (found.condition, found.met, found.not_met) == ("years >= 3", 4, 2)
    assert found.no_value == {"no_debt": 2}
    assert (found.probability.value, found.probability_at_most) == (0.5, 0.75)
    assert found.probability.low < 0.5 < 0.75 < found.probability.high
    assert chance(how(method, 8), ("years", "<", 3.0), values, WHY).met == 2


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_the_interval_of_a_probability_covers_those_of_both_its_ends(method):
    values = np.random.default_rng(4).uniform(size=4096)
    least = chance(how(method, 4096), ("years", ">", 0.7), values, None)
    most = chance(how(method, 4096), ("years", ">", 0.6), values, None)
    assert least.probability_at_most == least.probability.value
    unknown = (values > 0.6) & (values <= 0.7)
    why = Column(unknown.astype(np.int16), "1", "", ("ok", "no_debt"))
    between = np.where(unknown, NAN, values)
    found = chance(how(method, 4096), ("years", ">", 0.7), between, why)
    assert found.no_value == {"no_debt": int(unknown.sum())}
    assert (found.probability.low, found.probability.high) == (
        least.probability.low,
        most.probability.high,
    )
    assert (found.probability.value, found.probability_at_most) == (
        least.probability.value,
        most.probability.value,
    )


def test_few_draws_of_a_sequence_tell_no_interval_of_either_end():
    found = chance(how("sobol", 4), ("years", ">", 1.5), np.asarray([1.0, NAN, 3.0, 2.0]), None)
    assert (found.probability.low, found.probability.high) == (None, None)


def test_statuses_are_counted_by_their_words():
    codes = Column(np.asarray([0, 2, 1, 2]), "1", "", ("ok", "never", "no_debt", "no_price"))
    assert lacking(codes) == {"never": 1, "no_debt": 2}
    assert lacking(None) == {}


def test_how_intervals_are_found_depends_on_the_draws():
    assert "Student's t, quantiles by order statistics" in intervals(how("random", 2))
    assert "blocks of a Sobol sequence" in intervals(how("sobol", 8))
    assert intervals(how("sobol", 7)).startswith("none: they take 8 draws")
