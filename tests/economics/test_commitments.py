"""Commitments against revenue, by hand."""

import pytest
from racks import changed, status, value, values
from sellers import PATHS

from economics import Problem, quote, solve


def test_balances_and_the_most_that_is_lacking():
    assert values(PATHS, "funding_gap_usd_by_year") == (3.5, 20, 45, 37.5, 27.5)
    assert values(PATHS, "balance_usd_by_year") == (16.5, -3.5, -48.5, -86, -113.5)
    assert value(PATHS, "peak_funding_need_usd") == 113.5
    assert (value(PATHS, "total_committed_usd"), value(PATHS, "total_revenue_usd")) == (220, 173)


def test_nothing_is_lacking_where_cash_lasts():
    assert value(changed(PATHS, commitments={"cash_usd": 200}), "peak_funding_need_usd") == 0


def test_how_much_cash_is_enough():
    found = solve(PATHS, "peak_funding_need_usd", 0.0, "cash_usd", (0.0, 1e6))
    assert found.stretches == (pytest.approx((133.5, 1e6)),)


def test_a_need_that_is_earned_back_is_still_a_need():
    later = changed(
        PATHS, commitments={"committed_usd": [10, 60], "revenue_usd": [10, 20, 400], "cash_usd": 0}
    )
    assert values(later, "balance_usd_by_year") == (-5, -55, 145)
    assert value(later, "peak_funding_need_usd") == 55


def test_paths_scale():
    doubled = changed(
        PATHS, commitments={"revenue_factor": 2, "committed_factor": 2, "cash_usd": 40}
    )
    assert values(doubled, "balance_usd_by_year") == (33, -7, -97, -172, -227)


def test_the_run_rate_runs_ahead_of_the_year():
    months = changed(PATHS, commitments={"revenue_usd_per_month": [100, *[1] * 11, 2]})
    assert value(months, "run_rate_usd_per_year") == 24
    assert value(months, "trailing_revenue_usd_per_year") == 13
    assert value(months, "run_rate_factor") == pytest.approx(24 / 13)
    level = changed(PATHS, commitments={"revenue_usd_per_month": [5] * 12})
    assert value(level, "run_rate_factor") == 1
    assert (
        status(changed(PATHS, commitments={"revenue_usd_per_month": [0] * 12}), "run_rate_factor")
        == "no_revenue"
    )


def test_a_year_of_months_is_needed():
    with pytest.raises(Problem, match=r"commitments\.revenue_usd_per_month.*12"):
        quote(
            changed(PATHS, commitments={"revenue_usd_per_month": [1] * 11}),
            ["run_rate_usd_per_year"],
        )
