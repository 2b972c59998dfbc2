"""The price of time."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import reference, value

from economics.formulas.discounting import annuity_per_year
from kernels.language.verbs import FLOATS

rates, lives, months = st.floats(-0.5, 3.0), st.floats(0.1, 60.0), st.sampled_from((1, 4, 12))


def test_by_hand():
    assert annuity_per_year(0.1, 5.0, 1, 0.0, FLOATS) == pytest.approx(
        0.1 / (1 - 1.1**-5), rel=1e-15
    )
    assert annuity_per_year(0.1, 5.0, 1, 0.5, FLOATS) == pytest.approx(
        0.1 / (1 - 1.1**-5) / 1.1**0.5, rel=1e-15
    )
    monthly = 1.1 ** (1 / 12) - 1
    assert annuity_per_year(0.1, 5.0, 12, 0.0, FLOATS) == pytest.approx(
        12 * monthly / (1 - 1.1**-5), rel=1e-13
    )


@given(lives, months)
def test_without_interest_it_is_repaid_evenly(life, m):
    assert annuity_per_year(0.0, life, m, 0.0, FLOATS) == 1.0 / life


@given(st.floats(1e-14, 1e-9), lives, months)
def test_next_to_no_interest_is_next_to_none(rate, life, m):
    """The closed form loses no digits at small rates."""
    assert annuity_per_year(rate, life, m, 0.0, FLOATS) == pytest.approx(
        (1 + rate * (life + 1 / m) / 2) / life, rel=1e-12
    )


@given(rates, st.integers(1, 40), months)
def test_payments_are_worth_what_they_repay(rate, periods, m):
    payment = annuity_per_year(rate, periods / m, m, 0.0, FLOATS) / m
    worth = math.fsum(payment * (1 + rate) ** (-k / m) for k in range(1, periods + 1))
    assert worth == pytest.approx(1.0, rel=1e-10)


@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("m", [1, 4, 12])
def test_the_capital_charge_repays_capital_less_residual(timing, m):
    tables = reference(
        hardware={"residual_fraction": 0.2}, finance={"timing": timing, "periods_per_year": m}
    )
    charge, lead = (
        value(tables, "capital_charge_usd_per_rack_year") / m,
        0.5 if timing == "mid" else 0.0,
    )
    worth = math.fsum(charge * 1.1 ** (-(k - lead) / m) for k in range(1, 5 * m + 1))
    assert worth + 8e5 * 1.1**-5 == pytest.approx(4e6, rel=1e-13)


def test_the_cost_of_equity_is_the_wacc_unless_stated():
    assert value(reference(), "cost_of_equity_per_year") == 0.10
    assert (
        value(reference(finance={"cost_of_equity_per_year": 0.2}), "cost_of_equity_per_year") == 0.2
    )


def test_mid_period_flows_move_the_value():
    """End against middle of the year: one of the known traps."""
    end, mid = (
        value(reference(finance={"timing": timing}), "npv_usd_per_rack")
        for timing in ("end", "mid")
    )
    assert mid == pytest.approx((end + 4e6) * 1.1**0.5 - 4e6, rel=1e-12)
