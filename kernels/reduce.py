"""What is left of a grid: all cells, the best, counts and moments, a histogram, a share. Partial results of tiles are merged in order.

Counts, least, greatest, the best cells and histograms are exact and do not depend on tiles or threads; sums are good to 1e-12.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.evaluate import Evaluation, Tile
from kernels.grid import Grid

CONDITIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
EXACT_QUANTILE_CELLS = 1_000_000
QUANTILE_BINS = 65_536
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Values = NDArray[np.float64]


def fill(tile: Tile, targets: Sequence[str], columns: dict[str, Values], codes: dict[str, NDArray[np.int16]]) -> None:
    """Write a tile's targets into whole-grid columns, and the status of cells without a value into `codes`."""
    for target in targets:
        own = tile.own(target, columns[target][tile.box])
        if not np.isfinite(own).all():
            codes[target][tile.box] = tile.status(target)


@dataclass(frozen=True)
class Moments:
    """Count, least, greatest, mean and sum of squared deviations of the values there are, and the others by status."""

    count: int = 0
    least: float = inf
    greatest: float = -inf
    mean: float = 0.0
    squares: float = 0.0
    missing: tuple[int, ...] = ()

    @classmethod
    def of(cls, tile: Tile, target: str) -> "Moments":
        """The moments of one tile; a value that holds for many cells counts for each."""
        own = tile.own(target)
        times = prod(tile.shape) // own.size
        valued = own.ravel() if np.isfinite(own.min()) and np.isfinite(own.max()) else own[np.isfinite(own)]
        missing: tuple[int, ...] = ()
        if valued.size < own.size:
            missing = tuple(int(n) * times for n in np.bincount(tile.status(target).ravel(), minlength=len(tile.status_names)))
            missing = (0, *missing[1:])
        if not valued.size:
            return cls(missing=missing)
        mean = float(valued.mean())
        apart = valued - mean
        squares = float(np.square(apart, out=apart).sum()) * times
        return cls(valued.size * times, float(valued.min()), float(valued.max()), mean, squares, missing)

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both. Source: Chan, Golub, LeVeque 1979."""
        missing = tuple(map(sum, zip(self.missing or (0,) * len(other.missing), other.missing or (0,) * len(self.missing), strict=True)))
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


def histogram(tile: Tile, target: str, low: float, high: float, bins: int) -> NDArray[np.int64]:
    """How many cells of a tile fall in each of `bins` equal bins from `low` to `high`, both included; others are not counted."""
    own = tile.own(target)
    valued = own.ravel() if own.min() >= low and own.max() <= high else own[(own >= low) & (own <= high)]
    scaled = valued - low
    scaled *= bins / (high - low) if high > low else 0.0
    places = np.minimum(scaled.astype(np.int64), bins - 1)
    return np.bincount(places, minlength=bins) * (prod(tile.shape) // own.size)


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
    """The best cells so far: values and row-major indices, best first, ties by the labels of the axes in the order of their names."""

    values: Values
    indices: NDArray[np.int64]

    @classmethod
    def of(cls, tile: Tile, target: str, count: int, greatest: bool, grid: Grid) -> "Best":
        """The best `count` cells of one tile."""
        own = tile.own(target)
        merit = np.where(np.isfinite(own), own if greatest else -own, -inf)
        flat = np.broadcast_to(merit, tile.shape).ravel()
        if flat.size > count:
            limit = np.partition(flat, flat.size - count)[flat.size - count]
            chosen = np.flatnonzero((flat >= limit) & (flat > -inf))
        else:
            chosen = np.flatnonzero(flat > -inf)
        places = [p + s.start for p, s in zip(np.unravel_index(chosen, tile.shape), tile.box, strict=True)]
        indices = np.zeros(chosen.shape, dtype=np.int64)
        for place, length in zip(places, grid.shape, strict=True):
            indices = indices * length + place
        values = flat[chosen]
        order = _order(values, places, grid)[:count]
        return cls(values[order] if greatest else -values[order], indices[order])

    def joined(self, other: "Best", count: int, greatest: bool, grid: Grid) -> "Best":
        """The best cells of both."""
        values, indices = np.concatenate([self.values, other.values]), np.concatenate([self.indices, other.indices])
        order = _order(values if greatest else -values, grid.places(indices), grid)[:count]
        return Best(values[order], indices[order])


def _order(merit: Values, places: Sequence[NDArray[Any]], grid: Grid) -> NDArray[np.int64]:
    """Best first; equals by the ranks of their labels, axes in the order of their names."""
    named = sorted(range(len(grid.axes)), key=lambda axis: grid.axes[axis].name)
    keys = [grid.axes[axis].ranks[places[axis]] for axis in named]
    order: NDArray[np.int64] = np.lexsort((*reversed(keys), -merit))
    return order


def share(tile: Tile, target: str, condition: str, level: float) -> int:
    """In how many cells of a tile a target meets a condition; a cell without a value does not."""
    own = tile.own(target)
    return int(CONDITIONS[condition](own, level).sum()) * (prod(tile.shape) // own.size)


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
