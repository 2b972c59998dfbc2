"""Values of fields before they are computed with: numbers, and arrays along axes."""

import numpy as np
import pytest

from economics.vocabulary.values import all_values, greatest_sum

ROW, COLUMN = np.array([[1.0, 5.0, 2.0]]), np.array([[3.0], [7.0]])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (2, (2.0,)),
        (True, (1.0,)),
        (np.array([3.0, 1.0, 3.0]), (3.0, 1.0)),
        (np.array([[2.0, 1.0], [1.0, 2.0]]), (2.0, 1.0)),
        (np.float64(4.0), (4.0,)),
    ],
)
def test_each_value_once_in_its_order(value, found):
    assert all_values(value) == found
    assert {type(one) for one in all_values(value)} == {float}


@pytest.mark.parametrize(
    ("addends", "greatest"),
    [
        ([], 0.0),
        ([0.25, 0.5], 0.75),
        ([ROW], 5.0),
        ([0.5, ROW], 5.5),
        ([ROW, COLUMN], 12.0),
        ([ROW, 0.5, COLUMN, 0.25], 12.75),
        ([-ROW, COLUMN], 6.0),
    ],
)
def test_the_greatest_sum_of_a_cell(addends, greatest):
    assert greatest_sum(addends) == greatest


def test_addends_of_one_axis_vary_together():
    """0.8 beside 0.2 at each place: never 0.8 and 0.8."""
    one, other = np.array([0.8, 0.2]), np.array([0.2, 0.8])
    assert greatest_sum([one, other]) == 1.0
    assert greatest_sum([one.reshape(2, 1), other.reshape(1, 2)]) == 1.6


def test_it_is_what_the_whole_grid_would_say():
    rng = np.random.default_rng(4)
    axes = [(5, 1, 1), (1, 3, 1), (1, 1, 4), (5, 1, 1)]
    addends = [rng.uniform(-1.0, 1.0, shape) for shape in axes]
    assert greatest_sum([*addends, 0.5]) == pytest.approx(sum(addends).max() + 0.5, rel=1e-15)
    assert greatest_sum(iter(addends)) == greatest_sum(addends)
