"""Frontiers on devices: the bits of numpy, whichever axis the field has and however the tiles are
cut.
"""

import numpy as np
import pytest
from racks import reference

from economics import sweep

PRICE = {"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": [3.5, 1.5, 5.0]}
USE = {"kind": "values", "field": "utilisation", "values": [0.6, 0.05, 1.0, 0.3]}
LIFE = {"kind": "values", "field": "economic_life_years", "values": [2, 1, 3]}


@pytest.mark.parametrize(
    ("axes", "tile_cells"), [([PRICE, USE, LIFE], None), ([USE, LIFE, PRICE], 12)]
)
@pytest.mark.parametrize("target", ["npv_usd_per_rack", "irr_per_year"])
def test_a_frontier_has_the_bits_of_numpy(cuda, axes, tile_cells, target):
    cuda()
    finance = {"tax_rate": 0.25, "loss_treatment": "carry_forward"}
    reduce = {"kind": "frontier", "field": "utilisation"}
    spec = {
        "scenario": reference(finance=finance),
        "axes": axes,
        "targets": [target],
        "reduce": reduce,
    }
    plain, found = sweep(spec, backend="numpy"), sweep(spec, backend="cuda", tile_cells=tile_cells)
    assert found.backend == "cuda"
    for name, column in plain.columns.items():
        assert np.array_equal(column.values, found.columns[name].values, equal_nan=True), name
