"""Worker processes as many as are needed, each for one piece of work at a time."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from kernels.grids.engine_table import CORES, NUMPY
from service.work.process import Process

T = TypeVar("T")


class Pool:
    """Processes that have loaded `module`; as a rule `count` of them have work at most."""

    def __init__(self, module: str, count: int) -> None:
        self._module, self._count = module, count
        self._own = {CORES: str(threads_each(NUMPY.workers(), count))}
        self._all, self._idle = list[Process](), list[Process]()

    def start(self) -> None:
        """All of them begin to load in the background."""
        while len(self._all) < self._count:
            self._idle.append(self._new())
        for process in self._all:
            process.start()

    def submit(
        self, seconds: float, work: Callable[..., T], *arguments: Any
    ) -> tuple[Process, "Future[T]"]:
        """`work(*arguments, watch)`, and the process that does it: the one that was idle last, for
        it knows most. Errors: Lost, TimeOver, those of the work.
        """
        process = self._idle.pop() if self._idle else self._new()
        found = process.submit(seconds, work, *arguments)
        found.add_done_callback(lambda _: self._idle.append(process))
        return process, found

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that run."""
        return [pid for one in self._all if (pid := one.pid) is not None]

    def _new(self) -> Process:
        process = Process(self._module, self._own)
        self._all.append(process)
        return process

    def close(self) -> None:
        """End all of them."""
        for process in self._all:
            process.close()


def threads_each(cores: int, count: int) -> int:
    """How many threads compute in each of `count` processes: in all together twice as many as there
    are cores, for often one works alone, and then it is to use them all.
    """
    return min(cores, -(-2 * cores // count))
