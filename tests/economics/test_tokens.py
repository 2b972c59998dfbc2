"""Tokens on a rack: cost and price of a million by hand, and one truth told in four ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import CHOICES, asked, changed, reference, status, value
from units import units_of

from economics import Problem, quote, sweep
from economics.models.assembly import graph

MIX = {
    "kind": "tokens",
    "output_token_per_second_per_gpu": 1000,
    "input_token_per_second_per_gpu": 10_000,
    "input_token_per_output_token": 8,
    "cached_input_fraction": 0.25,
    "output_price_usd_per_mtok": 4.0,
    "input_price_usd_per_mtok": 0.4,
    "cached_input_price_usd_per_mtok": 0.1,
    "utilisation": 0.7,
}
OLD = {"rental_price_usd_per_gpu_hour": None, "price_decline_per_year": None, "ramp_years": None}


def tokens(**fields):
    return changed(reference(revenue={**OLD, **MIX}), revenue=fields)


@pytest.mark.parametrize(
    ("cost", "rate", "expected"),
    [(2.0, 1000, 0.5555555556), (2.8, 1000, 0.7778), (1.5, 2500, 1.5 / 9.0)],
)
def test_cost_is_usd_per_gpu_hour_over_tokens_an_hour(cost, rate, expected):
    tables = changed(
        tokens(output_token_per_second_per_gpu=rate), given={"cost_usd_per_gpu_hour": cost}
    )
    assert value(tables, "cost_usd_per_mtok_output") == pytest.approx(
        expected, abs=5e-5 if expected == 0.7778 else 5e-11
    )
    assert value(tables, "cost_usd_per_mtok_output") == pytest.approx(
        cost / (rate * 3600 / 1e6), rel=1e-15
    )
    assert value(tables, "cost_usd_per_mtok_input") == pytest.approx(cost / 36, rel=1e-15)


def test_the_mix_by_hand():
    """Nine tokens: one generated, eight read of which two are cached."""
    tables = changed(tokens(), given={"cost_usd_per_gpu_hour": 2.0})
    assert value(tables, "cost_usd_per_mtok") == pytest.approx((1 / 1.8 + 6 / 18) / 9)
    assert value(tables, "price_usd_per_mtok") == pytest.approx((4.0 + 6 * 0.4 + 2 * 0.1) / 9)
    seconds = 1 / 1000 + 6 / 10_000
    assert value(tables, "rental_price_usd_per_gpu_hour") == pytest.approx(
        (4.0 + 2.4 + 0.2) / 1e6 / seconds * 3600
    )


MIXES = {
    "output_token_per_second_per_gpu": st.floats(1, 1e4),
    "input_token_per_second_per_gpu": st.floats(10, 1e5),
    "input_token_per_output_token": st.floats(0, 50),
    "cached_input_fraction": st.floats(0, 1),
    "output_price_usd_per_mtok": st.floats(0.1, 100),
    "input_price_usd_per_mtok": st.floats(0, 20),
    "cached_input_price_usd_per_mtok": st.floats(0, 5),
    "utilisation": st.floats(0.05, 1),
}


@given(st.fixed_dictionaries(MIXES), st.floats(0, 0.5))
def test_margin_multiple_and_breakevens_agree(mix, overhead):
    """Where no cost depends on use: margin is 1 less the inverse of the multiple, after overheads,
    by the token and by the hour; breakevens divide by it.
    """
    names = (
        "gross_margin_fraction",
        "margin_fraction",
        "price_to_cost_factor",
        "price_usd_per_mtok",
        "breakeven_price_usd_per_mtok",
    )
    found = asked(
        changed(tokens(**mix), operations={"revenue_overhead_fraction": overhead}),
        *names,
        "breakeven_utilisation",
    )
    gross, margin, multiple, price, breakeven_price = (found[name].value for name in names)
    left = (1 - overhead) * (1 - 1 / multiple)
    assert gross == pytest.approx(left, rel=1e-12, abs=1e-12)
    assert margin == pytest.approx(gross, rel=1e-12, abs=1e-12)
    assert breakeven_price == pytest.approx(price / multiple, rel=1e-11)
    at = mix["utilisation"] / multiple
    assert (found["breakeven_utilisation"].status == "above_one") == (at > 1.0)
    assert at > 1.0 or found["breakeven_utilisation"].value == pytest.approx(at, rel=1e-11)


@pytest.mark.parametrize("overhead", [0.0, 0.1])
def test_price_is_cost_at_the_breakeven_utilisation(overhead):
    tables = changed(tokens(), operations={"revenue_overhead_fraction": overhead})
    even = changed(tables, revenue={"utilisation": value(tables, "breakeven_utilisation")})
    assert value(even, "price_to_cost_factor") == pytest.approx(1, rel=1e-12)
    assert abs(value(even, "gross_margin_fraction")) < 1e-12
    assert value(even, "breakeven_price_usd_per_mtok") == pytest.approx(
        value(even, "price_usd_per_mtok"), rel=1e-12
    )
    assert abs(value(even, "npv_usd_per_rack")) < 1e-5


def test_tokens_earn_what_their_gpu_hours_would():
    """A rack of tokens is the rack that is rented at what a GPU-hour of tokens brings in."""
    price = value(tokens(price_decline_per_year=0.1, ramp_years=1), "rental_price_usd_per_gpu_hour")
    rented = reference(
        revenue={
            "rental_price_usd_per_gpu_hour": price,
            "price_decline_per_year": 0.1,
            "ramp_years": 1,
        }
    )
    for name in (
        "npv_usd_per_rack",
        "irr_per_year",
        "breakeven_utilisation",
        "breakeven_price_usd_per_gpu_hour",
        "margin_fraction",
    ):
        assert value(tokens(price_decline_per_year=0.1, ramp_years=1), name) == value(
            rented, name
        ), name


def test_hidden_reasoning_is_billed_and_costs():
    tables = tokens(reasoning_token_factor=10)
    assert value(tables, "visible_price_usd_per_mtok") == 40.0
    assert value(tables, "visible_cost_usd_per_mtok") == pytest.approx(
        10 * value(tables, "cost_usd_per_mtok_output")
    )
    assert value(tables, "gross_margin_fraction") == value(tokens(), "gross_margin_fraction")


def test_why_there_is_no_margin():
    free = tokens(
        output_price_usd_per_mtok=0, input_price_usd_per_mtok=0, cached_input_price_usd_per_mtok=0
    )
    assert status(free, "gross_margin_fraction") == "no_price"
    assert status(tokens(utilisation=0), "price_to_cost_factor") == "nothing_sold"


def test_rates_are_swept():
    axes = [{"kind": "values", "field": "output_token_per_second_per_gpu", "values": [500, 1000]}]
    table = sweep({"scenario": tokens(), "axes": axes, "targets": ["price_to_cost_factor"]})
    assert table.columns["price_to_cost_factor"].values[1] == pytest.approx(
        value(tokens(), "price_to_cost_factor"), rel=1e-14
    )


@pytest.mark.parametrize(
    ("fields", "target", "said"),
    [
        (
            {"output_token_per_second_per_gpu": 0},
            None,
            "revenue.output_token_per_second_per_gpu = 0",
        ),
        ({"reasoning_token_factor": 0.5}, None, "revenue.reasoning_token_factor = 0.5"),
        ({"rental_price_usd_per_gpu_hour": 3}, None, "revenue.rental_price_usd_per_gpu_hour"),
        (
            {"output_price_usd_per_mtok": None},
            "price_usd_per_mtok",
            "required: revenue.output_price_usd_per_mtok, needed by price_usd_per_mtok",
        ),
    ],
)
def test_wrong_fields_are_named(fields, target, said):
    with pytest.raises(Problem) as caught:
        quote(tokens(**fields), [target or "price_usd_per_mtok"])
    assert said in str(caught.value)


def test_every_formula_has_the_unit_of_its_name():
    assert units_of(graph({**CHOICES, "revenue": "tokens"})) > 100
