"""Where values along one axis of a grid cross a level: found between neighbours, and between a cell
and the last value before one without any; then narrowed by evaluating in between.

A value at the level counts as above it, and so does a cell whose status says that it is above every
value. Neighbours are those of the axis in rising order, however its values are written.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.grids.narrowing import GAP, OK, GapAt, Places, Values, last_values, rising, sides
from kernels.grids.tiles import Tile
from kernels.trace.grid import Box

STATUSES = (
    *("ok", "jump", "gap", "always_above", "always_below", "several_crossings", "no_value"),
    *("above_or_no_value", "below_or_no_value"),
)
ABOVE, BELOW, SEVERAL, NO_VALUE, PARTLY_ABOVE, PARTLY_BELOW = range(GAP + 1, len(STATUSES))
ENDS = ("low", "high", "before", "after")


class Edges(NamedTuple):
    """Where cells with a value (or a side) and without one are neighbours: of which line, after
    which place, whether the valued cell is the later one, and its value less the level.
    """

    line: Places
    place: Places
    later: NDArray[np.bool_]
    gap: Values


@dataclass(frozen=True)
class Lines:
    """Of each line of cells along an axis: the place before its first crossing, its ends and the
    values less the level there, how often it crosses, why not; and the edges of all lines, tile by
    tile.
    """

    place: NDArray[np.int32]
    low: Values
    high: Values
    before: Values
    after: Values
    count: NDArray[np.int32]
    code: NDArray[np.int8]
    edges: list[Edges] = field(default_factory=list)

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> "Lines":
        """For a grid without the axis."""
        low, high, before, after = (np.zeros(shape) for _ in ENDS)
        place, count = (np.zeros(shape, dtype=np.int32) for _ in range(2))
        return cls(place, low, high, before, after, count, np.zeros(shape, dtype=np.int8))


def first_crossings(
    tile: Tile, target: str, axis: int, along: Values, level: float, into: Lines
) -> None:
    """Find the crossings of a tile that is whole along an axis, whose values are `along`."""
    order = np.argsort(along, kind="stable")
    own = np.moveaxis(sided(tile, target), axis, -1)
    gaps = np.broadcast_to(own, (*own.shape[:-1], len(order)))[..., order] - level
    side = sides(gaps)
    crossed = side[..., 1:] * side[..., :-1] < 0
    count, first = crossed.sum(-1, dtype=np.int32), crossed.argmax(-1).astype(np.int32)
    above, below = (side > 0).any(-1), (side < 0).any(-1)
    whole = (side != 0).all(-1)
    nowhere = np.where(
        above,
        np.where(below, GAP, np.where(whole, ABOVE, PARTLY_ABOVE)),
        np.where(below, np.where(whole, BELOW, PARTLY_BELOW), NO_VALUE),
    )
    at = _box(tile.box, axis, into.place.shape)
    into.place[at], into.count[at] = first, count
    into.code[at] = np.where(count == 1, OK, np.where(count > 1, SEVERAL, nowhere))
    for x, gap, place in ((into.low, into.before, first), (into.high, into.after, first + 1)):
        place = np.minimum(place, len(order) - 1)
        x[at] = along[order][place]
        gap[at] = np.take_along_axis(gaps, place[..., None], -1)[..., 0]
    if not whole.all():
        numbers = np.arange(into.place.size).reshape(into.place.shape)[at]
        every = np.broadcast_to(gaps, (*numbers.shape, len(order)))  # alike lines may be one
        into.edges.append(_edges(every.reshape(-1, len(order)), numbers.reshape(-1)))


def sided(tile: Tile, target: str) -> Values:
    """A target over the axes that it depends on, infinite where a status says on which side of
    every value a cell lies.
    """
    own = tile.own(target)
    return own if np.isfinite(own).all() else tile.sided(target)


def _edges(gaps: Values, numbers: Places) -> Edges:
    """The edges of some lines, by their row-major numbers."""
    known = ~np.isnan(gaps)
    row, place = np.nonzero(known[:, 1:] != known[:, :-1])
    later = known[row, place + 1]
    return Edges(numbers[row], place, later, gaps[row, place + later])


def _box(box: Box, axis: int, shape: tuple[int, ...]) -> Box:
    """The box without an axis, in arrays that are size 1 along axes that do not matter."""
    others = (*box[:axis], *box[axis + 1 :])
    return tuple(
        part if length > 1 else slice(0, 1) for part, length in zip(others, shape, strict=True)
    )


def before_edges(gap_at: GapAt, edges: Edges, values: Values, lines: Lines) -> None:
    """Where the last value before an edge is on the other side than its cell, the line crosses the
    level between the two; `gap_at(x, lines)` gives values less the level of lines by their number.
    """
    cell, other = values[edges.place + edges.later], values[edges.place + ~edges.later]
    last, gap = last_values(lambda x, which: gap_at(x, edges.line[which]), cell, other, edges.gap)
    met = np.flatnonzero(sides(gap) != sides(edges.gap))
    line, place = edges.line[met], edges.place[met]
    np.add.at(lines.count.reshape(-1), line, 1)
    flat = {name: getattr(lines, name).reshape(-1) for name in ("place", "code", *ENDS)}
    first = np.lexsort((place, line))
    first = first[np.unique(line[first], return_index=True)[1]]
    crossed = np.isin(flat["code"][line[first]], (OK, SEVERAL))
    first = first[~crossed | (place[first] < flat["place"][line[first]])]
    ends = rising(*(each[met[first]] for each in (cell, last, edges.gap, gap)))
    for name, new in zip(("place", *ENDS), (place[first], *ends), strict=True):
        flat[name][line[first]] = new
    flat["code"][line] = np.where(lines.count.reshape(-1)[line] > 1, SEVERAL, OK)
