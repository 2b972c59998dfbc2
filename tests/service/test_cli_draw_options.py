"""What `--draw` and `--correlate` say."""

from argparse import Namespace

import pytest

from economics import Problem
from service.cli.draw_options import SETTINGS, correlation, draw, with_draw_axis, with_draws

PRICE = "rental_price_usd_per_gpu_hour"


def options(**stated):
    return Namespace(**{"draw": [], "correlate": [], **dict.fromkeys(SETTINGS), **stated})


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        (
            "utilisation=uniform:0.5,0.9",
            "utilisation",
            {"kind": "uniform", "low": 0.5, "high": 0.9},
        ),
        (
            "revenue.utilisation = triangular: 0.5, 0.7, 0.9",
            "utilisation",
            {"kind": "triangular", "low": 0.5, "mode": 0.7, "high": 0.9},
        ),
        ("pue=normal:1.3,0.1", "pue", {"kind": "normal", "mean": 1.3, "standard_deviation": 0.1}),
        (
            "pue=normal:1.3,0.1,,2",
            "pue",
            {"kind": "normal", "mean": 1.3, "standard_deviation": 0.1, "high": 2.0},
        ),
        (
            f"{PRICE}=lognormal:3,0.2,1",
            PRICE,
            {"kind": "lognormal", "median": 3.0, "sigma": 0.2, "low": 1.0},
        ),
        (
            "economic_life_years=discrete:3,4",
            "economic_life_years",
            {"kind": "discrete", "values": [3.0, 4.0]},
        ),
        (
            "economic_life_years=discrete:3@0.25,4@0.75",
            "economic_life_years",
            {"kind": "discrete", "values": [3.0, 4.0], "probabilities": [0.25, 0.75]},
        ),
        (
            "tranches[1].hours_fraction=uniform:0,1",
            "tranches[1].hours_fraction",
            {"kind": "uniform", "low": 0.0, "high": 1.0},
        ),
        (
            "program.book_depreciation.life_years=uniform:3,5",
            "book_depreciation_life_years",
            {"kind": "uniform", "low": 3.0, "high": 5.0},
        ),
        (
            "tax_depreciation_life_years=uniform:3,5",
            "tax_depreciation_life_years",
            {"kind": "uniform", "low": 3.0, "high": 5.0},
        ),
    ],
)
def test_a_draw(text, field, found):
    assert draw(text) == (field, found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("utilisation", "name=KIND:NUMBERS"),
        ("utilisation=uniform", "name=KIND:NUMBERS"),
        ("utilisation=unifrom:1,2", "did you mean uniform"),
        ("utilisation=uniform:1", "uniform:low,high"),
        ("utilisation=triangular:1,2", "triangular:low,mode,high"),
        ("utilisation=uniform:1,2,3", "uniform:low,high"),
        ("utilisation=uniform:1,b", "a number"),
        ("utilisation=normal:1,inf", "a finite number"),
        ("utilisation=discrete:1@0.5,2", "beside each value or beside none"),
        ("utilization=uniform:1,2", "did you mean utilisation"),
    ],
)
def test_a_bad_draw(text, expected):
    with pytest.raises(Problem, match="--draw") as caught:
        draw(text)
    assert expected in str(caught.value)


def test_a_correlation():
    assert correlation(f"utilisation,revenue.{PRICE}=-0.5") == {
        "between": ["utilisation", PRICE],
        "coefficient": -0.5,
    }
    for text in ("utilisation=0.5", "utilisation,pue", "utilisation,pue,wacc_per_year=1"):
        with pytest.raises(Problem, match="--correlate"):
            correlation(text)


def test_options_stand_above_the_file():
    stated = {
        "fields": {"pue": {"kind": "uniform", "low": 1.1, "high": 1.2}},
        "count": 64,
        "seed": 3,
    }
    found = with_draws(
        stated, options(draw=["pue=uniform:1.2,1.4", "utilisation=uniform:0.4,0.6"], count=128)
    )
    assert found["fields"]["pue"]["low"] == 1.2
    assert list(found["fields"]) == ["pue", "utilisation"]
    assert (found["count"], found["seed"]) == (128, 3)
    assert stated["count"] == 64
    both = with_draws(stated, options(correlate=["pue,utilisation=0.1"]))
    assert both["correlations"] == [{"between": ["pue", "utilisation"], "coefficient": 0.1}]


def test_a_field_is_drawn_once_however_it_is_named():
    twice = options(
        draw=[
            "utilisation=uniform:0.5,0.9",
            "pue=uniform:1.2,1.4",
            "revenue.utilisation=uniform:0.5,0.8",
        ]
    )
    for asked in (lambda: with_draws(None, twice), lambda: with_draw_axis([], twice)):
        with pytest.raises(Problem, match="--draw 'utilisation': expected each field once"):
            asked()


def test_nothing_drawn_is_nothing():
    assert with_draws(None, options()) is None
    with pytest.raises(Problem, match="draws"):
        with_draws([1], options())


@pytest.mark.parametrize(
    ("stated", "option", "where"),
    [
        ({"fields": 3}, {"draw": ["pue=uniform:1.2,1.4"]}, "draws.fields"),
        ({"correlations": 3}, {"correlate": ["pue,utilisation=0.1"]}, "draws.correlations"),
    ],
)
def test_options_beside_a_file_that_states_no_table(stated, option, where):
    with pytest.raises(Problem) as caught:
        with_draws(stated, options(**option))
    assert caught.value.where == where


@pytest.mark.parametrize(
    "option", [{"seed": 7}, {"count": 64}, {"correlate": ["pue,utilisation=0.1"]}]
)
def test_how_to_draw_needs_something_to_draw(option):
    for asked in (
        lambda: with_draws(None, options(**option)),
        lambda: with_draw_axis([], options(**option)),
    ):
        with pytest.raises(
            Problem, match="--draw is not stated: expected at least one uncertain field"
        ):
            asked()


def test_what_options_draw_is_an_axis():
    prices, low = (
        {"kind": "values", "field": "tax_rate", "values": [0.1]},
        {"kind": "uniform", "low": 1.1, "high": 1.2},
    )
    file = [{"kind": "draws", "fields": {"pue": low}, "count": 64}, prices]
    high = {"kind": "uniform", "low": 0.4, "high": 0.6}
    chosen = options(draw=["utilisation=uniform:0.4,0.6"], seed=7)
    assert with_draw_axis([prices], chosen) == [
        prices,
        {"kind": "draws", "fields": {"utilisation": high}, "seed": 7},
    ]
    drawn = {"kind": "draws", "fields": {"pue": low, "utilisation": high}, "count": 64, "seed": 7}
    assert with_draw_axis(file, chosen) == [drawn, prices]
    assert with_draw_axis(file, options()) == file
    assert with_draw_axis([prices], options()) == [prices]
