"""How long a device takes, by its own clock, and how fast its memory is: what nothing that stores
answers can fall below.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from kernels.engines.cuda import device, source
from kernels.engines.cuda.device import Session
from kernels.engines.cuda.launches import BLOCKS

MOST_NUMBERS = 2**27  # stored to see how fast that is: 1 GiB, more than any cache holds
REPEATS = 5
NUMBER_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Bytes a second: stored by a kernel; read and stored by one; copied to the host."""

    stored: float
    copied: float
    to_host: float


class TimedSession(Session):
    """A session that takes the time of its kernels: of the first run, in which one is compiled,
    here; of later runs by the device.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.first_seconds = 0.0
        self.seen: set[tuple[str, str]] = set()
        self.runs: list[tuple[Any, Any]] = []

    def run(self, text: str, kernel: str, blocks: int, threads: int) -> None:
        """Start a kernel, between two events if it is not the first time."""
        if (text, kernel) not in self.seen:
            self.seen.add((text, kernel))
            began = perf_counter()
            super().run(text, kernel, blocks, threads)
            self.first_seconds += perf_counter() - began
            return
        begun = self._event()
        super().run(text, kernel, blocks, threads)
        self.runs.append((begun, self._event()))

    def _event(self) -> Any:
        with self._at() as cupy:
            event = cupy.cuda.Event(disable_timing=False)
            event.record(self.stream)
        return event

    def kernel_seconds(self) -> list[float]:
        """Seconds of each run since this was last asked."""
        found, self.runs = self.runs, []
        with self._at() as cupy:
            for _, ended in found:
                ended.synchronize()
            return [cupy.cuda.get_elapsed_time(begun, ended) / 1000.0 for begun, ended in found]

    def compile_seconds(self) -> float:
        """Seconds of first runs since this was last asked."""
        found, self.first_seconds = self.first_seconds, 0.0
        return found

    def description(self) -> dict[str, Any]:
        """The device: what computes, how many processors, how much memory and how much of it is
        free.
        """
        with self._at() as cupy:
            free, total = cupy.cuda.Device(self.number).mem_info
        memory = {
            "processors": self.processors,
            "memory_bytes": int(total),
            "free_bytes": int(free),
        }
        return {"number": self.number, **device.description(self.number), **memory}


def rates(session: TimedSession, most: int = MOST_NUMBERS) -> Rates:
    """How fast memory is: the best of some runs."""
    size = min(most, session.free_numbers()) // 2 * 2
    session.owner = None
    session.room("outs", size)
    session.put("sizes", np.array([size], dtype=np.int64))
    seconds = {}
    for kernel in ("stores", "copies"):
        for _ in range(REPEATS + 1):
            session.run(
                source.module_without_cells("bandwidth"),
                kernel,
                session.processors * BLOCKS,
                source.THREADS[True],
            )
        seconds[kernel] = min(session.kernel_seconds())
    out, waited = np.empty(size), []
    for _ in range(REPEATS):
        began = perf_counter()
        session.take("outs", 0, out)
        waited.append(perf_counter() - began)
    session.free()
    stored, copied = (NUMBER_BYTES * size / seconds[kernel] for kernel in ("stores", "copies"))
    return Rates(stored=stored, copied=copied, to_host=NUMBER_BYTES * size / min(waited))
