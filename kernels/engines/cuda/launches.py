"""Kernels of one layout on a device: the tables of a box are put there, and kernels run over some
of its rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda import source
from kernels.engines.cuda.device import OutOfMemory, Session
from kernels.engines.cuda.operations import is_light
from kernels.engines.rows.layout import Layout
from kernels.engines.rows.tables import HostTables
from kernels.language.verbs import BackendError
from kernels.trace.grid import Box

BLOCKS = 8  # of a processor


@contextmanager
def room_for(what: str) -> Iterator[None]:
    """What is done with memory that cannot be had in smaller pieces. Errors: BackendError where
    there is too little.
    """
    try:
        yield
    except OutOfMemory as error:
        raise BackendError(f"backend = 'cuda': no memory for {what}: {error}") from None


class Launches:
    """Kernels over the rows of a box; `resident`: the answers of all its rows are on the device.
    Errors: BackendError.
    """

    def __init__(self, layout: Layout, host: HostTables, session: Session, blocks: int) -> None:
        self.layout, self.host, self.session = layout, host, session
        self.processor_blocks = blocks
        self.threads = source.THREADS[is_light(layout)]
        self.modules: dict[Any, tuple[str, int]] = {}
        # what the session knows it by: not itself, or neither would be let go
        self.token = object()
        self.box: Box | None = None
        self._forget()

    def _forget(self) -> None:
        self.ready = False  # whether the tables of the box are on the device
        self.resident = False

    def at(self, box: Box) -> None:
        """Make ready for a box; nothing is put on the device before it is used."""
        self.box = box
        self._forget()

    def prepare(self) -> None:
        """The tables of the box, on the device."""
        if (self.ready and self.session.owner is self.token) or self.box is None:
            return
        host, places = self.host, self.host.places
        host.at(self.box)
        mixed, header = places[2:-1], len(source.SIZES) - 1
        self.rows, self.strides = prod(host.rows), (host.outer.shape[1], host.inner.shape[1])
        self.header = [
            0,
            host.width,
            0,
            places[0],
            self.strides[0],
            places[1],
            self.strides[1],
            header + len(mixed),
            0,
        ]
        self.numbers = np.array([*self.header, *mixed, *host.starts.ravel()], dtype=np.int64)
        with room_for("tables"):
            self.session.put("tables", host.flat)
            self.session.put("sizes", self.numbers)
        self.ready, self.resident, self.session.owner = True, False, self.token

    def blocks(self, rows: int) -> int:
        """How many blocks of threads take so many rows."""
        parts, band = -(-self.host.width // self.threads), source.BAND[is_light(self.layout)]
        return max(
            1, min(parts * -(-rows // band), self.session.processors * self.processor_blocks)
        )

    def run(
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
        blocks, self.resident = self.blocks(rows), False
        self.numbers[0], self.numbers[2], self.numbers[8] = rows, first, rows * self.host.width
        with room_for("scratch"):
            self.session.room("slots", slots * blocks * self.threads)
        self.session.room("outs", outs)
        self.session.put("sizes", self.numbers[: len(self.header)])
        self.session.put("state", np.array([*state, 0.0]))
        self.session.clear("counts", counts)
        self.session.run(text, kernel, blocks, self.threads)

    def take_counts(self, size: int) -> NDArray[np.int64]:
        """Counts that the last kernel has left."""
        found = np.zeros(size, dtype=np.int64)
        self.session.take("counts", 0, found)
        return found
