"""uvicorn's server, that takes those who wait already before it ceases to listen."""

import asyncio
import ctypes
import signal
import struct
import sys
from contextlib import suppress
from socket import SOL_SOCKET, socket

import uvicorn

ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux, which Python does not name
NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)  # a filter of packets that lets none pass
TURNS, TURN_SECONDS = 10, 0.01  # of the loop, in each of which it takes those who wait


class Server(uvicorn.Server):
    """A server on sockets that are given to it."""

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End. After SIGTERM nobody else is let in, and whoever has been is answered; by SIGINT one
        of several processes ends, and the others go on to listen.
        """
        if signal.SIGTERM in self._captured_signals:
            for one in sockets or ():
                let_nobody_in(one)
            for _ in range(TURNS):
                await asyncio.sleep(TURN_SECONDS)
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
