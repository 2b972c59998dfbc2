"""Worker processes as many as are needed, each for one piece of work at a time."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from service.work.process import Process

T = TypeVar("T")


class Pool:
    """Processes that have loaded `module`."""

    def __init__(self, module: str) -> None:
        self._module, self._all, self._idle = module, list[Process](), list[Process]()

    def start(self, count: int) -> None:
        """So many processes begin to load in the background."""
        self._idle += (new := [Process(self._module) for _ in range(count - len(self._all))])
        self._all += new
        for process in self._all:
            process.start()

    def submit(
        self, seconds: float, work: Callable[..., T], *arguments: Any
    ) -> tuple[Process, "Future[T]"]:
        """`work(*arguments, watch)`, and the process that does it: the one that was idle last, for
        it knows most. Errors: Lost, TimeOver, those of the work.
        """
        process = self._idle.pop() if self._idle else Process(self._module)
        if process not in self._all:
            self._all.append(process)
        found = process.submit(seconds, work, *arguments)
        found.add_done_callback(lambda _: self._idle.append(process))
        return process, found

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that run."""
        return [pid for one in self._all if (pid := one.pid) is not None]

    def close(self) -> None:
        """End all of them."""
        for process in self._all:
            process.close()
