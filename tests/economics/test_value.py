"""Book, tax and economic value over the life."""

import pytest
from hypothesis import given
from racks import asked, small, status, value, values
from strategies import scenarios

FALLING = {
    "rental_price_usd_per_gpu_hour": None,
    "price_path_usd_per_gpu_hour": [x / 8760 for x in (40, 30, 20, 10)],
}
TIRED = small(
    hardware={"residual_fraction": 0.02},
    operations={"other_cost_usd_per_rack_year": 25},
    finance={"wacc_per_year": 0.25},
    revenue=FALLING,
)


def test_value_in_use_by_hand():
    """Running costs of 25 a year against 40, 30, 20, 10: worth keeping for two years, then its
    residual.
    """
    assert values(TIRED, "economic_value_usd_per_rack") == pytest.approx(
        [(15 + 5.6) / 1.25, 5.6, 2, 2, 2], rel=1e-12
    )
    assert values(TIRED, "economic_depreciation_usd_per_rack_year") == pytest.approx(
        [10.88, 3.6, 0, 0], rel=1e-12, abs=1e-12
    )
    assert values(TIRED, "impairment_gap_usd_per_rack")[0] == pytest.approx(100 - 16.48, rel=1e-12)
    assert value(TIRED, "retirement_age_years") == 2.0


@pytest.mark.parametrize(
    ("cost", "age", "why"),
    [(0, None, "not_within_life"), (25, 2.0, "ok"), (50, 0.0, "ok"), (30, 2.0, "ok")],
)
def test_retirement_age(cost, age, why):
    tables = small(operations={"other_cost_usd_per_rack_year": cost}, revenue=FALLING)
    assert (value(tables, "retirement_age_years"), status(tables, "retirement_age_years")) == (
        age,
        why,
    )


@given(scenarios())
def test_value_in_use_is_next_year_s_worth_or_the_residual(scenario):
    answers = asked(
        scenario,
        "economic_value_usd_per_rack",
        "ebitda_usd_per_rack_by_year",
        "residual_usd_per_rack",
        "economic_depreciation_usd_per_rack_year",
        "book_value_usd_per_rack",
        "impairment_gap_usd_per_rack",
    )
    worth, ebitda = (
        answers["economic_value_usd_per_rack"].values,
        answers["ebitda_usd_per_rack_by_year"].values,
    )
    residual, wacc = answers["residual_usd_per_rack"].value, scenario["finance"]["wacc_per_year"]
    assert worth[-1] == residual
    for year, earned in enumerate(ebitda):
        assert worth[year] == pytest.approx(
            max(residual, (earned + worth[year + 1]) / (1 + wacc)), rel=1e-12
        )
    lost = answers["economic_depreciation_usd_per_rack_year"].values
    assert sum(lost) == pytest.approx(worth[0] - worth[-1], abs=1e-9 * max(worth))
    gaps = zip(
        answers["book_value_usd_per_rack"].values,
        worth,
        answers["impairment_gap_usd_per_rack"].values,
        strict=True,
    )
    assert all(gap == book - used for book, used, gap in gaps)


def test_a_write_off_of_a_better_residual_is_a_gain():
    tables = small(
        hardware={"residual_fraction": 0.5},
        finance={"book_depreciation": {"method": "straight_line", "life_years": 4}},
    )
    assert value(tables, "book_write_off_usd_per_rack") == pytest.approx(-50)
    assert value(small(), "book_write_off_usd_per_rack") == pytest.approx(0, abs=1e-12)
