"""The verbs, the same for one number and for arrays of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS, arrays, fold, scan

ARRAYS = arrays()
any_float = st.floats(allow_nan=True, allow_infinity=True)


def same(a, b):
    """Bit for bit: NaN is NaN, and -0 is not 0."""
    return np.float64(a).tobytes() == np.float64(b).tobytes() or (math.isnan(a) and math.isnan(b))


@given(any_float, any_float)
def test_choices_fall_the_same_way_on_every_engine(a, b):
    left, right = np.array([a]), np.array([b])
    for verb in ("minimum", "maximum"):
        assert same(getattr(FLOATS, verb)(a, b), getattr(ARRAYS, verb)(left, right)[0])
    assert same(FLOATS.where(a < b, a, b), ARRAYS.where(left < right, left, right)[0])


@given(st.floats(-0.9, 5.0), st.floats(-30.0, 30.0))
def test_powers_agree_to_the_last_bits(rate, years):
    for verb in ("compound", "excess"):
        expected = getattr(ARRAYS, verb)(np.array([rate]), np.array([years]))[0]
        assert getattr(FLOATS, verb)(rate, years) == pytest.approx(expected, rel=1e-13, abs=1e-300)


@given(st.floats(-0.9, 5.0), st.floats(-30.0, 30.0))
def test_one_number_on_arrays_has_the_bits_of_a_cell(rate, years):
    for verb in ("compound", "excess"):
        alone = getattr(ARRAYS, verb)(rate, years)
        assert isinstance(alone, float)
        assert same(alone, getattr(ARRAYS, verb)(np.array([rate, 0.5]), years)[0])


def test_small_rates_keep_their_digits():
    assert FLOATS.excess(1e-18, 2.0) == 2e-18
    assert FLOATS.compound(0.1, 2.0) == pytest.approx(1.21, rel=1e-15)


def test_fold_keeps_the_last_state():
    series = Profile((1.0, 2.0, 3.0)), Profile((10.0, 20.0, 30.0))
    assert fold(
        lambda cups, money, more, paid: (cups + more, money + paid), (0.0, 0.0), *series
    ) == (6.0, 60.0)
    assert fold(lambda cups, more: (cups + more,), (5.0,), Profile(())) == (5.0,)


def test_scan_keeps_every_result():
    balance = scan(
        lambda owed, paid: ((owed - paid,), owed - paid), (10.0,), Profile((1.0, 2.0, 3.0))
    )
    assert balance.values == (9.0, 7.0, 4.0)


def test_series_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        fold(lambda a, b, c: (a,), (0.0,), Profile((1.0,)), Profile((1.0, 2.0)))


def halve(x, steps, share):
    return (x * share, steps + 1.0), x * share > 1.0


def test_iterate_stops_after_the_first_step_that_is_not_going():
    assert FLOATS.iterate(halve, (16.0, 0.0), 100, 0.5) == (1.0, 4.0)
    assert FLOATS.iterate(halve, (16.0, 0.0), 3, 0.5) == (2.0, 3.0)
    assert FLOATS.iterate(halve, (16.0, 0.0), 100, 0.5, only=False) == (16.0, 0.0)


@given(
    st.lists(st.tuples(st.floats(0.5, 1e9), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 40),
)
def test_arrays_iterate_cell_by_cell_like_floats(cells, limit):
    """Cells stop at different turns, so most of the loop runs on cells taken together."""
    start, only = np.array([x for x, _ in cells]), np.array([wanted for _, wanted in cells])
    share = Profile((0.5,)), 0.5

    def step(x, steps, profile, factor):
        return (x * profile.values[0], steps + factor * 2.0), x * profile.values[0] > 1.0

    x, steps = ARRAYS.iterate(step, (start, 0.0), limit, *share, only=only)
    for k, (value, wanted) in enumerate(cells):
        expected = FLOATS.iterate(step, (value, 0.0), limit, *share, only=wanted)
        got = (np.broadcast_to(x, start.shape)[k], np.broadcast_to(steps, start.shape)[k])
        assert got == expected


def test_iterate_over_several_axes():
    start, share = np.array([[16.0], [3.0]]), np.array([0.5, 0.25])
    x, steps = ARRAYS.iterate(halve, (start, 0.0), 100, share)
    for i, one in enumerate((16.0, 3.0)):
        for j, factor in enumerate((0.5, 0.25)):
            assert (x[i, j], steps[i, j]) == FLOATS.iterate(halve, (one, 0.0), 100, factor)


def test_nothing_to_do_is_not_done():
    def refuse(*state):
        raise AssertionError("asked")

    start = (np.ones(3),)
    assert ARRAYS.iterate(refuse, start, 9, only=np.zeros(3, dtype=bool)) is start
