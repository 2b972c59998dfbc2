"""What is left of a grid: all cells, counts and moments, a histogram, a share. Partial results of
tiles are merged in order.

Counts, least, greatest and histograms are exact and do not depend on tiles or threads; sums are
good to 1e-12.
"""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.partials import LANES, Moments, Tally, summed
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tile

CONDITIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
EXACT_QUANTILE_CELLS = 1_000_000
QUANTILE_BINS = 65_536
FEW_BINS = 1_024  # so few that each lane of a tally can have a table of its own
PART_CELLS = 262_144
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
    without = tile.fill({target: columns[target] for target in targets})
    for target in without:
        codes[target][tile.place] = tile.status(target)
        out = columns[target][tile.place]
        out[np.isinf(out)] = np.nan
    return set(without)


def moments(tile: Tile, target: str) -> Moments:
    """The moments of one tile; a value that holds for many cells counts for each."""
    state = np.array([0.0, inf, -inf, 0.0, 0.0])
    if times := tile.tally(target, Tally("moments"), state, NO_COUNTS):
        count, least, greatest, mean, squares = state.tolist()
        return Moments(int(count) * times, least, greatest, mean, squares * times)
    own = tile.own(target)
    found = sum((_moments(part) for part in _parts(own)), Moments())
    times = prod(tile.shape) // own.size
    missing = lacking(tile, target, own) if found.count < own.size else ()
    return replace(found, count=found.count * times, squares=found.squares * times, missing=missing)


def _moments(values: Values) -> Moments:
    """The moments of the values that are numbers."""
    if not np.isfinite(values.sum()):
        values = values[np.isfinite(values)]
    if not values.size:
        return Moments()
    mean = float(values.mean())
    apart = values - mean
    return Moments(
        values.size,
        float(values.min()),
        float(values.max()),
        mean,
        float(np.square(apart, out=apart).sum()),
    )


def lacking(tile: Tile, target: str, own: Values) -> tuple[int, ...]:
    """How many cells of a tile have no value, by status; nothing where all have one."""
    without = ~np.isfinite(own)
    return by_status(tile, target, without) if without.any() else ()


def by_status(tile: Tile, target: str, chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    """How many of some cells without a value have which status."""
    codes = tile.status(target)[chosen]
    counted = np.bincount(codes, minlength=len(tile.status_names)) * (
        prod(tile.shape) // chosen.size
    )
    return tuple(counted.tolist())


@dataclass(frozen=True)
class CellCounts:
    """How many cells are of some kind, or of each of several, and how many are of none for want of
    a value, by status.
    """

    counts: Any
    missing: tuple[int, ...] = ()

    def __add__(self, other: "CellCounts") -> "CellCounts":
        """The counts of both."""
        return CellCounts(self.counts + other.counts, summed(self.missing, other.missing))


def histogram(tile: Tile, target: str, low: float, high: float, bins: int) -> CellCounts:
    """How many cells of a tile fall in each of `bins` equal bins from `low` to `high`, both
    included, and how many have no value.
    """
    scale = bins / (high - low) if high > low and isfinite(bins / (high - low)) else 0.0
    tables = np.zeros((LANES if bins <= FEW_BINS else 1, bins + 1), dtype=np.int64)
    state = np.array([low, high, scale, bins - 1.0, bins + 1.0 if len(tables) > 1 else 0.0])
    if times := tile.tally(target, Tally("bins"), state, tables):
        return CellCounts(tables.sum(axis=0)[:bins] * times)
    own = tile.own(target)
    counts = sum(
        (_bin_counts(part, low, high, scale, bins) for part in _parts(own)),
        np.zeros(bins, dtype=np.int64),
    )
    return CellCounts(counts * (prod(tile.shape) // own.size), lacking(tile, target, own))


def _parts(values: Values) -> Iterator[Values]:
    """All values, some at a time, so that what is made of them stays in the cache."""
    flat = values.reshape(-1)
    return (flat[start : start + PART_CELLS] for start in range(0, len(flat), PART_CELLS))


def _bin_counts(
    values: Values, low: float, high: float, scale: float, bins: int
) -> NDArray[np.int64]:
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


def share(tile: Tile, target: str, condition: str, level: float) -> CellCounts:
    """In how many cells of a tile a target meets a condition, and in how many nobody can say: they
    have no value, and their status does not say on which side of every value they lie.
    """
    met = np.zeros(1, dtype=np.int64)
    if times := tile.tally(target, Tally("share", condition), np.array([level]), met):
        return CellCounts(int(met[0]) * times)
    own, unknown = tile.own(target), tuple[int, ...]()
    if not np.isfinite(own).all():
        own = tile.sided(target)
        unknown = by_status(tile, target, np.isnan(own))
    meeting = int(np.count_nonzero(CONDITIONS[condition](own, level)))
    return CellCounts(meeting * (prod(tile.shape) // own.size), unknown)


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
