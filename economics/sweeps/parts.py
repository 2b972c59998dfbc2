"""The cells of a sweep in parts: ranges of rows one after another, each a table that can be
computed without the others, so that memory does not grow with the grid.

Together they are the rows of the whole table, bit for bit. Which rows a part has is a function of
the sweep alone.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from math import prod

import numpy as np
from msgspec.structs import replace

from economics.sweeps.answers import Column, Table
from economics.sweeps.cells import Filled, axis_column, complete, paired, table_of, value_columns
from economics.sweeps.prepared import Prepared, Progress
from kernels.grids import reductions
from kernels.grids.evaluation import Evaluation
from kernels.grids.tiles import Tiles
from kernels.trace.grid import Box, box_at, box_count, lengths

PART_VALUES = 2**18  # of all columns together: 2 MiB as numbers, at most some 6 as text


class Parts:
    """The parts of a prepared sweep, of at most `rows` rows each; what computes them is kept from
    one to the next.
    """

    def __init__(self, prepared: Prepared, rows: int | None = None) -> None:
        self.prepared, over = prepared, prepared.grid
        self.sizes = block_sizes(over.shape, rows or part_rows(prepared))
        self._tiles = [
            (one, one.tiles(one.tile_sizes(most=self.sizes))) for one in prepared.evaluations
        ]

    def __len__(self) -> int:
        return box_count(self.prepared.grid.whole, self.sizes)

    def table(self, number: int, progress: Progress | None = None) -> Table:
        """The part with a number, from 0, each target with its status; `progress(done, cells)` is
        called between tiles, and may raise to stop.
        """
        over = self.prepared.grid
        box, filled, lacking = box_at(over.whole, self.sizes, number), Filled(), set[str]()
        done = before(box, over.shape)

        def beat(more: int = 0) -> None:
            if progress is not None:
                progress(done + more, over.size)

        for one, tiles in self._tiles:
            filled.update(_fill(one, tiles, box, self.prepared.threads, beat, lacking))
        beat(prod(lengths(box)))
        return complete(table_of(self.prepared, box, filled, lacking))

    def axis(self, number: int, name: str) -> Column:
        """The column of an axis in the part with a number; nothing is computed."""
        over = self.prepared.grid
        box = box_at(over.whole, self.sizes, number)
        at = [axis.name for axis in over.axes].index(name)
        return axis_column(over.axes[at], at, box[at].start, lengths(box))

    def tables(self, progress: Progress | None = None) -> Iterator[Table]:
        """All parts, one after another."""
        return (self.table(number, progress) for number in range(len(self)))


def only(prepared: Prepared, target: str) -> Prepared:
    """The same sweep of one of its targets."""
    one = dataclasses.replace(prepared.of(target), targets=(target,))
    return replace(prepared, targets=(target,), evaluations=(one,))


def part_rows(prepared: Prepared) -> int:
    """How many rows a part has at most."""
    return max(1, PART_VALUES // (len(prepared.grid.axes) + 2 * len(prepared.targets)))


def before(box: Box, shape: Sequence[int]) -> int:
    """How many rows of the table come before those of a part."""
    rows = 0
    for part, length in zip(box, shape, strict=True):
        rows = rows * length + part.start
    return rows


def block_sizes(shape: Sequence[int], rows: int) -> tuple[int, ...]:
    """The lengths of blocks of at most `rows` cells in a row: trailing axes whole, one axis cut
    evenly, single positions before.
    """
    sizes, left = [], rows
    for length in reversed(shape):
        sizes.append(-(-length // -(-length // max(1, left))))
        left //= sizes[-1]
    return tuple(reversed(sizes))


def _fill(
    one: Evaluation,
    tiles: Tiles,
    box: Box,
    threads: int,
    beat: Callable[[], None],
    lacking: set[str],
) -> Filled:
    """The targets of an evaluation in a box, and who lacks values there; computed once along the
    axes that none of them needs.
    """
    own = tuple(part if axis in one.needed_axes else slice(0, 1) for axis, part in enumerate(box))
    values, codes = value_columns(one.targets, lengths(own))
    beat()
    for _, without in tiles.over(
        own, lambda tile: reductions.fill(tile, tile.targets, values, codes), threads
    ):
        lacking |= without
        beat()
    shape = lengths(box)
    return {
        target: (np.broadcast_to(own, shape), np.broadcast_to(code, shape))
        for target, (own, code) in paired(values, codes).items()
    }
