"""The best cells of a grid: exact, with ties, and the same whatever the tiles or threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.partials import CANDIDATES, Tally, reaching, summed
from kernels.grids.reductions import by_status, lacking
from kernels.grids.tiles import Tile
from kernels.trace.grid import Grid

MANY_GROUPS = 64
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Best:
    """The best cells so far: values and row-major indices, best first, ties by the labels of the
    axes in the order of their names.

    Cells without a value are left out: how many, by status (`missing`), and of them those that by
    their status come before every value (`ahead`).
    """

    values: Values
    indices: NDArray[np.int64]
    missing: tuple[int, ...] = ()
    ahead: tuple[int, ...] = ()

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
        missing, ahead = _left_out(tile, target, greatest) if found is None else ((), ())
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
        return cls(values[order], indices[order], missing, ahead)

    def limit(self, count: int) -> float | None:
        """What a value must reach to be among the best `count`; None while there are fewer."""
        return float(self.values[-1]) if len(self.values) == count else None

    def join(self, other: "Best", count: int, greatest: bool, grid: Grid) -> "Best":
        """The best cells of both."""
        values, indices = (
            np.concatenate([self.values, other.values]),
            np.concatenate([self.indices, other.indices]),
        )
        order = _order(values if greatest else -values, grid.places(indices), grid)[:count]
        missing, ahead = summed(self.missing, other.missing), summed(self.ahead, other.ahead)
        return Best(values[order], indices[order], missing, ahead)


def _left_out(tile: Tile, target: str, greatest: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many cells of a tile have no value, by status, and how many of them come before every
    value.
    """
    missing = lacking(tile, target, tile.own(target))
    if not missing:
        return (), ()
    first = tile.sided(target) == (inf if greatest else -inf)
    return missing, by_status(tile, target, first)


def _reaching(
    tile: Tile, target: str, greatest: bool, limit: float
) -> tuple[Values, NDArray[np.int64]] | None:
    """Values and numbers of the cells that reach a limit, if a compiled tally finds them and they
    are few.
    """
    state, counts = np.empty(CANDIDATES + 1), np.zeros(CANDIDATES + 1, dtype=np.int64)
    state[0] = limit
    times = tile.tally(target, Tally("candidates", reaching(greatest)), state, counts)
    if times != 1 or counts[0] >= CANDIDATES:
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
