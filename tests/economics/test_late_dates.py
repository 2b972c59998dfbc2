"""Dates and paybacks that count from the payment of the capital, where operations begin later."""

import numpy as np
import pytest
from racks import RENTED, SPACE, changed, late, status, value

from economics.extensions.delay import late_dates
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS, arrays


@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("periods", [1, 4])
def test_returns_count_from_the_payment_of_the_capital(timing, periods):
    """At its IRR a project is worth nothing, delay included; so is one at its MIRR of the WACC."""
    tables = late(
        finance={"periods_per_year": periods, "timing": timing},
        operations=RENTED,
        facility=SPACE,
        hardware={"it_load_kw_per_rack": 0.25},
    )
    rate = value(tables, "irr_per_year")
    at_irr = changed(tables, finance={"wacc_per_year": rate})
    assert value(at_irr, "npv_usd_per_rack") == pytest.approx(0, abs=1e-9)
    assert value(at_irr, "mirr_per_year") == pytest.approx(rate, rel=1e-9)
    assert value(tables, "moic") == pytest.approx((160 - 12) / (100 + 6), rel=1e-12)


def test_payback_counts_from_the_payment_of_the_capital():
    assert value(late(), "payback_years") == pytest.approx(2 + 2.5, rel=1e-13)
    assert value(late(operations={"delay_years": 0}), "payback_years") == pytest.approx(
        2.5, rel=1e-13
    )
    assert status(late(), "discounted_payback_years") == "ok"


def test_interest_of_a_delay_is_to_be_paid_back_too():
    """All of the capital is borrowed: equity pays 8 of interest in each year of the delay, and is
    left with 40 less service later.
    """
    borrowed = late(finance={"debt_fraction": 1, "debt_rate_per_year": 0.08})
    left = 40 - 100 * 0.08 / (1 - 1.08**-4)
    assert value(borrowed, "equity_payback_years") == pytest.approx(2 + 16 / left, rel=1e-12)
    prompt = changed(borrowed, operations={"delay_years": 0})
    for target in ("equity_payback_years", "equity_discounted_payback_years"):
        assert status(prompt, target) == "no_outlay", target


EARNED = Profile((1.0, 2.0, 3.0))


def test_operations_come_behind_the_rent_of_the_delay():
    calendar = Calendar(3, 1, delays=(2,))
    shifted = late_dates.project_flow_usd_per_rack_by_date(
        EARNED, 6.0, 2.0, 1, 1.0, calendar, FLOATS
    )
    assert shifted.values == (-6, -6, 1, 2, 3)


def test_each_delay_of_a_sweep_has_its_own_dates():
    """None, one and two years, as long as the longest: after the last flow there is nothing."""
    calendar, delays = Calendar(3, 1, delays=(0, 1, 2)), np.array([0.0, 1.0, 2.0])
    shifted = late_dates.project_flow_usd_per_rack_by_date(
        EARNED, 6.0, delays, 1, 1.0, calendar, arrays()
    )
    by_delay = np.array([np.broadcast_to(one, 3) for one in shifted.values]).T
    assert by_delay.tolist() == [[1, 2, 3, 0, 0], [-6, 1, 2, 3, 0], [-6, -6, 1, 2, 3]]


def test_rent_is_paid_at_the_first_of_the_dates_of_a_period():
    """Two dates a period: rent at one of them, a quarter of the year's."""
    calendar = Calendar(4, 4, delays=(1,))
    halves = Profile(range(1, 9))
    shifted = late_dates.project_flow_usd_per_rack_by_date(
        halves, 6.0, 1.0, 8, 4.0, calendar, FLOATS
    )
    assert shifted.values == (-1.5, 0, *range(1, 9))


def test_dates_of_the_delay_are_discounted_from_time_0():
    calendar, yearly = Calendar(2, 1, delays=(2,)), Profile((1.1**-3, 1.1**-4))
    worth = late_dates.discount_factor_by_date(yearly, 0.1, 2.0, 1, 1.0, calendar, FLOATS)
    assert worth.values == pytest.approx([1.1**-k for k in (1, 2, 3, 4)], rel=1e-14)


def test_what_is_never_paid_back_is_not_paid_back_later_either():
    tables = late(revenue={"utilisation": 0.1})
    for target in ("payback_years", "discounted_payback_years"):
        assert (value(tables, target), status(tables, target)) == (None, "never")
