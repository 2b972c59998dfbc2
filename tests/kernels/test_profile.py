"""Profiles: one unit of something over the hours of a lemonade stand."""

import numpy as np
import pytest

from kernels.language.profile import Profile, is_zero, pad, running_products, sum_of

SUN = Profile((1.0, 2.0, 3.0, 4.0, 5.0))
OPEN = Profile((1.0, 0.0, 1.0, 0.0, 1.0))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (SUN + OPEN, (2, 2, 4, 4, 6)),
        (SUN - OPEN, (0, 2, 2, 4, 4)),
        (SUN * OPEN, (1, 0, 3, 0, 5)),
        (OPEN / SUN, (1, 0, 1 / 3, 0, 1 / 5)),
        (SUN * 2.0, (2, 4, 6, 8, 10)),
        (2.0 * SUN, (2, 4, 6, 8, 10)),
        (1.0 - SUN, (0, -1, -2, -3, -4)),
        (1.0 + SUN, (2, 3, 4, 5, 6)),
        (SUN / 2.0, (0.5, 1, 1.5, 2, 2.5)),
        (SUN.map(lambda sun: sun * sun), (1, 4, 9, 16, 25)),
        (SUN.map(lambda sun, door: sun if door else -sun, OPEN), (1, -2, 3, -4, 5)),
        (SUN.masked(OPEN), (1, 0, 3, 0, 5)),
        (SUN.grouped(2), (3, 7, 5)),
        (SUN.grouped(9), (15,)),
        (Profile((7.0, 8.0)).spread(3, 1), (0, 7, 0, 0, 8, 0)),
        (Profile((7.0, 8.0, 9.0)).placed(OPEN, 2), (7, 0, 8, 0, 9)),
        (Profile((7.0, 8.0, 9.0)).placed(Profile((0.0, 0.5, 0.0, 1.0, 1.0)), 2), (0, 3.5, 0, 8, 9)),
    ],
)
def test_verbs(made, expected):
    assert made.values == expected


def test_series_of_unequal_length_do_not_add():
    with pytest.raises(ValueError, match="zip"):
        SUN + Profile((1.0,))


def test_the_dot_product_adds_from_the_first():
    assert SUN.dot(OPEN) == 9.0
    assert Profile((1e16, 1.0, -1e16)).dot(Profile((1.0, 1.0, 1.0))) == (1e16 + 1.0) - 1e16


def test_a_step_of_nothing_is_not_added():
    """So that a worthless step does not spread NaN or widen an array."""
    assert Profile((0.0, 1.0)).dot(Profile((float("inf"), 2.0))) == 2.0
    assert sum_of((0.0, 3.0, 0.0)) == 3.0
    assert sum_of(()) == 0.0


@pytest.mark.parametrize(
    ("value", "known"), [(0.0, True), (-0.0, True), (1.0, False), (np.zeros(2), False)]
)
def test_what_is_known_to_be_zero(value, known):
    assert is_zero(value) is known


def test_what_is_made_twice_is_made_once():
    assert SUN.masked(OPEN) is SUN.masked(OPEN)
    assert SUN.grouped(2) is SUN.grouped(2)
    assert SUN.spread(2, 0) is SUN.spread(2, 0)
    assert SUN.spread(2, 0) is not SUN.spread(2, 1)
    assert SUN.grouped(1) is SUN
    assert SUN.spread(1, 0) is SUN


def test_a_series_in_another_rhythm_keeps_its_root():
    assert SUN.masked(OPEN).grouped(2).root is SUN
    assert (SUN * 2.0).root is not SUN


def test_profiles_are_compared_by_identity():
    assert Profile((1.0,)) != Profile((1.0,))


def test_running_products_have_no_power():
    powers = running_products(3.0, 0.5, 4).values
    assert powers == (3.0, 1.5, 0.75, 0.375)
    assert running_products(3.0, 0.5, 1).values == (3.0,)


def test_profiles_hold_arrays_on_their_own_axes():
    rain = Profile((np.array([1.0, 2.0]), np.array([[3.0], [4.0]])))
    assert rain.dot(Profile((1.0, 1.0))).shape == (2, 2)
    assert (np.float64(2.0) * SUN).values == (
        2,
        4,
        6,
        8,
        10,
    )  # a numpy number does not take the profile apart


def test_values_are_padded_with_nothing_or_cut():
    assert pad((1.0, 2.0), 4).values == (1.0, 2.0, 0.0, 0.0)
    assert pad((1.0, 2.0), 1).values == (1.0,)
