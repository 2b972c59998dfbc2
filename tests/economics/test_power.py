"""Energy and what is paid for it, by hand: 10 kW, half drawn while unsold, 0.8 * 0.5 of the hours
sold: a load factor of 0.7.
"""

import pytest
from racks import changed, small, value

RACK = small(
    hardware={"it_load_kw_per_rack": 10, "idle_load_fraction": 0.5, "availability": 0.8},
    facility={"pue": 1.5, "provision_factor": 2.0},
    revenue={"utilisation": 0.5},
    power={
        "electricity_price_usd_per_kwh": 0.1,
        "demand_charge_usd_per_kw_month": 5,
        "carbon_intensity_kg_per_kwh": 0.4,
        "carbon_price_usd_per_kg": 0.05,
        "water_use_l_per_kwh": 2,
        "water_price_usd_per_l": 0.001,
    },
)
ENERGY = 10 * 0.7 * 8760


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("load_factor", 0.7),
        ("it_energy_kwh_per_rack_year", ENERGY),
        ("facility_load_kw_per_rack", 15.0),
        ("electricity_cost_usd_per_rack_year", ENERGY * 1.5 * 0.1 + 15 * 5 * 12),
        ("carbon_cost_usd_per_rack_year", ENERGY * 1.5 * 0.4 * 0.05),
        ("water_cost_usd_per_rack_year", ENERGY * 2 * 0.001),
    ],
)
def test_by_hand(target, expected):
    assert value(RACK, target) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "target",
    [
        "electricity_cost_usd_per_rack_year",
        "carbon_cost_usd_per_rack_year",
        "water_cost_usd_per_rack_year",
    ],
)
def test_a_satellite_pays_for_no_energy(target):
    tables = changed(RACK)
    tables["facility"] = {
        "kind": "orbital",
        "satellite_mass_kg_per_kw": 20,
        "launch_price_usd_per_kg": 200,
        "satellite_life_years": 5,
    }
    assert value(tables, target) == 0.0


def test_a_year_has_8760_hours_and_12_months():
    """730 hours a month, not 720: demand for every hour of a month at full load is one
    kilowatt-month.
    """
    flat = changed(
        RACK,
        power={"electricity_price_usd_per_kwh": 1.0, "demand_charge_usd_per_kw_month": 0.0},
        revenue={"utilisation": 1.0},
    )
    flat = changed(flat, hardware={"availability": 1.0})
    by_hour = value(flat, "electricity_cost_usd_per_rack_year")
    by_month = changed(
        flat, power={"electricity_price_usd_per_kwh": 0.0, "demand_charge_usd_per_kw_month": 730.0}
    )
    assert value(by_month, "electricity_cost_usd_per_rack_year") == pytest.approx(
        by_hour, rel=1e-14
    )


@pytest.mark.parametrize(("utilisation", "expected"), [(0.0, 0.5), (1.0, 0.9)])
def test_the_load_factor_is_no_utilisation(utilisation, expected):
    assert value(
        changed(RACK, revenue={"utilisation": utilisation}), "load_factor"
    ) == pytest.approx(expected, rel=1e-15)
