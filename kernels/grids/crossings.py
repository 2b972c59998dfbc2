"""Where values along one axis of a grid cross a level: found between neighbours, then narrowed by
evaluating in between.

A value at the level counts as above it. Neighbours are those of the axis in rising order, however
its values are written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.grids.tiles import Tile
from kernels.language.roots import JUMP, line_root
from kernels.trace.grid import Box

STATUSES = ("ok", "always_above", "always_below", "several_crossings", "jump", "gap", "no_value")
OK, ABOVE, BELOW, SEVERAL, LEAP, GAP, NO_VALUE = range(len(STATUSES))
NARROW = 1e-9  # of the distance of two neighbours: how far a crossing is narrowed
MOST_TURNS = 120  # every third one halves: three for each bit of NARROW, and some
Values = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """Of each line of cells along an axis: the place before its first crossing, the values on both
    sides, how often it crosses, why not.
    """

    place: NDArray[np.int32]
    before: Values
    after: Values
    count: NDArray[np.int32]
    code: NDArray[np.int8]

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> "Lines":
        """For a grid without the axis."""
        return cls(
            *(np.zeros(shape, dtype) for dtype in (np.int32, float, float, np.int32, np.int8))
        )


def first_crossings(
    tile: Tile, target: str, axis: int, order: Places, level: float, into: Lines
) -> None:
    """Find the crossings of a tile that is whole along an axis; `order` are the places of the axis
    from its least value up.
    """
    own = np.moveaxis(tile.own(target), axis, -1)
    gaps = np.broadcast_to(own, (*own.shape[:-1], len(order)))[..., order] - level
    side = np.where(np.isfinite(gaps), np.where(gaps >= 0.0, 1, -1), 0).astype(np.int8)
    crossed = side[..., 1:] * side[..., :-1] < 0
    count, first = crossed.sum(-1, dtype=np.int32), crossed.argmax(-1).astype(np.int32)
    above, below = (side > 0).any(-1), (side < 0).any(-1)
    nowhere = np.where(above, np.where(below, GAP, ABOVE), np.where(below, BELOW, NO_VALUE))
    at = _box(tile.box, axis, into.place.shape)
    into.place[at], into.count[at] = first, count
    into.code[at] = np.where(count == 1, OK, np.where(count > 1, SEVERAL, nowhere))
    for out, place in ((into.before, first), (into.after, first + 1)):
        out[at] = np.take_along_axis(gaps, np.minimum(place, len(order) - 1)[..., None], -1)[..., 0]


def _box(box: Box, axis: int, shape: tuple[int, ...]) -> Box:
    """The box without an axis, in arrays that are size 1 along axes that do not matter."""
    others = (*box[:axis], *box[axis + 1 :])
    return tuple(
        part if length > 1 else slice(0, 1) for part, length in zip(others, shape, strict=True)
    )


@dataclass(frozen=True)
class Crossings:
    """Where crossings are, and of each whether it is one, a jump over the level or a gap in the
    values.
    """

    at: Values
    code: NDArray[np.int8]


def narrow(
    gap_at: Callable[[Values, Places], Values],
    low: Values,
    high: Values,
    at_low: Values,
    at_high: Values,
) -> Crossings:
    """Where `gap_at(x, which)`, the values less the level of some cells, changes its side between
    `low` and `high`.

    Each turn tries where the line through the ends is 0, every third turn the middle, until the
    ends are NARROW of their first distance apart or a value is 0; the end with the lesser gap is
    given. No cell depends on the others.
    """
    code = np.full(low.shape, OK, dtype=np.int8)
    close, large = NARROW * (high - low), JUMP * np.maximum(np.abs(at_low), np.abs(at_high))
    low, high, at_low, at_high, rises = (
        low.copy(),
        high.copy(),
        at_low.copy(),
        at_high.copy(),
        at_low < at_high,
    )
    going = np.flatnonzero((at_low != 0.0) & (at_high != 0.0) & (high > low))
    for turn in range(MOST_TURNS):
        if not going.size:
            break
        x = _next_points(
            low[going], high[going], at_low[going], at_high[going], close[going], turn % 3 == 2
        )
        value = gap_at(x, going)
        code[going[~np.isfinite(value)]] = GAP
        up = (value >= 0.0) == rises[going]
        high[going[up]], at_high[going[up]] = x[up], value[up]
        low[going[~up]], at_low[going[~up]] = x[~up], value[~up]
        going = going[
            (value != 0.0) & np.isfinite(value) & (high[going] - low[going] > close[going])
        ]
    code[(code == OK) & (np.minimum(np.abs(at_low), np.abs(at_high)) > large)] = LEAP
    best = np.where(np.abs(at_low) < np.abs(at_high), low, high)
    return Crossings(np.where(code == GAP, np.nan, best), code)


def _next_points(
    low: Values, high: Values, at_low: Values, at_high: Values, close: Values, halve: bool
) -> Any:
    """The next points: where the chord is 0, off the ends by as much as matters, or the middles."""
    middle = low + 0.5 * (high - low)
    if halve:
        return middle
    chord = line_root(low, high, at_low, at_high, np)
    off = np.minimum(0.75 * close, 0.5 * (high - low))
    return np.where(
        np.isfinite(chord), np.minimum(np.maximum(chord, low + off), high - off), middle
    )
