"""The one shape of an answer over a grid."""

import msgspec
import pytest
from racks import reference

from economics import sweep
from economics.sweeps.answers import Reduced, Table

AXES = [{"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 5}]


@pytest.mark.parametrize("kind", ["summary", "top", "bottom", "histogram"])
def test_what_a_reduction_leaves_is_plain_and_without_nan(kind):
    found = sweep(
        {
            "scenario": reference(),
            "axes": AXES,
            "targets": ["cost_usd_per_gpu_hour"],
            "reduce": {"kind": kind},
        }
    )
    text = msgspec.json.encode(found)
    assert isinstance(found, Reduced)
    assert b"NaN" not in text
    assert msgspec.json.decode(text, type=Reduced) == found


def test_a_table_has_columns_of_its_shape():
    table = sweep({"scenario": reference(), "axes": AXES, "targets": ["cost_usd_per_gpu_hour"]})
    assert isinstance(table, Table)
    assert all(column.values.shape == table.shape for column in table.columns.values())
    assert all(column.description and column.unit for column in table.columns.values())
