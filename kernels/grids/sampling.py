"""Points of a random or a Sobol sequence as quantile ranks, correlated where asked, and quantiles
of the distributions that they become.

All is computed here, on the host, in one fixed order of additions: a seed gives the same bits
whatever computes on them later.

NoSampler    scipy is not installed
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.language.verbs import BackendError

Values = NDArray[np.float64]
LEAST, MOST = 2.0**-54, 1.0 - 2.0**-53  # the ranks that a draw can have
TOLERANCE = 1e-10  # by which an eigenvalue may fall short of 0
PIECE = 2**16  # most points that are made at once


class NoSampler(BackendError):
    """Draws need scipy, which is not installed."""


def special() -> Any:
    """scipy's special functions. Errors: NoSampler."""
    try:
        import scipy.special
    except ImportError:
        raise NoSampler("scipy is not installed: pip install 'rackrate[uncertainty]'") from None
    return scipy.special


def points(
    method: str, count: int, dimensions: int, seed: int, most_at_once: int = PIECE
) -> Values:
    """A row for each dimension of ranks between 0 and 1, neither included: random ones, or those of
    a scrambled Sobol sequence.

    Errors: NoSampler. Source: Owen 1995, nested scrambling.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    if method == "random":
        return np.clip(np.ascontiguousarray(generator.random((count, dimensions)).T), LEAST, MOST)
    levels = (count - 1).bit_length()
    found = _sobol(count, dimensions, min(most_at_once, 1 << levels))
    for row in found:
        moved = _scramble(levels, generator)[(row * 2.0**levels).astype(np.intp)]
        row[:] = (moved + generator.random(count)) * 2.0**-levels
    return np.clip(found, LEAST, MOST, out=found)


def _sobol(count: int, dimensions: int, step: int) -> Values:
    """A Sobol sequence as it is; some points at once."""
    special()
    from scipy.stats import qmc

    sobol, found = qmc.Sobol(dimensions, scramble=False), np.empty((dimensions, count))
    for first in range(0, count, step):
        found[:, first : first + step] = sobol.random(step)[: count - first].T
    return found


def _scramble(levels: int, generator: np.random.Generator) -> NDArray[np.int32]:
    """Where each of `2**levels` intervals goes if the halves of the whole change places or not, by
    chance, and so do those of each half.
    """
    found = np.zeros(1, dtype=np.int32)
    for _ in range(levels):
        first = 2 * found + (generator.random(len(found)) < 0.5)
        found = np.stack([first, first ^ 1], axis=-1).ravel()
    return found


def least_eigenvalue(matrix: Values) -> float:
    """Below 0 where no variables can be so correlated."""
    return float(np.linalg.eigvalsh(matrix)[0])


def root(matrix: Values) -> Values:
    """The lower triangle whose product with its transpose is a positive semi-definite matrix:
    Cholesky, with zeros where it is singular.
    """
    size = len(matrix)
    found = np.zeros((size, size))
    for column in range(size):
        for row in range(column, size):
            rest = float(matrix[row, column]) - sum(
                float(found[row, k] * found[column, k]) for k in range(column)
            )
            if row == column:
                found[row, row] = rest**0.5 if rest > TOLERANCE else 0.0
            elif found[column, column]:
                found[row, column] = rest / found[column, column]
    return found


def correlate(ranks: Values, matrix: Values) -> Values:
    """Ranks whose normal scores have a matrix of correlations: the Gaussian copula. A row that
    stands alone keeps its bits.
    """
    alone = [not np.delete(line, place).any() for place, line in enumerate(matrix)]
    factors, functions = root(matrix), special()
    scores = {
        place: functions.ndtri(ranks[place]) for place, single in enumerate(alone) if not single
    }
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
    """Standard normal quantiles of ranks, for the distribution cut off below `low` and above
    `high`.
    """
    functions = special()
    if low > 0.0:  # by the other tail, in which ranks near 1 keep their digits
        return -normal(1.0 - ranks, -high, -low)
    first, last = functions.ndtr(low), functions.ndtr(high)
    found: Values = functions.ndtri(np.clip(first + ranks * (last - first), LEAST, MOST))
    return np.clip(found, low, high)


def mass(low: float, high: float) -> float:
    """Which share of a standard normal distribution lies between two scores."""
    functions = special()
    return float(
        functions.ndtr(-low) - functions.ndtr(-high)
        if low > 0.0
        else functions.ndtr(high) - functions.ndtr(low)
    )


def triangular(ranks: Values, low: float, mode: float, high: float) -> Values:
    """Quantiles of the triangle over low and high with its peak at the mode."""
    width = high - low
    rising = low + np.sqrt(ranks * width * (mode - low))
    falling = high - np.sqrt((1.0 - ranks) * width * (high - mode))
    return np.clip(np.where(ranks * width < mode - low, rising, falling), low, high)


def discrete(ranks: Values, values: Values, shares: Values) -> Values:
    """Quantiles of values that have each its share of all, the least value first, in whichever
    order they are stated.
    """
    order = np.argsort(values)
    values, shares = values[order], shares[order]
    ends = np.cumsum(shares / shares.sum())
    found: Values = values[
        np.minimum(np.searchsorted(ends, ranks, side="right"), np.flatnonzero(shares)[-1])
    ]
    return found
