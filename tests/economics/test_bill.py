"""A bill at a price, by hand."""

import pytest
from racks import asked, changed, status, value
from sellers import BILL


def test_what_the_bill_buys():
    assert value(BILL, "gpu_hour_per_year") == pytest.approx(3_076_923_076.9, abs=0.05)
    assert value(BILL, "fleet_gpu") == pytest.approx(351_246.9, abs=0.05)


@pytest.mark.parametrize(("price", "bill"), [(3.40, 10.46e9), (4.00, 12.31e9)])
def test_the_bill_at_list_price(price, bill):
    found = asked(
        changed(BILL, bill={"list_price_usd_per_gpu_hour": price}),
        "list_bill_usd_per_year",
        "subsidy_usd_per_year",
    )
    assert found["list_bill_usd_per_year"].value == pytest.approx(bill, abs=0.005e9)
    assert found["subsidy_usd_per_year"].value == found["list_bill_usd_per_year"].value - 4e9


def test_which_list_price_a_stated_bill_implies():
    stated = changed(BILL, bill={"stated_list_bill_usd_per_year": 6e9})
    assert value(stated, "implied_list_price_usd_per_gpu_hour") == pytest.approx(1.95)
    at_that_price = changed(stated, bill={"list_price_usd_per_gpu_hour": 1.95})
    assert value(at_that_price, "list_bill_usd_per_year") == pytest.approx(6e9)


def test_the_owner_keeps_what_cost_leaves():
    owned = changed(BILL, bill={"owner_cost_usd_per_gpu_hour": 1.56})
    assert value(owned, "owner_margin_fraction") == pytest.approx(-0.2)
    assert value(owned, "owner_result_usd_per_year") == pytest.approx(-0.2 * 4e9)
    assert value(BILL, "discount_fraction") == pytest.approx(1 - 1.3 / 3.4)


def test_no_price_buys_no_hours():
    assert status(changed(BILL, bill={"bill_price_usd_per_gpu_hour": 0}), "fleet_gpu") == "no_price"
