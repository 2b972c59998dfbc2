"""What is read of a connection while there is enough to be answered, whether its client has left in
the meantime, and how soon a client must take what is sent.
"""

import select
from asyncio import AbstractEventLoop, TimerHandle, Transport

from uvicorn.protocols.http.flow_control import FlowControl

SLOWEST = 2**14  # bytes a second that a client must take
LOOK_SECONDS = 0.5
LEFT = getattr(select, "POLLRDHUP", 0)  # where the system can tell, as Linux can


class Flow(FlowControl):
    """What may be read, which is nothing while there is enough to be answered."""

    held = b""  # what has come and is not yet read

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        super().__init__(transport)
        self._loop = loop
        self._timer: TimerHandle | None = None

    def pause_reading(self) -> None:
        """Read no more for now; that the client leaves is not read then, so look for it."""
        super().pause_reading()
        if self._timer is None and LEFT:
            self._timer = self._loop.call_later(LOOK_SECONDS, self._look)

    def resume_reading(self) -> None:
        """Read on, for somebody wants more."""
        if not self.held:
            super().resume_reading()

    def end(self) -> None:
        """Nothing comes any more."""
        self.held = b""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self.read_paused and not self._transport.is_closing():
            looks = select.poll()
            looks.register(self._transport.get_extra_info("socket").fileno(), LEFT)
            if looks.poll(0):
                self._transport.abort()
            else:
                self._timer = self._loop.call_later(LOOK_SECONDS, self._look)


class Sending:
    """Whether a client takes what there is to send: looked at once a second while there is any; one
    that takes too little for so many seconds is left.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop, seconds: float) -> None:
        self._transport, self._loop, self._seconds = transport, loop, seconds
        self._timer: TimerHandle | None = None
        self._left = self._vain = 0  # bytes at the last look; looks in vain

    def watch(self) -> None:
        """Look from now on, if there is anything to send."""
        if self._timer is None and (left := self._transport.get_write_buffer_size()):
            self._left, self._vain = left, 0
            self._timer = self._loop.call_later(1.0, self._look)

    def goes_on(self) -> None:
        """The client has taken enough."""
        self._vain = 0

    def end(self) -> None:
        """Nothing is sent any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        before, self._left = self._left, self._transport.get_write_buffer_size()
        self._vain = 0 if before - self._left >= SLOWEST else self._vain + 1
        self._timer = None
        if self._left and self._vain >= self._seconds:
            self._transport.abort()
        elif self._left:
            self._timer = self._loop.call_later(1.0, self._look)
