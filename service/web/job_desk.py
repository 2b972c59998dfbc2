"""The jobs of a service: opened when somebody first needs them, and asked in threads of their own,
for a disk may take its time.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from service.jobs.data import VARIABLE, data_directory, environment_of, has_jobs, limits_of
from service.jobs.devices import devices
from service.jobs.records import Executor, Figures, NoData
from service.settings import Settings
from service.web.problems import Ending
from service.web.workers import IDLE_SECONDS

if TYPE_CHECKING:
    from service.jobs.jobs import Jobs

T = TypeVar("T")
LOG = logging.getLogger("rackrate")
THREADS = 32  # in which the jobs are asked, and as many in which they are changed


class JobDesk:
    """Where the jobs of a service are asked, by its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._threads = settings, ThreadPoolExecutor(THREADS, "jobs")
        self._writers = ThreadPoolExecutor(THREADS, "jobs-changed")
        self._opening, self._closed = Lock(), False
        self._jobs: Jobs | None = None  # once they are open

    async def ask(self, question: "Callable[[Jobs], T]") -> T:
        """What a question to the jobs gives. Errors: Ending, NoData, and those of the question."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: question(self._open()))

    async def change(self, order: "Callable[[Jobs], T]") -> T:
        """What an order to the jobs gives, which may wait for others that write, though nobody who
        asks waits for it. Errors: those of `ask`.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, lambda: order(self._open()))

    def figures(self) -> Sequence[Figures]:
        """The jobs in each state, counted, where it is this process that drives them."""
        if self._jobs is None or not self._jobs.is_driving:
            return ()
        try:
            return self._jobs.figures()
        except NoData:
            return ()

    @asynccontextmanager
    async def running(self, _: Any) -> AsyncIterator[None]:
        """Jobs that are there go on a moment after the service has begun; at its end they are left
        to the next one.
        """
        loop = asyncio.get_running_loop()
        start = loop.call_later(
            IDLE_SECONDS, lambda: loop.run_in_executor(self._threads, self._resume)
        )
        try:
            yield
        finally:
            start.cancel()
            await loop.run_in_executor(self._threads, self._close)

    def _open(self) -> "Jobs":
        """The jobs, driven from now on, here or by another service of the same folder. Errors:
        NoData, Ending.
        """
        with self._opening:
            if self._closed:
                raise Ending("its jobs are left to the next one")
            if self._jobs is None:
                found = opened(self._settings)
                found.start()
                self._jobs = found
            return self._jobs

    def _resume(self) -> None:
        try:
            if has_jobs(environment_of(self._settings)):
                self._open()
        except NoData as problem:
            LOG.warning("jobs cannot go on: %s", problem)

    def _close(self) -> None:
        with self._opening:
            self._closed, found, self._jobs = True, self._jobs, None
        if found is not None:
            found.stop()


def opened(settings: Settings) -> "Jobs":
    """The jobs in the folder that settings name. Errors: NoData, which tells no client where that
    is.
    """
    from service.jobs.jobs import Jobs

    try:
        data = data_directory(environment_of(settings))
    except NoData as problem:
        LOG.warning("no jobs can be kept: %s", problem)
        raise NoData(f"{VARIABLE}: its folder cannot be used, the log says why") from None
    return Jobs(data, lambda: executor(settings), limits_of(settings), settings.results)


def executor(settings: Settings) -> Executor:
    """What computes the shards of jobs: the workers of a scheduler, or this machine."""
    if settings.scheduler is not None:
        from service.jobs.dask import Dask

        return Dask(settings.scheduler)
    from service.jobs.executors import Local

    return Local(devices(os.environ))
