"""What is read of a connection while there is enough to be answered, and how soon a client must
take what is sent.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport

from uvicorn.protocols.http.flow_control import FlowControl

SLOWEST = 2**14  # bytes a second that a client must take


class Flow(FlowControl):
    """What may be read, which is nothing while there is enough to be answered."""

    held = b""  # what has come and is not yet read

    def resume_reading(self) -> None:
        """Read on, for somebody wants more."""
        if not self.held:
            super().resume_reading()


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
