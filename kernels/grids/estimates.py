"""Estimates from draws, each with how far off it may be: 95 % intervals.

Of independent draws: the mean's is Student's, a quantile's from order statistics (exact for any
distribution), a share's Wilson's. Of a scrambled Sobol sequence, whose points depend on each other:
Student's, from how far its blocks lie apart. Each block is such a sequence by itself, and all
together are nearer to the truth than as many independent ones would be: such intervals are rather
too wide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist
from typing import Annotated as A
from typing import Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from kernels.grids.sampling import special

LEVEL = 0.95
TAIL = (1.0 - LEVEL) / 2.0
BLOCKS = 8
SCORE = NormalDist().inv_cdf(1.0 - TAIL)
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """An estimate, its standard error, and the ends of its 95 % interval; an end that the draws
    cannot tell is None.
    """

    value: A[float, Meta(description="the estimate")]
    standard_error: A[float | None, Meta(description="None if it cannot be told")] = None
    low: A[
        float | None, Meta(description="end of the 95 % interval; None if the draws cannot tell")
    ] = None
    high: A[
        float | None, Meta(description="end of the 95 % interval; None if the draws cannot tell")
    ] = None


def mean(values: Values) -> Estimate:
    """The mean of independent draws."""
    value = float(values.mean())
    if len(values) < 2:
        return Estimate(value)
    return _students(value, float(values.std(ddof=1)), len(values))


def _students(value: float, spread: float, count: int) -> Estimate:
    """An estimate with Student's interval, from the standard deviation of so many."""
    error = spread / sqrt(count)
    reach = float(special().stdtrit(count - 1, 1.0 - TAIL)) * error
    return Estimate(value, error, value - reach, value + reach)


def quantile(ordered: Values, rank: float) -> Estimate:
    """A quantile of independent draws, which come sorted; an end of its interval is a draw. Source:
    Conover 1999, section 3.2.
    """
    count = len(ordered)
    below, above = _ranks(count, rank)
    low = float(ordered[below - 1]) if below >= 1 else None
    high = float(ordered[above - 1]) if above <= count else None
    return Estimate(quantile_of(ordered, rank), None, low, high)


def quantile_of(ordered: Values, rank: float) -> float:
    """A quantile of sorted values, each in the middle of its share of all, linear between
    neighbours. Source: Hazen 1914.
    """
    place = min(max(rank * len(ordered) - 0.5, 0.0), len(ordered) - 1.0)
    first = int(place)
    low, high = float(ordered[first]), float(ordered[min(first + 1, len(ordered) - 1)])
    return low + (high - low) * (place - first)


def _ranks(count: int, rank: float) -> tuple[int, int]:
    """The greatest order statistic that is likely below a quantile, and the least that is likely
    above; 0 and count + 1 if none is.
    """
    functions = special()
    below = _least(count, lambda k: functions.bdtr(k, count, rank) > TAIL)
    above = _least(count, lambda k: functions.bdtr(k, count, rank) >= 1.0 - TAIL)
    return below, above + 1


def _least(count: int, holds: Callable[[int], bool]) -> int:
    """The least number from 0 to `count` for which something holds that holds for all
    greater ones.
    """
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def share(met: int, count: int) -> Estimate:
    """The share of independent draws that meet something. Source: Wilson 1927."""
    value, square = met / count, SCORE * SCORE / count
    middle = (value + square / 2.0) / (1.0 + square)
    reach = SCORE * sqrt(value * (1.0 - value) / count + square / (4.0 * count)) / (1.0 + square)
    low = 0.0 if met == 0 else middle - reach
    return Estimate(
        value, sqrt(value * (1.0 - value) / count), low, 1.0 if met == count else middle + reach
    )


def blocks(count: int) -> list[slice]:
    """The draws of each block: they follow each other, as equal as can be; the lengths of blocks
    are powers of two where `count` is one.
    """
    return [
        slice(place * count // BLOCKS, (place + 1) * count // BLOCKS) for place in range(BLOCKS)
    ]


def block_estimate(value: float, parts: Sequence[float | None]) -> Estimate:
    """An estimate from all draws, with the interval that those of the blocks give; none where one
    has no value.
    """
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return Estimate(value)
    return _students(value, float(np.std(known, ddof=1)), len(known))


def block_share(met: NDArray[np.bool_]) -> Estimate:
    """The share of draws that meet something, within 0 and 1; Wilson's interval, which is wider,
    where all blocks agree.
    """
    parts = [
        float(met[block].mean()) if block.stop > block.start else None for block in blocks(len(met))
    ]
    if len(set(parts)) == 1:
        return share(int(met.sum()), len(met))
    found = block_estimate(float(met.mean()), parts)
    return (
        found
        if found.low is None or found.high is None
        else replace(found, low=max(0.0, found.low), high=min(1.0, found.high))
    )


def first_and_total(first: Values, second: Values, mixed: Values) -> tuple[float, float] | None:
    """Sobol indices of an input: of first order (Saltelli) and total (Jansen); None where the
    values do not vary.

    `mixed` has the value for each row of the first matrix of draws with that input's column of the
    second. Source: Saltelli et al. 2010, table 2 (b) and (f).
    """
    both: Any = np.concatenate([first, second])
    if both.min() == both.max():  # a variance may be more than 0 by rounding
        return None
    middle, variance = float(both.mean()), float(both.var())
    order = float(((second - middle) * (mixed - first)).mean()) / variance
    return order, 0.5 * float(np.square(first - mixed).mean()) / variance
