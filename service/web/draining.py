"""The end of a service: told first to those who ask whether it is ready, so that nobody is sent to
it any more, and only then to the server.
"""

import asyncio
import signal
import threading
from types import FrameType
from typing import Any


class Draining:
    """Whether the service is about to end, as SIGTERM says."""

    def __init__(self, seconds: float) -> None:
        self.now, self._seconds = False, seconds

    def listen(self) -> None:
        """Hear SIGTERM before the server does, where the server hears signals at all."""
        if threading.current_thread() is not threading.main_thread():
            return
        self._loop = asyncio.get_running_loop()
        self._end: Any = signal.getsignal(signal.SIGTERM)
        if callable(self._end):
            signal.signal(signal.SIGTERM, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        """The first time: go on for a while; the second: end."""
        if self.now:
            self._end(number, frame)
            return
        self.now = True
        self._loop.call_soon_threadsafe(
            self._loop.call_later, self._seconds, self._end, number, None
        )
