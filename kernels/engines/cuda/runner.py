"""The cuda engine: a plan compiled by NVRTC and run over chunks of rows on a device; the bits are
those of numpy.

numpy computes the tables of a box (`kernels.engines.rows.tables`), the device every cell, whatever
it reduces them to, or the answers themselves, which are copied back. Where memory of the device
does not suffice for a box, its rows are taken in more chunks.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda import device_tallies
from kernels.engines.cuda.device import OutOfMemory, Session
from kernels.engines.cuda.launches import BLOCKS, Launches, room_for
from kernels.engines.cuda.operations import is_light
from kernels.engines.partials import Tally
from kernels.engines.rows.layout import in_rows
from kernels.engines.rows.straight_fill import fill
from kernels.engines.rows.tables import HostTables
from kernels.language.verbs import Arrays, BackendError
from kernels.trace.expressions import Expr
from kernels.trace.grid import Box

LONG_ROW = 4096  # cells: numpy computes a table of one value a row, the device the rows
HALVINGS = 3
Values = NDArray[np.float64]


class Chunks:
    """The values of `targets`, and with them of `others`, over boxes of at most `sizes`; for one
    thread.

    Errors: Unsupported, BackendError.
    """

    def __init__(
        self,
        targets: Sequence[Any],
        others: Sequence[Any],
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        xp: Arrays,
        session: Session | None = None,
        long_row: int = LONG_ROW,
        blocks: int = BLOCKS,
    ) -> None:
        self.session, self.shape, self.sizes, self.xp = session or Session(), shape, sizes, xp
        self.long_row, self.blocks = long_row, blocks
        own, every = (
            in_rows(wanted, sizes, long_row, long_row) for wanted in (targets, (*targets, *others))
        )
        # then others cost less where they are asked for than with every cell
        apart = is_light(own[1]) and own[0] == every[0]
        self.axes, self.layout = own if apart else every
        self.wanted = {one: at for at, one in enumerate(self.layout.wanted)}
        self.host = HostTables(self.layout, self.axes, shape, sizes, xp)
        self.launches = Launches(self.layout, self.host, self.session, blocks)
        self.alone: dict[Any, Chunks] = {}
        self.at_once: int | None = None  # rows that fit
        self.halvings = 0
        self._forget()

    @staticmethod
    def check(wanted: Iterable[Any], sizes: tuple[int, ...]) -> None:
        """Whether devices can compute some values. Errors: Unsupported."""
        in_rows(wanted, sizes, LONG_ROW, LONG_ROW)

    @staticmethod
    def kept(
        wanted: Iterable[Any], sizes: tuple[int, ...], tallies: Sequence[tuple[Any, Tally]]
    ) -> bool:
        """Whether code for some values is there from earlier: only CuPy knows."""
        return False

    def _forget(self) -> None:
        self.flaws = 0
        self.known: dict[Any, Values] = {}

    def at(self, box: Box, others: bool = False) -> None:
        """Make ready for a box; nothing is computed before it is asked for."""
        if not others:
            self.launches.at(box)
            self._forget()

    def _fill(self, copied: dict[Any, Values]) -> None:
        """Compute the answers of the box, and copy some of them into flat arrays, chunk by chunk of
        its rows.
        """
        launches, answers, first, self.flaws = self.launches, len(self.wanted), 0, 0
        launches.prepare()
        width = self.host.width
        if self.at_once is None:
            self.at_once = max(1, self.session.free_numbers() // (answers * width))
        while first < launches.rows:
            rows = min(self.at_once, launches.rows - first)
            try:
                launches.run("fill", rows, first, answers * rows * width, 1)
            except OutOfMemory as error:
                self.session.free()
                self.halvings += 1
                if self.halvings > HALVINGS or rows == 1:
                    raise BackendError(
                        f"backend = 'cuda': no memory for {answers * rows * width} answers: {error}"
                    ) from None
                self.at_once = -(-rows // 2)
                continue
            for one, out in copied.items():
                self.session.take(
                    "outs",
                    self.wanted[one] * rows * width,
                    out[first * width : (first + rows) * width],
                )
            self.flaws |= int(launches.take_counts(1)[0])
            launches.resident = rows == launches.rows
            first += rows

    def fill(self, targets: Sequence[Any], outs: Sequence[Values]) -> None:
        """Write targets over the box into arrays of its shape."""
        self.launches.prepare()
        fill(targets, outs, self.host.shape, self._fill_flat, self.value)

    def _fill_flat(self, places: Mapping[Any, Values]) -> None:
        if places:
            self._fill({target: out.reshape(-1) for target, out in places.items()})

    def value(self, target: Any) -> Values:
        """A target over the box, of the axes that any target depends on."""
        if not isinstance(target, Expr):
            return np.full((1,) * len(self.shape), target)
        if target not in self.wanted:
            return self._only(target).value(target)
        if target not in self.known:
            self.launches.prepare()
            found = np.empty(prod(self.host.shape))
            if self.launches.resident:
                self.session.take("outs", self.wanted[target] * found.size, found)
            else:
                self._fill({target: found})
            self.known[target] = found.reshape(self.host.shape)
        return self.known[target]

    def cells_at(self) -> int:
        """How many cells of their own the targets have in the box."""
        self.launches.prepare()
        return prod(self.host.shape)

    def sound(self, target: Any, found: NDArray[Any]) -> bool:
        """Whether every value found for a target is a number."""
        known = isinstance(target, Expr) and not self.flaws >> (self.wanted[target] & 63) & 1
        return known or bool(np.isfinite(found).all())

    def _only(self, target: Expr) -> "Chunks":
        """The same for one target and nothing else, over the box."""
        if self.wanted.keys() == {target}:
            return self
        if target not in self.alone:
            plan = (target,), (), self.shape, self.sizes, self.xp
            self.alone[target] = Chunks(*plan, self.session, self.long_row, self.blocks)
        one, box = self.alone[target], self.launches.box
        if box is not None and one.launches.box != box:
            one.at(box)
        return one

    def tally(self, target: Any, tally: Tally, state: Values, counts: NDArray[np.int64]) -> bool:
        """Let a kernel in place of a tally run over the box; False, and nothing is to be used,
        where it cannot.
        """
        if not isinstance(target, Expr):
            return False
        one = self._only(target)
        with room_for("a reduction"):
            return one.axes == self.axes and device_tallies.run_tally(
                one.launches, tally, state, counts
            )

    def reached(self, target: Any, count: int, greatest: bool) -> float | None:
        """What at least `count` of the values of a target reach; None where that is not plain."""
        one = self._only(target) if isinstance(target, Expr) else self
        if not isinstance(target, Expr) or one.axes != self.axes:
            return None
        return device_tallies.reached(one.launches, count, greatest)
