"""What is left of a grid: all cells, the best, counts and moments, a histogram, a share. Partial
results of tiles are merged in order.

Counts, least, greatest, the best cells and histograms are exact and do not depend on tiles or
threads; sums are good to 1e-12.
"""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, nan, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.llvm import tallies
from kernels.grids.evaluation import Evaluation, Tile
from kernels.trace.grid import Grid

CONDITIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
EXACT_QUANTILE_CELLS = 1_000_000
QUANTILE_BINS = 65_536
FEW_BINS = 1_024  # so few that each lane of a tally can have a table of its own
PART_CELLS = 262_144
MANY_GROUPS = 64
NO_COUNTS = np.zeros(0, dtype=np.int64)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Values = NDArray[np.float64]


def fill(
    tile: Tile,
    targets: Sequence[str],
    columns: dict[str, Values],
    codes: dict[str, NDArray[np.int16]],
) -> set[str]:
    """Write a tile's targets into columns, and the status of cells without a value into `codes`;
    gives who has such cells.
    """
    lacking = tile.fill({target: columns[target] for target in targets})
    for target in lacking:
        codes[target][tile.place] = tile.status(target)
    return set(lacking)


@dataclass(frozen=True)
class Moments:
    """Count, least, greatest, mean and sum of squared deviations of the values there are, and the
    others by status.
    """

    count: int = 0
    least: float = inf
    greatest: float = -inf
    mean: float = 0.0
    squares: float = 0.0
    missing: tuple[int, ...] = ()

    @classmethod
    def of(cls, tile: Tile, target: str) -> "Moments":
        """The moments of one tile; a value that holds for many cells counts for each."""
        state = np.array([0.0, inf, -inf, 0.0, 0.0])
        if times := tile.tally(target, tallies.moments, (), state, NO_COUNTS):
            count, least, greatest, mean, squares = state.tolist()
            return cls(int(count) * times, least, greatest, mean, squares * times)
        own = tile.own(target)
        found = sum((cls._of(part) for part in _parts(own)), cls())
        times, missing = (
            prod(tile.shape) // own.size,
            _missing(tile, target, own) if found.count < own.size else (),
        )
        return replace(
            found, count=found.count * times, squares=found.squares * times, missing=missing
        )

    @classmethod
    def _of(cls, values: Values) -> "Moments":
        """The moments of the values that are numbers."""
        if not np.isfinite(values.sum()):
            values = values[np.isfinite(values)]
        if not values.size:
            return cls()
        mean = float(values.mean())
        apart = values - mean
        return cls(
            values.size,
            float(values.min()),
            float(values.max()),
            mean,
            float(np.square(apart, out=apart).sum()),
        )

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both. Source: Chan, Golub, LeVeque 1979."""
        missing = _both(self.missing, other.missing)
        count = self.count + other.count
        if not count:
            return Moments(missing=missing)
        shift, share = other.mean - self.mean, other.count / count
        return Moments(
            count,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
            self.mean + shift * share,
            self.squares + other.squares + shift * shift * self.count * share,
            missing,
        )

    @property
    def deviation(self) -> float:
        """Standard deviation of all values (not of a sample)."""
        return sqrt(self.squares / self.count) if self.count else nan


def _missing(tile: Tile, target: str, own: Values) -> tuple[int, ...]:
    """How many cells of a tile have no value, by status; nothing where all have one."""
    if np.isfinite(own).all():
        return ()
    counted = np.bincount(tile.status(target).ravel(), minlength=len(tile.status_names)) * (
        prod(tile.shape) // own.size
    )
    return (0, *counted.tolist()[1:])


def _both(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, other, strict=True))) if one and other else one or other


@dataclass(frozen=True)
class Counted:
    """How many cells are of some kind, or of each of several, and how many have no value, by
    status.
    """

    counts: Any
    missing: tuple[int, ...] = ()

    def __add__(self, other: "Counted") -> "Counted":
        """The counts of both."""
        return Counted(self.counts + other.counts, _both(self.missing, other.missing))


def histogram(tile: Tile, target: str, low: float, high: float, bins: int) -> Counted:
    """How many cells of a tile fall in each of `bins` equal bins from `low` to `high`, both
    included, and how many have no value.
    """
    scale = bins / (high - low) if high > low and isfinite(bins / (high - low)) else 0.0
    tables = np.zeros((tallies.WIDTH if bins <= FEW_BINS else 1, bins + 1), dtype=np.int64)
    state = np.array([low, high, scale, bins - 1.0, bins + 1.0 if len(tables) > 1 else 0.0])
    if times := tile.tally(target, tallies.bins, (), state, tables):
        return Counted(tables.sum(axis=0)[:bins] * times)
    own = tile.own(target)
    counts = sum(
        (_binned(part, low, high, scale, bins) for part in _parts(own)),
        np.zeros(bins, dtype=np.int64),
    )
    return Counted(counts * (prod(tile.shape) // own.size), _missing(tile, target, own))


def _parts(values: Values) -> Iterator[Values]:
    """All values, some at a time, so that what is made of them stays in the cache."""
    flat = values.reshape(-1)
    return (flat[start : start + PART_CELLS] for start in range(0, len(flat), PART_CELLS))


def _binned(values: Values, low: float, high: float, scale: float, bins: int) -> NDArray[np.int64]:
    if not (values.min() >= low and values.max() <= high):
        values = values[(values >= low) & (values <= high)]
    scaled = values - low
    scaled *= scale
    return np.bincount(np.minimum(scaled.astype(np.int64), bins - 1), minlength=bins)


def binned_quantiles(counts: NDArray[np.int64], low: float, high: float) -> tuple[float, ...]:
    """Quantiles from equal bins, linear inside the bin: wrong by at most a bin's width."""
    ends, width = np.cumsum(counts), (high - low) / len(counts)
    found = []
    for quantile in QUANTILES:
        rank = quantile * (int(ends[-1]) - 1) + 0.5
        place = int(np.searchsorted(ends, rank))
        before = int(ends[place - 1]) if place else 0
        found.append(low + width * (place + (rank - before) / int(counts[place])))
    return tuple(min(max(q, low), high) for q in found)


@dataclass(frozen=True)
class Best:
    """The best cells so far: values and row-major indices, best first, ties by the labels of the
    axes in the order of their names.
    """

    values: Values
    indices: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        tile: Tile,
        target: str,
        count: int,
        greatest: bool,
        grid: Grid,
        limit: float | None = None,
    ) -> "Best":
        """The best `count` cells of one tile, of those that reach `limit`."""
        limit = tile.reached(target, count, greatest) if limit is None else limit
        found = _reaching(tile, target, greatest, limit) if limit is not None else None
        values, chosen = found or _foremost(
            np.broadcast_to(tile.own(target), tile.shape).ravel(), count, greatest, limit
        )
        places = [
            p + s.start for p, s in zip(np.unravel_index(chosen, tile.shape), tile.box, strict=True)
        ]
        indices = np.zeros(chosen.shape, dtype=np.int64)
        for place, length in zip(places, grid.shape, strict=True):
            indices = indices * length + place
        order = _order(values if greatest else -values, places, grid)[:count]
        return cls(values[order], indices[order])

    def limit(self, count: int) -> float | None:
        """What a value must reach to be among the best `count`; None while there are fewer."""
        return float(self.values[-1]) if len(self.values) == count else None

    def joined(self, other: "Best", count: int, greatest: bool, grid: Grid) -> "Best":
        """The best cells of both."""
        values, indices = (
            np.concatenate([self.values, other.values]),
            np.concatenate([self.indices, other.indices]),
        )
        order = _order(values if greatest else -values, grid.places(indices), grid)[:count]
        return Best(values[order], indices[order])


def _reaching(
    tile: Tile, target: str, greatest: bool, limit: float
) -> tuple[Values, NDArray[np.int64]] | None:
    """Values and numbers of the cells that reach a limit, if a compiled tally finds them and they
    are few.
    """
    state, counts = (
        np.empty(tallies.CANDIDATES + 1),
        np.zeros(tallies.CANDIDATES + 1, dtype=np.int64),
    )
    state[0] = limit
    if (
        tile.tally(target, tallies.candidates, (greatest,), state, counts) != 1
        or counts[0] >= tallies.CANDIDATES
    ):
        return None
    return state[1 : counts[0] + 1], counts[1 : counts[0] + 1]


def _foremost(
    values: Values, count: int, greatest: bool, limit: float | None
) -> tuple[Values, NDArray[np.int64]]:
    """Values and numbers of the best `count` of many, with all that equal the last of them."""
    limit = _reached(values, count, greatest) if limit is None else limit
    chosen = (
        np.arange(len(values))
        if limit is None
        else np.flatnonzero(values >= limit if greatest else values <= limit)
    )
    found = values[chosen]
    if not np.isfinite(found).all():
        chosen, found = chosen[np.isfinite(found)], found[np.isfinite(found)]
    if found.size > count:
        at = found.size - count if greatest else count - 1
        last = np.partition(found, at)[at]
        kept = found >= last if greatest else found <= last
        chosen, found = chosen[kept], found[kept]
    return found, chosen


def _reached(values: Values, count: int, greatest: bool) -> float | None:
    """What at least `count` of very many values reach: the last of the best of as many groups. None
    where that is not plain.
    """
    if len(values) < MANY_GROUPS * count:
        return None
    size = len(values) // (2 * count)
    groups = values[: size * 2 * count].reshape(2 * count, size)
    best = groups.max(axis=1) if greatest else groups.min(axis=1)
    if not np.isfinite(best).all():
        return None
    return (
        float(np.partition(best, count)[count])
        if greatest
        else float(np.partition(best, count - 1)[count - 1])
    )


def _order(merit: Values, places: Sequence[NDArray[Any]], grid: Grid) -> NDArray[np.int64]:
    """Best first; equals by the ranks of their labels, axes in the order of their names."""
    named = sorted(range(len(grid.axes)), key=lambda axis: grid.axes[axis].name)
    keys = [grid.axes[axis].ranks[places[axis]] for axis in named]
    order: NDArray[np.int64] = np.lexsort((*reversed(keys), -merit))
    return order


def share(tile: Tile, target: str, condition: str, level: float) -> Counted:
    """In how many cells of a tile a target meets a condition, and how many have no value, which do
    not.
    """
    met = np.zeros(1, dtype=np.int64)
    if times := tile.tally(target, tallies.share, (condition,), np.array([level]), met):
        return Counted(int(met[0]) * times)
    own = tile.own(target)
    meeting = int(np.count_nonzero(CONDITIONS[condition](own, level))) * (
        prod(tile.shape) // own.size
    )
    return Counted(meeting, _missing(tile, target, own))


def total(
    evaluation: Evaluation,
    partial: Any,
    threads: int,
    merge: Any,
    progress: Any = None,
    tile_cells: int | None = None,
    every_axis: bool = False,
) -> Any:
    """`partial` of every tile, merged in order; `progress(done, cells)` after each."""
    merged, done = None, 0
    for box, found in evaluation.over_tiles(partial, threads, tile_cells, every_axis):
        merged = found if merged is None else merge(merged, found)
        done += prod(s.stop - s.start for s in box)
        if progress is not None:
            progress(done, evaluation.grid.size)
    return merged
