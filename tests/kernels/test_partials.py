"""Moments of parts are those of the whole."""

import math

import numpy as np
import pytest

from kernels.engines.partials import Moments, Tally, reaching, summed


def moments(values):
    mean = values.mean()
    squares = np.square(values - mean).sum()
    return Moments(values.size, values.min(), values.max(), mean, squares)


def test_joined_moments_are_those_of_all_values():
    values = np.random.default_rng(3).normal(5.0, 2.0, 1000)
    joined = sum(map(moments, np.split(values, [10, 400])), Moments())
    assert (joined.count, joined.least, joined.greatest) == (1000, values.min(), values.max())
    assert joined.mean == pytest.approx(values.mean(), rel=1e-14)
    assert joined.deviation == pytest.approx(values.std(), rel=1e-14)


def test_nothing_joined_with_nothing_has_no_deviation():
    none = Moments(missing=(0, 2)) + Moments(missing=(0, 3))
    assert (none.count, none.missing) == (0, (0, 5))
    assert math.isnan(none.deviation)


def test_counts_by_status_are_added_where_there_are_any():
    assert summed((1, 2), (3, 4)) == (4, 6)
    assert summed((), (3, 4)) == summed((3, 4), ()) == (3, 4)


def test_tallies_are_told_apart_by_what_they_do():
    assert Tally("share", "<") == Tally("share", "<") != Tally("share", "<=")
    assert (reaching(True), reaching(False)) == (">=", "<=")
