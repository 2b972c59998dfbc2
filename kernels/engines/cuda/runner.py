"""The cuda engine: a plan compiled by NVRTC and run over chunks of rows on a device; the bits are
those of numpy.

numpy computes the tables of a box (`kernels.engines.rows.tables`), the device every cell, whatever
it reduces them to, or the answers themselves, which are copied back. Where memory of the device
does not suffice for a box, its rows are taken in more chunks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda import source
from kernels.engines.cuda.cells import is_light
from kernels.engines.cuda.device import OutOfMemory, Session
from kernels.engines.llvm import tallies
from kernels.engines.rows.layout import in_rows
from kernels.engines.rows.tables import Feeds
from kernels.grids import reductions
from kernels.language.verbs import Arrays, BackendError
from kernels.trace.grid import Box
from kernels.trace.tracer import Expr

LONG_ROW = 4096  # cells: numpy computes a table of one value a row, the device the rows
BLOCKS = 8  # of a processor
HALVINGS = 3
FEW_BINS = 4096  # counted by each block for itself
RELATIONS = {True: ">=", False: "<="}
Values = NDArray[np.float64]


@contextmanager
def _room_for(what: str) -> Iterator[None]:
    """What is done with memory that cannot be had in smaller pieces. Errors: BackendError where
    there is too little.
    """
    try:
        yield
    except OutOfMemory as error:
        raise BackendError(f"backend = 'cuda': no memory for {what}: {error}") from None


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
    ) -> None:
        self.session, self.shape, self.sizes, self.xp = session or Session(), shape, sizes, xp
        own, every = (
            in_rows(wanted, sizes, LONG_ROW, LONG_ROW) for wanted in (targets, (*targets, *others))
        )
        apart = (
            is_light(own[1]) and own[0] == every[0]
        )  # then others cost less where they are asked for than with every cell
        self.axes, self.layout = own if apart else every
        self.wanted = {one: at for at, one in enumerate(self.layout.wanted)}
        self.threads = source.THREADS[is_light(self.layout)]
        self.feeds = Feeds(self.layout, self.axes, shape, sizes, xp)
        self.modules: dict[Any, tuple[str, int]] = {}
        self.alone: dict[Any, Chunks] = {}
        self.at_once: int | None = None  # rows that fit
        self.halvings = 0
        self.box: Box | None = None
        self.token = (
            object()
        )  # what the session knows it by: not itself, or neither would be let go
        self._forget()

    @staticmethod
    def check(wanted: Iterable[Any], sizes: tuple[int, ...]) -> None:
        """Whether devices can compute some values. Errors: Unsupported."""
        in_rows(wanted, sizes, LONG_ROW, LONG_ROW)

    def _forget(self) -> None:
        self.ready = False  # whether the tables of the box are on the device
        self.resident = False  # whether the answers of the whole box are
        self.flaws = 0
        self.known: dict[Any, Values] = {}

    def at(self, box: Box, others: bool = False) -> None:
        """Make ready for a box; nothing is computed before it is asked for."""
        if not others:
            self.box = box
            self._forget()

    def _prepare(self) -> None:
        """The tables of the box, on the device."""
        if (self.ready and self.session.owner is self.token) or self.box is None:
            return
        feeds, places = self.feeds, self.feeds.places
        feeds.at(self.box)
        mixed, header = places[2:-1], len(source.SIZES) - 1
        self.rows, self.strides = prod(feeds.rows), (feeds.outer.shape[1], feeds.inner.shape[1])
        self.header = [
            0,
            feeds.width,
            0,
            places[0],
            self.strides[0],
            places[1],
            self.strides[1],
            header + len(mixed),
            0,
        ]
        self.numbers = np.array([*self.header, *mixed, *feeds.starts.ravel()], dtype=np.int64)
        with _room_for("tables"):
            self.session.put("tables", feeds.flat)
            self.session.put("sizes", self.numbers)
        self.ready, self.resident, self.session.owner = True, False, self.token

    def _blocks(self, rows: int) -> int:
        """How many blocks of threads take so many rows."""
        parts, band = -(-self.feeds.width // self.threads), source.BAND[is_light(self.layout)]
        return max(1, min(parts * -(-rows // band), self.session.processors * BLOCKS))

    def _launch(
        self,
        kernel: str,
        rows: int,
        first: int,
        outs: int,
        counts: int,
        state: Sequence[float] = (),
        **defined: object,
    ) -> None:
        """Run a kernel over some rows, with room for answers and counts. Errors: OutOfMemory."""
        key = kernel, *defined.items()
        if key not in self.modules:
            self.modules[key] = source.module(self.layout, kernel, **defined)
        text, slots = self.modules[key]
        blocks, self.resident = self._blocks(rows), False
        self.numbers[0], self.numbers[2], self.numbers[8] = rows, first, rows * self.feeds.width
        with _room_for("scratch"):
            self.session.room("slots", slots * blocks * self.threads)
        self.session.room("outs", outs)
        self.session.put("sizes", self.numbers[: len(self.header)])
        self.session.put("state", np.array([*state, 0.0]))
        self.session.cleared("counts", counts)
        self.session.run(text, kernel, blocks, self.threads)

    def _counted(self, size: int) -> NDArray[np.int64]:
        found = np.zeros(size, dtype=np.int64)
        self.session.take("counts", 0, found)
        return found

    def _fill(self, copied: dict[Any, Values]) -> None:
        """Compute the answers of the box, and copy some of them into flat arrays, chunk by chunk of
        its rows.
        """
        self._prepare()
        width, answers, first, self.flaws = self.feeds.width, len(self.wanted), 0, 0
        if self.at_once is None:
            self.at_once = max(1, self.session.free_numbers() // (answers * width))
        while first < self.rows:
            rows = min(self.at_once, self.rows - first)
            try:
                self._launch("fill", rows, first, answers * rows * width, 1)
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
            self.flaws |= int(self._counted(1)[0])
            self.resident = rows == self.rows
            first += rows

    def fill(self, targets: Sequence[Any], outs: Sequence[Values]) -> None:
        """Write targets over the box into arrays of its shape."""
        self._prepare()
        good = {
            t: out
            for t, out in zip(targets, outs, strict=True)
            if out.flags.c_contiguous and out.shape == self.feeds.shape
        }
        if flat := {
            target: out.reshape(-1) for target, out in good.items() if isinstance(target, Expr)
        }:
            self._fill(flat)
        for target, out in zip(targets, outs, strict=True):
            if not isinstance(target, Expr) or good.get(target) is not out:
                np.copyto(
                    out,
                    good[target]
                    if isinstance(target, Expr) and target in good
                    else self.value(target),
                )

    def value(self, target: Any) -> Values:
        """A target over the box, of the axes that any target depends on."""
        if not isinstance(target, Expr):
            return np.full((1,) * len(self.shape), target)
        if target not in self.wanted:
            return self._only(target).value(target)
        if target not in self.known:
            self._prepare()
            found = np.empty(prod(self.feeds.shape))
            if self.resident:
                self.session.take("outs", self.wanted[target] * found.size, found)
            else:
                self._fill({target: found})
            self.known[target] = found.reshape(self.feeds.shape)
        return self.known[target]

    def cells_at(self) -> int:
        """How many cells of their own the targets have in the box."""
        self._prepare()
        return prod(self.feeds.shape)

    def sound(self, target: Any, found: NDArray[Any]) -> bool:
        """Whether every value found for a target is a number."""
        known = isinstance(target, Expr) and not self.flaws >> (self.wanted[target] & 63) & 1
        return known or bool(np.isfinite(found).all())

    def _only(self, target: Expr) -> "Chunks":
        """The same for one target and nothing else, over the box."""
        if self.wanted.keys() == {target}:
            return self
        if target not in self.alone:
            self.alone[target] = Chunks(
                (target,), (), self.shape, self.sizes, self.xp, self.session
            )
        one = self.alone[target]
        if self.box is not None and one.box != self.box:
            one.at(self.box)
        return one

    def tally(
        self,
        target: Any,
        use: Callable[..., str],
        key: Any,
        state: Values,
        counts: NDArray[np.int64],
    ) -> bool:
        """Let a kernel in place of `use(*key)` of `kernels.engines.llvm.tallies` run over the box;
        False, and nothing is to be used, where it cannot.
        """
        if not isinstance(target, Expr):
            return False
        one = self._only(target)
        with _room_for("a reduction"):
            return one.axes == self.axes and one.tallied(use, key, state, counts)

    def tallied(
        self, use: Callable[..., str], key: Any, state: Values, counts: NDArray[np.int64]
    ) -> bool:
        """The tally of its only target."""
        self._prepare()
        kernel, found = use.__name__, np.zeros(0, dtype=np.int64)
        if use is tallies.moments:
            parts = np.empty((self._blocks(self.rows), 5))
            self._launch(kernel, self.rows, 0, parts.size, 1)
            self.session.take("outs", 0, parts.reshape(-1))
            every = sum(
                (reductions.Moments(int(n), a, b, c, d) for n, a, b, c, d in parts.tolist() if n),
                reductions.Moments(),
            )
            state[:] = every.count, every.least, every.greatest, every.mean, every.squares
            found = self._counted(1)
        elif use is tallies.share:
            self._launch(kernel, self.rows, 0, 1, 2, state.tolist(), RELATION=key[0])
            found = self._counted(2)
            counts[0] += found[1]
        elif use is tallies.bins:
            bins = counts.shape[1] - 1
            self._launch(
                kernel,
                self.rows,
                0,
                1,
                bins + 1,
                state.tolist(),
                FEW_BINS=FEW_BINS if bins <= FEW_BINS else 0,
            )
            found = self._counted(bins + 1)
            counts[0, :bins] += found[1:]
        elif use is tallies.candidates:
            room = tallies.CANDIDATES
            self._launch(
                kernel,
                self.rows,
                0,
                room,
                room + 2,
                [float(state[0])],
                RELATION=RELATIONS[key[0]],
                ROOM=room,
            )
            found = self._counted(room + 2)
            many = min(int(found[1]), room)
            counts[0], counts[1 : many + 1] = many, found[2 : many + 2]
            self.session.take("outs", 0, state[1 : many + 1])
        return bool(len(found)) and not found[0]

    def reached(self, target: Any, count: int, greatest: bool) -> float | None:
        """What at least `count` of the values of a target reach; None where that is not plain."""
        one = self._only(target) if isinstance(target, Expr) else self
        if not isinstance(target, Expr) or one.axes != self.axes:
            return None
        one._prepare()
        best = np.empty(one._blocks(one.rows) * one.threads)
        one._launch("bests", one.rows, 0, best.size, 1, RELATION=RELATIONS[greatest])
        one.session.take("outs", 0, best)
        best = best[np.isfinite(best)]
        if len(best) < count:
            return None
        at = len(best) - count if greatest else count - 1
        return float(np.partition(best, at)[at])
