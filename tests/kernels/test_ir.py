"""Every operation in lanes has the bits of numpy, on every kind of number; control flow; how
numbers are spelt.
"""

import struct
from itertools import product

import numpy as np
import pytest
from kernels_chance import Case

from kernels.engines.llvm.ir import Function, number
from kernels.engines.llvm.runner import Lanes
from kernels.trace.expressions import ARITHMETIC, COMPARISON, LOGIC

ODD = (
    0.0,
    -0.0,
    1.0,
    -1.5,
    5e-324,
    -1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    0.1,
    3.0,
    2.0**-1022,
)
LEFT = np.array(ODD).reshape(-1, 1)
RIGHT = np.tile(np.array(ODD), 3).reshape(1, -1)
SHAPE = (len(ODD), 3 * len(ODD))


def same(formula):
    """Whether a formula of two numbers has the bits of numpy; not-a-number for not-a-number."""
    case = Case(formula, (LEFT, RIGHT), SHAPE, runner=Lanes)
    lanes = case.interpreter(SHAPE)
    with np.errstate(all="ignore"):
        lanes.at(tuple(slice(0, n) for n in SHAPE))
        for expected, traced in zip(case.expected, case.traced, strict=True):
            found, wanted = (
                np.broadcast_to(lanes.value(traced), SHAPE),
                np.array(expected, dtype=float),
            )
            both_none = np.isnan(found) & np.isnan(wanted)
            assert (both_none | (found.copy().view(np.int64) == wanted.view(np.int64))).all()


@pytest.mark.parametrize("op", sorted(ARITHMETIC))
def test_arithmetic(op):
    function = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }[op]
    same(lambda a, b, xp: [function(a, b), function(0.3, a * b), function(b + a, -0.0)])


@pytest.mark.parametrize("op", sorted(COMPARISON))
def test_comparisons_choose_the_same(op):
    def compared(a, b):
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[op]

    same(lambda a, b, xp: [xp.where(compared(a, b), a, b), xp.where(compared(a * b, 0.0), 1.0, b)])


@pytest.mark.parametrize("op", [*sorted(LOGIC), "==", "!="])
def test_conditions_combine_the_same(op):
    def combined(p, q):
        return {"&": p & q, "|": p | q, "^": p ^ q, "==": p == q, "!=": p != q}[op]

    same(
        lambda a, b, xp: [
            xp.where(combined(a < b, a > 0.0), 1.0, 2.0),
            xp.where(combined(b <= a, True), a, b),
        ]
    )


def test_conditions_are_numbers_where_numbers_are_asked_for():
    same(lambda a, b, xp: [(a < b) * (a + b), xp.where(a < b, a, b) + (b < a)])


def test_choices_keep_zeros_and_missing_values():
    same(
        lambda a, b, xp: [
            xp.minimum(a, b),
            xp.maximum(a, b),
            xp.minimum(b, a),
            xp.where(a == a, b, a),
        ]
    )


@pytest.mark.parametrize("value", ODD)
def test_numbers_are_spelt_by_their_bits(value):
    assert struct.pack(">Q", int(number(value), 16)) == struct.pack(">d", value)


def test_constants_are_made_once():
    made = Function(8)
    assert made.constant(0.5) == made.constant(0.5)
    assert made.constant(True) != made.constant(1.0)
    assert len(made.entry) == 6


def test_every_pair_is_met():
    assert len(set(product(range(len(ODD)), repeat=2))) == LEFT.size * RIGHT.size // 3
