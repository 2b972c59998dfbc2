"""When an outlay has come back for good."""

import pytest
from hypothesis import given
from racks import changed, reference, small, status, value, values
from strategies import scenarios


def path(*prices):
    """One GPU's price by year, for so much a year."""
    return {
        "rental_price_usd_per_gpu_hour": None,
        "price_path_usd_per_gpu_hour": [price / 8760 for price in prices],
    }


FLOWS = {  # of a rack of 100, year by year: what it earns, and when that has come back for good
    "once": ((60, 80), 1.5),
    "touched first": ((110, -50, 80), 2.5),
    "never for good": ((150, -80), None),
    "at once": ((100,), 1.0),
}


@pytest.mark.parametrize(("earned", "expected"), FLOWS.values(), ids=FLOWS)
def test_a_first_touch_that_falls_back_is_no_payback(earned, expected):
    """What is lost in a year is a price below the running cost of 200 a year."""
    tables = small(
        hardware={"economic_life_years": len(earned)},
        revenue=path(*(200 + one for one in earned)),
        operations={"other_cost_usd_per_rack_year": 200},
    )
    for target in ("payback_years", "discounted_payback_years"):
        found = value(tables, target)
        assert found == (None if expected is None else pytest.approx(expected, rel=1e-12))
        assert status(tables, target) == ("never" if expected is None else "ok")


def test_what_is_lent_for_a_while_is_not_paid_back():
    """Equity pays nothing at first, gets something, and pays it all back and more."""
    tables = reference(
        finance={
            "debt_fraction": 1,
            "debt_rate_per_year": 0.08,
            "cost_of_equity_per_year": 0.15,
        },
        revenue={"price_decline_per_year": 0.25},
    )
    assert values(tables, "equity_flow_usd_per_rack_by_year") == pytest.approx(
        (0, 308e3, -79e3, -368e3, -586e3, -749e3), abs=500
    )
    assert status(tables, "equity_payback_years") == "never"
    assert status(tables, "equity_discounted_payback_years") == "never"


def test_what_never_falls_below_0_is_paid_back_at_once():
    """Equity draws all, gets 30 in year 1, and pays 20 of it in year 2."""
    loan = {"debt_fraction": 1, "debt_rate_per_year": 0, "debt_tenor_years": 2}
    tables = small(
        hardware={"economic_life_years": 2},
        revenue=path(80, 30),
        finance={**loan, "amortisation": "straight"},
    )
    assert values(tables, "equity_flow_usd_per_rack_by_year") == pytest.approx((0, 30, -20))
    assert value(tables, "equity_payback_years") == 0.0


@given(scenarios(whole_years=False, losses=("refund",)))
def test_a_higher_price_pays_back_no_later(scenario):
    price = scenario["revenue"]["rental_price_usd_per_gpu_hour"]
    paths = scenario["revenue"].get("price_path_usd_per_gpu_hour")
    higher = {"rental_price_usd_per_gpu_hour": price * 1.1}
    if paths:
        higher["price_path_usd_per_gpu_hour"] = [one * 1.1 for one in paths]
    for target in ("payback_years", "discounted_payback_years"):
        at, above = (
            value(tables, target) for tables in (scenario, changed(scenario, revenue=higher))
        )
        assert at is None or above <= at + 1e-9
