"""Grids: axes on their own dimensions, cells by index, boxes that cover."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.trace.grid import Axis, Grid, boxes, lengths


def grid(*lengths):
    return Grid(
        tuple(Axis(f"a{k}", {f"a{k}": np.arange(n, dtype=float)}) for k, n in enumerate(lengths))
    )


def test_each_field_has_its_own_dimension():
    rows = Axis(
        "stall", {"rent": np.array([1.0, 2.0]), "sun": np.array([5.0, 6.0])}, ("park", "beach")
    )
    over = Grid((rows, Axis("price", {"price": np.array([1.0, 2.0, 3.0])})))
    assert {name: array.shape for name, array in over.arrays().items()} == {
        "rent": (2, 1),
        "sun": (2, 1),
        "price": (1, 3),
    }
    assert over.shape == (2, 3)
    assert over.size == 6
    assert over.labels(4) == {"stall": "beach", "price": 2.0}


def test_a_trillion_cells_cost_nothing_until_visited():
    over = grid(1_000, 1_000, 1_000, 1_000)
    assert over.size == 10**12
    assert over.position(10**12 - 1) == (999, 999, 999, 999)
    assert over.position(1_002_003_004) == (1, 2, 3, 4)
    first = next(boxes(over.whole, (1, 1, 500, 1_000)))
    assert first == (slice(0, 1), slice(0, 1), slice(0, 500), slice(0, 1_000))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 7)), min_size=1, max_size=4), st.data())
def test_boxes_cover_every_cell_once_in_order(parts, data):
    whole = tuple(slice(start, start + length) for start, length in parts)
    sizes = [data.draw(st.integers(1, length)) for _, length in parts]
    seen = np.zeros([part.stop for part in whole], dtype=int)
    found = list(boxes(whole, sizes))
    for box in found:
        assert all(length <= size for length, size in zip(lengths(box), sizes, strict=True))
        seen[box] += 1
    assert (seen[whole] == 1).all()
    assert seen.sum() == seen[whole].size
    starts = [tuple(part.start for part in box) for box in found]
    assert starts == sorted(starts)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_positions_are_row_major(lengths):
    over = grid(*lengths)
    assert [over.position(k) for k in range(over.size)] == list(
        product(*(range(n) for n in lengths))
    )


@pytest.mark.parametrize(("values", "ranks"), [([3.0, 1.0, 2.0], [2, 0, 1]), ([5.0], [0])])
def test_ranks_sort_coordinates(values, ranks):
    assert Axis("x", {"x": np.array(values)}).ranks.tolist() == ranks


def test_labels_rank_as_words():
    assert Axis("x", {"x": np.array([1.0, 2.0])}, ("pear", "apple")).ranks.tolist() == [1, 0]
