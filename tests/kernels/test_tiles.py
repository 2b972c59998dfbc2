"""Tiles one after another: what computes them is kept, results come in order."""

import numpy as np
import pytest
from kernels_stand import AXES, bits, column, stand

from kernels.grids.engine_table import JIT, NUMPY
from kernels.grids.tiles import in_sequence
from kernels.trace.grid import boxes, lengths

ALL = tuple(AXES)


@pytest.mark.parametrize("engine", [NUMPY, JIT])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("sizes", [(1, 1, 2, 2, 2), (3, 1, 5, 2, 2), (1, 4, 3, 1, 2)])
def test_tiles_of_one_box_after_another_keep_what_computes_them(engine, threads, sizes):
    expected = column(stand(["profit"], *ALL), "profit")
    evaluation = stand(["profit"], *ALL, small_cells=1).on(engine)
    tiles = evaluation.tiles(evaluation.tile_sizes(3, most=sizes))
    parts = []
    for box in boxes(evaluation.grid.whole, sizes):
        found = {"profit": np.full(lengths(box), -1.0)}
        parts += tiles.over(box, lambda tile: tile.fill(found), threads)  # noqa: B023  called at once
        assert (bits(found["profit"]) == bits(expected[box])).all()
    assert len(parts) > len(list(boxes(evaluation.grid.whole, sizes)))
    assert len(tiles.free) <= threads


def test_ordered_keeps_order_and_passes_errors_on():
    assert list(in_sequence(lambda x: x * x, range(50), 3)) == [x * x for x in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(in_sequence(lambda x: 1 / x, [2, 1, 0, 5], 2))
