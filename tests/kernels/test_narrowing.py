"""Narrowing: crossings to what is stated, jumps and gaps told apart, and what lies beside a gap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.grids.narrowing import GAP, LEAP, NARROW, OK, last_values, narrow


def cubic(roots):
    return lambda x, which: (x - roots[which]) ** 3 + 0.1 * (x - roots[which])


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=20))
def test_crossings_are_narrowed_to_what_is_stated(roots):
    roots = np.asarray(roots)
    low, high, every = np.zeros(len(roots)), np.ones(len(roots)), np.arange(len(roots))
    f = cubic(roots)
    found = narrow(f, low, high, f(low, every), f(high, every))
    assert (found.code == OK).all()
    assert np.abs(found.at - roots).max() <= NARROW


def test_a_line_takes_two_evaluations_and_its_root_is_exact():
    asked = []

    def f(x, which):
        asked.append(len(which))
        return 3.0 * x - 1.0

    found = narrow(f, np.zeros(1), np.ones(1), np.array([-1.0]), np.array([2.0]))
    assert found.at[0] == pytest.approx(1.0 / 3.0, rel=1e-15)
    assert len(asked) <= 3


def test_jumps_and_gaps_are_told_apart_and_ends_at_the_level_taken():
    def f(x, which):
        return np.choose(
            which,
            [
                np.where(x < 0.3, -1.0, 1.0),
                np.where(x < 0.3, -1.0, np.where(x > 0.6, 1.0, np.nan)),
                x - 0.5,
                x,
            ],
        )

    at_low, at_high = np.array([-1.0, -1.0, -0.5, 0.0]), np.array([1.0, 1.0, 0.5, 1.0])
    found = narrow(f, np.zeros(4), np.ones(4), at_low, at_high)
    assert found.code.tolist() == [LEAP, GAP, OK, OK]
    assert found.at[0] == pytest.approx(0.3, abs=NARROW)
    assert np.isnan(found.at[1])
    assert found.at[2:].tolist() == [0.5, 0.0]


def test_a_jump_is_seen_behind_values_that_are_beyond_measure():
    """As a cover of debt that goes to nothing: 1 / x, which jumps from above 1 to below 0."""
    found = narrow(
        lambda x, _: np.where(x < 0.4, 1.0 / x, -0.1),
        np.array([1e-12]),
        np.ones(1),
        np.array([1e12]),
        np.array([-0.1]),
    )
    assert found.code.tolist() == [LEAP]
    assert found.at[0] == pytest.approx(0.4, abs=NARROW)


def test_rounding_around_the_level_is_no_jump():
    ends = np.zeros(1), np.ones(1), np.array([-1.0]), np.array([1e-15])

    def f(x, _):
        return np.where(x < 1e-3, -1.0, np.where(x < 0.4, -1e-15, 1e-15))

    assert narrow(f, *ends).code.tolist() == [LEAP]
    assert narrow(f, *ends, rounding=1e-12).code.tolist() == [OK]


def test_sides_without_a_value_are_narrowed_as_values_are():
    """Above every value up to 0.3, then from 0.5 down to -0.2, and below every value from 0.7."""

    def f(x, which):
        line = 0.5 - 0.7 * (x - 0.3) / 0.4 - np.choose(which, [0.0, 0.6])
        return np.where(x < 0.3, np.inf, np.where(x > 0.7, -np.inf, line))

    ends = np.zeros(2), np.ones(2), np.full(2, np.inf), np.full(2, -np.inf)
    found = narrow(f, *ends)
    assert found.code.tolist() == [OK, LEAP]
    assert found.at == pytest.approx([0.3 + 0.4 * 5 / 7, 0.3], abs=NARROW)


def test_the_last_value_before_a_gap():
    def f(x, which):
        return np.where(x < np.choose(which, [0.3, 0.9]), x, np.nan)

    last, gap = last_values(f, np.zeros(2), np.ones(2), np.zeros(2))
    assert last == pytest.approx([0.3, 0.9], abs=NARROW)
    assert gap.tolist() == last.tolist()
    later, _ = last_values(lambda x, which: f(1.0 - x, which), np.ones(1), np.zeros(1), np.zeros(1))
    assert later == pytest.approx([0.7], abs=NARROW)


@pytest.mark.parametrize("root", [0.2, 0.8])
def test_a_crossing_beside_a_gap_is_found_on_either_side(root):
    """The middle, where it is looked first, has no value."""

    def f(x, which):
        return np.where((x > 0.45) & (x < 0.55), np.nan, x - root)

    found = narrow(f, np.zeros(1), np.ones(1), np.array([-1.0]), np.array([1.0]))
    assert found.code.tolist() == [OK]
    assert found.at == pytest.approx([root], abs=NARROW)
