"""What is paid before late operations begin, and what later money is worth then."""

import pytest
from contracts import contract
from racks import RENTED, SPACE, asked, changed, late, value, values

from economics.extensions.delay import late_start
from economics.formulas import discounting
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS


def test_rent_during_the_delay():
    """3 a year for the space: two years of it before operations, deducted with year 1."""
    tables = late(
        operations=RENTED,
        facility=SPACE,
        hardware={"it_load_kw_per_rack": 0.25},
        finance={"tax_rate": 0.5},
    )
    assert values(tables, "project_flow_usd_per_rack_by_year")[0] == pytest.approx(-106, rel=1e-13)
    assert values(tables, "unlevered_taxable_income_usd_per_rack_by_year") == pytest.approx(
        [40 - 3 - 25 - 6, 12, 12, 12], rel=1e-12
    )
    free = changed(tables, operations={"rent_during_delay": False})
    rent = 3 / 1.1 + 3 / 1.21 - 0.5 * 6 * 1.1**-3
    assert value(free, "npv_usd_per_rack") - value(tables, "npv_usd_per_rack") == pytest.approx(
        rent, rel=1e-11
    )
    assert value(tables, "lcoc_usd_per_gpu_hour") > value(free, "lcoc_usd_per_gpu_hour")


def test_equity_pays_the_interest_of_the_delay():
    loan = {
        "debt_fraction": 0.5,
        "debt_rate_per_year": 0.08,
        "amortisation": "bullet",
        "cost_of_equity_per_year": 0.15,
        "tax_rate": 0.5,
    }
    tables = late(finance=loan)
    answers = asked(
        tables,
        "equity_flow_usd_per_rack_by_year",
        "taxable_income_usd_per_rack_by_year",
        "equity_npv_usd_per_rack",
        "llcr",
    )
    assert answers["equity_flow_usd_per_rack_by_year"].values[0] == pytest.approx(
        -50 - 8, rel=1e-13
    )
    income = answers["taxable_income_usd_per_rack_by_year"].values
    assert income == pytest.approx([40 - 25 - 4 - 8, 11, 11, 11], rel=1e-12)
    flows = [-50, -4, -4, *(36 - 0.5 * one for one in income)]
    flows[-1] -= 50
    assert answers["equity_npv_usd_per_rack"].value == pytest.approx(
        sum(f * 1.15**-k for k, f in enumerate(flows)), rel=1e-11
    )


@pytest.mark.parametrize(("lead", "worth"), [(0.0, 6 / 1.1 + 6 / 1.21), (1.0, 6 + 6 / 1.1)])
def test_rent_of_two_years_at_time_0(lead, worth):
    """6 a year beside an outlay of 100, paid at the end of each year or at its start."""
    found = late_start.start_worth_usd_per_rack(100.0, 6.0, 2.0, 0.1, 1.0, lead, FLOATS)
    assert found == pytest.approx(100 + worth, rel=1e-14)
    assert late_start.start_worth_usd_per_rack(100.0, 6.0, 0.0, 0.1, 1.0, lead, FLOATS) == 100
    assert late_start.start_cost_usd_per_rack(100.0, 6.0, 2.0) == 112
    assert late_start.delayed_capital_usd_per_rack(110.0, found, 100.0) == 110 + (found - 100)


def test_money_of_operations_is_worth_less_by_the_delay():
    calendar, delay = Calendar(3, 1), 2.0
    early = discounting.discount_factor_by_period(calendar, 3.0, 0.1, 1.0, 0.5, FLOATS)
    after = late_start.discount_factor_by_period(calendar, 3.0, 0.1, 1.0, 0.5, delay, FLOATS)
    assert after.values == pytest.approx([one / 1.21 for one in early.values], rel=1e-14)
    at_ends = late_start.end_discount_factor_by_period(calendar, 3.0, 0.1, 1.0, delay, FLOATS)
    assert at_ends.values == pytest.approx([1.1**-3, 1.1**-4, 1.1**-5], rel=1e-14)


def test_the_space_costs_nothing_meanwhile_unless_it_is_rented():
    rented = late(operations=RENTED, facility=SPACE, hardware={"it_load_kw_per_rack": 2})
    free = changed(rented, operations={"rent_during_delay": False})
    assert value(rented, "delay_cost_usd_per_rack_year") == 24
    assert value(free, "delay_cost_usd_per_rack_year") == 0
    loan = {"debt_fraction": 0.5, "debt_rate_per_year": 0.08}
    owed = changed(rented, finance=loan)
    assert value(owed, "equity_delay_cost_usd_per_rack_year") == pytest.approx(28, rel=1e-14)


def test_what_customers_prepay_is_income_of_the_start_less_rent():
    prepaid = contract({"prepayment_fraction": 0.1})
    tables = changed(
        prepaid, operations=RENTED, facility=SPACE, hardware={"it_load_kw_per_rack": 2}
    )
    assert value(late(), "net_prepayment_usd_per_rack") == 0
    assert value(tables, "net_prepayment_usd_per_rack") == pytest.approx(600, rel=1e-14)
    assert value(tables, "start_income_usd_per_rack") == pytest.approx(600 - 48, rel=1e-14)
