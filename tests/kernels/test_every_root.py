"""Every rate of a lemonade stand at which what it takes is worth what it cost."""

import random

import oracle_roots
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_flows import unconventional

from kernels.language.every_root import every_rate
from kernels.language.irr import irr
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS

FALL, RISE = True, False


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ([-100.0, 110.0], [(0.1, FALL)]),
        ([100.0, -110.0], [(0.1, RISE)]),
        ([-100.0, 1.0], []),  # at -99 % itself
        ([-100.0, -10.0], []),
        ([-1000.0, 6000.0, -11000.0, 6000.0], [(0.0, FALL), (1.0, RISE), (2.0, FALL)]),
        ([-100.0, 150.0, -50.0], [(-0.5, RISE), (0.0, FALL)]),
        ([-50.0, -100.0, 600.0, 300.0, -100.0], [(-0.768895, RISE), (1.854418, FALL)]),
        ([-1000.0, 2000.0, -1.0], [(0.999499, FALL)]),  # the other is -99.95 %
        ([100.0, -300.0, 200.0], [(0.0, FALL), (1.0, RISE)]),
    ],
)
def test_all_rates_are_listed(flows, expected):
    found = every_rate(-flows[0], Profile(flows[1:]), 1)
    assert [one.falls for one in found] == [falls for _, falls in expected]
    assert [one.rate for one in found] == pytest.approx([x for x, _ in expected], abs=1e-6)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ([-1.0, 4.0, -4.0], [(1.0, RISE), (1.0, FALL)]),
        ([1.0, -4.0, 4.0], [(1.0, FALL), (1.0, RISE)]),
        ([-1.0, 5.0, -8.0, 4.0], [(0.0, FALL), (1.0, RISE), (1.0, FALL)]),
    ],
)
def test_a_rate_that_is_touched_stands_there_twice(flows, expected):
    found = every_rate(-flows[0], Profile(flows[1:]), 1)
    assert [one.falls for one in found] == [falls for _, falls in expected]
    assert [one.rate for one in found] == pytest.approx([x for x, _ in expected], abs=1e-4)


@given(st.integers(0, 2**32 - 1), st.sampled_from((1, 4, 12)))
def test_they_are_as_many_as_are_counted_and_those_that_are_exact(seed, steps):
    outlay, later = unconventional(random.Random(seed))
    found = every_rate(outlay, Profile(later), steps)
    root = irr(outlay, Profile(later), steps, FLOATS)
    assert len(found) == root.root_count
    if root.rate == root.rate:
        assert root.rate in [one.rate for one in found if one.falls]
    exact = oracle_roots.rates(dict(enumerate([-outlay, *later])), steps) if found else []
    assert [one.falls for one in found] == [kind == "fall" for _, kind in exact]
    assert [one.rate for one in found] == pytest.approx([r for r, _ in exact], rel=1e-7, abs=1e-9)
