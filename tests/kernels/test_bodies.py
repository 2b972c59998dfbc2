"""Repetitions and folds of a trace, run step by step."""

import numpy as np
import pytest

from kernels.engines.numpy.bodies import function, operand, run_fold, run_turn
from kernels.language.profile import Profile
from kernels.language.verbs import arrays
from kernels.trace.tracer import Tracer

XP = arrays()
VALUES = np.array([1.0, 5.0, 40.0])


@pytest.fixture
def x():
    return Tracer((3,), 0, XP, rolls=True, long=3).table(VALUES)


def test_a_fold_gives_its_last_states(x):
    (total,) = x.tracer.fold(lambda t, v: (t * 0.5 + v,), (0.0,), Profile([x, x * 2.0, x + 1.0]))
    fold = total.args[0]
    values = {one: one.array for one in (x,)}
    values.update({x * 2.0: VALUES * 2.0, x + 1.0: VALUES + 1.0})
    (found,) = run_fold(fold, values, XP)
    assert (found == (VALUES * 0.5 + VALUES * 2.0) * 0.5 + VALUES + 1.0).all()


def test_a_repetition_stops_in_each_cell_by_itself(x):
    steps, _ = x.tracer.iterate(lambda n, y: ((n + 1.0, y * 0.5), y > 2.0), (0.0, x), 20)
    found, _ = run_turn(steps.args[0], {x: VALUES}, XP)
    assert found.tolist() == [1.0, 3.0, 6.0]


def test_operations_are_functions_of_numpy_and_plain_values_stand_for_themselves(x):
    assert function("+") is np.add
    out = np.empty(3)
    function("where")(VALUES > 2.0, VALUES, 0.0, out)
    assert out.tolist() == [0.0, 5.0, 40.0]
    assert operand(2.0, {}) == 2.0
    assert operand(x, {x: VALUES}) is VALUES
