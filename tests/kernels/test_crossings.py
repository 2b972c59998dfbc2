"""Crossings along an axis: found between neighbours and before edges, whatever the tiles."""

import numpy as np
import pytest
from kernels_stand import column, stand

from kernels.grids import crossings
from kernels.grids.crossings import (
    ABOVE,
    BELOW,
    ENDS,
    NO_VALUE,
    PARTLY_ABOVE,
    PARTLY_BELOW,
    SEVERAL,
    Lines,
    before_edges,
)
from kernels.grids.narrowing import GAP, OK

ALONG = np.array([10.0, 20.0, 30.0, 40.0])


def lines(evaluation, target, axis, level, sizes, along):
    shape = evaluation.grid.shape
    found = Lines.empty(tuple(n for at, n in enumerate(shape) if at != axis))
    tiles = evaluation.tiles(sizes or shape)
    for _ in tiles.over(
        evaluation.grid.whole,
        lambda t: crossings.first_crossings(t, target, axis, along, level, found),
    ):
        pass
    return found


class Told:
    """A tile of stated values along its last axis."""

    def __init__(self, rows, shape=None):
        self.values = np.asarray(rows, dtype=float)
        self.box = tuple(slice(0, n) for n in shape or self.values.shape)

    def own(self, _):
        return self.values

    sided = own


def seen(rows):
    """What is found of lines of values, at 0."""
    found = Lines.empty((len(rows),))
    crossings.first_crossings(Told(rows), "any", 1, ALONG, 0.0, found)
    return found


@pytest.mark.parametrize(
    ("row", "code", "count", "place"),
    [
        ([-2, -1, 1, 2], OK, 1, 1),
        ([2, 1, -1, -2], OK, 1, 1),
        ([-1, 0, 1, 2], OK, 1, 0),
        ([-1, 1, -1, 1], SEVERAL, 3, 0),
        ([0, 1, 0, 2], ABOVE, 0, 0),
        ([-1, -2, -1, -9], BELOW, 0, 0),
        ([-1, np.nan, 1, 2], GAP, 0, 0),
        ([np.nan, -1, 1, 2], OK, 1, 1),
        ([np.nan] * 4, NO_VALUE, 0, 0),
        ([np.inf, 1, -1, np.nan], OK, 1, 1),
        ([-np.inf, -1, np.inf, 1], OK, 1, 1),
        ([np.inf] * 4, ABOVE, 0, 0),
        ([1, np.nan, 2, 3], PARTLY_ABOVE, 0, 0),
        ([np.nan, -np.inf, np.nan, -1], PARTLY_BELOW, 0, 0),
    ],
)
def test_each_line_is_told_by_its_values(row, code, count, place):
    found = seen([row])
    assert (found.code[0], found.count[0]) == (code, count)
    if count:
        assert found.place[0] == place
        ends = tuple(getattr(found, name)[0] for name in ENDS)
        assert ends == (ALONG[place], ALONG[place + 1], row[place], row[place + 1])


@pytest.mark.parametrize(("value", "code"), [(np.nan, NO_VALUE), (1.0, ABOVE), (-1.0, BELOW)])
def test_a_value_that_is_the_same_along_the_axis_never_crosses(value, code):
    found = Lines.empty((2,))
    crossings.first_crossings(Told([[value]] * 2), "any", 1, ALONG, 0.0, found)
    assert found.code.tolist() == [code] * 2
    assert found.count.tolist() == [0, 0]


def test_edges_are_those_of_each_line_where_a_tile_has_one_row_for_alike_lines():
    found = Lines.empty((3,))
    crossings.first_crossings(Told([[-1, 1, np.nan, 2]], (3, 4)), "any", 1, ALONG, 0.0, found)
    (edges,) = found.edges
    assert edges.line.tolist() == [0, 0, 1, 1, 2, 2]
    assert edges.place.tolist() == [1, 2] * 3
    assert edges.gap.tolist() == [1.0, 2.0] * 3


@pytest.mark.parametrize("sizes", [(3, 4, 5), (1, 4, 2), (2, 4, 1)])
def test_tiles_change_nothing(sizes):
    evaluation = stand(["profit"], "price", "cooling", "passers_by")
    values = column(evaluation, "profit")
    found = lines(evaluation, "profit", 1, 20.0, sizes, np.array([3.0, 2.0, 1.0, 4.0]))
    sorted_ = values[:, [2, 1, 0, 3], :] >= 20.0
    assert found.count.tolist() == (sorted_[:, 1:] != sorted_[:, :-1]).sum(1).tolist()
    assert (found.code == OK).any()


def test_a_crossing_before_the_last_value_is_found_and_counted():
    """Of four lines: values end beyond the level, before it, begin beyond it, and cross before an
    end that the line comes to sooner than to its other crossing.
    """
    rows = [
        [-1.0, np.nan, np.nan, np.nan],
        [-1.0, np.nan, np.nan, np.nan],
        [np.nan, np.nan, -1.0, -2.0],
        [-1.0, np.nan, -1.0, 1.0],
    ]
    found = seen(rows)
    assert found.code.tolist() == [PARTLY_BELOW, PARTLY_BELOW, PARTLY_BELOW, OK]

    def gap_at(x, line):
        late, early = (x - 10.0) / 5.0 - 1.0, (30.0 - x) / 5.0 - 1.0
        ends = np.choose(line, [19.0, 14.0, np.inf, 19.0])
        value = np.where((line == 2) | (x > 20.0), np.where(x > 21.0, early, np.nan), late)
        return np.where((x > ends) & (x < 21.0), np.nan, value)

    (edges,) = found.edges
    before_edges(gap_at, edges, ALONG, found)
    assert found.code.tolist() == [OK, PARTLY_BELOW, OK, SEVERAL]
    assert found.count.tolist() == [1, 0, 1, 3]
    assert found.place.tolist()[0::2] == [0, 1]
    assert (found.low[0], found.before[0]) == (10.0, -1.0)
    assert (found.high[0], found.after[0]) == pytest.approx((19.0, 0.8), rel=1e-8)
    assert (found.low[2], found.before[2]) == pytest.approx((21.0, 0.8), rel=1e-7)
    assert (found.high[2], found.after[2]) == (30.0, -1.0)
    assert (found.low[3], found.high[3]) == pytest.approx((10.0, 19.0), rel=1e-8)
