"""Searching a bracket: every root that samples can see, beside edges, at turns, in stretches and
jumps.
"""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.language.root_search import SAMPLES, Look, Span, samples, search

NAN, INF = math.nan, math.inf


def seen(f, wanted, low, high):
    """What a search finds of a stand's takings; infinite ones are told as such, NaN as closed."""

    def look(x):
        value = f(x)
        status = "ok" if math.isfinite(value) else "closed" if value != value else "endless"
        return Look(x, value, status)

    return search(look, wanted, low, high)


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.0, 1.0), (-3.0, 5.0), (0.0, 1e15), (1e-3, 1e6), (2.0, 2.5), (-1e15, 1e15), (-1.0, 2e3)],
)
def test_samples_rise_from_end_to_end(low, high):
    points = samples(low, high)
    assert len(points) == SAMPLES
    assert (points[0], points[-1]) == (low, high)
    assert all(a < b for a, b in pairwise(points))


def test_samples_of_more_than_three_decades_are_geometric():
    points = samples(1e-3, 1e9)
    assert points[129] / points[128] == pytest.approx(points[2] / points[1], rel=1e-9)
    assert samples(1e-3, 1e2)[1] < 1.1e-3
    assert samples(0.0, 1e9)[1] < 1e-5
    assert samples(0.0, 1e3)[1] == pytest.approx(1e3 / 256)
    assert samples(-1e15, 1e15)[129] < 1e-5


def test_all_roots_are_found():
    found = seen(lambda x: (x - 0.2) * (x - 0.5) * (x - 0.81), 0.0, 0.0, 1.0)
    assert found.roots == pytest.approx((0.2, 0.5, 0.81), abs=1e-15)
    assert found.spans == (Span(0.0, 1.0, "ok"),)
    assert found.valued == found.samples > SAMPLES  # it turns twice


@given(st.lists(st.integers(1, 49), min_size=0, max_size=6, unique=True))
def test_every_root_that_samples_can_see_is_found(places):
    roots = sorted(place / 50 for place in places)
    found = seen(lambda x: math.prod(x - root for root in roots), 0.0, 0.0, 1.0)
    assert found.roots == pytest.approx(roots, abs=1e-14)


def test_a_root_on_a_sample_is_found_once():
    assert seen(lambda x: x - 0.5, 0.0, 0.0, 1.0).roots == (0.5,)
    assert seen(lambda x: x, 0.0, 0.0, 1.0).roots == (0.0,)
    assert seen(lambda x: x - 1.0, 0.0, 0.0, 1.0).roots == (1.0,)


def test_no_root_is_no_root():
    found = seen(lambda x: x * x + 1.0, 0.0, -1.0, 1.0)
    assert (found.roots, found.stretches, found.jumps) == ((), (), ())
    assert found.reach == pytest.approx((1.0, 2.0))


@given(st.floats(0.001, 0.999), st.sampled_from([1e-3, 1e-4, 1e-5]))
def test_two_roots_closer_than_samples_are_both_found_where_the_curve_turns(middle, apart):
    found = seen(lambda x: (x - middle) ** 2 - apart**2, 0.0, 0.0, 1.0)
    assert found.roots == pytest.approx((middle - apart, middle + apart), abs=1e-9)


def test_where_the_curve_turns_samples_lie_closer():
    """Two tents stand within a distance of samples: the one beside a sample hides the other."""

    def tents(x):
        place = 256.0 * x - 100.0
        heights = (1.0 - abs(place - 0.1) / 0.15, 1.0 - abs(place - 0.6) / 0.3)
        return sum(max(height, 0.0) for height in heights) - 0.1 * abs(place - 1.0)

    roots = seen(tents, 0.5, 0.0, 1.0).roots
    assert [256.0 * root - 100.0 for root in roots] == pytest.approx(
        [0.025, 0.175, 0.45, 0.75], abs=0.1
    )


def test_a_level_that_is_only_touched_is_a_root():
    (root,) = seen(lambda x: 3.0 + (x - 0.3217) ** 2, 3.0, 0.0, 1.0).roots
    assert root == pytest.approx(0.3217, abs=1e-5)


def test_a_crossing_before_the_last_value_is_found():
    """The nearest sample with a value does not yet reach what the last one passes."""
    for side in (NAN, -INF, INF):
        found = seen(lambda x, side=side: x if x < 0.5008 else side, 0.5005, 0.0, 1.0)
        assert found.roots == pytest.approx((0.5005,), rel=1e-15)
        assert found.spans[0].high == pytest.approx(0.5008, rel=1e-15)
    early = seen(lambda x: x if x > 0.5005 else NAN, 0.5008, 0.0, 1.0)
    assert early.roots == pytest.approx((0.5008,), rel=1e-15)


def test_values_between_sides_are_found_however_few_they_are():
    """Above every value on the left, below on the right, a value on a billionth in between."""

    def narrow(x):
        return INF if x < 0.3 else -INF if x > 0.3 + 1e-9 else (0.3 - x) * 1e9 + 0.5

    found = seen(narrow, 0.0, 0.0, 1.0)
    assert found.roots == pytest.approx((0.3 + 5e-10,), rel=1e-12)
    assert [span.status for span in found.spans] == ["endless", "ok", "endless"]


def test_a_gap_hides_roots_and_invents_none():
    gap = seen(lambda x: NAN if 0.4 < x < 0.6 else x - 0.5, 0.0, 0.0, 1.0)
    assert (gap.roots, gap.jumps) == ((), ())
    assert 0 < gap.valued < gap.samples
    assert [span.status for span in gap.spans] == ["ok", "closed", "ok"]
    assert [span.low for span in gap.spans] == pytest.approx([0.0, 0.4, 0.6], rel=1e-12)


def test_a_gap_between_two_samples_hides_no_root_beside_it():
    found = seen(lambda x: NAN if 0.50101 < x < 0.50103 else x, 0.501, 0.0, 1.0)
    assert found.roots == pytest.approx((0.501,), rel=1e-15)


def test_a_jump_is_no_root_but_is_told():
    found = seen(lambda x: -1.0 if x < 0.3 else 1.0, 0.0, 0.0, 1.0)
    assert found.roots == ()
    assert found.jumps == pytest.approx((0.3,), rel=1e-15)
    pole = seen(lambda x: 1.0 / (x - 0.3217) if x != 0.3217 else INF, 0.0, 0.0, 1.0)
    assert (pole.roots, pole.jumps) == ((), pytest.approx((0.3217,), rel=1e-15))
    edge = seen(lambda x: x if x < 0.3 else INF, 0.5, 0.0, 1.0)
    assert (edge.roots, edge.jumps) == ((), pytest.approx((0.3,), rel=1e-15))


def test_a_stretch_is_told_by_its_ends_and_is_no_root():
    """What a stand must borrow falls to nothing once its till holds enough, and stays there."""
    lent = seen(lambda till: max(133.5 - till, 0.0), 0.0, 0.0, 1e6)
    assert lent.roots == ()
    assert lent.stretches == (pytest.approx((133.5, 1e6), rel=1e-15),)
    clamped = seen(lambda x: max(x - 0.7, 0.0) + min(x - 0.2, 0.0), 0.0, 0.0, 1.0)
    assert clamped.stretches == (pytest.approx((0.2, 0.7), rel=1e-14),)
    assert seen(lambda x: 0.0, 0.0, 1.0, 2.0).stretches == ((1.0, 2.0),)
    closed = seen(lambda x: 0.0 if x < 1.3 else NAN, 0.0, 1.0, 2.0)
    assert closed.stretches == (pytest.approx((1.0, 1.3), rel=1e-15),)
    short = seen(lambda x: min(x - 0.5, 0.0) + max(x - 0.5001, 0.0), 0.0, 0.0, 1.0)
    assert short.stretches == (pytest.approx((0.5, 0.5001), rel=1e-12),)


def test_rounding_makes_no_roots_of_a_stretch_and_one_of_a_root():
    noise = seen(lambda x: 1.3 + (hash(x) % 7 - 3) * 2.3e-16 if x < 0.6 else x + 0.7, 1.3, 0.0, 1.0)
    assert noise.roots == ()
    assert noise.stretches == (pytest.approx((0.0, 0.6), abs=1e-11),)
    steps = seen(lambda x: round((x - 0.4321) * 2**40) * 2.0**-40, 0.0, 0.0, 1.0)
    assert steps.roots == pytest.approx((0.4321,), abs=1e-12)
    ragged = seen(lambda x: (x - 0.4321) + (hash(x) % 5 - 2) * 1e-15, 0.0, 0.0, 1.0)
    assert ragged.roots == pytest.approx((0.4321,), abs=1e-14)


@pytest.mark.parametrize("varies", [1.0, 1e-3, 1e-5])
def test_rounding_of_a_large_value_makes_one_root_of_one(varies):
    """Values near 1e5 have steps: a slight slope takes many neighbouring floats for each."""
    found = seen(lambda x: 1e5 + (x - 37.2) * varies / 16.0, 1e5, 1.0, 50.0)
    assert found.roots == (pytest.approx(37.2, rel=1e-5),)
    assert (found.stretches, found.jumps) == ((), ())


def test_a_change_of_status_at_the_end_of_the_bracket_takes_few_looks():
    asked = []

    def sold(x):
        asked.append(x)
        return NAN if x == 0.0 else 1.0 / x

    assert seen(sold, 7.0, 0.0, 1e15).roots == pytest.approx((1 / 7,), rel=1e-15)
    assert len(asked) < 500


def test_what_changes_its_side_everywhere_is_not_looked_at_for_ever():
    found = seen(lambda x: (hash(x) % 7 - 3) * 1e-17, 0.0, 0.0, 1e15)
    assert not found.complete
    assert seen(lambda x: x - 0.5, 0.0, 0.0, 1.0).complete


def test_a_function_without_a_value():
    found = seen(lambda x: NAN, 0.0, 0.0, 1.0)
    assert (found.reach, found.roots, found.valued) == (None, (), 0)
    assert found.spans == (Span(0.0, 1.0, "closed"),)
