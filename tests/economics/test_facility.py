"""The building around the rack."""

import pytest
from racks import small, value, values

OWNED = {
    "kind": "owned",
    "facility_capex_usd_per_kw": 12_000,
    "facility_life_years": 20,
    "facility_opex_usd_per_kw_year": 300,
}
ORBIT = {
    "kind": "orbital",
    "satellite_mass_kg_per_kw": 575 / 28,
    "launch_price_usd_per_kg": 3600,
    "satellite_life_years": 5,
}


def building(facility, wacc=0.0, **finance):
    tables = small(hardware={"it_load_kw_per_rack": 10}, finance={"wacc_per_year": wacc, **finance})
    return {**tables, "facility": facility}


COLOCATION = {
    "kind": "colocation",
    "colocation_price_usd_per_kw_month": 100,
    "provision_factor": 1.2,
    "pue": 1.5,
}


@pytest.mark.parametrize(
    ("facility", "capital", "running"),
    [
        (COLOCATION, 0.0, 10 * 1.2 * 100 * 12),
        ({**OWNED, "provision_factor": 1.2, "pue": 1.5}, 10 * 1.2 * 12_000 / 20, 10 * 1.2 * 300),
        (ORBIT, 10 * 575 / 28 * 3600 / 5, 0.0),
        ({**ORBIT, "satellite_price_usd_per_kw": 1000}, 10 * (575 / 28 * 3600 + 1000) / 5, 0.0),
    ],
)
def test_by_hand(facility, capital, running):
    tables = building(facility)
    assert value(tables, "facility_capital_charge_usd_per_rack_year") == pytest.approx(
        capital, rel=1e-14
    )
    assert value(tables, "facility_running_cost_usd_per_rack_year") == pytest.approx(
        running, rel=1e-14
    )
    assert value(tables, "facility_cost_usd_per_rack_year") == pytest.approx(
        capital + running, rel=1e-14
    )


@pytest.mark.parametrize(("launch_price", "printed"), [(3600, 14_700), (200, 810)])
def test_launched_power(launch_price, printed):
    """USD per kW-year of a Starlink v2 mini, 575 kg and 28 kW for 5 years. Source: arXiv
    2511.19468, table 1; its figures are rounded.
    """
    tables = building(
        {**ORBIT, "launch_price_usd_per_kg": launch_price, "satellite_price_usd_per_kw": 1e4},
        wacc=0.1,
    )
    assert value(tables, "launched_power_price_usd_per_kw_year") == pytest.approx(
        575 / 28 * launch_price / 5, rel=1e-15
    )
    assert value(tables, "launched_power_price_usd_per_kw_year") == pytest.approx(
        printed, rel=0.015
    )


def test_an_owned_hall_is_charged_over_its_own_life():
    charge = value(
        building({**OWNED, "pue": 1.5}, wacc=0.08), "facility_capital_charge_usd_per_rack_year"
    )
    assert charge == pytest.approx(10 * 12_000 * 0.08 / (1 - 1.08**-20), rel=1e-13)


def test_the_capital_charge_is_an_internal_rent_that_never_escalates():
    tables = building({**OWNED, "pue": 1.5}, wacc=0.08)
    tables["operations"] = {"opex_escalation_per_year": 0.5}
    charge, running = value(tables, "facility_capital_charge_usd_per_rack_year"), 10 * 300
    expected = [charge + running * 1.5**y for y in range(4)]
    assert values(tables, "facility_usd_per_rack_by_year") == pytest.approx(expected, rel=1e-13)
