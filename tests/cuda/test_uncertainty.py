"""Draws on devices: a seed gives the bits that numpy gives."""

import msgspec
import pytest
from racks import reference

from economics import sensitivity, simulate
from kernels.grids import evaluation

NPV = "npv_usd_per_rack"
FIELDS = {
    "rental_price_usd_per_gpu_hour": {"kind": "lognormal", "median": 3.5, "sigma": 0.25},
    "utilisation": {"kind": "triangular", "low": 0.4, "mode": 0.7, "high": 0.95},
    "wacc_per_year": {"kind": "normal", "mean": 0.1, "standard_deviation": 0.01},
}


@pytest.fixture(autouse=True)
def little_is_known_beforehand(monkeypatch):
    """What varies from draw to draw is computed on the device."""
    monkeypatch.setattr(evaluation, "SMALL_CELLS", 8)


def plain(found):
    parts = ("targets", "conditions", "bars", "indices")
    return msgspec.json.encode([getattr(found, name, None) for name in parts])


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_simulation_has_the_bits_of_numpy(cuda, method):
    cuda()
    draws = {"fields": FIELDS, "count": 1024, "method": method, "seed": 3}
    spec = {
        "scenario": reference(),
        "draws": draws,
        "targets": [NPV, "payback_years"],
        "conditions": [f"{NPV} > 0"],
    }
    found = simulate(spec, "cuda")
    assert found.backend == "cuda"
    assert plain(found) == plain(simulate(spec, "numpy"))


def test_sensitivity_has_the_bits_of_numpy(cuda):
    cuda()
    spec = {"scenario": reference(), "draws": {"fields": FIELDS, "count": 64}, "target": NPV}
    assert plain(sensitivity(spec, "cuda")) == plain(sensitivity(spec, "numpy"))
