"""Answers are computed where they are asked for, or copied there."""

import numpy as np

from kernels.engines.rows.straight_fill import fill
from kernels.language.verbs import arrays
from kernels.trace.tracer import Tracer

SHAPE = (2, 3)


def filled(targets, outs):
    """Fill arrays with ones where they are computed, with twos where they are copied."""
    computed = []

    def compute(places):
        for target, out in places.items():
            computed.append(target)
            out[...] = 1.0

    fill(targets, outs, SHAPE, compute, lambda target: np.full((1, 1), 2.0))
    return computed


def targets():
    tracer = Tracer(SHAPE, 0, arrays())
    return tracer.input("a"), tracer.input("b")


def test_whole_arrays_are_computed_in_place_and_others_copied():
    a, b = targets()
    outs = [np.zeros(SHAPE), np.zeros((2, 6))[:, ::2], np.zeros(SHAPE)]
    assert filled([a, b, 3.0], outs) == [a]
    assert [out.max() for out in outs] == [1.0, 2.0, 2.0]


def test_a_target_that_is_asked_for_twice_is_computed_once():
    a, _ = targets()
    outs = [np.zeros(SHAPE), np.zeros(SHAPE)]
    assert len(filled([a, a], outs)) == 1
    assert (outs[0] == outs[1]).all()
    assert outs[0].max() == 1.0
