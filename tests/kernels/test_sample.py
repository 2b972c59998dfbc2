"""Points, their correlation and quantiles: what they are, and that a seed repeats them."""

import hashlib
import sys

import numpy as np
import pytest
import scipy.stats

from kernels import sample
from kernels.sample import NoSampler, Sequence

RANKS = np.array([sample.LEAST, 0.001, 0.2, 0.5, 0.8, 0.999, sample.MOST])


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_points_lie_inside_and_are_even(method):
    found = sample.points(Sequence(8000, method, 5, 8), 4)
    assert found.shape == (4, 8000)
    assert found.min() > 0.0
    assert found.max() < 1.0
    assert found.mean(axis=1) == pytest.approx([0.5] * 4, abs=0.01 if method == "random" else 2e-4)


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_seed_repeats_every_bit_and_another_does_not(method):
    once, again, other = (sample.points(Sequence(512, method, seed, 4), 3) for seed in (1, 1, 2))
    assert (once == again).all()
    assert not (once == other).any()


def test_the_draws_of_a_seed_are_known():
    """A change here changes what every stated seed means."""
    digests = [hashlib.sha256(sample.points(Sequence(64, m, 7, 8), 3).tobytes()).hexdigest()[:16] for m in ("sobol", "random")]
    assert digests == ["6e5f3fd4e40eef73", "808ead102bac1407"]


def test_each_replicate_is_balanced_and_its_own():
    found = sample.points(Sequence(8 * 64, "sobol", 0, 8), 2).reshape(2, 8, 64)
    for dimension in found:
        for run in dimension:
            assert sorted((run * 64).astype(int)) == list(range(64))
    assert len({run.tobytes() for run in found[0]}) == 8


def test_runs_that_are_no_power_of_two_are_the_beginning_of_longer_ones():
    short, long = (sample.points(Sequence(count, "sobol", 3, 1), 2) for count in (100, 128))
    assert (short == long[:, :100]).all()


def test_correlated_ranks_have_the_correlation_of_their_scores():
    matrix = np.array([[1.0, 0.6, -0.3, 0.0], [0.6, 1.0, 0.0, 0.0], [-0.3, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    ranks = sample.points(Sequence(2**15, "sobol", 1, 8), 4)
    found = sample.correlated(ranks, matrix)
    assert np.corrcoef(scipy.stats.norm.ppf(found)) == pytest.approx(matrix, abs=0.01)
    assert (found[[0, 3]] == ranks[[0, 3]]).all()
    assert scipy.stats.kstest(found[1], "uniform").statistic < 0.01


@pytest.mark.parametrize("coefficient", [1.0, -1.0])
def test_full_correlation_is_the_same_draw_or_its_mirror(coefficient):
    ranks = sample.points(Sequence(256, "random", 1, 1), 2)
    first, second = sample.correlated(ranks, np.array([[1.0, coefficient], [coefficient, 1.0]]))
    assert second == pytest.approx(first if coefficient > 0 else 1.0 - first, abs=1e-12)


def test_a_root_gives_its_matrix_even_where_that_is_singular():
    rng = np.random.default_rng(1)
    for rank in (1, 2, 4):
        factors = rng.normal(size=(4, rank))
        factors /= np.sqrt(np.square(factors).sum(axis=1, keepdims=True))
        matrix = factors @ factors.T
        lower = sample.root(matrix)
        assert lower @ lower.T == pytest.approx(matrix, abs=1e-6)
        assert (np.triu(lower, 1) == 0.0).all()


def test_a_matrix_that_cannot_be_has_an_eigenvalue_below_0():
    assert sample.least_eigenvalue(np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])) == pytest.approx(-0.8)
    assert sample.least_eigenvalue(np.eye(3)) == pytest.approx(1.0)


@pytest.mark.parametrize("bounds", [(-np.inf, np.inf), (-1.0, 2.0), (-np.inf, -3.0), (3.0, np.inf), (6.0, 7.0), (-7.0, -6.0), (0.0, 1.0)])
def test_normal_quantiles_inside_bounds(bounds):
    found = sample.normal(RANKS, *bounds)
    assert found[1:-1] == pytest.approx(scipy.stats.truncnorm(*bounds).ppf(RANKS[1:-1]), rel=1e-9, abs=1e-12)
    assert (np.diff(found) > 0).all()
    assert found[0] >= bounds[0]
    assert found[-1] <= bounds[1]
    assert sample.mass(*bounds) == pytest.approx(scipy.stats.norm.cdf(bounds[1]) - scipy.stats.norm.cdf(bounds[0]), rel=1e-6)


@pytest.mark.parametrize("shape", [(0.0, 0.3, 1.0), (2.0, 2.0, 5.0), (-1.0, 4.0, 4.0)])
def test_triangular_quantiles(shape):
    low, mode, high = shape
    theirs = scipy.stats.triang((mode - low) / (high - low), low, high - low).ppf(RANKS)
    assert sample.triangular(RANKS, *shape) == pytest.approx(theirs, abs=1e-7)


def test_discrete_quantiles_never_take_a_value_of_no_share():
    values, shares = np.array([3.0, 1.0, 7.0, 9.0]), np.array([0.25, 0.0, 0.75, 0.0])
    assert sample.discrete(RANKS, values, shares).tolist() == [3.0, 3.0, 3.0, 7.0, 7.0, 7.0, 7.0]
    drawn = sample.discrete(sample.points(Sequence(4096, "sobol", 0, 1), 1)[0], values, shares)
    assert (drawn == 3.0).mean() == 0.25


def test_without_scipy_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(NoSampler, match=r"pip install 'rackrate\[uncertainty\]'"):
        sample.points(Sequence(8, "sobol", 0, 1), 1)
