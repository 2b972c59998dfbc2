"""Points of a random or a Sobol sequence as quantile ranks, correlated where asked, and quantiles of the distributions that they become.

All is computed here, on the host, in one fixed order of additions: a seed gives the same bits whatever computes on them later.

NoSampler    scipy is not installed
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.backend import BackendError

Values = NDArray[np.float64]
LEAST, MOST = 2.0**-54, 1.0 - 2.0**-53  # the ranks that a draw can have
TOLERANCE = 1e-10  # by which an eigenvalue may fall short of 0
METHODS = ("sobol", "random")


class NoSampler(BackendError):
    """Draws need scipy, which is not installed."""


@dataclass(frozen=True)
class Sequence:
    """How points are drawn: `count` in all; a Sobol sequence is scrambled anew for each of `replicates` runs of equal length."""

    count: int
    method: str
    seed: int
    replicates: int


def special() -> Any:
    """scipy's special functions. Errors: NoSampler."""
    try:
        import scipy.special
    except ImportError:
        raise NoSampler("scipy is not installed: pip install 'rackrate[uncertainty]'") from None
    return scipy.special


def points(how: Sequence, dimensions: int) -> Values:
    """A row for each dimension of ranks between 0 and 1, neither included; replicates follow each other."""
    if how.method == "random":
        drawn = np.random.Generator(np.random.PCG64(how.seed)).random((how.count, dimensions))
        return np.clip(np.ascontiguousarray(drawn.T), LEAST, MOST)
    special()
    from scipy.stats import qmc

    each = how.count // how.replicates
    found = np.empty((dimensions, each * how.replicates))
    for place, seed in enumerate(np.random.SeedSequence(how.seed).spawn(how.replicates)):
        sobol = qmc.Sobol(dimensions, scramble=True, rng=np.random.Generator(np.random.PCG64(seed)))
        middle = 0.5 / sobol.maxn  # of the interval that a point stands for: none is at 0
        found[:, place * each : (place + 1) * each] = sobol.random_base2((each - 1).bit_length())[:each].T + middle
    return found


def least_eigenvalue(matrix: Values) -> float:
    """Below 0 where no variables can be so correlated."""
    return float(np.linalg.eigvalsh(matrix)[0])


def root(matrix: Values) -> Values:
    """The lower triangle whose product with its transpose is a positive semi-definite matrix: Cholesky, with zeros where it is singular."""
    size = len(matrix)
    found = np.zeros((size, size))
    for column in range(size):
        for row in range(column, size):
            rest = float(matrix[row, column]) - sum(float(found[row, k] * found[column, k]) for k in range(column))
            if row == column:
                found[row, row] = rest**0.5 if rest > TOLERANCE else 0.0
            elif found[column, column]:
                found[row, column] = rest / found[column, column]
    return found


def correlated(ranks: Values, matrix: Values) -> Values:
    """Ranks whose normal scores have a matrix of correlations: the Gaussian copula. A row that stands alone keeps its bits."""
    alone = [not np.delete(line, place).any() for place, line in enumerate(matrix)]
    factors, functions = root(matrix), special()
    scores = {place: functions.ndtri(ranks[place]) for place, single in enumerate(alone) if not single}
    found = ranks.copy()
    for place in scores:
        used = [other for other in range(place + 1) if factors[place, other]]
        if used == [place]:
            continue  # the first of those that go together
        score = factors[place, used[0]] * scores[used[0]]
        for other in used[1:]:
            score = score + factors[place, other] * scores[other]
        found[place] = np.clip(functions.ndtr(score), LEAST, MOST)
    return found


def normal(ranks: Values, low: float, high: float) -> Values:
    """Standard normal quantiles of ranks, for the distribution cut off below `low` and above `high`."""
    functions = special()
    if low > 0.0:  # by the other tail, in which ranks near 1 keep their digits
        return -normal(1.0 - ranks, -high, -low)
    first, last = functions.ndtr(low), functions.ndtr(high)
    found: Values = functions.ndtri(np.clip(first + ranks * (last - first), LEAST, MOST))
    return np.clip(found, low, high)


def mass(low: float, high: float) -> float:
    """Which share of a standard normal distribution lies between two scores."""
    functions = special()
    return float(functions.ndtr(-low) - functions.ndtr(-high) if low > 0.0 else functions.ndtr(high) - functions.ndtr(low))


def triangular(ranks: Values, low: float, mode: float, high: float) -> Values:
    """Quantiles of the triangle over low and high with its peak at the mode."""
    width = high - low
    rising = low + np.sqrt(ranks * width * (mode - low))
    falling = high - np.sqrt((1.0 - ranks) * width * (high - mode))
    return np.clip(np.where(ranks * width < mode - low, rising, falling), low, high)


def discrete(ranks: Values, values: Values, shares: Values) -> Values:
    """Quantiles of values that have each its share of all."""
    ends = np.cumsum(shares / shares.sum())
    found: Values = values[np.minimum(np.searchsorted(ends, ranks, side="right"), np.flatnonzero(shares)[-1])]
    return found
