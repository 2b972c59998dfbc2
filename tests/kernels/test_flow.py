"""Flows: what a lemonade stand takes and pays over its hours, kept as amounts of profiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.language.flow import Flow, as_flow, flow, sum_flows
from kernels.language.profile import Profile

SUN = Profile((1.0, 2.0, 3.0, 4.0))
DOOR = Profile((1.0, 1.0, 0.0, 1.0))
WORTH = Profile((0.5, 0.25, 0.125, 0.0625))


def test_a_flow_is_amounts_of_profiles():
    till = flow(10.0, SUN) - flow(3.0, DOOR)
    assert till.values == (7.0, 17.0, 30.0, 37.0)
    assert list(till.terms.values()) == [10.0, -3.0]


def test_amounts_of_one_profile_are_added():
    assert list((flow(2.0, SUN) + flow(5.0, SUN)).terms.values()) == [7.0]


def test_a_profile_is_a_flow_of_itself():
    assert (flow(2.0, SUN) + DOOR).values == (3.0, 5.0, 6.0, 9.0)
    assert as_flow(SUN).values == SUN.values
    assert as_flow(flow(1.0, SUN)).values == SUN.values


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda till: till * 2.0, (14, 34, 60, 74)),
        (lambda till: 2.0 * till, (14, 34, 60, 74)),
        (lambda till: till.masked(DOOR), (7, 17, 0, 37)),
        (lambda till: till.grouped(2), (24, 67)),
        (lambda till: till.grouped(3), (54, 37)),
        (lambda till: till.spread(2, 1), (0, 7, 0, 17, 0, 30, 0, 37)),
        (lambda till: till.grouped(2).placed(Profile((0.0, 1.0, 0.0, 1.0)), 2), (0, 24, 0, 67)),
    ],
)
def test_verbs(made, expected):
    assert made(flow(10.0, SUN) - flow(3.0, DOOR)).values == expected


def test_present_value():
    till = flow(10.0, SUN) - flow(3.0, DOOR)
    assert till.present_value(WORTH) == 10.0 * (0.5 + 0.5 + 0.375 + 0.25) - 3.0 * (
        0.5 + 0.25 + 0.0625
    )
    assert till.present_value(WORTH, -5.0) == till.present_value(WORTH) - 5.0
    assert Flow({}).present_value(WORTH, 4.0) == 4.0


def test_no_flow_has_no_steps():
    assert Flow({}).values == ()
    assert sum_flows(()).terms == {}


def test_what_is_named_first_is_added_last():
    """1 is lost beside 1e16 unless the two large amounts meet first."""
    big, small = Profile((1.0,)), Profile((1.0,))
    assert (flow(1.0, small) + flow(1e16, big) + flow(-1e16, Profile((1.0,)))).values == (1.0,)
    assert (flow(1e16, big) + flow(-1e16, Profile((1.0,))) + flow(1.0, small)).values == (0.0,)


def test_terms_of_one_root_are_added_together_in_any_order():
    """The order of the sum is that of the roots, so re-timed shares of a profile stay beside it."""
    first, second = flow(3.0, SUN) + flow(1.0, DOOR), flow(1.0, DOOR) + flow(3.0, SUN)
    mixed = first + flow(2.0, SUN.masked(DOOR))
    assert [profile.root for profile, _ in mixed.parts()] == [DOOR, SUN, SUN]
    assert [profile.root for profile, _ in second.parts()] == [SUN, DOOR]


numbers = st.floats(-1e6, 1e6)


@given(
    st.lists(st.tuples(numbers, st.lists(numbers, min_size=4, max_size=4)), min_size=1, max_size=6),
    numbers,
)
def test_the_present_value_is_that_of_the_steps(terms, start):
    total = sum_flows(flow(amount, Profile(steps)) for amount, steps in terms)
    by_step = start + sum(
        value * worth for value, worth in zip(total.values, WORTH.values, strict=True)
    )
    size = abs(start) + sum(abs(amount * step) for amount, steps in terms for step in steps)
    assert total.present_value(WORTH, start) == pytest.approx(by_step, abs=1e-12 * size + 1e-300)
