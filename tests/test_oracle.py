"""The oracle itself: published reference figures and schedules. Hand values are in
test_oracle_by_hand.py, laws over random scenarios in test_oracle_laws.py.
"""

from fractions import Fraction

import oracle_depreciation
import pytest
from oracle import evaluate
from racks import reference

TAX = {"tax_rate": 0.21}
MACRS = {
    **TAX,
    "tax_depreciation": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    "basis_at_disposal": "lost",
}
DEBT = {**MACRS, "debt_fraction": 0.6, "debt_rate_per_year": 0.11}
FALLING = {
    "finance": DEBT,
    "revenue": {"price_decline_per_year": 0.2},
    "operations": {"opex_escalation_per_year": 0.025},
    "power": {"electricity_escalation_per_year": 0.025},
}


@pytest.mark.parametrize(
    ("changes", "prefix", "npv", "irr", "price"),
    [
        ({}, "", 964_535.658394, 0.19049001362651782, 2.9236924765777466),
        ({"finance": TAX}, "", 558_835.347392, 0.15330364360547238, 3.0773384141794877),
        ({"finance": MACRS}, "", 544_210.414917, 0.15289648344155582, 3.0883996277930668),
        ({"finance": DEBT}, "equity_", 624_930.569755, 0.2513498321572371, 3.027348892883815),
        (FALLING, "equity_", -794_143.806151, None, 4.357537245578793),
    ],
)
def test_reference_project(changes, prefix, npv, irr, price):
    answer = evaluate(reference(**changes))
    assert answer[f"{prefix}npv_usd_per_rack"] == pytest.approx(npv, abs=5e-7, rel=0)
    assert answer[f"{prefix}irr_per_year"] == (
        None if irr is None else pytest.approx(irr, rel=1e-13)
    )
    assert answer[f"{prefix}breakeven_price_usd_per_gpu_hour"] == pytest.approx(price, rel=1e-13)


def test_reference_project_breakeven_and_cover():
    assert evaluate(reference())["breakeven_utilisation"] == pytest.approx(0.5847384953, abs=5e-11)
    assert evaluate(reference(finance=DEBT))["min_dscr"] == pytest.approx(
        2.0167770845909603, rel=1e-13
    )
    falling = evaluate(reference(**FALLING))
    assert falling["min_dscr"] == pytest.approx(0.5741676042617582, rel=1e-13)
    assert falling["equity_irr_root_count"] == 0


@pytest.mark.parametrize(("price", "breakeven"), [(3.29, 0.313977), (1.99, 0.5191)])
def test_four_h100(price, breakeven):
    scenario = {
        "hardware": {
            "gpu_per_rack": 4,
            "gpu_price_usd_per_gpu": 27_500,
            "server_price_usd_per_rack": 10_414,
            "it_load_kw_per_rack": 2.1,
            "economic_life_years": 5,
        },
        "facility": {
            "kind": "colocation",
            "colocation_price_usd_per_kw_month": 194.95,
            "pue": 1.52,
        },
        "power": {"electricity_price_usd_per_kwh": 0.2575},
        "finance": {"wacc_per_year": 0.0},
        "revenue": {"rental_price_usd_per_gpu_hour": price, "utilisation": 0.8},
    }
    answer = evaluate(scenario)
    assert answer["cost_usd_per_rack_year"] == pytest.approx(36_195.73, abs=0.005)
    for kind in (
        "accounting_breakeven_utilisation",
        "breakeven_utilisation",
        "equity_breakeven_utilisation",
    ):
        assert answer[kind] == pytest.approx(breakeven, abs=5e-7 if price == 3.29 else 5e-5)


@pytest.mark.parametrize("convention", sorted(oracle_depreciation.MACRS))
@pytest.mark.parametrize("recovery_years", [3, 5, 7, 15])
def test_macrs_rows_sum_to_100(convention, recovery_years):
    row = oracle_depreciation.MACRS[convention][recovery_years].split()
    assert sum(Fraction(percent) for percent in row) == 100
    assert len(row) == recovery_years + 1


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (None, [0.2, 0.2, 0.2, 0.2, 0.2]),
        (
            {"method": "straight_line", "life_years": 2.5, "salvage_fraction": 0.1},
            [0.36, 0.36, 0.18, 0, 0],
        ),
        ({"method": "sum_of_years", "life_years": 4}, [0.4, 0.3, 0.2, 0.1, 0]),
        (
            {"method": "declining_balance", "factor": 2, "life_years": 5},
            [0.4, 0.24, 0.144, 0.0864, 0.05184],
        ),
        (
            {"method": "declining_balance", "factor": 2, "life_years": 5, "switch": True},
            [0.4, 0.24, 0.144, 0.108, 0.108],
        ),
        (
            {"method": "declining_balance", "factor": 2, "life_years": 5, "salvage_fraction": 0.2},
            [0.4, 0.24, 0.144, 0.016, 0],
        ),
        ({"method": "macrs", "recovery_years": 5}, [0.2, 0.32, 0.192, 0.1152, 0.1152]),
        (
            {"method": "bonus", "fraction": 0.6, "then": {"method": "macrs", "recovery_years": 3}},
            [0.73332, 0.1778, 0.05924, 0.02964, 0],
        ),
        ({"method": "custom", "schedule": [0.5, 0.25]}, [0.5, 0.25, 0, 0, 0]),
        ({"method": "units_of_production", "life_years": 4}, [0.25, 0.25, 0.25, 0.25, 0]),
    ],
)
def test_schedule(method, expected):
    answer = evaluate(reference(finance={"book_depreciation": method, "tax_depreciation": method}))
    for kind in ("book", "tax"):
        assert answer[f"{kind}_depreciation_usd_per_rack_year"]["index"] == [1, 2, 3, 4, 5]
        assert answer[f"{kind}_depreciation_usd_per_rack_year"]["values"] == pytest.approx(
            [4e6 * f for f in expected], abs=1e-6
        )
    assert answer["book_value_usd_per_rack"]["values"][-1] == pytest.approx(
        4e6 * (1 - sum(expected)), abs=1e-6
    )


def test_ramp():
    answer = evaluate(
        reference(
            revenue={"ramp_years": 1.5},
            hardware={"idle_load_fraction": 0.5},
            finance={
                "book_depreciation": {"method": "units_of_production", "life_years": 5},
            },
        )
    )
    levels = [
        1 / 3,
        11 / 12,
        1,
        1,
        1,
    ]  # mean of t / 1.5 over the first year; of the second, half rises from 2/3 to 1
    full = 72 * 8760 * 0.7 * 3.5
    assert answer["revenue_usd_per_rack_by_year"]["values"] == pytest.approx(
        [full * level for level in levels], rel=1e-14
    )
    bill = 132 * 1.25 * 8760 * 0.08
    electricity = [bill * (0.5 + 0.5 * 0.7 * level) for level in levels]
    assert answer["electricity_usd_per_rack_by_year"]["values"] == pytest.approx(
        electricity, rel=1e-14
    )
    assert answer["book_depreciation_usd_per_rack_year"]["values"] == pytest.approx(
        [4e6 * x / 4.25 for x in levels], rel=1e-14
    )


def test_a_life_that_is_no_whole_number_of_periods_is_refused():
    with pytest.raises(ValueError, match="economic_life_years"):
        evaluate(reference(hardware={"economic_life_years": 4.5}))
