"""How many roots lie between 0 and 1, beside polynomials that are made of known roots."""

import numpy as np
import pytest

from kernels.language.profile import Profile
from kernels.language.root_count import Stretch, count_roots, sign_changes
from kernels.language.verbs import FLOATS


def lowest_first(*roots):
    """The coefficients of a polynomial with some roots."""
    return Profile(float(a) for a in np.poly(roots)[::-1])


def counted(polynomial, bottom=0.0, top=1.0):
    at_bottom = sum(a * (bottom or 1e-9) ** k for k, a in enumerate(polynomial.values))
    stretch = Stretch(bottom, top, at_bottom, 0.0)
    return count_roots(polynomial, stretch, 9.0, True, FLOATS)


@pytest.mark.parametrize(
    ("roots", "count"),
    [((0.5,), 1), ((2.0,), 0), ((0.25, 0.5), 2), ((0.25, 0.5, 0.75), 3), ((0.5, 3.0, -1.0), 1)],
)
def test_roots_between_0_and_1_are_counted(roots, count):
    assert counted(lowest_first(*roots)).count == count


@pytest.mark.parametrize(
    ("roots", "count"), [((0.25, 0.5, 0.75), 1), ((0.25, 0.75), 0), ((0.4, 0.5, 0.6), 3)]
)
def test_roots_of_a_stretch_are_counted(roots, count):
    assert counted(lowest_first(*roots), 0.3, 0.7).count == count


@pytest.mark.parametrize(
    ("roots", "count", "touched"),
    [
        ((0.5, 0.5), 2, 1),
        ((0.5, 0.5, 0.25), 3, 1),
        ((0.5, 0.5, 0.5), 1, 0),
        ((0.3, 0.3, 0.8, 0.8), 4, 2),
    ],
)
def test_a_root_that_is_touched_counts_twice(roots, count, touched):
    found = counted(lowest_first(*roots))
    assert (found.count, found.touched) == (count, touched)


def test_what_is_not_asked_for_keeps_its_count():
    stretch = Stretch(0.0, 1.0, -1.0, 0.0)
    assert count_roots(lowest_first(0.5), stretch, 9.0, False, FLOATS).count == 9.0


def test_a_lone_root_lies_in_its_bracket():
    found = counted(lowest_first(0.4, 2.5, 5.0))
    assert found.count == 1.0
    assert found.low <= 0.4 <= found.high


def test_sign_changes_bound_the_roots():
    for roots in ((0.6,), (0.25, 0.6), (0.1, 0.2, 0.3), (2.5, 3.0)):
        for top in (0.5, 1.0, 2.0):
            _, most = sign_changes(lowest_first(*roots), 1.0 / top, FLOATS)
            inside = sum(0.0 < root < top for root in roots)
            assert most >= inside
            assert (most - inside) % 2 == 0


def test_zeros_after_the_last_coefficient_change_no_count():
    lengthened = Profile((*lowest_first(0.1, 0.4, 0.9).values, *(0.0,) * 40))
    for shrink in (2.0, 1.0, 0.1):
        short = sign_changes(lowest_first(0.1, 0.4, 0.9), shrink, FLOATS)
        assert sign_changes(lengthened, shrink, FLOATS)[1] == short[1]
