"""What the host computes for compiled plans: tables by row, along a row, and of some rows along
them, renewed where a box moves.
"""

from collections.abc import Container, Sequence
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from kernels.engines.numpy.runner import Interpreter
from kernels.engines.rows.layout import MOST_BATCH, Layout
from kernels.language.verbs import Arrays
from kernels.trace.grid import LINE, Box, aligned_array, lengths

Values = NDArray[np.float64]
WORDS = LINE // 8  # numbers on a cache line


class HostTables:
    """The tables of a layout over boxes of at most `sizes`, all in `flat`; for one thread.

    `outer` and `inner` have a row for each of their values; `mixed` tables are one row of cells
    after another, and `starts` says of each of them where a row of the box begins in it.
    """

    def __init__(
        self,
        layout: Layout,
        axes: Sequence[int],
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        xp: Arrays,
    ) -> None:
        self.layout, self.axes, self.rank = layout, axes, len(shape)
        self.tables, row_axes = layout.tables, layout.row_axes
        self.values = Interpreter(layout.host_values, [], shape, sizes, xp)
        self.cells = prod(sizes[axis] for axis in axes)
        self.most_rows = prod(sizes[axis] for axis in axes if axis not in row_axes)
        along = self.cells // self.most_rows + MOST_BATCH
        kept = [(len(self.tables["outer"]), self.most_rows), (len(self.tables["inner"]), along)]
        kept += [
            (1, prod(sizes[axis] for axis in one.axes | row_axes) + MOST_BATCH)
            for one in self.tables["mixed"]
        ]
        self.places = [0, *accumulate(-(-prod(each) // WORDS) * WORDS for each in kept)]
        self.flat = aligned_array((self.places[-1],))
        parts = [
            self.flat[at : at + prod(each)].reshape(each)
            for at, each in zip(self.places, kept, strict=False)
        ]
        self.outer, self.inner, self.mixed = parts[0], parts[1], [part[0] for part in parts[2:]]
        self.starts = np.zeros((len(self.mixed), self.most_rows), dtype=np.int64)
        self.box: Box | None = None
        self.lengths: tuple[int, ...] = ()

    def at(self, box: Box) -> None:
        """Compute the tables over a box: `shape` is that of the cells, `rows` and `along` of their
        rows and of one of them.
        """
        self.values.at(box)
        self._measure(lengths(box))
        moved = {
            axis for axis in range(self.rank) if self.box is None or self.box[axis] != box[axis]
        }
        for table, one in zip(self.outer, self.tables["outer"], strict=True):
            np.copyto(table[: prod(self.rows)].reshape(self.rows), self.values.value(one))
        for table, one in zip(
            self.inner, self.tables["inner"] if moved & self.layout.row_axes else (), strict=False
        ):
            np.copyto(table[: self.width].reshape(self.along), self.values.value(one))
        for table, one in zip(self.mixed, self.tables["mixed"], strict=True):
            if not moved.isdisjoint(one.axes | self.layout.row_axes):
                own = self._lengths(one.axes | self.layout.row_axes)
                np.copyto(table[: prod(own)].reshape(own), self.values.value(one))
        self.box = box

    def _lengths(self, axes: Container[int]) -> tuple[int, ...]:
        return tuple(length if axis in axes else 1 for axis, length in enumerate(self.shape))

    def _measure(self, box: tuple[int, ...]) -> None:
        """The shape of a box of such lengths, and where each row begins in the tables of
        some rows.
        """
        if box == self.lengths:
            return
        self.lengths, row_axes = box, self.layout.row_axes
        self.shape = tuple(length if axis in self.axes else 1 for axis, length in enumerate(box))
        self.rows, self.along = self._lengths(set(self.axes) - row_axes), self._lengths(row_axes)
        self.width = prod(self.along)
        for starts, one in zip(self.starts, self.tables["mixed"], strict=True):
            own = self._lengths(one.axes - row_axes)
            first = np.arange(0, prod(own) * self.width, self.width, dtype=np.int64)
            starts[: prod(self.rows)].reshape(self.rows)[...] = first.reshape(own)
