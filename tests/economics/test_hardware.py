"""The rack by hand."""

import pytest
from racks import changed, reference, value

RACK = reference(
    hardware={
        "gpu_per_rack": 10,
        "gpu_price_usd_per_gpu": 100.0,
        "network_price_usd_per_gpu": 20.0,
        "storage_price_usd_per_gpu": 5.0,
        "server_price_usd_per_rack": 750.0,
        "spare_fraction": 0.25,
        "installation_fraction": 0.5,
        "residual_fraction": 0.1,
        "availability": 0.5,
        "rack_count": 3,
    }
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("equipment_price_usd_per_rack", 2000.0),
        ("it_capex_usd_per_rack", 2000.0 * 1.25 * 1.5),
        ("residual_usd_per_rack", 200.0),  # of the equipment, not of spares and installation
        ("installed_gpu_hour_per_rack_year", 87_600.0),
        ("available_gpu_hour_per_rack_year", 43_800.0),
        ("sold_gpu_hour_per_rack_year", 43_800.0 * 0.7),
        ("site_it_capex_usd", 3 * 3750.0),
        ("site_it_load_kw", 3 * 132.0),
    ],
)
def test_by_hand(target, expected):
    assert value(RACK, target) == pytest.approx(expected, rel=1e-15)


def test_site_totals_are_racks_times_one():
    cost = value(RACK, "cost_usd_per_rack_year")
    assert value(RACK, "site_cost_usd_per_year") == 3 * cost
    assert value(changed(RACK, hardware={"rack_count": 1}), "cost_usd_per_rack_year") == cost


@pytest.mark.parametrize("at", ["gpu_price_usd_per_gpu", "server_price_usd_per_rack"])
def test_a_rack_is_priced_by_the_gpu_or_as_a_whole(at):
    prices = {
        "gpu_price_usd_per_gpu": None,
        "server_price_usd_per_rack": None,
        at: 4e6 / (72 if at == "gpu_price_usd_per_gpu" else 1),
    }
    assert value(reference(hardware=prices), "it_capex_usd_per_rack") == pytest.approx(
        4e6, rel=1e-15
    )
