"""Crossings along an axis: found between neighbours whatever the tiles, narrowed to what is stated,
gaps and jumps told apart.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_stand import column, stand

from kernels.grids import crossings
from kernels.grids.crossings import (
    ABOVE,
    BELOW,
    GAP,
    LEAP,
    NARROW,
    NO_VALUE,
    OK,
    SEVERAL,
    Lines,
    narrow,
)


def lines(evaluation, target, axis, level, sizes=None, order=None):
    shape = evaluation.grid.shape
    found = Lines.empty(tuple(n for at, n in enumerate(shape) if at != axis))
    order = np.arange(shape[axis]) if order is None else order
    tiles = evaluation.tiles(sizes or shape)
    for _ in tiles.over(
        evaluation.grid.whole,
        lambda t: crossings.first_crossings(t, target, axis, order, level, found),
    ):
        pass
    return found


class Told:
    """A tile of stated values along its last axis."""

    def __init__(self, rows):
        self.values = np.asarray(rows, dtype=float)
        self.box = tuple(slice(0, n) for n in self.values.shape)

    def own(self, _):
        return self.values


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
        ([np.inf, -1, 1, np.nan], OK, 1, 1),
    ],
)
def test_each_line_is_told_by_its_values(row, code, count, place):
    found = Lines.empty((1,))
    crossings.first_crossings(Told([row]), "any", 1, np.arange(4), 0.0, found)
    assert (found.code[0], found.count[0]) == (code, count)
    if count:
        assert found.place[0] == place
        assert (found.before[0], found.after[0]) == (row[place], row[place + 1])


@pytest.mark.parametrize(("value", "code"), [(np.nan, NO_VALUE), (1.0, ABOVE), (-1.0, BELOW)])
def test_a_value_that_is_the_same_along_the_axis_never_crosses(value, code):
    found = Lines.empty((2,))
    crossings.first_crossings(Told([[value]] * 2), "any", 1, np.arange(4), 0.0, found)
    assert found.code.tolist() == [code] * 2
    assert found.count.tolist() == [0, 0]


@pytest.mark.parametrize("sizes", [(3, 4, 5), (1, 4, 2), (2, 4, 1)])
def test_tiles_change_nothing(sizes):
    evaluation = stand(["profit"], "price", "cooling", "passers_by")
    values = column(evaluation, "profit")
    found = lines(evaluation, "profit", 1, 20.0, sizes, order=np.array([2, 1, 0, 3]))
    sorted_ = values[:, [2, 1, 0, 3], :] >= 20.0
    assert found.count.tolist() == (sorted_[:, 1:] != sorted_[:, :-1]).sum(1).tolist()
    assert (found.code == OK).any()


def cubic(roots):
    return lambda x, which: (x - roots[which]) ** 3 + 0.1 * (x - roots[which])


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=20))
def test_crossings_are_narrowed_to_what_is_stated(roots):
    roots = np.asarray(roots)
    low, high, every = np.zeros(len(roots)), np.ones(len(roots)), np.arange(len(roots))
    f = cubic(roots)
    found = narrow(f, low, high, f(low, every), f(high, every))
    assert (found.code == OK).all()
    assert np.abs(found.at - roots).max() <= NARROW


def test_a_line_takes_two_evaluations_and_its_root_is_exact():
    asked = []

    def f(x, which):
        asked.append(len(which))
        return 3.0 * x - 1.0

    found = narrow(f, np.zeros(1), np.ones(1), np.array([-1.0]), np.array([2.0]))
    assert found.at[0] == pytest.approx(1.0 / 3.0, rel=1e-15)
    assert len(asked) <= 3


def test_jumps_and_gaps_are_told_apart_and_ends_at_the_level_taken():
    def f(x, which):
        return np.choose(
            which,
            [
                np.where(x < 0.3, -1.0, 1.0),
                np.where(x < 0.3, -1.0, np.where(x > 0.6, 1.0, np.nan)),
                x - 0.5,
                x,
            ],
        )

    at_low, at_high = np.array([-1.0, -1.0, -0.5, 0.0]), np.array([1.0, 1.0, 0.5, 1.0])
    found = narrow(f, np.zeros(4), np.ones(4), at_low, at_high)
    assert found.code.tolist() == [LEAP, GAP, OK, OK]
    assert found.at[0] == pytest.approx(0.3, abs=NARROW)
    assert np.isnan(found.at[1])
    assert found.at[2:].tolist() == [0.5, 0.0]
