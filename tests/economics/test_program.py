"""A program of spending: depreciation by calendar year by hand, and what it hides."""

import pytest
from racks import changed, value, values
from sellers import PROGRAM

from economics import Problem, quote, sweep


def test_depreciation_by_calendar_year():
    assert values(PROGRAM, "book_depreciation_usd_by_year") == pytest.approx(
        (16.67, 50, 100, 100, 100, 100, 83.33, 50), abs=0.005
    )
    three = (33.33, 100, 200, 166.67, 100, 0, 0, 0)
    assert values(PROGRAM, "compared_depreciation_usd_by_year") == pytest.approx(three, abs=0.005)
    alone = changed(
        PROGRAM,
        program={
            "book_depreciation": {"method": "straight_line", "life_years": 3},
            "compared_depreciation": None,
        },
    )
    assert values(alone, "book_depreciation_usd_by_year") == pytest.approx(three[:5], abs=0.005)


def test_what_a_longer_life_hides():
    hidden = values(PROGRAM, "understatement_usd_by_year")
    assert hidden == pytest.approx((16.667, 50, 100, 66.667, 0, -100, -83.333, -50), abs=0.001)
    assert values(PROGRAM, "cumulative_understatement_usd_by_year")[-1] == pytest.approx(
        0.0, abs=1e-9
    )
    assert max(values(PROGRAM, "cumulative_understatement_usd_by_year")) == pytest.approx(
        233.333, abs=0.001
    )


def test_all_that_is_spent_is_written_off():
    assert value(PROGRAM, "total_spend_usd") == 600
    assert sum(values(PROGRAM, "book_depreciation_usd_by_year")) == pytest.approx(600)
    assert values(PROGRAM, "book_value_usd_by_year")[0] == pytest.approx(100 * 5 / 6)
    assert values(PROGRAM, "book_value_usd_by_year")[-1] == pytest.approx(0.0, abs=1e-9)


METHODS = [
    {"method": "macrs", "recovery_years": 5},
    {"method": "custom", "schedule": [0.5, 0.5]},
    {"method": "bonus", "fraction": 0.4, "then": {"method": "sum_of_years", "life_years": 4}},
    {"method": "declining_balance", "life_years": 4.5},
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method["method"])
def test_every_method_runs_to_its_end(method):
    assert sum(
        values(
            changed(PROGRAM, program={"book_depreciation": method}), "book_depreciation_usd_by_year"
        )
    ) == pytest.approx(600)


def test_revenue_that_leaves_the_margin():
    dear = changed(PROGRAM, program={"operating_cost_usd_per_year": 20})
    needed, written = (
        values(dear, "revenue_needed_usd_by_year"),
        values(dear, "book_depreciation_usd_by_year"),
    )
    assert [
        (revenue - cost - 20) / revenue for revenue, cost in zip(needed, written, strict=True)
    ] == pytest.approx([0.2] * 8)
    assert value(dear, "peak_revenue_needed_usd_per_year") == max(needed)


def test_spending_scales_and_lives_are_swept():
    assert value(changed(PROGRAM, program={"spend_factor": 2}), "total_spend_usd") == 1200
    axes = [{"kind": "values", "field": "book_depreciation_life_years", "values": [3, 6]}]
    table = sweep(
        {"scenario": PROGRAM, "axes": axes, "targets": ["book_depreciation_usd_by_year[2]"]}
    )
    assert table.columns["book_depreciation_usd_by_year[2]"].values == pytest.approx([100, 50])


def test_there_is_no_use_to_go_by():
    with pytest.raises(Problem, match=r"program\.book_depreciation"):
        quote(
            changed(
                PROGRAM,
                program={"book_depreciation": {"method": "units_of_production", "life_years": 3}},
            )
        )
