"""What the host computes for rows: by row, along a row, of some rows; renewed where a box moves."""

import numpy as np
import pytest
from kernels_chance import SHAPE, TABLES, XP, boxes, light
from kernels_stand import bits

from kernels.engines.rows.layout import in_rows
from kernels.engines.rows.tables import HostTables
from kernels.trace.grid import LINE
from kernels.trace.tracer import Tracer


def laid(cells=4):
    tracer = Tracer(SHAPE, 0, XP)
    traced = light(*map(tracer.lift, (TABLES[0], TABLES[3], TABLES[4])), tracer)
    return in_rows(traced, SHAPE, cells)


def test_rows_are_the_fewest_last_axes_of_a_length():
    assert [sorted(laid(cells)[1].row_axes) for cells in (1, 2, 5, 6, 21, 1000)] == [
        [],
        [2],
        [2],
        [1, 2],
        [0, 1, 2],
        [0, 1, 2],
    ]


@pytest.mark.parametrize("sizes", [SHAPE, (1, 4, 5), (2, 3, 2)])
def test_every_table_has_its_values_for_every_row_of_every_box(sizes):
    axes, layout = laid()
    feeds = HostTables(layout, axes, SHAPE, sizes, XP)
    assert feeds.tables["outer"]
    assert feeds.tables["mixed"]
    with np.errstate(all="ignore"):
        for box in reversed(boxes(SHAPE, sizes)):
            feeds.at(box)
            rows, width = int(np.prod(feeds.rows)), feeds.width
            for table, one in zip(feeds.outer, feeds.tables["outer"], strict=True):
                assert (
                    table[:rows] == np.broadcast_to(feeds.values.value(one), feeds.rows).ravel()
                ).all()
            for table, one in zip(feeds.inner, feeds.tables["inner"], strict=True):
                assert (
                    table[:width] == np.broadcast_to(feeds.values.value(one), feeds.along).ravel()
                ).all()
            for starts, table, one in zip(
                feeds.starts, feeds.mixed, feeds.tables["mixed"], strict=True
            ):
                whole = np.broadcast_to(feeds.values.value(one), feeds.shape).reshape(rows, width)
                assert all(
                    (bits(table[start : start + width]) == bits(row)).all()
                    for start, row in zip(starts, whole, strict=False)
                )


def test_every_table_begins_on_a_cache_line_of_one_array():
    axes, layout = laid()
    feeds = HostTables(layout, axes, SHAPE, SHAPE, XP)
    parts = [feeds.outer, feeds.inner, *feeds.mixed]
    assert all(part.ctypes.data % LINE == 0 for part in parts)
    assert all(np.shares_memory(part, feeds.flat) for part in parts if part.size)
    at = [feeds.flat.ctypes.data + 8 * place for place in feeds.places]
    assert [part.ctypes.data for part in parts if part.size] == [
        at[k] for k, part in enumerate(parts) if part.size
    ]
