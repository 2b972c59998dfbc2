"""Hours under contract beside those of others: revenue, use and breakevens of the whole rack."""

import pytest
from contracts import contract, in_tranches
from racks import asked, changed, status, value, values

from economics.extensions.contract import mixed_sales
from kernels.language.verbs import FLOATS


def test_variable_cost_follows_the_hours_used():
    """Paid for in full, but a quarter used: the rack draws 0.4 + 0.6 * 0.25 of its load."""
    tables = in_tranches({"hours_fraction": 1, "use_fraction": 0.25})
    assert value(tables, "load_factor") == pytest.approx(0.55, rel=1e-15)
    bill = 132 * 0.55 * 8760 * 1.25 * 0.08
    assert values(tables, "electricity_usd_per_rack_by_year") == pytest.approx(
        [bill] * 5, rel=1e-13
    )
    assert value(tables, "electricity_cost_usd_per_rack_year") == pytest.approx(bill, rel=1e-13)


@pytest.mark.parametrize(
    "target",
    ["cash_breakeven_utilisation", "accounting_breakeven_utilisation", "breakeven_utilisation"],
)
def test_a_breakeven_is_where_nothing_is_left(target):
    """A fifth of the hours under contract, the rest at the utilisation that is looked for."""
    tables = in_tranches(
        {"hours_fraction": 0.2, "take_or_pay_fraction": 0.5},
        operations={"other_cost_usd_per_rack_year": 350_000},
    )
    found = value(tables, target)
    assert 0.0 < found < 1.0
    there = changed(tables, revenue={"utilisation": found})
    answers = asked(
        there, "npv_usd_per_rack", "steady_revenue_usd_per_rack_year", "cash_cost_usd_per_rack_year"
    )
    left = {
        "breakeven_utilisation": answers["npv_usd_per_rack"].value,
        "cash_breakeven_utilisation": answers["steady_revenue_usd_per_rack_year"].value
        - answers["cash_cost_usd_per_rack_year"].value,
    }
    left["accounting_breakeven_utilisation"] = left["cash_breakeven_utilisation"] - 8e5
    assert left[target] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("price", "expected"), [(2, "below_zero"), (0, "no_others")])
@pytest.mark.parametrize(
    "target",
    ["cash_breakeven_utilisation", "accounting_breakeven_utilisation", "breakeven_utilisation"],
)
def test_hours_all_reserved_pay_or_do_not_whatever_others_use(target, price, expected):
    tables = contract({"contract_price_usd_per_gpu_hour": price, "default_probability_per_year": 0})
    assert (
        status(changed(tables, operations={"other_cost_usd_per_rack_year": 100}), target)
        == expected
    )


@pytest.mark.parametrize(("contracted", "others"), [(0.0, 1.0), (0.75, 0.25), (1.0 + 1e-12, 0.0)])
def test_what_no_contract_reserves_is_for_others(contracted, others):
    """All hours but for rounding leave none, not fewer than none."""
    assert mixed_sales.merchant_fraction(contracted, FLOATS) == others


def test_the_mean_price_is_that_of_hours_that_are_paid_for():
    """500 of 1,000 hours at 2 USD, of which 400 are used and all are paid for; of others half of
    500 at 1 USD.
    """
    tables = contract({"hours_fraction": 0.5, "use_fraction": 0.8}, utilisation=0.5)
    assert value(tables, "used_fraction") == pytest.approx(0.4 + 0.25, rel=1e-15)
    assert value(tables, "sold_gpu_hour_per_rack_year") == pytest.approx(750, rel=1e-14)
    assert value(tables, "mean_price_usd_per_gpu_hour") == pytest.approx(1250 / 750, rel=1e-14)


def test_hours_that_nobody_pays_for_have_no_mean_price():
    unused = {"use_fraction": 0, "take_or_pay_fraction": 0}
    tables = contract(unused, utilisation=0)
    assert value(tables, "sold_gpu_hour_per_rack_year") == 0.0
    assert status(tables, "mean_price_usd_per_gpu_hour") == "nothing_sold"


def test_a_prepayment_bears_overheads():
    tables = changed(
        contract({"prepayment_fraction": 0.1}), operations={"revenue_overhead_fraction": 0.25}
    )
    assert value(tables, "net_prepayment_usd_per_rack") == pytest.approx(450, rel=1e-14)
