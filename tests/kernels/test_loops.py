"""Repetitions in lanes: cells that stop early, late, never or never begin; loops over series; the
limit of steps.
"""

import numpy as np
import pytest
from kernels_chance import XP, Case, table

from kernels.engines.engine import Unsupported
from kernels.engines.llvm.runner import Lanes
from kernels.engines.numpy.runner import Interpreter
from kernels.engines.rows.layout import layout
from kernels.language.profile import Profile
from kernels.trace.expressions import Fold
from kernels.trace.program import program
from kernels.trace.tracer import Tracer

SHAPE = (5, 600)  # rows long enough that lanes compute them
TABLES = (table(0, shape=SHAPE), table(1, shape=SHAPE, seed=2))


def counted(outer, inner, xp):
    """How often a number halves, which differs from cell to cell by a lot, and not at all where it
    is below 0.
    """
    start = outer * inner * 1e6
    return list(
        xp.iterate(
            lambda x, n: ((x * 0.5, n + 1.0), x > 1e-9), (start, 0.0), 1000, only=start > 0.0
        )
    )


def limited(limit):
    def formula(outer, inner, xp):
        return list(xp.iterate(lambda x: ((x * outer + inner,), x == x), (outer * inner,), limit))

    return formula


def walked(outer, inner, xp):
    """Two loops over two series, one of them backwards, in each step; an outcome of the first is
    the start of the second.
    """
    series = [outer * inner + k * outer for k in range(7)] + [0.25, 1.0, outer]

    def turn(x, rising, falling, bound):
        (a,) = xp.fold(lambda t, v: (t * 0.5 + v,), (x,), rising)
        b, n = xp.fold(lambda t, n, v, w: (t * 0.5 - v * w, n + 1.0), (a, 0.0), rising, falling)
        return (xp.where(b > bound, 0.5 * x + 0.01 * b, 0.5 * x - 0.01 * n),), xp.maximum(
            x, -1.0 * x
        ) > 1e-3

    start = outer - inner
    return list(
        xp.iterate(
            turn, (start,), 60, Profile(series), Profile(reversed(series)), inner, only=start != 0.0
        )
    )


def chained(outer, inner, xp):
    """A repetition whose start, cells and series come from another."""
    first, steps = counted(outer, inner, xp)

    def turn(x, series):
        (total,) = xp.fold(lambda t, v: (t + v * x,), (0.0,), series)
        return (x * 0.75,), total > 1.0

    return list(
        xp.iterate(
            turn, (steps,), 99, Profile((first, steps, 1.0)), only=(steps > 3.0) & (first < 1.0)
        )
    )


@pytest.mark.parametrize(
    "formula",
    [counted, limited(1), limited(7), limited(8), limited(9), limited(40), walked, chained],
)
@pytest.mark.parametrize("sizes", [SHAPE, (2, 599), (5, 533)])
def test_bits(formula, sizes):
    Case(formula, TABLES, SHAPE, runner=Lanes).run(sizes)


def long_folds(outer, inner, xp):
    """A fold, a scan of what it gave with a bound from outside, a fold of the scan backwards, and a
    repetition over the scan.
    """
    series = Profile([outer * inner + k * outer for k in range(25)] + [0.0, 1.0, inner, outer])
    steps = Profile(float(k) for k in range(29))
    most, total = xp.fold(
        lambda m, t, v, k: (xp.maximum(m, v), t + v * k), (outer, 0.0), series, steps
    )
    bound = most * 0.25 + total * 1e-3
    scanned = xp.scan(
        lambda s, v: ((s * 0.5 + v,), xp.where(v > bound, s, v - s)), (inner,), series
    )
    back = xp.fold(lambda t, v: (t * 0.75 + v,), (0.0,), Profile(reversed(scanned.values)))

    def turn(x, walked):
        (value,) = xp.fold(lambda t, v: (t * x + v,), (0.0,), walked)
        return (x * 0.5,), value > 1.0

    return [most, *back, scanned.values[7], *xp.iterate(turn, (0.9,), 20, scanned, only=most > 0.0)]


@pytest.mark.parametrize("runner", [Interpreter, Lanes])
@pytest.mark.parametrize("rolls", [False, True])
@pytest.mark.parametrize("sizes", [SHAPE, (2, 599)])
def test_long_folds_have_the_bits_of_those_that_are_written_out(runner, rolls, sizes):
    case = Case(long_folds, TABLES, SHAPE, runner=runner, rolls=rolls)
    folds = {
        one.args[0]
        for one in program(case.traced).nodes
        if one.op == "result" and isinstance(one.args[0], Fold)
    }
    assert len(folds) == (3 if rolls else 0)
    case.run(sizes)


def shared(outer, inner, xp):
    """Folds of a later and of an earlier stage over the same numbers and tables, zeros of both
    signs among them.
    """
    same = Profile([1.0, 0.0, -0.0, *(outer * k for k in range(26))])
    series = Profile([outer * inner + k for k in range(29)])
    first = xp.fold(lambda t, v: (t * 0.5 + v,), (0.0,), series)
    later = xp.fold(lambda t, v, w: (t + v * w * first[0],), first, series, same)
    early = xp.fold(lambda t, v, w: (xp.maximum(t * 0.5, v / w),), (-0.0,), series, same)
    return [*later, *early, *first]


def test_folds_of_several_stages_share_what_they_read():
    Case(shared, TABLES, SHAPE, runner=Lanes, rolls=True).run((2, 599))


def nested(a, b, xp):
    return xp.iterate(
        lambda x: (xp.iterate(lambda y: ((y * 0.5,), y > 1.0), (x,), 5), x > 0.1), (a * b,), 5
    )


def conditional(a, b, xp):
    return xp.iterate(lambda x, p: ((x * 0.5, x > b), x > 0.1), (a * b, a > b), 5)


@pytest.mark.parametrize(
    ("formula", "said"), [(nested, "inside another"), (conditional, "a condition")]
)
def test_what_lanes_cannot_repeat_is_refused(formula, said):
    tracer = Tracer(SHAPE, 0, XP)
    with pytest.raises(Unsupported, match=said):
        layout(formula(*map(tracer.lift, TABLES), tracer), frozenset({1}))


def test_a_fold_inside_a_repetition_is_written_out():
    def formula(outer, inner, xp):
        def turn(x):
            (total,) = xp.fold(
                lambda t, v: (t * x + v,), (0.0,), Profile([outer + k * inner for k in range(30)])
            )
            return (x * 0.5,), total > 1.0

        return list(xp.iterate(turn, (outer * inner,), 9))

    Case(formula, TABLES, SHAPE, runner=Lanes, rolls=True).run((2, 599))


def test_cells_that_take_no_part_keep_their_start():
    case = Case(
        counted,
        (
            np.array([[-1.0], [1.0], [-2.0], [0.0], [3.0]]),
            np.linspace(0.5, 1.0, 600).reshape(1, 600),
        ),
        SHAPE,
        runner=Lanes,
    )
    case.run(SHAPE)
    assert (case.expected[1][[0, 2, 3]] == 0.0).all()
    assert (case.expected[1][[1, 4]] > 40.0).all()
