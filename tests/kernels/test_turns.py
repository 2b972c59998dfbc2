"""Repetitions in lanes: cells that stop early, late, never or never begin; loops over series; the limit of steps."""

import numpy as np
import pytest
from kernels_chance import Case, table

from kernels.jit import Lanes
from kernels.series import Profile

SHAPE = (5, 300)
TABLES = (table(0, shape=SHAPE), table(1, shape=SHAPE, seed=2))


def counted(outer, inner, xp):
    """How often a number halves, which differs from cell to cell by a lot, and not at all where it is below 0."""
    start = outer * inner * 1e6
    return list(xp.iterate(lambda x, n: ((x * 0.5, n + 1.0), x > 1e-9), (start, 0.0), 1000, only=start > 0.0))


def limited(limit):
    def formula(outer, inner, xp):
        return list(xp.iterate(lambda x: ((x * outer + inner,), x == x), (outer * inner,), limit))

    return formula


def walked(outer, inner, xp):
    """Two loops over two series, one of them backwards, in each step; an outcome of the first is the start of the second."""
    series = [outer * inner + k * outer for k in range(7)] + [0.25, 1.0, outer]

    def turn(x, rising, falling, bound):
        (a,) = xp.fold(lambda t, v: (t * 0.5 + v,), (x,), rising)
        b, n = xp.fold(lambda t, n, v, w: (t * 0.5 - v * w, n + 1.0), (a, 0.0), rising, falling)
        return (xp.where(b > bound, 0.5 * x + 0.01 * b, 0.5 * x - 0.01 * n),), xp.maximum(x, -1.0 * x) > 1e-3

    start = outer - inner
    return list(xp.iterate(turn, (start,), 60, Profile(series), Profile(reversed(series)), inner, only=start != 0.0))


def chained(outer, inner, xp):
    """A repetition whose start, cells and series come from another."""
    first, steps = counted(outer, inner, xp)

    def turn(x, series):
        (total,) = xp.fold(lambda t, v: (t + v * x,), (0.0,), series)
        return (x * 0.75,), total > 1.0

    return list(xp.iterate(turn, (steps,), 99, Profile((first, steps, 1.0)), only=(steps > 3.0) & (first < 1.0)))


@pytest.mark.parametrize("formula", [counted, limited(1), limited(7), limited(8), limited(9), limited(40), walked, chained])
@pytest.mark.parametrize("sizes", [SHAPE, (2, 299), (5, 33)])
def test_bits(formula, sizes):
    Case(formula, TABLES, SHAPE, runner=Lanes).run(sizes)


def test_cells_that_take_no_part_keep_their_start():
    case = Case(counted, (np.array([[-1.0], [1.0], [-2.0], [0.0], [3.0]]), np.linspace(0.5, 1.0, 300).reshape(1, 300)), SHAPE, runner=Lanes)
    case.run(SHAPE)
    assert (case.expected[1][[0, 2, 3]] == 0.0).all()
    assert (case.expected[1][[1, 4]] > 40.0).all()
