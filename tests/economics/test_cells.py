"""A table of all cells: values and statuses."""

import numpy as np
import pytest
import tuned
from racks import reference

from economics import quote, sweep
from economics.scenario.fields import field_paths
from economics.sweeps.cells import complete
from kernels.grids.engine_table import JIT, NUMPY

UTILISATION = {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 5}
PRICE = {"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": [0.5, 2.0, 4.0]}
IDLE = {
    "kind": "linspace",
    "field": "electricity_price_usd_per_kwh",
    "start": 0.04,
    "stop": 0.12,
    "count": 4,
}
LIVES = {
    "kind": "rows",
    "name": "gear",
    "fields": {"economic_life_years": [3, 5], "gpu_price_usd_per_gpu": [20e3, 30e3]},
    "labels": ["old", "new"],
}


@pytest.mark.parametrize("engine", [NUMPY, JIT])
def test_statuses_of_several_targets_in_many_tiles_are_those_of_quotes(engine):
    tables = reference(
        finance={
            "periods_per_year": 12,
            "tax_rate": 0.25,
            "loss_treatment": "carry_forward",
            "debt_fraction": 0.4,
            "debt_rate_per_year": 0.08,
        }
    )
    axes = [
        {**PRICE, "values": [0.5, 2.5, 3.5, 6.0]},
        {**IDLE, "start": 0.04, "stop": 0.12, "count": 6},
        {**UTILISATION, "start": 0.3, "stop": 1.0, "count": 600},
    ]
    targets = ["payback_years", "irr_per_year", "equity_irr_per_year"]
    spec = {"scenario": tables, "axes": axes, "targets": targets}
    table = tuned.sweep(spec, engine, small_cells=100, tile_cells=5_000)
    rng = np.random.default_rng(3)
    for _ in range(12):
        at = tuple(int(rng.integers(n)) for n in table.shape)
        stated = {
            name: dict(part) if isinstance(part, dict) else part for name, part in tables.items()
        }
        for field in table.axes:
            stated[field_paths()[field].split(".")[0]][field] = float(
                table.columns[field].values[at]
            )
        for target, one in quote(stated, targets).quantities.items():
            status = table.columns[f"{target}_status"]
            assert status.categories[status.values[at]] == one.status, (target, at)
            assert table.columns[target].values[at] == pytest.approx(
                np.nan if one.value is None else one.value, rel=1e-9, nan_ok=True
            )


def test_a_complete_table_has_a_status_for_each_target():
    spec = {
        "scenario": reference(),
        "axes": [UTILISATION],
        "targets": ["cost_usd_per_gpu_hour", "npv_usd_per_rack"],
    }
    table = sweep(spec)
    whole = complete(table)
    assert list(whole.columns) == [
        *("utilisation", "cost_usd_per_gpu_hour", "cost_usd_per_gpu_hour_status"),
        *("npv_usd_per_rack", "npv_usd_per_rack_status"),
    ]
    assert "npv_usd_per_rack_status" not in table.columns
    assert whole.columns["npv_usd_per_rack_status"].values.tolist() == [0] * 5
    assert complete(whole).columns == whole.columns
