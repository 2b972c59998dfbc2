"""Points, their correlation and quantiles: what they are, and that a seed repeats them."""

import hashlib
import sys

import numpy as np
import pytest
import scipy.stats

from kernels.grids import sampling
from kernels.grids.sampling import NoSampler

RANKS = np.array([sampling.LEAST, 0.001, 0.2, 0.5, 0.8, 0.999, sampling.MOST])


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_points_lie_inside_and_are_even(method):
    found = sampling.points(method, 8000, 4, 5)
    assert found.shape == (4, 8000)
    assert found.min() > 0.0
    assert found.max() < 1.0
    assert found.mean(axis=1) == pytest.approx([0.5] * 4, abs=0.01 if method == "random" else 2e-4)


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_seed_repeats_every_bit_and_another_does_not(method):
    once, again, other = (sampling.points(method, 512, 3, seed) for seed in (1, 1, 2))
    assert (once == again).all()
    assert not (once == other).any()


def test_the_draws_of_a_seed_are_known():
    """A change here changes what every stated seed means."""
    digests = [
        hashlib.sha256(sampling.points(m, 64, 3, 7).tobytes()).hexdigest()[:16]
        for m in ("sobol", "random")
    ]
    assert digests == ["c6fcf6d6dc3b17dc", "808ead102bac1407"]


def test_a_sobol_sequence_and_each_of_its_blocks_are_balanced():
    whole = sampling.points("sobol", 8 * 64, 2, 0)
    for dimension in whole:
        assert sorted((dimension * 512).astype(int)) == list(range(512))
        for block in dimension.reshape(8, 64):
            assert sorted((block * 64).astype(int)) == list(range(64))
    square = (whole.reshape(2, 8, 64) * 8).astype(int)
    for first, second in square.swapaxes(0, 1):
        assert (
            len(set(zip(first.tolist(), second.tolist(), strict=True))) == 64
        )  # a point in each of 8 x 8 squares


@pytest.mark.parametrize("count", [1, 2, 100, 1000, 1024])
def test_how_many_points_are_made_at_once_changes_no_bit(count):
    whole = sampling.points("sobol", count, 3, 3)
    assert whole.shape == (3, count)
    assert (sampling.points("sobol", count, 3, 3, most_at_once=64) == whole).all()


def test_scrambling_keeps_together_what_shares_a_half_at_every_level():
    """Two points that share so many leading bits of a coordinate share as many when they are
    scrambled, and no more.
    """
    plain = (scipy.stats.qmc.Sobol(2, scramble=False).random_base2(6).T * 64).astype(int)
    moved = (sampling.points("sobol", 64, 2, 4) * 64).astype(int)
    for one, other in zip(plain, moved, strict=True):
        for level in range(1, 7):
            assert ((one[:, None] ^ one) < 2 ** (6 - level)).tolist() == (
                (other[:, None] ^ other) < 2 ** (6 - level)
            ).tolist()


def test_every_interval_is_as_likely_to_hold_the_first_point():
    """Chi-squared over 64 intervals, 6,400 scramblings: below 100 in 997 cases of 1,000."""
    places = [int(sampling.points("sobol", 32, 1, seed)[0, 0] * 64) for seed in range(6400)]
    assert ((np.bincount(places, minlength=64) - 100) ** 2 / 100).sum() < 100.0


def test_correlated_ranks_have_the_correlation_of_their_scores():
    matrix = np.array(
        [[1.0, 0.6, -0.3, 0.0], [0.6, 1.0, 0.0, 0.0], [-0.3, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    )
    ranks = sampling.points("sobol", 2**15, 4, 1)
    found = sampling.correlate(ranks, matrix)
    assert np.corrcoef(scipy.stats.norm.ppf(found)) == pytest.approx(matrix, abs=0.01)
    assert (found[[0, 3]] == ranks[[0, 3]]).all()
    assert scipy.stats.kstest(found[1], "uniform").statistic < 0.01


@pytest.mark.parametrize("coefficient", [1.0, -1.0])
def test_full_correlation_is_the_same_draw_or_its_mirror(coefficient):
    ranks = sampling.points("random", 256, 2, 1)
    first, second = sampling.correlate(ranks, np.array([[1.0, coefficient], [coefficient, 1.0]]))
    assert second == pytest.approx(first if coefficient > 0 else 1.0 - first, abs=1e-12)


def test_a_root_gives_its_matrix_even_where_that_is_singular():
    rng = np.random.default_rng(1)
    for rank in (1, 2, 4):
        factors = rng.normal(size=(4, rank))
        factors /= np.sqrt(np.square(factors).sum(axis=1, keepdims=True))
        matrix = factors @ factors.T
        lower = sampling.root(matrix)
        assert lower @ lower.T == pytest.approx(matrix, abs=1e-6)
        assert (np.triu(lower, 1) == 0.0).all()


def test_a_matrix_that_cannot_be_has_an_eigenvalue_below_0():
    assert sampling.least_eigenvalue(
        np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    ) == pytest.approx(-0.8)
    assert sampling.least_eigenvalue(np.eye(3)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "bounds",
    [
        (-np.inf, np.inf),
        (-1.0, 2.0),
        (-np.inf, -3.0),
        (3.0, np.inf),
        (6.0, 7.0),
        (-7.0, -6.0),
        (0.0, 1.0),
    ],
)
def test_normal_quantiles_inside_bounds(bounds):
    found = sampling.normal(RANKS, *bounds)
    assert found[1:-1] == pytest.approx(
        scipy.stats.truncnorm(*bounds).ppf(RANKS[1:-1]), rel=1e-9, abs=1e-12
    )
    assert (np.diff(found) > 0).all()
    assert found[0] >= bounds[0]
    assert found[-1] <= bounds[1]
    assert sampling.mass(*bounds) == pytest.approx(
        scipy.stats.norm.cdf(bounds[1]) - scipy.stats.norm.cdf(bounds[0]), rel=1e-6
    )


@pytest.mark.parametrize("shape", [(0.0, 0.3, 1.0), (2.0, 2.0, 5.0), (-1.0, 4.0, 4.0)])
def test_triangular_quantiles(shape):
    low, mode, high = shape
    theirs = scipy.stats.triang((mode - low) / (high - low), low, high - low).ppf(RANKS)
    assert sampling.triangular(RANKS, *shape) == pytest.approx(theirs, abs=1e-7)


def test_discrete_quantiles_never_take_a_value_of_no_share():
    values, shares = np.array([3.0, 1.0, 7.0, 9.0]), np.array([0.25, 0.0, 0.75, 0.0])
    assert sampling.discrete(RANKS, values, shares).tolist() == [3.0, 3.0, 3.0, 7.0, 7.0, 7.0, 7.0]
    assert sampling.discrete(RANKS, values[::-1], shares[::-1]).tolist() == [
        3.0,
        3.0,
        3.0,
        7.0,
        7.0,
        7.0,
        7.0,
    ]
    drawn = sampling.discrete(sampling.points("sobol", 4096, 1, 0)[0], values, shares)
    assert (drawn == 3.0).mean() == 0.25


def test_without_scipy_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(NoSampler, match=r"pip install 'rackrate\[uncertainty\]'"):
        sampling.points("sobol", 8, 1, 0)
