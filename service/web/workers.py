"""Work that takes longer than a moment: in threads, at most so many at a time, and so many that
wait.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from service.web.problems import Busy, TooLarge

T = TypeVar("T")
RETRY_SECONDS = "5"


class Workers:
    """Threads for sweeps and solves."""

    def __init__(self, count: int, max_waiting: int) -> None:
        self._limiter, self._max_waiting = CapacityLimiter(count), max_waiting

    @property
    def waiting(self) -> int:
        """How many wait for a thread."""
        return self._limiter.statistics().tasks_waiting

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """The result of `work(*args)` in a thread. Errors: Busy, and those of the work."""
        if self.waiting >= self._max_waiting and not self._limiter.available_tokens:
            raise Busy(
                f"{self.waiting} requests wait for a worker", headers={"Retry-After": RETRY_SECONDS}
            )
        return await to_thread.run_sync(partial(work, *args), limiter=self._limiter)


def deadline(seconds: float) -> Callable[[int, int], None]:
    """A watcher that stops a sweep or a solve when its time is over. Errors: TooLarge."""
    end = time.monotonic() + seconds

    def watch(done: int, cells: int) -> None:
        if done < cells and time.monotonic() > end:
            raise TooLarge(
                f"the work took {seconds:g} seconds ({done} of {cells} done), the most that one"
                " request may take"
            )

    return watch
