"""Roots: where a lemonade stand breaks even."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.language.roots import bracketed_root, line_root
from kernels.language.verbs import FLOATS, arrays

ARRAYS = arrays()


def test_a_line_meets_zero():
    assert line_root(0.0, 10.0, -5.0, 5.0, FLOATS) == 5.0
    assert line_root(0.0, 1.0, 1.0, 2.0, FLOATS) == -1.0


CURVES = {
    "line": (lambda x: 3.0 * x - 1.0, 1.0 / 3.0),
    "cube": (lambda x: x * x * x - 0.5, 0.5 ** (1 / 3)),
    "kink": (lambda x: (x - 0.7) * (9.0 if x < 0.7 else 0.01), 0.7),
    "steep": (lambda x: math.atan(1e6 * (x - 0.123)), 0.123),
    "flat": (lambda x: (x - 0.3) ** 3, 0.3),
    "end": (lambda x: x - 1.0, 1.0),
    "start": (lambda x: x, 0.0),
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_root_in_a_bracket(name, sign):
    curve, root = CURVES[name]
    found = bracketed_root(
        lambda x: sign * curve(x), 0.0, 1.0, sign * curve(0.0), sign * curve(1.0), True, FLOATS
    )
    assert found == pytest.approx(root, abs=1e-15)


@given(st.floats(1e-3, 1e3), st.floats(1e-6, 1e6))
def test_the_root_to_the_last_bits_in_few_calls(root, scale):
    calls = []

    def price(x):
        calls.append(x)
        return scale * (x**3 - root**3)

    found = bracketed_root(price, 0.0, 2e3, price(0.0), price(2e3), True, FLOATS)
    assert found == pytest.approx(root, rel=4e-16)
    assert len(calls) < 140


def test_a_root_for_each_cell_and_none_where_none_is_asked():
    wanted = np.array([0.1, 0.5, 0.9, 0.3])
    only = np.array([True, True, True, False])

    def f(x):
        return x * x * x - wanted**3

    low, high = np.zeros(4), np.ones(4)
    found = bracketed_root(f, low, high, f(low), f(high), only, ARRAYS)
    for k in range(3):
        alone = bracketed_root(
            lambda x, k=k: x * x * x - wanted[k] ** 3,
            0.0,
            1.0,
            -(wanted[k] ** 3),
            1.0 - wanted[k] ** 3,
            True,
            FLOATS,
        )
        assert found[k] == alone
    assert found[3] == 0.5  # the middle of a bracket that was left alone
