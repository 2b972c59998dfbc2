"""The best cells: those of a full sort, ties and all, whatever the tiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_stand import AXES, column, stand

from kernels.grids import reductions
from kernels.grids.best_cells import Best
from kernels.grids.engine_table import JIT, NUMPY

ALL = tuple(AXES)


def best(evaluation, target, count, greatest, tile_cells=None):
    over = evaluation.grid
    return reductions.total(
        evaluation,
        lambda tile: Best.of(tile, target, count, greatest, over),
        1,
        lambda a, b: a.join(b, count, greatest, over),
        tile_cells=tile_cells,
    )


@given(st.integers(1, 40), st.integers(1, 60), st.booleans())
def test_best_cells_are_those_of_a_full_sort(count, tile_cells, greatest):
    evaluation = stand(["profit"], "price", "lemon", "passers_by")
    values = column(evaluation, "profit")
    sign = -1.0 if greatest else 1.0
    labels = np.meshgrid(
        *(np.asarray(AXES[name]) for name in ("price", "lemon", "passers_by")), indexing="ij"
    )
    order = np.lexsort(
        (labels[0].ravel(), labels[2].ravel(), labels[1].ravel(), sign * values.ravel())
    )[:count]
    found = best(evaluation, "profit", count, greatest, tile_cells)
    assert found.indices.tolist() == order.tolist()
    assert found.values.tolist() == values.ravel()[order].tolist()


def test_ties_go_by_the_labels_of_the_axes_in_the_order_of_their_names():
    one, other = stand(["spending"], "price", "lemon"), stand(["spending"], "lemon", "price")
    for evaluation in (one, other):
        labels = [
            evaluation.grid.labels(int(k)) for k in best(evaluation, "spending", 4, True, 1).indices
        ]
        assert [(a["lemon"], a["price"]) for a in labels] == [
            (0.1, 0.5),
            (0.1, 1.25),
            (0.1, 3.0),
            (0.0, 0.5),
        ]


def test_cells_without_a_value_are_never_best():
    assert best(stand(["pride"], *ALL), "pride", 1000, False).values.size == 60


@pytest.mark.parametrize("engine", [NUMPY, JIT])
@pytest.mark.parametrize("tile_cells", [7, 10_000])
def test_what_is_left_out_is_counted_by_status_and_what_of_it_comes_first(engine, tile_cells):
    """Takings for a lemon that is given away are above all others: before the first of the best,
    behind the last of the least.
    """
    target = "takings_per_lemon"
    one = stand([target], *ALL, conditions=(target,)).on(engine)
    for greatest, ahead in ((True, {"free": 60}), (False, {})):
        found = best(one, target, 3, greatest, tile_cells)
        assert named(one, found.missing) == {"free": 60, "out_of_stock": 120}
        assert named(one, found.ahead) == ahead
    none = best(stand(["profit"], *ALL), "profit", 3, True, tile_cells)
    assert (none.missing, none.ahead) == ((), ())


def named(one, counts):
    return {name: count for name, count in zip(one.status_names, counts, strict=True) if count}
