"""Work that takes longer than a moment: in threads, at most so many at a time, and so many that
wait. Work stops when its time is over, and when its client leaves.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

from service.web.problems import Busy, ClientLeft, TimeOver

T = TypeVar("T")
Receive = Callable[[], Awaitable[Any]]
RETRY_SECONDS = "5"
GRACE_SECONDS = 0.5  # for work to say itself how far it came


class Watch:
    """Whether a piece of work may go on: asked between its steps, in the thread where it runs. Its
    clock starts when the work does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end, self._stopped = seconds, math.inf, False

    def __call__(self, done: int = 0, steps: int = 1) -> None:
        """Go on after `done` of `steps`, or stop. Errors: TimeOver, ClientLeft."""
        if self._stopped:
            raise ClientLeft("the client left before its work was done")
        if done < steps and time.monotonic() > self._end:
            raise self.time_over(f" ({done} of {steps} done)" if done else "")

    @property
    def started(self) -> bool:
        """Whether the work has had its turn."""
        return self._end < math.inf

    def start(self) -> float:
        """The clock starts; the seconds that there are."""
        self._end = time.monotonic() + self._seconds
        return self._seconds

    def stop(self) -> None:
        """Nobody waits for the work any more."""
        self._stopped = True

    def time_over(self, how_far: str = "") -> TimeOver:
        """That the work took all the time that there is."""
        return TimeOver(
            f"the work took {self._seconds:g} seconds{how_far}, the most that one request may take"
        )


class Workers:
    """Threads for sweeps and solves."""

    def __init__(self, count: int, max_waiting: int, max_seconds: float) -> None:
        self._slots, self._most = asyncio.Semaphore(count), count + max_waiting
        self._seconds, self._turns = max_seconds, set[asyncio.Task[Any]]()
        self.count = count

    @property
    def taken(self) -> int:
        """How many pieces of work run or wait; one that nobody waits for any more counts until it
        has stopped.
        """
        return len(self._turns)

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a worker."""
        return max(self.taken - self.count, 0)

    async def run(self, receive: Receive, work: Callable[[Watch], T]) -> T:
        """The result of `work(watch)` in a thread, for the client whose leaving `receive` tells.
        Errors: Busy, TimeOver, ClientLeft, and those of the work.
        """
        if self.taken >= self._most:
            raise Busy(
                f"{self.taken} requests are worked on or wait, the most that may",
                headers={"Retry-After": RETRY_SECONDS},
            )
        watch, late = Watch(self._seconds), asyncio.Event()
        turn = asyncio.create_task(self._turn(work, watch, late))
        self._turns.add(turn)
        turn.add_done_callback(self._ended)
        left, over = asyncio.create_task(_left(receive)), asyncio.create_task(late.wait())
        try:
            await asyncio.wait({turn, left, over}, return_when=asyncio.FIRST_COMPLETED)
            if turn.done():
                return turn.result()
            raise watch.time_over() if over.done() else ClientLeft("the client left")
        finally:
            watch.stop()
            for task in (left, over) if watch.started else (left, over, turn):
                task.cancel()

    async def _turn(self, work: Callable[[Watch], T], watch: Watch, late: asyncio.Event) -> T:
        """The work, when a thread is free; nobody ends it while it runs but itself."""
        async with self._slots:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(watch.start() + GRACE_SECONDS, late.set)
            try:
                return await _in_a_thread(work, watch, loop)
            finally:
                timer.cancel()

    def _ended(self, turn: asyncio.Task[Any]) -> None:
        self._turns.discard(turn)
        if not turn.cancelled():
            turn.exception()  # seen, also where nobody waits any more


def _in_a_thread(
    work: Callable[[Watch], T], watch: Watch, loop: asyncio.AbstractEventLoop
) -> asyncio.Future[T]:
    """What the work gives, from a thread that holds up no process that ends."""
    found: asyncio.Future[T] = loop.create_future()

    def tell(say: Callable[[Any], None], what: Any) -> None:
        if not found.done():
            say(what)

    def run() -> None:
        say: Callable[[Any], None] = found.set_result
        what: Any
        try:
            what = work(watch)
        except BaseException as error:  # noqa: BLE001 - whatever it is, who awaits it is told
            say, what = found.set_exception, error
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            loop.call_soon_threadsafe(tell, say, what)

    Thread(target=run, name="work", daemon=True).start()
    return found


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
