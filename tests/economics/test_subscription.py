"""Subscriptions on a rack: a user's cost by hand, and the users who cost more than they pay."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import CHOICES, changed, reference, status, value
from units import units_of

from economics import sweep
from economics.models.assembly import graph

USERS = {
    "kind": "subscription",
    "price_usd_per_user_month": 20.0,
    "request_per_user_month": 500,
    "input_token_per_request": 8000,
    "output_token_per_request": 1000,
    "input_token_per_second_per_gpu": 10_000,
    "output_token_per_second_per_gpu": 1000,
    "use_sigma": 1.2,
    "utilisation": 0.7,
}


def users(**fields):
    return changed(
        reference(revenue={"rental_price_usd_per_gpu_hour": None, **USERS}), revenue=fields
    )


def at_two_usd(**fields):
    return changed(users(**fields), given={"cost_usd_per_gpu_hour": 2.0})


def test_a_request_by_hand():
    assert value(at_two_usd(), "gpu_second_per_request") == pytest.approx(1.8)
    assert value(at_two_usd(), "cost_usd_per_request") == pytest.approx(0.001)
    assert value(at_two_usd(), "cost_usd_per_user_month") == pytest.approx(0.5)
    assert value(at_two_usd(), "margin_usd_per_user_month") == pytest.approx(19.5)
    assert value(at_two_usd(), "breakeven_request_per_user_month") == pytest.approx(20_000)
    assert value(at_two_usd(cached_input_fraction=0.5), "gpu_second_per_request") == pytest.approx(
        1.4
    )
    assert value(at_two_usd(reasoning_token_factor=3), "gpu_second_per_request") == pytest.approx(
        3.8
    )


def test_margin_multiple_and_gpu_hours_agree():
    found = {
        name: value(users(), name)
        for name in ("gross_margin_fraction", "price_to_cost_factor", "margin_fraction")
    }
    assert found["gross_margin_fraction"] == pytest.approx(
        1 - 1 / found["price_to_cost_factor"], rel=1e-13
    )
    assert found["gross_margin_fraction"] == pytest.approx(found["margin_fraction"], rel=1e-12)


@given(st.floats(0, 0.9), st.floats(1, 200))
def test_the_margin_of_the_price_is_the_margin_of_a_user(overhead, price):
    tables = changed(
        users(price_usd_per_user_month=price), operations={"revenue_overhead_fraction": overhead}
    )
    gross, margin, left, multiple = (
        value(tables, name)
        for name in (
            *("gross_margin_fraction", "margin_fraction"),
            *("margin_usd_per_user_month", "price_to_cost_factor"),
        )
    )
    assert gross == pytest.approx(left / price, rel=1e-12, abs=1e-12)
    assert margin == pytest.approx(gross, rel=1e-12, abs=1e-12)
    assert abs(multiple - 1) < 1e-9 or (gross > 0) == (multiple > 1)


@pytest.mark.parametrize("overhead", [0.0, 0.3])
def test_margins_of_all_users_are_the_revenue_less_overheads_and_cost(overhead):
    tables = changed(users(), operations={"revenue_overhead_fraction": overhead})
    margin, count, cost = (
        value(tables, name)
        for name in ("margin_usd_per_user_month", "user_per_rack", "cost_usd_per_rack_year")
    )
    assert 12 * margin * count == pytest.approx(12 * 20 * count * (1 - overhead) - cost, rel=1e-12)


@pytest.mark.parametrize("overhead", [0.0, 0.3])
def test_a_user_of_breakeven_requests_leaves_nothing(overhead):
    tables = changed(users(), operations={"revenue_overhead_fraction": overhead})
    requests = value(tables, "breakeven_request_per_user_month")
    even = changed(tables, revenue={"request_per_user_month": requests})
    assert abs(value(even, "margin_usd_per_user_month")) < 1e-12
    assert abs(value(even, "gross_margin_fraction")) < 1e-12
    assert value(even, "breakeven_utilisation") == pytest.approx(0.7, rel=1e-12)


def test_a_rack_of_breakeven_users_earns_its_capital():
    share = value(users(), "breakeven_user_per_rack") / value(users(), "capacity_user_per_rack")
    assert abs(value(users(utilisation=share), "npv_usd_per_rack")) < 1e-4
    assert value(users(), "user_per_rack") == pytest.approx(72 * 730 * 0.7 / (500 * 1.8 / 3600))


def test_idle_hours_are_the_rest_of_the_cost():
    busy = changed(
        users(utilisation=1),
        given={"cost_usd_per_rack_year": value(users(), "cost_usd_per_rack_year")},
    )
    idle = value(users(), "idle_cost_usd_per_user_month")
    assert value(users(), "cost_usd_per_user_month") - idle == pytest.approx(
        value(busy, "cost_usd_per_user_month")
    )


def test_energy_that_idle_hours_do_not_draw_is_not_theirs():
    sleeping = changed(users(), hardware={"idle_load_fraction": 0.0})
    fixed = value(
        changed(sleeping, power={"electricity_price_usd_per_kwh": 0}),
        "idle_cost_usd_per_user_month",
    )
    assert value(sleeping, "idle_cost_usd_per_user_month") == pytest.approx(fixed, rel=1e-12)


@pytest.mark.parametrize("sigma", [0.1, 0.8, 1.5, 3.0])
@pytest.mark.parametrize("requests", [20.0, 500.0, 20_000.0, 1e6])
def test_the_share_in_loss_is_that_of_a_lognormal(sigma, requests):
    found = value(
        at_two_usd(use_sigma=sigma, request_per_user_month=requests), "loss_user_fraction"
    )
    deviations = math.log(20_000 / requests) / sigma + sigma / 2
    assert found == pytest.approx(0.5 * math.erfc(deviations / math.sqrt(2)), rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_a_share_far_out_in_the_tail_has_the_same_bits_on_every_engine(backend):
    sigmas = np.linspace(0.1, 1.0, 46).tolist()
    axes = [{"kind": "values", "field": "use_sigma", "values": sigmas}]
    spec = {"scenario": at_two_usd(), "axes": axes, "targets": ["loss_user_fraction"]}
    found = sweep(spec, backend=backend).columns["loss_user_fraction"].values.tolist()
    assert found == [value(at_two_usd(use_sigma=one), "loss_user_fraction") for one in sigmas]
    assert found[0] < 1e-200


def test_the_share_in_loss_is_that_of_drawn_users():
    drawn = np.random.default_rng(7).lognormal(math.log(15_000) - 0.72, 1.2, 400_000)
    assert drawn.mean() == pytest.approx(15_000, rel=0.01)
    assert value(at_two_usd(request_per_user_month=15_000), "loss_user_fraction") == pytest.approx(
        (drawn > 20_000).mean(), abs=0.003
    )


def test_every_formula_has_the_unit_of_its_name():
    assert units_of(graph({**CHOICES, "revenue": "subscription"})) > 100


def test_why_there_is_no_answer():
    assert status(users(utilisation=0), "breakeven_request_per_user_month") == "nothing_sold"
    assert status(users(utilisation=0), "idle_cost_usd_per_user_month") == "nothing_sold"
    assert value(users(price_usd_per_user_month=0), "loss_user_fraction") == 1.0
    assert status(users(utilisation=0), "loss_user_fraction") == "nothing_sold"


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_cells_without_sales_have_no_share_in_loss(backend):
    axes = [{"kind": "values", "field": "utilisation", "values": [0.0, 0.5]}]
    table = sweep(
        {"scenario": users(), "axes": axes, "targets": ["loss_user_fraction"], "backend": backend}
    )
    assert np.isnan(table.columns["loss_user_fraction"].values).tolist() == [True, False]
    assert status(users(price_usd_per_user_month=0), "gross_margin_fraction") == "no_price"
