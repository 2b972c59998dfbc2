"""Logarithm, exponential and the normal tail beside the library's, on floats, arrays and compiled
cells.
"""

import math
from statistics import NormalDist

import numpy as np
import pytest

from kernels.language.normal import above, exponential_below, logarithm
from kernels.language.verbs import FLOATS, arrays


@pytest.mark.parametrize("x", [1e-38, 1e-9, 0.3, 0.999999, 1.0, 1.0000001, 2.0, 3.7, 1e6, 1e38])
def test_the_logarithm(x):
    assert logarithm(x, FLOATS) == pytest.approx(math.log(x), rel=1e-14, abs=1e-16)


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.5, 0.7, 1.0, 3.0, 32.0, 355.0, 709.0, 740.0, 1000.0])
def test_the_exponential(x):
    assert exponential_below(x, FLOATS) == pytest.approx(math.exp(-x), rel=1e-15, abs=5e-324)


@pytest.mark.parametrize(
    "x", [-40.0, -8.0, -5.0, -1.5, -1e-6, 0.0, 0.1, 1.0, 2.5, 4.0, 6.0, 7.9, 8.0, 1e9]
)
def test_the_upper_tail(x):
    assert above(x, FLOATS) == pytest.approx(1.0 - NormalDist().cdf(x), abs=2e-14)


# Of the series of odd powers in 740 digits.
FAR = {
    0.5: 0.30853753872598690,
    1.0: 0.15865525393145705,
    2.0: 0.022750131948179208,
    3.0: 0.0013498980316300946,
    5.0: 2.8665157187919391e-07,
    10.2: 9.9136251225600721e-25,
    20.0: 2.7536241186062337e-89,
    37.0: 5.7255712225245771e-300,
}


@pytest.mark.parametrize("x", FAR)
def test_the_upper_tail_is_right_to_its_own_last_digits(x):
    assert above(x, FLOATS) == pytest.approx(FAR[x], rel=2e-15)


def test_the_tail_falls_to_nothing():
    tails = [above(x, FLOATS) for x in np.linspace(0.0, 45.0, 9001).tolist()]
    assert tails == sorted(tails, reverse=True)
    assert tails[-1] == 0.0 < above(38.4, FLOATS)


def test_what_is_no_number_has_no_tail():
    assert math.isnan(above(logarithm(math.nan, FLOATS), FLOATS))
    assert np.isnan(above(np.array([1.0, math.nan]), arrays())).tolist() == [False, True]


def test_both_tails_are_everything():
    for x in np.linspace(-7.0, 7.0, 29).tolist():
        assert above(x, FLOATS) + above(-x, FLOATS) == pytest.approx(1.0, abs=3e-14)


def test_arrays_give_the_same():
    x = np.linspace(-9.0, 9.0, 37)
    assert above(x, arrays()).tolist() == [above(one, FLOATS) for one in x.tolist()]
    r = np.geomspace(1e-6, 1e6, 25)
    assert logarithm(r, arrays()).tolist() == [logarithm(one, FLOATS) for one in r.tolist()]
