"""uvicorn's server, that takes all who ask for a connection at once where no other process takes
some of them, and those who wait already before it ceases to listen.
"""

import asyncio
import ctypes
import signal
import struct
import sys
from contextlib import suppress
from socket import SOL_SOCKET, socket
from typing import Any

import uvicorn

ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux, which Python does not name
NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)  # a filter of packets that lets none pass
TURNS, TURN_SECONDS = 10, 0.01  # of the loop, in each of which it takes those who wait
AT_ONCE = 64  # connections that are taken in one turn; the loop itself takes one


class Server(uvicorn.Server):
    """A server on sockets that are given to it; `alone`: no other process takes connections."""

    def __init__(self, config: uvicorn.Config, alone: bool) -> None:
        super().__init__(config)
        self._alone, self._more = alone, list[socket]()
        self._taking = set[asyncio.Task[Any]]()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        for one in sockets or () if self._alone else ():
            self._more.append(again := one.dup())
            again.setblocking(False)
            loop.add_reader(again, self._take, again)

    def _take(self, listening: socket) -> None:
        """Take those who wait."""
        loop = asyncio.get_running_loop()
        for _ in range(AT_ONCE):
            try:
                taken, _ = listening.accept()
            except OSError:  # nobody else, or no more descriptors
                return
            taking = loop.create_task(loop.connect_accepted_socket(self._protocol, taken))
            self._taking.add(taking)
            taking.add_done_callback(self._taken)

    def _taken(self, taking: "asyncio.Task[Any]") -> None:
        self._taking.discard(taking)
        if not taking.cancelled():
            taking.exception()  # it has left meanwhile

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End. After SIGTERM nobody else is let in, and whoever has been is answered; by SIGINT one
        of several processes ends, and the others go on to listen.
        """
        if signal.SIGTERM in self._captured_signals:
            for one in sockets or ():
                let_nobody_in(one)
            for _ in range(TURNS):
                await asyncio.sleep(TURN_SECONDS)
        for one in self._more:
            asyncio.get_running_loop().remove_reader(one)
            one.close()
        if self._taking:  # they are to be told of the end as all others are
            await asyncio.wait(self._taking)
        await super().shutdown(sockets)


def let_nobody_in(listening: socket) -> None:
    """Whoever asks for a connection from now on hears nothing, and is refused when the socket is
    closed; those that wait for theirs to be taken stay. These are lost elsewhere than on Linux, and
    where its kernel lets only root filter.
    """
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(NOTHING)
        with suppress(PermissionError):
            listening.setsockopt(
                SOL_SOCKET, ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program))
            )
