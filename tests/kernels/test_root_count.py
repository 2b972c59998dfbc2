"""How many roots lie between 0 and 1, beside polynomials that are made of known roots."""

import numpy as np
import pytest

from kernels.language.profile import Profile
from kernels.language.root_count import alive, count_roots, sign_changes
from kernels.language.verbs import FLOATS


def lowest_first(*roots):
    """The coefficients of a polynomial with some roots."""
    return Profile(float(a) for a in np.poly(roots)[::-1])


def counted(polynomial):
    live = alive(polynomial, FLOATS)
    at_one, most = sign_changes(polynomial, live, FLOATS)
    count, low, high, _ = count_roots(polynomial, live, most, at_one, most > 1.0, 0.0, FLOATS)
    return count, low, high


@pytest.mark.parametrize(
    ("roots", "count"),
    [((0.5,), 1), ((2.0,), 0), ((0.25, 0.5), 2), ((0.25, 0.5, 0.75), 3), ((0.5, 3.0, -1.0), 1)],
)
def test_roots_between_0_and_1_are_counted(roots, count):
    assert counted(lowest_first(*roots))[0] == count


def test_a_lone_root_lies_in_its_bracket():
    count, low, high = counted(lowest_first(0.4, 2.5, 5.0))
    assert count == 1.0
    assert low <= 0.4 <= high


def test_sign_changes_bound_the_roots():
    for roots in ((0.5,), (0.25, 0.5), (0.1, 0.2, 0.3), (2.0, 3.0)):
        polynomial = lowest_first(*roots)
        _, most = sign_changes(polynomial, alive(polynomial, FLOATS), FLOATS)
        inside = sum(0.0 < root < 1.0 for root in roots)
        assert most >= inside
        assert (most - inside) % 2 == 0


def test_coefficients_are_alive_up_to_the_last_that_is_not_0():
    assert alive(Profile([0.0, 1.0, 0.0, 2.0, 0.0, 0.0]), FLOATS).values == (1, 1, 1, 1, 0, 0)
