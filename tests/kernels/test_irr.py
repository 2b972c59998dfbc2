"""Rates of return of a lemonade stand: what it costs on the first day against what it takes
later.
"""

import math
import random
from fractions import Fraction

import numpy as np
import oracle_roots
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_flows import unconventional

from kernels.language.flow import flow
from kernels.language.irr import OK, STATUSES, irr
from kernels.language.node import node, statuses
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS, arrays

ARRAYS = arrays()
MARKED = node(statuses(**STATUSES)(lambda: None))
CODES = list(zip(MARKED.statuses, MARKED.sides, strict=True))


def found(flows, steps_per_year=1):
    """The rate of a list of flows, the one at time 0 first."""
    outlay, *amounts = flows
    return irr(-outlay, Profile(amounts), steps_per_year, FLOATS)


def why(root):
    """A root's status in its word, and on which side of every value it lies."""
    return CODES[int(root.status)]


@pytest.mark.parametrize(
    ("flows", "steps", "rate", "count"),
    [
        ([-100.0, 110.0], 1, 0.1, 1),
        ([-100.0, 0.0, 121.0], 1, 0.1, 1),
        ([-100.0, 100.0], 1, 0.0, 1),
        ([-100.0, 50.0], 1, -0.5, 1),
        ([-100.0, 1.1], 1, -0.989, 1),
        ([-100.0, 10_000.0], 1, 99.0, 1),
        ([-100.0, 10.0, 110.0], 1, 0.1, 1),
        ([-100.0, 102.0], 4, 1.02**4 - 1, 1),
        ([-100.0] + [0.0] * 59 + [100.0 * 1.5**5], 12, 0.5, 1),
        ([0.0, -100.0, 110.0], 1, 0.1, 1),
        ([-100.0, 0.0, 110.0, 0.0, 0.0], 1, 1.1**0.5 - 1, 1),
        ([-60.0, -40.0, 0.0, 80.0, 66.2], 1, None, 1),
        ([-1000.0, 400.0, -50.0, 900.0], 1, None, 1),  # sign changes, one root
        ([-1e-3, 3.0, 3.0, 3.0, 3.0, -5.0], 1, None, 2),  # 299,999 %
        ([-50.0, -100.0, 600.0, 300.0, -100.0], 1, None, 2),  # a rise at -76.9 %
        ([-100.0, 150.0, -50.0], 1, 0.0, 2),  # a rise at -50 %
        ([-100.0, 90.0, -18.0], 1, None, 2),  # -40 % and, rising, -70 %: both below 0
        ([-1000.0, 2000.0, -1.0], 1, None, 1),  # the rise is below -99 %
        ([-100.0, 50.0, 70.0, -1e-8], 1, None, 1),
    ],
)
def test_a_return(flows, steps, rate, count):
    root = found(flows, steps)
    if rate is None:
        rate, _, exact = oracle_roots.internal_rate(dict(enumerate(flows)), steps)
        assert count == exact
    assert (root.status, root.root_count) == (OK, count)
    assert root.rate == pytest.approx(rate, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize(
    ("flows", "rate"), [([-1.0, 6.0, -12.0, 8.0], 1.0), ([-1.0, 3.0, -3.0, 1.0], 0.0)]
)
def test_a_root_that_is_crossed_counts_once_be_it_threefold(flows, rate):
    root = found(flows)
    assert (root.status, root.root_count) == (OK, 1)
    assert root.rate == pytest.approx(rate, abs=1e-4)  # only seen to a third of the digits


@pytest.mark.parametrize(
    ("flows", "status", "side", "count"),
    [
        ([-100.0, -10.0], "no_sign_change", -1, 0),
        ([100.0, 10.0], "no_sign_change", 1, 0),
        ([0.0, 0.0], "no_sign_change", 0, 0),
        ([-100.0, 0.0, 0.0], "no_sign_change", -1, 0),
        ([0.0, 0.0, 5.0], "no_sign_change", 1, 0),
        ([-100.0, 300.0, -250.0], "no_root", -1, 0),
        ([100.0, -300.0, 250.0], "no_root", 1, 0),
        ([-100.0, 0.01], "below_minus_99_percent", -1, 0),
        ([-100.0, 1.0], "below_minus_99_percent", -1, 0),  # at -99 % itself
        ([-100.0, 0.01, -0.001], "no_root", -1, 0),  # it never comes back, however low the rate
        ([100.0, -110.0], "borrowing", 0, 1),
        ([0.0, 308.0, -79.0, -368.0, -586.0, -749.0], "borrowing", 0, 1),
        ([-100.0, 230.0, -132.0], "several_roots", 0, 2),  # 10 and 20 %
        ([-1.0, 3.0, -2.0], "several_roots", 0, 2),  # 100 and, rising, 0 %
        ([100.0, -150.0, 55.0], "several_roots", 0, 2),  # rising at a higher rate than it falls
        ([-1000.0, 3600.0, -4310.0, 1716.0], "several_roots", 0, 3),  # 10, 20 and 30 %
        ([-1000.0, 6000.0, -11000.0, 6000.0], "several_roots", 0, 3),  # 0, 100 and 200 %
        ([-2.0, 7.0, -7.0, 2.0], "several_roots", 0, 3),  # -50, 0 and 100 %
        ([-1.0, 4.0, -4.0], "several_roots", 0, 2),  # touched at 100 %: a fall and a rise
        ([-1.0, 2.0, -1.0], "several_roots", 0, 2),  # touched at 0 %
        ([-1.0, 5.0, -8.0, 4.0], "several_roots", 0, 3),  # 0 %, and 100 % touched
    ],
)
def test_no_return(flows, status, side, count):
    root = found(flows)
    assert math.isnan(root.rate)
    assert (*why(root), root.root_count) == (status, side, count)


def test_a_tiny_last_outflow_changes_nothing():
    for later in (2000.0, 2000.0 / 12):
        flows = [-1000.0, *[later] * int(2000 / later)]
        before = found(flows, 12)
        for last in (1e-9, 1e-6, 1.0):
            after = found([*flows, -last], 12)
            assert after.status == OK
            assert after.rate == pytest.approx(before.rate, rel=10.0 * last)


@pytest.mark.parametrize(
    ("flows", "clean"),
    [
        ([-100.0, 50.0, 70.0, -1e-11], [-100.0, 50.0, 70.0]),
        ([1e-11, -100.0, 110.0, -1e-11, 1e-11], [0.0, -100.0, 110.0, 0.0, 0.0]),
        ([-100.0, 110.0, 1e-11, -1e-11, 1e-11, -1e-11], [-100.0, 110.0, 0.0, 0.0, 0.0, 0.0]),
        ([-100.0, 1e-11], [-100.0, 0.0]),
    ],
)
def test_dust_is_nothing(flows, clean):
    assert repr(found(flows)) == repr(found(clean))


@pytest.mark.parametrize(
    "flows", [[-100.0, math.nan, 50.0, -20.0], [math.nan, 60.0, -10.0], [-100.0, 60.0, math.nan]]
)
def test_what_is_no_number_has_no_rate(flows):
    root = found(flows)
    assert math.isnan(root.rate)
    assert why(root)[1] == 0.0


@pytest.mark.parametrize(
    "z",
    [
        (0.8304, 0.7577, 0.7368, 0.7184),
        (0.9, 0.905, 0.91, 0.915),
        (0.5, 0.501, 0.7, 0.701),
        (0.95, 0.951, 1.05, 1.051),
    ],
)
@pytest.mark.parametrize("trailing", [0, 3, 20])
def test_roots_close_together_are_told_apart(z, trailing):
    """A walk on bounds of first order gave up here and called the first root found the only one."""
    flows = np.poly(z)
    assert found([*(100.0 * flows), *[0.0] * trailing]).root_count == 4


def worth(flows, growth):
    """The exact worth of flows at their last date."""
    total = Fraction(0)
    for amount in flows:
        total = total * growth + Fraction(amount)
    return total


def enclosed(flows, rate):
    """Whether the exact worth changes its sign close to a rate."""
    least, most = (
        Fraction(1.0 + rate) * (1 + share) + share / 10**6
        for share in (Fraction(-1, 10**9), Fraction(1, 10**9))
    )
    while flows[-1] == 0.0:
        flows = flows[:-1]
    return worth(flows, max(least, Fraction(0))) * worth(flows, most) < 0


seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.sampled_from((1, 4, 12)))
def test_roots_are_counted_exactly(seed, steps):
    rng = random.Random(seed)
    for _ in range(5):
        outlay, later = unconventional(rng)
        rate, status, count = oracle_roots.internal_rate(dict(enumerate([-outlay, *later])), steps)
        root = irr(outlay, Profile(later), steps, FLOATS)
        assert (why(root)[0], root.root_count) == (status, count)
        if rate is not None:
            assert root.rate == pytest.approx(rate, abs=1e-9, rel=1e-9)
            if steps == 1:
                assert enclosed([-outlay, *later], root.rate)


@given(seeds, st.sampled_from((5, 12, 24, 60)), st.integers(1, 12))
def test_a_cell_has_the_bits_of_the_scalar(seed, dates, cells):
    """Cells stop at different turns and most are taken together; none of that may change a bit."""
    rng = random.Random(seed)
    grid = []
    while len(grid) < cells:
        outlay, later = unconventional(rng)
        grid.append((outlay, (later + [0.0] * dates)[:dates]))
    outlays = np.array([outlay for outlay, _ in grid])
    columns = Profile(np.array([later[k] for _, later in grid]) for k in range(dates))
    together = irr(outlays, columns, 4, ARRAYS)
    for k, (outlay, later) in enumerate(grid):
        alone = irr(outlay, Profile(later), 4, FLOATS)
        for field in ("rate", "status", "root_count"):
            cell, one = (
                np.broadcast_to(getattr(together, field), outlays.shape)[k],
                getattr(alone, field),
            )
            assert np.float64(cell).tobytes() == np.float64(one).tobytes() or (
                math.isnan(cell) and math.isnan(one)
            )


@given(seeds, st.integers(1, 30))
def test_dates_after_the_last_amount_change_no_bit(seed, dates):
    """A cell whose life ends early stands in a grid that goes on."""
    rng = random.Random(seed)
    for _ in range(5):
        outlay, later = unconventional(rng)
        assert repr(found([-outlay, *later])) == repr(found([-outlay, *later, *[0.0] * dates]))


@given(seeds)
def test_a_cell_of_a_grid_of_two_axes_has_the_bits_of_the_scalar(seed):
    rng = random.Random(seed)
    outlays = np.array([[rng.uniform(20, 200)] for _ in range(3)])
    scale = np.array([rng.uniform(-0.5, 2.0) for _ in range(4)])
    shape, cost = (
        Profile([rng.uniform(0, 20) for _ in range(24)]),
        Profile([rng.uniform(0, 15) if k % 4 == 3 else 0.0 for k in range(24)]),
    )
    together = irr(outlays, flow(scale, shape) - flow(1.0, cost), 12, ARRAYS)
    for i in range(3):
        for j in range(4):
            alone = irr(
                float(outlays[i, 0]), flow(float(scale[j]), shape) - flow(1.0, cost), 12, FLOATS
            )
            assert together.root_count[i, j] == alone.root_count
            assert together.rate[i, j] == alone.rate or (
                math.isnan(together.rate[i, j]) and math.isnan(alone.rate)
            )
