"""The oracle against hand values of a rack that costs 100 and earns 40 a year."""

import math

import pytest
from oracle import evaluate
from racks import changed


def small(**changes):
    """A rack that costs 100 and earns 1 USD for each of `utilisation` * 8,760 hours; one period a
    year, nothing else.
    """
    scenario = {
        "hardware": {
            "gpu_per_rack": 1,
            "server_price_usd_per_rack": 100,
            "it_load_kw_per_rack": 0,
            "economic_life_years": 4,
        },
        "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 0, "pue": 1},
        "power": {"electricity_price_usd_per_kwh": 0},
        "finance": {"wacc_per_year": 0.0, "periods_per_year": 1},
        "revenue": {"price_path_usd_per_gpu_hour": [40 / 8760], "utilisation": 1},
    }
    return changed(scenario, **changes)


def test_costs_by_hand():
    """Without discounting: 10 kW, provisioned at 1.2, half drawn while unsold; 0.8 * 0.5 of the
    hours sold: a load factor of 0.7.
    """
    hardware = {
        "it_load_kw_per_rack": 10,
        "idle_load_fraction": 0.5,
        "availability": 0.8,
        "residual_fraction": 0.1,
        "spare_fraction": 0.25,
    }
    power = {
        "electricity_price_usd_per_kwh": 0.1,
        "demand_charge_usd_per_kw_month": 5,
        "carbon_intensity_kg_per_kwh": 0.4,
        "carbon_price_usd_per_kg": 0.05,
        "water_use_l_per_kwh": 2,
        "water_price_usd_per_l": 0.001,
    }
    owned = {
        "kind": "owned",
        "facility_capex_usd_per_kw": 12_000,
        "facility_life_years": 20,
        "facility_opex_usd_per_kw_year": 300,
    }
    scenario = small(
        hardware=hardware,
        power=power,
        revenue={"utilisation": 0.5},
        operations={
            "maintenance_fraction_per_year": 0.04,
            "insurance_fraction_per_year": 0.01,
            "software_cost_usd_per_gpu_year": 3,
        },
    )
    scenario["facility"] = {**owned, "provision_factor": 1.2, "pue": 1.5}
    answer = evaluate(scenario)
    kwh = 10 * 0.7 * 8760
    expected = {
        "capital_charge_usd_per_rack_year": (125 - 10) / 4,
        "electricity_cost_usd_per_rack_year": kwh * 1.5 * 0.1 + 10 * 1.5 * 5 * 12,
        "carbon_cost_usd_per_rack_year": kwh * 1.5 * 0.4 * 0.05,
        "water_cost_usd_per_rack_year": kwh * 2 * 0.001,
        "facility_capital_charge_usd_per_rack_year": 10 * 1.2 * 12_000 / 20,
        "facility_running_cost_usd_per_rack_year": 10 * 1.2 * 300,
        "operations_cost_usd_per_rack_year": 125 * 0.05 + 3,
    }
    assert {name: answer[name] for name in expected} == pytest.approx(expected, rel=1e-14)
    assert answer["cost_usd_per_gpu_hour"] == pytest.approx(
        sum(expected.values()) / (8760 * 0.4), rel=1e-14
    )


@pytest.mark.parametrize("basis", ["written_off", "lost"])
def test_disposal(basis):
    """A tenth of the basis each year by a custom schedule: 60 are left at the end, against a
    residual of 20.
    """
    finance = {
        "tax_rate": 0.3,
        "tax_depreciation": {"method": "custom", "schedule": [0.1] * 4},
        "basis_at_disposal": basis,
    }
    answer = evaluate(small(finance=finance, hardware={"residual_fraction": 0.2}))
    income = [30, 30, 30, 30 + 20 - (60 if basis == "written_off" else 0)]
    assert answer["taxable_income_usd_per_rack_by_year"]["values"] == pytest.approx(
        income, rel=1e-12
    )
    assert answer["project_flow_usd_per_rack_by_year"]["values"][-1] == pytest.approx(
        40 + 20 - 0.3 * income[-1], rel=1e-12
    )


def test_a_life_of_two_and_a_half_years():
    """Half-yearly flows do not exist: quarters. The third operating year has two of them, and its
    tax falls in the second.
    """
    answer = evaluate(
        small(
            hardware={"economic_life_years": 2.5},
            finance={"periods_per_year": 4, "tax_rate": 0.5, "wacc_per_year": 0.1},
        )
    )
    assert answer["revenue_usd_per_rack_by_year"]["values"] == pytest.approx(
        [40, 40, 20], rel=1e-14
    )
    assert answer["tax_depreciation_usd_per_rack_by_year"]["values"] == pytest.approx(
        [40, 40, 20], rel=1e-14
    )
    assert answer["tax_usd_per_rack_by_year"]["values"] == pytest.approx([0, 0, 0], abs=1e-12)
    assert answer["npv_usd_per_rack"] == pytest.approx(
        -100 + sum(10 * 1.1 ** (-k / 4) for k in range(1, 11)), rel=1e-13
    )
    assert "book_value_usd_per_rack" not in answer


def test_cash_and_accounting_breakeven():
    """10 USD of bills, 25 of depreciation and 4 of interest against 40 USD of revenue when full."""
    loan = {"debt_fraction": 0.4, "debt_rate_per_year": 0.1}
    answer = evaluate(small(operations={"other_cost_usd_per_rack_year": 10}, finance=loan))
    assert answer["cash_breakeven_utilisation"] == pytest.approx(10 / 40, rel=1e-14)
    assert answer["accounting_breakeven_utilisation"] == pytest.approx(39 / 40, rel=1e-14)
    assert answer["breakeven_utilisation"] == pytest.approx(35 / 40, rel=1e-14)
    assert answer["headroom_fraction"] == pytest.approx(40 / 35 - 1, rel=1e-14)
    dear = evaluate(small(operations={"other_cost_usd_per_rack_year": 50}))
    assert dear["cash_breakeven_utilisation"] is None
    assert dear["breakeven_utilisation"] is None


def test_paybacks():
    assert evaluate(small())["payback_years"] == 2.5
    assert (
        evaluate(small(finance={"wacc_per_year": 0.25}))["discounted_payback_years"] is None
    )  # 32 + 25.6 + 20.48 + 16.384 < 100
    discounted = evaluate(small(finance={"wacc_per_year": 0.10}))["discounted_payback_years"]
    assert discounted == pytest.approx(
        3 + (100 - 40 / 1.1 - 40 / 1.1**2 - 40 / 1.1**3) / (40 / 1.1**4), rel=1e-14
    )
    lump = small(
        hardware={"residual_fraction": 0.5}, revenue={"price_path_usd_per_gpu_hour": [15 / 8760]}
    )
    assert evaluate(lump)["payback_years"] == 4.0


def test_middle_of_the_year():
    half = evaluate(small(finance={"timing": "mid", "wacc_per_year": 0.21}))["npv_usd_per_rack"]
    assert half == pytest.approx(
        -100 + 40 * (1 / 1.1 + 1 / 1.1**3 + 1 / 1.1**5 + 1 / 1.1**7), rel=1e-13
    )


def test_irr_mirr_and_multiple_by_hand():
    answer = evaluate(
        small(
            hardware={"economic_life_years": 2},
            finance={"wacc_per_year": 0.10},
            revenue={
                "price_path_usd_per_gpu_hour": [60 / 8760, 72 / 8760],
            },
        )
    )
    assert answer["irr_per_year"] == pytest.approx(0.2, rel=1e-13)
    assert answer["mirr_per_year"] == pytest.approx(math.sqrt((60 * 1.1 + 72) / 100) - 1, rel=1e-13)
    assert answer["moic"] == pytest.approx(1.32, rel=1e-14)


def test_economic_value_and_retirement():
    """Running costs of 25 a year against 40, 30, 20, 10: worth keeping for two years."""
    answer = evaluate(
        small(
            hardware={"residual_fraction": 0.02},
            operations={"other_cost_usd_per_rack_year": 25},
            finance={"wacc_per_year": 0.25},
            revenue={"price_path_usd_per_gpu_hour": [x / 8760 for x in (40, 30, 20, 10)]},
        )
    )
    assert answer["economic_value_usd_per_rack"]["values"] == pytest.approx(
        [(15 + 5.6) / 1.25, 5.6, 2, 2, 2], rel=1e-12
    )
    assert answer["retirement_age_years"] == 2.0
    assert answer["impairment_gap_usd_per_rack"]["values"][0] == pytest.approx(
        100 - 16.48, rel=1e-12
    )
    assert evaluate(small())["retirement_age_years"] is None
    assert (
        evaluate(small(operations={"other_cost_usd_per_rack_year": 50}))["retirement_age_years"]
        == 0.0
    )


def test_losses_carried_forward():
    """Incomes -20, 20, 20, 20 (25 a year of depreciation): a loss of 20 used at half of each later
    income.
    """
    finance = {"tax_rate": 0.5, "loss_treatment": "carry_forward", "loss_limit_fraction": 0.5}
    answer = evaluate(
        small(finance=finance, revenue={"price_path_usd_per_gpu_hour": [5 / 8760, 45 / 8760]})
    )
    assert answer["taxable_income_usd_per_rack_by_year"]["values"] == pytest.approx(
        [-20, 20, 20, 20], rel=1e-13
    )
    assert answer["tax_usd_per_rack_by_year"]["values"] == pytest.approx([0, 5, 5, 10], rel=1e-13)


@pytest.mark.parametrize(
    ("amortisation", "interest", "principal"),
    [
        ("straight", [6, 3, 0, 0], [30, 30, 0, 0]),
        ("bullet", [6, 6, 0, 0], [0, 60, 0, 0]),
        ("level", [6, 6 - 0.1 * (60 * 0.1 / (1 - 1.1**-2) - 6), 0, 0], None),
        (
            "sculpted",
            [6, 6 - 0.1 * (60 * 0.1 / (1 - 1.1**-2) - 6), 0, 0],
            None,
        ),  # equal earnings: the same loan, cut to the cap
    ],
)
def test_loans(amortisation, interest, principal):
    loan = {
        "debt_fraction": 0.6,
        "debt_rate_per_year": 0.1,
        "debt_tenor_years": 2,
        "amortisation": amortisation,
        "target_dscr": 1.1,
    }
    answer = evaluate(small(finance=loan))
    assert answer["interest_usd_per_rack_by_year"]["values"] == pytest.approx(interest, abs=1e-12)
    if principal:
        assert answer["principal_usd_per_rack_by_year"]["values"] == pytest.approx(
            principal, abs=1e-12
        )
    assert answer["debt_balance_usd_per_rack_by_year"]["values"][2:] == pytest.approx(
        [0, 0, 0], abs=1e-12
    )
    assert answer["llcr"] == pytest.approx((40 / 1.1 + 40 / 1.21) / 60, rel=1e-14)


def test_sculpted_below_its_cap():
    loan = {
        "debt_rate_per_year": 0.1,
        "debt_tenor_years": 2,
        "amortisation": "sculpted",
        "target_dscr": 1.6,
    }
    answer = evaluate(small(finance=loan))
    assert answer["debt_usd_per_rack"] == pytest.approx(25 / 1.1 + 25 / 1.21, rel=1e-14)
    assert answer["min_dscr"] == pytest.approx(1.6, rel=1e-14)
    assert answer["mean_dscr"] == pytest.approx(1.6, rel=1e-14)


@pytest.mark.parametrize(("launch_price", "usd_per_kw_year"), [(3600, 14_700), (200, 810)])
def test_launched_power(launch_price, usd_per_kw_year):
    """Starlink v2 mini, 575 kg and 28 kW for 5 years (arXiv 2511.19468, table 1): the paper's
    figures are rounded.
    """
    scenario = small(hardware={"it_load_kw_per_rack": 1})
    satellite = {
        "satellite_mass_kg_per_kw": 575 / 28,
        "launch_price_usd_per_kg": launch_price,
        "satellite_life_years": 5,
    }
    scenario["facility"] = {"kind": "orbital", **satellite}
    del scenario["power"]
    answer = evaluate(scenario)
    assert answer["facility_cost_usd_per_rack_year"] == pytest.approx(usd_per_kw_year, rel=0.015)
    assert answer["facility_usd_per_rack_by_year"]["values"] == pytest.approx(
        [575 / 28 * launch_price / 5] * 4, rel=1e-14
    )
