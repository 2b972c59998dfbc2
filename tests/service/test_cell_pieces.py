"""Cells as columns, in pieces: the bytes of the whole table."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import reference

import economics
from economics.sweeps.answers import Column
from service.files.cell_pieces import CellPieces
from service.files.cells import cells

ENCODE = {False: msgspec.json.encode, True: msgspec.msgpack.encode}
ROWS = {
    "kind": "rows",
    "name": 'gear "columns":{} \xa7columns',
    "fields": {"gpu_price_usd_per_gpu": [2e4, 3e4]},
    "labels": ["=old", 'the "new"'],
}
USE = {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 11}
TARGETS = ["npv_usd_per_rack", "payback_years"]


def joined(table, packed, cuts):
    """A table of which every column is cut at some rows."""
    how, rows = CellPieces(packed), int(np.prod(table.shape))
    before, behind = how.around(table, len(table.columns))
    sent = [before]
    for at, (name, column) in enumerate(table.columns.items()):
        sent.append(how.column(name, column, rows, at == 0))
        for number, part in enumerate(np.split(column.values.reshape(-1), cuts)):
            own = Column(part, column.unit, column.description, column.categories)
            sent.append(how.values(own, number == 0))
        sent.append(how.behind_column)
    return b"".join([*sent, behind])


@pytest.mark.parametrize("packed", [False, True])
@given(cuts=st.lists(st.integers(1, 21), unique=True, max_size=4).map(sorted))
def test_pieces_are_the_bytes_of_the_whole(packed, cuts):
    table = economics.sweep({"scenario": reference(), "axes": [ROWS, USE], "targets": TARGETS})
    assert "payback_years_status" in table.columns
    assert joined(table, packed, cuts) == ENCODE[packed](cells(table))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("count", [1, 15, 16, 70_000])
def test_columns_of_any_length(packed, count):
    axis = {**USE, "start": 0.1 if count > 1 else 1.0, "count": count}
    table = economics.sweep(
        {"scenario": reference(), "axes": [axis], "targets": ["cost_usd_per_gpu_hour"]}
    )
    assert joined(table, packed, [count // 2] if count > 1 else []) == ENCODE[packed](cells(table))
