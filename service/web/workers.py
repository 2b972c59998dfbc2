"""Work that takes longer than a moment: in processes of its own (`service/work/`), so many pieces
at a time, and so many that wait. Work stops when its time is over, and when its client leaves.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from service.settings import Settings
from service.web.problems import Busy, ClientLeft
from service.work.pool import Pool
from service.work.process import Process

T = TypeVar("T")
Receive = Callable[[], Awaitable[Any]]
RETRY_SECONDS = "5"
IDLE_SECONDS = 1.0  # after which processes are started: who asks first is answered first


class Workers:
    """Who may work, and when, by the settings; in the processes of a pool."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._most, self._turns = settings.workers + settings.max_waiting, set[asyncio.Task[Any]]()
        self.count = settings.workers
        self._slots = asyncio.Semaphore(self.count)
        self._seconds, self._pool = settings.max_seconds, pool
        self._streams, self._most_streams = 0, settings.max_streams

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

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes in which work is done."""
        return self._pool.pids

    @asynccontextmanager
    async def running(self, _: Any) -> AsyncIterator[None]:
        """The processes begin a moment after the service, and end with it."""
        start = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._pool.start)
        try:
            yield
        finally:
            start.cancel()
            self._pool.close()

    async def run(self, receive: Receive, work: Callable[..., T], *arguments: Any) -> T:
        """What `work(*arguments, watch)` gives, by a function of a module, for the client whose
        leaving `receive` tells. Errors: Busy, TimeOver, ClientLeft, Lost, and those of the work.
        """
        if self.taken >= self._most:
            raise _busy(f"{self.taken} requests are worked on or wait")
        return await self.go_on(receive, work, *arguments)

    async def go_on(self, receive: Receive, work: Callable[..., T], *arguments: Any) -> T:
        """The same for a further piece of what has been begun, as a part of an answer that streams:
        it is never refused, and takes its turn behind those that wait. Errors: TimeOver,
        ClientLeft, Lost, and those of the work.
        """
        process = asyncio.get_running_loop().create_future()
        turn = asyncio.create_task(self._turn(process, work, arguments))
        self._turns.add(turn)
        turn.add_done_callback(self._ended)
        left = asyncio.create_task(has_left(receive))
        try:
            await asyncio.wait({turn, left}, return_when=asyncio.FIRST_COMPLETED)
            if turn.done():
                return turn.result()
            raise ClientLeft("the client left before its work was done")
        finally:
            left.cancel()
            if not process.done():
                turn.cancel()
            elif not turn.done():
                process.result().stop()

    async def stream(self, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The pieces of a long answer, of which so many are sent at the same time: each holds
        memory until it is taken, though no worker. Errors: Busy before the first.
        """
        self.check_streams()
        self._streams += 1
        try:
            async for piece in pieces:
                yield piece
        finally:
            self._streams -= 1

    def check_streams(self) -> None:
        """Whether another long answer may be sent. Errors: Busy."""
        if self._streams >= self._most_streams:
            raise _busy(f"{self._streams} long answers are being sent")

    async def _turn(
        self, process: "asyncio.Future[Process]", work: Callable[..., T], arguments: Any
    ) -> T:
        """The work, when its turn has come; then only its process ends it."""
        async with self._slots:
            worker, found = self._pool.submit(self._seconds, work, *arguments)
            process.set_result(worker)
            return await asyncio.wrap_future(found)

    def _ended(self, turn: asyncio.Task[Any]) -> None:
        self._turns.discard(turn)
        if not turn.cancelled():
            turn.exception()  # seen, also where nobody waits any more


def _busy(what: str) -> Busy:
    """So much is done already that one more is refused."""
    again = f"ask again in {RETRY_SECONDS} seconds"
    return Busy(f"{what}, the most that may; {again}", headers={"Retry-After": RETRY_SECONDS})


async def has_left(receive: Receive) -> None:
    """Until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
