"""Estimates: by hand, beside scipy, and intervals that cover what they should."""

import numpy as np
import pytest
import scipy.stats

from kernels.grids import estimates, sampling

DRAWS = np.random.Generator(np.random.PCG64(3)).normal(5.0, 2.0, size=400)


def test_a_mean_and_its_standard_error():
    found = estimates.mean(np.array([1.0, 2.0, 3.0, 6.0]))
    error = (14.0 / 3.0 / 4.0) ** 0.5
    assert (found.value, found.standard_error) == pytest.approx((3.0, error))
    assert (found.low, found.high) == pytest.approx(
        (3.0 - 3.182446305284263 * error, 3.0 + 3.182446305284263 * error)
    )
    assert estimates.mean(np.array([4.0])) == estimates.Estimate(4.0)


@pytest.mark.parametrize("rank", [0.05, 0.5, 0.9])
def test_a_quantile_is_numpys_and_its_interval_scipys(rank):
    ordered = np.sort(DRAWS)
    found = estimates.quantile(ordered, rank)
    theirs = scipy.stats.quantile_test(ordered, p=rank).confidence_interval(0.95)
    assert found.value == pytest.approx(np.quantile(ordered, rank, method="hazen"), rel=1e-15)
    assert (found.low, found.high) == pytest.approx(tuple(theirs))


def test_too_few_draws_leave_an_end_open():
    found = estimates.quantile(np.arange(20.0), 0.05)
    assert found.low is None
    assert found.high == 3.0
    assert estimates.quantile(np.array([7.0]), 0.5) == estimates.Estimate(7.0)


@pytest.mark.parametrize("met", [0, 3, 50, 100])
def test_a_share_is_wilsons(met):
    found = estimates.share(met, 100)
    theirs = scipy.stats.binomtest(met, 100).proportion_ci(0.95, "wilson")
    assert found.value == met / 100
    assert (found.low, found.high) == pytest.approx(tuple(theirs), abs=1e-12)


@pytest.mark.parametrize("count", [1, 7, 9])
def test_a_quantile_of_few_draws_is_numpys(count):
    ordered = np.sort(DRAWS[:count])
    for rank in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert estimates.quantile_of(ordered, rank) == pytest.approx(
            np.quantile(ordered, rank, method="hazen"), rel=1e-15
        )


@pytest.mark.parametrize("count", [1, 8, 100, 4096])
def test_blocks_follow_each_other(count):
    found = estimates.blocks(count)
    assert len(found) == 8
    assert [place for block in found for place in range(count)[block]] == list(range(count))
    assert {block.stop - block.start for block in found} <= {count // 8, count // 8 + 1}


def test_blocks_give_students_interval():
    parts = [1.0, 2.0, 3.0, 2.5, 1.5, 2.0, 2.5, 2.5]
    found = estimates.block_estimate(2.2, parts)
    low, high = scipy.stats.t.interval(0.95, 7, 2.2, scipy.stats.sem(parts))
    assert (found.value, found.low, found.high) == pytest.approx((2.2, low, high))
    assert estimates.block_estimate(2.2, [*parts[1:], None]) == estimates.Estimate(2.2)


def shares(*met):
    """Which of 10 draws in each block meet something."""
    return np.concatenate([np.arange(10) < count for count in met])


def test_a_share_over_blocks_stays_a_share():
    assert estimates.block_share(shares(*[10] * 8)) == estimates.share(80, 80)
    assert estimates.block_share(shares(*[4] * 8)) == estimates.share(32, 80)
    found = estimates.block_share(shares(10, 9, *[10] * 6))
    assert found.high == 1.0
    assert found.low == pytest.approx(0.9875 - 2.3646242515927844 * 0.0125)
    assert estimates.block_share(shares(0, 1, *[0] * 6)).low == 0.0
    assert estimates.block_share(np.array([True, False, True])) == estimates.Estimate(2 / 3)


def test_intervals_cover_what_they_should():
    """Of 400 intervals of 95 % about 380; those of blocks are rather too wide."""
    covered = {"mean": 0, "p10": 0, "share": 0, "blocked": 0, "tail": 0}
    for seed in range(400):
        draws = -np.log(sampling.points("random", 512, 1, seed)[0])
        first, second = sampling.points("sobol", 512, 2, seed)
        products = [float((first * second)[block].mean()) for block in estimates.blocks(512)]
        tails = [
            estimates.quantile_of(np.sort(first[block]), 0.05) for block in estimates.blocks(512)
        ]
        found = {
            "mean": (estimates.mean(draws), 1.0),
            "p10": (estimates.quantile(np.sort(draws), 0.1), -np.log(0.9)),
            "share": (estimates.share(int((draws > 2.0).sum()), 512), np.exp(-2.0)),
            "blocked": (estimates.block_estimate(float((first * second).mean()), products), 0.25),
            "tail": (
                estimates.block_estimate(estimates.quantile_of(np.sort(first), 0.05), tails),
                0.05,
            ),
        }
        for name, (one, truth) in found.items():
            covered[name] += one.low <= truth <= one.high
    assert all(
        365 <= count <= (396 if name in ("mean", "p10", "share") else 400)
        for name, count in covered.items()
    ), covered


def ishigami(points):
    first, second, third = 2.0 * np.pi * points - np.pi
    return np.sin(first) + 7.0 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first)


def test_sobol_indices_are_those_known_and_those_of_scipy():
    """Ishigami's function. Source: Saltelli et al. 2008, section 4.9: 0.3139, 0.4424, 0; total
    0.5576, 0.4424, 0.2437.
    """
    points = sampling.points("sobol", 2**14, 6, 0)
    first, second = ishigami(points[:3]), ishigami(points[3:])
    mixed = []
    for place in range(3):
        own = points[:3].copy()
        own[place] = points[3 + place]
        mixed.append(ishigami(own))
    found = np.array([estimates.first_and_total(first, second, one) for one in mixed]).T
    assert found == pytest.approx(
        np.array([[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]]), abs=5e-3
    )
    known = {"f_A": first[None], "f_B": second[None], "f_AB": np.array(mixed)[:, None]}
    theirs = scipy.stats.sobol_indices(func=known, n=2**14)
    assert found[1] == pytest.approx(theirs.total_order, abs=1e-9)
    assert found[0] == pytest.approx(theirs.first_order, abs=1e-2)


def test_values_that_do_not_vary_have_no_indices():
    assert (
        estimates.first_and_total(*[np.full(500, 1290821.9231789815)] * 3) is None
    )  # whose variance is 5e-20 by rounding
