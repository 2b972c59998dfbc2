"""Connections, bounded before there is a request: how many, how long their headers, how soon a
request has come. What is wrong here is answered as a problem too.

uvicorn's own protocol bounds none of this: its parser keeps a header that does not end.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from service.web.middleware import FRONT, Front, answer_to, new_id, with_security
from service.web.problems import BadRequest, Busy, HeadersTooLarge, Refused, TooSlow

SPARE = 64  # connections above the most that there may be, on which no more is said than that
LINGER_SECONDS = 1.0


class Connection(HttpToolsProtocol):
    """One connection, by the settings of its application."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._front: Front = app_state[FRONT]
        self._bounds = self._front.settings
        self._since = self.loop.time()
        self._timer: TimerHandle | None = None
        self._begun = self._in_head = self._too_long = self._over = False
        self._given = self._kept = 0  # of the last bytes what the parser gave; what it keeps

    @property
    def open(self) -> bool:
        """Whether it is not about to be closed."""
        return not self._over and not self.transport.is_closing()

    @property
    def idle(self) -> bool:
        """Whether nothing is asked on it as yet, or any more."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """A client is there: one more than may be takes the place of the one longest idle."""
        super().connection_made(transport)
        self._front.metrics.connections += 1
        self._expect()
        most = self._bounds.max_connections
        if len(self.connections) <= most:
            return
        there = [one for one in self.connections if isinstance(one, Connection) and one.open]
        if len(there) <= most:
            return
        idle = [one for one in there if one.idle and one is not self]
        if idle:
            min(idle, key=lambda one: one._since).transport.close()
        elif len(self.connections) <= most + SPARE:
            self._refuse(Busy("all connections are in use", headers={"Retry-After": "5"}))
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._unset_timer()
        self._front.metrics.connections -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, of several, or of part of one."""
        if self._over:
            return
        self._begun, self._given = True, 0
        super().data_received(data)
        if self._begun and self._timer is None:
            self._expect()
        kept = self._in_head or not self._given
        self._kept = max(self._kept + len(data) - self._given, 0) if kept else 0
        most = self._bounds.max_header_bytes
        if self._too_long or self._kept > most:
            self._refuse(HeadersTooLarge(f"the headers have more than {most} bytes"))

    def on_message_begin(self) -> None:
        """A request begins, perhaps right after another."""
        self._in_head, self._kept = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The request can be handed on, unless too much came with it."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._in_head, self._given = False, self._given + size
        self._too_long = size > self._bounds.max_header_bytes
        if not self._too_long:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Part of the body."""
        self._given += len(body)
        if not self._too_long:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        self._begun = False
        self._unset_timer()
        if not self._too_long:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer has been sent; the connection is idle again."""
        self._since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered as a problem."""
        self._refuse(BadRequest(msg))

    def _expect(self) -> None:
        """From now on a whole request has so much time to come."""
        self._timer = self.loop.call_later(self._bounds.receive_seconds, self._too_slow)

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        answering = not self.idle and not self.cycle.more_body
        if answering or self.flow.read_paused:  # it is the service that is slow
            self._expect()
        elif self._begun:
            limit = f"{self._bounds.receive_seconds:g} seconds"
            self._refuse(TooSlow(f"the request has not come within {limit}"))
        else:
            self.transport.close()

    def _refuse(self, error: Refused) -> None:
        """Answer with a problem, where no answer has begun, and end the connection. What still
        comes is thrown away for a moment: who sends must not lose the answer.
        """
        if self._over:
            return
        self._over = True
        self._unset_timer()
        if self.idle or not self.cycle.response_started:
            request_id = new_id()
            status, headers, body = answer_to(error, request_id)
            self._front.note_refused(status, request_id, self.client[0] if self.client else "")
            own = with_security([*headers, (b"connection", b"close")], request_id)
            lines = [b"%s: %s\r\n" % one for one in (*self.server_state.default_headers, *own)]
            self.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
            if self.transport.can_write_eof():
                self.transport.write_eof()
                self.loop.call_later(LINGER_SECONDS, self.transport.close)
                return
        self.transport.close()
