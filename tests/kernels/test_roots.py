"""Roots: where a lemonade stand breaks even."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.language.roots import SAMPLES, bracketed_root, line_root, roots_between, samples
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


def test_a_stretch_of_zeros_has_two_ends():
    """What a stand must borrow falls to nothing once its till holds enough, and stays there."""
    assert roots_between(lambda till: max(133.5 - till, 0.0), 0.0, 1e6).roots == pytest.approx(
        (133.5, 1e6), rel=1e-15
    )
    assert roots_between(
        lambda x: max(x - 0.7, 0.0) + min(x - 0.2, 0.0), 0.0, 1.0
    ).roots == pytest.approx((0.2, 0.7), rel=1e-14)
    assert roots_between(lambda x: 0.0, 1.0, 2.0).roots == (1.0, 2.0)
    assert roots_between(lambda x: 0.0 if x < 1.3 else math.nan, 1.0, 2.0).roots[0] == 1.0


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


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (-3.0, 5.0), (0.0, 1e9), (1e-3, 1e6), (2.0, 2.5)]
)
def test_samples_rise_from_end_to_end(low, high):
    points = samples(low, high)
    assert len(points) == SAMPLES
    assert (points[0], points[-1]) == (low, high)
    assert all(a < b for a, b in pairwise(points))


def test_samples_of_a_wide_range_are_geometric():
    points = samples(1e-3, 1e9)
    assert points[129] / points[128] == pytest.approx(points[2] / points[1], rel=1e-9)
    assert samples(0.0, 1e9)[1] < 1e-5


def test_all_roots_are_found():
    found = roots_between(lambda x: (x - 0.2) * (x - 0.5) * (x - 0.81), 0.0, 1.0)
    assert found.roots == pytest.approx((0.2, 0.5, 0.81), abs=1e-15)
    assert found.valued == SAMPLES


@given(st.lists(st.integers(1, 49), min_size=0, max_size=6, unique=True))
def test_every_root_that_samples_can_see_is_found(places):
    roots = sorted(place / 50 for place in places)
    found = roots_between(lambda x: math.prod(x - root for root in roots), 0.0, 1.0)
    assert found.roots == pytest.approx(roots, abs=1e-14)


def test_a_root_on_a_sample_is_found_once():
    assert roots_between(lambda x: x - 0.5, 0.0, 1.0).roots == (0.5,)
    assert roots_between(lambda x: x, 0.0, 1.0).roots == (0.0,)
    assert roots_between(lambda x: x - 1.0, 0.0, 1.0).roots == (1.0,)


def test_no_root_is_no_root():
    assert roots_between(lambda x: x * x + 1.0, -1.0, 1.0).roots == ()


def test_a_gap_hides_roots_and_invents_none():
    gap = roots_between(lambda x: float("nan") if 0.4 < x < 0.6 else x - 0.5, 0.0, 1.0)
    assert gap.roots == ()
    assert 0 < gap.valued < SAMPLES
    narrow = roots_between(
        lambda x: float("nan") if abs(x - 0.5011) < 1e-5 else (1.0 if x > 0.5011 else -1.0),
        0.0,
        1.0,
    )
    assert narrow.roots == ()
