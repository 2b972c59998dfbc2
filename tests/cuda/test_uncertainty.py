"""Draws on devices: a seed gives the bits that numpy gives."""

import msgspec
import pytest
from racks import reference

from economics import sensitivity, simulate
from kernels.grids.evaluation import SMALL_CELLS

NPV = "npv_usd_per_rack"  # more draws than are computed when a plan is traced
FIELDS = {
    "rental_price_usd_per_gpu_hour": {"kind": "lognormal", "median": 3.5, "sigma": 0.25},
    "utilisation": {"kind": "triangular", "low": 0.4, "mode": 0.7, "high": 0.95},
    "wacc_per_year": {"kind": "normal", "mean": 0.1, "standard_deviation": 0.01},
}


def plain(found):
    parts = ("targets", "conditions", "bars", "indices")
    return msgspec.json.encode([getattr(found, name, None) for name in parts])


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_simulation_has_the_bits_of_numpy(cuda, method):
    cuda()
    draws = {"fields": FIELDS, "count": 2 * SMALL_CELLS, "method": method, "seed": 3}
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
    spec = {
        "scenario": reference(),
        "draws": {"fields": FIELDS, "count": SMALL_CELLS // 4},
        "target": NPV,
    }
    assert plain(sensitivity(spec, "cuda")) == plain(sensitivity(spec, "numpy"))
