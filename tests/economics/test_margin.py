"""Margins of a seller, by hand."""

import pytest
from racks import asked, changed, status, value
from sellers import SELLER

from economics.models.margin import TARGETS


def test_margins_and_what_breaks_even():
    found = {name: one.value for name, one in asked(SELLER, *TARGETS).items()}
    assert found == pytest.approx(
        {
            "compute_of_revenue_fraction": 0.6,
            "gross_margin_fraction": 0.4,
            "operating_margin_fraction": -0.4,
            "result_usd_per_year": -40,
            "breakeven_price_factor": 1.4,
            "breakeven_compute_factor": 20 / 60,
            "breakeven_cost_factor": 100 / 140,
        }
    )


def test_each_factor_breaks_even():
    price, compute, cost = (
        value(SELLER, f"breakeven_{name}_factor") for name in ("price", "compute", "cost")
    )
    assert value(
        changed(SELLER, margin={"revenue_usd_per_year": 100 * price}), "result_usd_per_year"
    ) == pytest.approx(0, abs=1e-9)
    assert value(
        changed(SELLER, margin={"compute_cost_usd_per_year": 60 * compute}), "result_usd_per_year"
    ) == pytest.approx(0, abs=1e-9)
    scaled = {"compute_cost_usd_per_year": 60 * cost, "other_cost_usd_per_year": 80 * cost}
    assert value(changed(SELLER, margin=scaled), "result_usd_per_year") == pytest.approx(
        0, abs=1e-9
    )
    assert price * cost == pytest.approx(1)


def test_why_there_is_no_answer():
    assert (
        status(changed(SELLER, margin={"other_cost_usd_per_year": 120}), "breakeven_compute_factor")
        == "not_enough"
    )
    assert (
        status(changed(SELLER, margin={"compute_cost_usd_per_year": 0}), "breakeven_compute_factor")
        == "no_cost"
    )
    assert (
        status(changed(SELLER, margin={"revenue_usd_per_year": 0}), "gross_margin_fraction")
        == "no_revenue"
    )
