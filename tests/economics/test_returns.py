"""What the owner earns, by hand: a rack of 100 that earns 40 a year for four years."""

import math

import pytest
from hypothesis import given
from racks import small, status, value, values
from strategies import scenarios


def path(*prices):
    return {
        "rental_price_usd_per_gpu_hour": None,
        "price_path_usd_per_gpu_hour": [price / 8760 for price in prices],
    }


TWO = {"hardware": {"economic_life_years": 2}, "revenue": path(60, 72)}


@pytest.mark.parametrize(
    ("changes", "target", "expected"),
    [
        ({}, "npv_usd_per_rack", 60.0),
        ({}, "moic", 1.6),
        ({}, "payback_years", 2.5),
        ({}, "irr_per_year", 0.21862269609834226),
        ({"finance": {"wacc_per_year": 0.1}}, "npv_usd_per_rack", 40 * (1 - 1.1**-4) / 0.1 - 100),
        (
            {"finance": {"wacc_per_year": 0.1}},
            "discounted_payback_years",
            3 + (100 - 40 / 1.1 - 40 / 1.21 - 40 / 1.331) / (40 / 1.4641),
        ),
        ({"finance": {"wacc_per_year": 0.25}}, "discounted_payback_years", None),
        (
            {"finance": {"wacc_per_year": 0.21, "timing": "mid"}},
            "npv_usd_per_rack",
            40 * sum(1.1**-k for k in (1, 3, 5, 7)) - 100,
        ),
        ({**TWO, "finance": {"wacc_per_year": 0.1}}, "irr_per_year", 0.2),
        (
            {**TWO, "finance": {"wacc_per_year": 0.1}},
            "mirr_per_year",
            math.sqrt((60 * 1.1 + 72) / 100) - 1,
        ),
        (TWO, "moic", 1.32),
        ({"hardware": {"residual_fraction": 0.5}, "revenue": path(15)}, "payback_years", 4.0),
        ({"hardware": {"residual_fraction": 0.5}, "revenue": path(15)}, "moic", 1.1),
        ({"revenue": path(15)}, "payback_years", None),
        (
            {"finance": {"debt_fraction": 1.0, "debt_rate_per_year": 0.0}},
            "equity_payback_years",
            None,
        ),
        ({"finance": {"debt_fraction": 0.5, "debt_rate_per_year": 0.0}}, "equity_moic", 110 / 50),
        (
            {"finance": {"debt_fraction": 0.5, "debt_rate_per_year": 0.0}},
            "equity_payback_years",
            50 / 27.5,
        ),
        (
            {
                "finance": {
                    "debt_fraction": 0.5,
                    "debt_rate_per_year": 0.0,
                    "cost_of_equity_per_year": 1.0,
                }
            },
            "equity_npv_usd_per_rack",
            27.5 * (1 - 2.0**-4) - 50,
        ),
    ],
)
def test_by_hand(changes, target, expected):
    answer = value(small(**changes), target)
    assert answer == (None if expected is None else pytest.approx(expected, rel=1e-13))


@pytest.mark.parametrize("m", [1, 4, 12])
@pytest.mark.parametrize("timing", ["end", "mid"])
def test_a_rate_is_a_year_s_whatever_the_periods(m, timing):
    """Flows that return exactly 21 % a year, by the period and in its middle."""
    lead = 0.5 if timing == "mid" else 0.0
    worth = math.fsum(40 / m * 1.21 ** (-(k - lead) / m) for k in range(1, 4 * m + 1))
    tables = small(
        hardware={"server_price_usd_per_rack": worth},
        finance={"periods_per_year": m, "timing": timing, "wacc_per_year": 0.21},
    )
    assert value(tables, "irr_per_year") == pytest.approx(0.21, rel=1e-12)
    assert value(tables, "mirr_per_year") == pytest.approx(0.21, rel=1e-12)
    assert value(tables, "npv_usd_per_rack") == pytest.approx(0, abs=1e-11)


@given(scenarios(timings=("end",), periods=(1,)))
def test_the_irr_makes_npv_0(scenario):
    for prefix in ("", "equity_"):
        rate = value(scenario, f"{prefix}irr_per_year")
        flows = values(scenario, f"{prefix or 'project_'}flow_usd_per_rack_by_year")
        if rate is not None:
            worth = [flow * (1 + rate) ** -year for year, flow in enumerate(flows)]
            assert math.fsum(worth) == pytest.approx(0, abs=1e-9 * max(map(abs, worth)))


@given(scenarios(whole_years=False))
def test_a_flow_that_pays_back_late_is_paid_back_later_when_discounted(scenario):
    plain, discounted = (
        value(scenario, target) for target in ("payback_years", "discounted_payback_years")
    )
    if discounted is not None and scenario["finance"]["wacc_per_year"] >= 0:
        assert plain is not None
        assert plain <= discounted + 1e-9


def test_nothing_in_has_no_irr_and_loses_all():
    tables = small(revenue=path(1e-9), operations={"other_cost_usd_per_rack_year": 5})
    for prefix in ("", "equity_"):
        assert status(tables, f"{prefix}irr_per_year") == "no_sign_change"
        assert value(tables, f"{prefix}mirr_per_year") == -1.0
    assert value(tables, "root_count") == 0.0


def test_nothing_out_has_no_mirr():
    paid_by_others = small(finance={"debt_fraction": 1.0, "debt_rate_per_year": 0.0})
    assert status(paid_by_others, "equity_mirr_per_year") == "no_outlay"


@pytest.mark.parametrize("share", [1e-2, 0.5, 1.0, 2.0, 1e9])
def test_mirr_keeps_its_digits_however_much_returns(share):
    tables = small(
        hardware={"economic_life_years": 0.25},
        finance={"wacc_per_year": 0.07, "periods_per_year": 4},
        revenue=path(400 * share),
    )
    assert 1 + value(tables, "mirr_per_year") == pytest.approx(share**4, rel=1e-12)
