"""Draws: what is drawn, and what is refused."""

import numpy as np
import pytest
import scipy.stats
from racks import reference

from economics import Problem, quote, scenario, sweep
from economics.scenario.checking import checked
from economics.sweeps.axes import as_axes, draw_axis, grid
from economics.sweeps.distributions import (
    Discrete,
    Drawn,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    at,
    draw,
    ends,
    reach,
)

RANKS = np.array([0.01, 0.3, 0.5, 0.9])
USE = {"kind": "triangular", "low": 0.4, "mode": 0.7, "high": 0.9}
PRICE = {"kind": "lognormal", "median": 3.0, "sigma": 0.2}
RATE = {"kind": "normal", "mean": 0.1, "standard_deviation": 0.02, "low": 0.02, "high": 0.2}
FIELDS = {"utilisation": USE, "rental_price_usd_per_gpu_hour": PRICE, "wacc_per_year": RATE}


def made(**parts):
    return grid(
        as_axes([{"kind": "draws", "fields": FIELDS, "count": 512, **parts}]), scenario(reference())
    )


@pytest.mark.parametrize(
    ("one", "theirs"),
    [
        (Uniform(low=2.0, high=5.0), scipy.stats.uniform(2.0, 3.0)),
        (Triangular(low=0.0, mode=1.0, high=4.0), scipy.stats.triang(0.25, 0.0, 4.0)),
        (Normal(mean=3.0, standard_deviation=2.0), scipy.stats.norm(3.0, 2.0)),
        (
            Normal(mean=3.0, standard_deviation=2.0, low=2.0),
            scipy.stats.truncnorm(-0.5, np.inf, 3.0, 2.0),
        ),
        (Lognormal(median=2.0, sigma=0.5), scipy.stats.lognorm(0.5, scale=2.0)),
    ],
)
def test_quantiles_are_those_of_the_distribution(one, theirs):
    assert at(one, RANKS) == pytest.approx(theirs.ppf(RANKS), rel=1e-12)


def test_a_lognormal_is_cut_off_at_its_bounds():
    one = Lognormal(median=2.0, sigma=0.5, low=1.5, high=2.5)
    assert reach(one) == pytest.approx((1.5, 2.5))
    whole = scipy.stats.lognorm(0.5, scale=2.0)
    low, high = whole.cdf([1.5, 2.5])
    assert at(one, RANKS) == pytest.approx(whole.ppf(low + RANKS * (high - low)), rel=1e-12)


def test_discrete_values_come_as_often_as_stated():
    one = Discrete(values=(3.0, 4.0, 5.0), probabilities=(0.5, 0.25, 0.25))
    found = draw(Drawn(fields={"economic_life_years": one}, count=4096), "draws")[
        "economic_life_years"
    ]
    assert [(found == value).sum() for value in one.values] == [2048, 1024, 1024]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Uniform(low=2.0, high=5.0), (2.0, 5.0)),
        (Discrete(values=(3.0, 1.0)), (1.0, 3.0)),
        (Normal(mean=0.0, standard_deviation=1.0), (-1.6448536269514729, 1.6448536269514722)),
        (Triangular(low=2.0, mode=2.5, high=5.0), (2.0, 5.0)),
        (
            Normal(mean=0.0, standard_deviation=1.0, low=-8.0, high=8.0),
            (-1.6448536269514729, 1.6448536269514722),
        ),
        (
            Lognormal(median=1.0, sigma=0.1, low=0.1),
            (np.exp(-0.16448536269514729), np.exp(0.16448536269514722)),
        ),
    ],
)
def test_from_where_to_where_an_input_goes(one, expected):
    assert ends(one) == pytest.approx(expected)


def test_the_order_of_the_fields_changes_no_draw():
    one, other = made(), made(fields=dict(reversed(FIELDS.items())))
    for field, values in one.axes[0].fields.items():
        assert (values == other.axes[0].fields[field]).all()


def test_correlations_come_out_and_leave_each_field_its_distribution():
    pair = {"between": ["utilisation", "rental_price_usd_per_gpu_hour"], "coefficient": 0.7}
    found = made(count=2**14, correlations=[pair]).axes[0].fields
    assert scipy.stats.spearmanr(
        found["utilisation"], found["rental_price_usd_per_gpu_hour"]
    ).statistic == pytest.approx(0.683, abs=0.01)
    assert np.median(found["rental_price_usd_per_gpu_hour"]) == pytest.approx(3.0, abs=0.01)
    assert abs(scipy.stats.spearmanr(found["utilisation"], found["wacc_per_year"]).statistic) < 0.02


@pytest.mark.parametrize("values", [[3, 4, 5], [5, 3, 4]])
def test_stated_values_are_correlated_by_their_size(values):
    lives = {"kind": "discrete", "values": values}
    pair = {"between": ["utilisation", "economic_life_years"], "coefficient": 0.8}
    found = (
        made(fields={"utilisation": USE, "economic_life_years": lives}, correlations=[pair])
        .axes[0]
        .fields
    )
    assert np.corrcoef(found["utilisation"], found["economic_life_years"])[0, 1] == pytest.approx(
        0.73, abs=0.05
    )


def test_positions_are_numbered_and_every_draw_can_be_looked_at():
    spec = {
        "scenario": reference(),
        "axes": [{"kind": "draws", "fields": FIELDS, "count": 16}],
        "targets": ["npv_usd_per_rack", *FIELDS],
    }
    table = sweep(spec)
    assert table.axes == ("draw",)
    assert table.columns["draw"].values.tolist() == list(range(16))
    for place in (0, 7):
        stated = {field: float(table.columns[field].values[place]) for field in FIELDS}
        tables = reference(
            revenue={
                name: stated[name] for name in ("utilisation", "rental_price_usd_per_gpu_hour")
            },
            finance={"wacc_per_year": stated["wacc_per_year"]},
        )
        alone = quote(tables, ["npv_usd_per_rack"]).quantities["npv_usd_per_rack"].value
        assert table.columns["npv_usd_per_rack"].values[place] == pytest.approx(alone, rel=1e-12)


def test_draws_go_with_other_axes():
    prices = {"kind": "values", "field": "electricity_price_usd_per_kwh", "values": [0.05, 0.1]}
    axes = [prices, {"kind": "draws", "fields": FIELDS, "count": 64}]
    share = {"kind": "share", "condition": "npv_usd_per_rack > 0"}
    found = sweep({"scenario": reference(), "axes": axes, "reduce": share})
    assert found.cells == 128
    assert [axis.count for axis in found.axes] == [2, 64]
    assert (found.axes[1].first, found.axes[1].last, found.axes[1].unit) == (0.0, 63.0, "1")


def correlated(*pairs):
    return [{"between": [a, b], "coefficient": c} for a, b, c in pairs]


A, B, C = FIELDS


@pytest.mark.parametrize(
    ("parts", "where", "expected"),
    [
        (
            {"fields": {A: {**USE, "low": 0.95}}},
            "axes[0].fields.utilisation.mode",
            "at least low (0.95)",
        ),
        (
            {"fields": {A: {**USE, "high": 0.6}}},
            "axes[0].fields.utilisation.high",
            "at least mode (0.7)",
        ),
        (
            {"fields": {A: {"kind": "uniform", "low": 0.9, "high": 0.4}}},
            "axes[0].fields.utilisation.high",
            "at least low (0.9)",
        ),
        (
            {"fields": {A: {"kind": "uniform", "low": 0.9, "high": 0.9}}},
            "axes[0].fields.utilisation.high",
            "above low (0.9)",
        ),
        (
            {"fields": {A: {"kind": "uniform", "low": 0.9, "high": 1.1}}},
            "axes[0].fields.utilisation",
            " = 1.1: expected a number <= 1.0",
        ),
        (
            {"fields": {A: {**USE, "high": 1.1}}},
            "axes[0].fields.utilisation",
            " = 1.1: expected a number <= 1.0 in every draw",
        ),
        (
            {"fields": {C: {**RATE, "low": 5.0, "high": 6.0}}},
            "axes[0].fields.wacc_per_year.low",
            "some of the distribution",
        ),
        (
            {"fields": {C: {**RATE, "standard_deviation": 0}}},
            "axes[0].fields.wacc_per_year.standard_deviation",
            "> 0",
        ),
        (
            {"fields": {B: {"kind": "normal", "mean": 3, "standard_deviation": 1}}},
            f"axes[0].fields.{B}",
            "draw; low and high cut it off",
        ),
        (
            {
                "fields": {
                    A: {"kind": "discrete", "values": [0.1, 0.2], "probabilities": [1.2, -0.2]}
                }
            },
            None,
            "1",
        ),
        (
            {
                "fields": {
                    A: {"kind": "discrete", "values": [0.1, 0.2], "probabilities": [0.5, 0.4]}
                }
            },
            None,
            "whose sum is 1",
        ),
        (
            {"fields": {A: {"kind": "discrete", "values": [0.1, 0.2], "probabilities": [1.0]}}},
            None,
            "each of the 2 values",
        ),
        (
            {"fields": {A: {"kind": "discrete", "values": [0.1, 0.1]}}},
            "axes[0].fields.utilisation.values",
            "differ",
        ),
        (
            {"fields": {"gpu_per_rack": {"kind": "uniform", "low": 8, "high": 16}}},
            "axes[0].fields.gpu_per_rack",
            "whole number",
        ),
        (
            {"fields": {"utilization": USE}},
            "axes[0].fields.utilization",
            "did you mean utilisation",
        ),
        ({"fields": {"timing": USE}}, "axes[0].fields.timing", "choice"),
        ({"fields": {A: {**USE, "kind": "beta"}}}, "axes[0].fields.utilisation.kind", "triangular"),
        ({"fields": {A: {**USE, "median": 1}}}, "axes[0].fields.utilisation.median", "known field"),
        (
            {"fields": {A: {"kind": "uniform", "low": 0.2}}},
            "axes[0].fields.utilisation.high",
            "a value",
        ),
        ({"fields": {}}, "axes[0].fields", "length >= 1"),
        ({"count": 10**7}, "axes[0].count", "<= 1000000"),
        (
            {"fields": dict.fromkeys("abcdefghijklmnopqrstuvwxyz", USE), "count": 10**6},
            "axes[0].count",
            "at most 769230 with 26 fields",
        ),
        ({"seed": -1}, "axes[0].seed", ">= 0"),
        ({"method": "lattice"}, "axes[0].method", "'random' or 'sobol'"),
        ({"correlations": correlated((A, B, 1.5))}, "axes[0].correlations[0].coefficient", "<= 1"),
        (
            {"correlations": correlated((A, A, 0.5))},
            "axes[0].correlations[0].between",
            "two different",
        ),
        (
            {"correlations": correlated((A, "pue", 0.5))},
            "axes[0].correlations[0].between",
            "a field that is drawn",
        ),
        (
            {"correlations": correlated((A, B, 0.5), (B, A, 0.4))},
            "axes[0].correlations[1].between",
            "not stated yet",
        ),
        (
            {"correlations": correlated((A, B, 0.9), (B, C, 0.9), (A, C, -0.9))},
            "axes[0].correlations",
            "semi-definite matrix of rental",
        ),
    ],
)
def test_bad_draws(parts, where, expected):
    with pytest.raises(Problem) as caught:
        made(**parts)
    assert where is None or caught.value.where == where
    assert expected in str(caught.value)


def test_an_axis_of_draws_by_itself():
    how = checked({"fields": {"utilisation": USE}, "count": 64}, Drawn, "draws")
    axis = draw_axis("draw", how, "draws", scenario(reference()))
    assert axis.numbered
    assert len(axis) == 64
