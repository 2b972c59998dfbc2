"""Connections, bounded before there is a request: how many, how long their headers, how soon a
request has come, how many come at once; and afterwards, how soon an answer is taken. What is wrong
here is answered as a problem too, after the answers to what came before it.

uvicorn's own protocol bounds none of this: its parser keeps a header that does not end.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from itertools import chain
from typing import Any, cast

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from service.web.flow import Flow, Sending
from service.web.heads import Writing
from service.web.middleware import CUT, FRONT, Front, answer_to, new_id, with_security
from service.web.problems import BadRequest, Busy, HeadersTooLarge, Refused, TooSlow

SPARE = 64  # connections above the most that there may be, on which no more is said than that
AT_ONCE = 32  # the part of all connections that make room together
LINGER_SECONDS = 1.0
ENDING_SECONDS = 0.5  # in which what is on its way still comes, waited for twice
PIECE = 2**14  # bytes that are read at once; what follows may wait for answers


class Answers:
    """A connection's transport as its answers see it: what still comes of a request that is
    answered already is thrown away before it is closed, for who sends must not lose the answer.
    """

    def __init__(self, connection: "Connection") -> None:
        self.write, self.is_closing = connection.transport.write, connection.transport.is_closing
        self.close = connection.end


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
        self._begun = self._in_head = self._too_long = self._over = self._ending = False
        self._given = self._kept = 0  # of the last bytes what the parser gave; what it keeps
        self.flow: Flow
        self._answering: RequestResponseCycle | None = None
        self._refusal: Refused | None = None  # to be said after the answers that come before it
        self.ws_protocol_class = None

    @property
    def open(self) -> bool:
        """Whether it is not about to be closed."""
        return not self.transport.is_closing() and (self.busy or not self._over)

    @property
    def idle(self) -> bool:
        """Whether nothing is asked on it as yet, or any more."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def busy(self) -> bool:
        """Whether what is asked has come, and its answer has not gone."""
        now = self._answering
        return now is not None and not (now.response_complete or now.more_body)

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """A client is there: one more than may be takes the place of one that is idle long."""
        super().connection_made(transport)
        self._front.metrics.connections += 1
        self.flow, self._answers = Flow(transport, self.loop), cast(Any, Answers(self))
        self._sending = Sending(transport, self.loop, self._bounds.stall_seconds)
        self._expect()
        most = self._bounds.max_connections
        if len(self.connections) <= most:
            return
        there = [one for one in self.connections if isinstance(one, Connection) and one.open]
        if len(there) <= most:
            return
        idle = [one for one in there if one.idle and one is not self]
        if idle:  # several at once where many may be, for each look is one at all
            idle.sort(key=lambda one: one._since)
            for one in idle[: most // AT_ONCE + 1]:
                one.transport.close()
        elif len(self.connections) <= most + SPARE:
            self._refuse(Busy("all connections are in use", headers={"Retry-After": "5"}))
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._unset_timer()
        self._front.metrics.connections -= 1
        self.flow.end()
        self._sending.end()
        self.pipeline.clear()
        if self.busy and self._answering is not None and self._answering is not self.cycle:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, of several, or of part of one."""
        if self._over:
            return
        self.flow.held += data
        self._read()

    def _read(self) -> None:
        """What is held, but for what follows requests that wait for their turn."""
        while (held := self.flow.held) and not self.pipeline and not self._over:
            self.flow.held = held[PIECE:]
            self._read_piece(held[:PIECE])
        if self.flow.held and not self._over:
            self.flow.pause_reading()

    def _read_piece(self, data: bytes) -> None:
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
        self._begun, self._in_head, self._kept = True, True, 0
        super().on_message_begin()
        self.scope["state"][CUT] = self.transport.abort

    def on_headers_complete(self) -> None:
        """The request can be handed on, unless too much came with it."""
        around = 4 * len(self.headers)
        size = len(self.url) + around + sum(map(len, chain.from_iterable(self.headers)))
        line = len(self.parser.get_method()) + len("  HTTP/1.1\r\n\r\n")
        self._in_head, self._given = False, self._given + size + line
        self._too_long = size > self._bounds.max_header_bytes
        if not self._too_long:
            super().on_headers_complete()
            self.cycle.keep_alive &= not self._ending
            self.cycle.transport = self._answers

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

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        written = Writing(cycle)
        super()._start_asgi_task(cycle, lambda scope, receive, _: app(scope, receive, written))

    def on_response_complete(self) -> None:
        """The answer has been given; what waits for it has its turn."""
        self._since = self.loop.time()
        self._sending.watch()
        super().on_response_complete()
        if self.transport.is_closing() or self.pipeline:
            return
        if self._refusal is not None:
            if not self.busy:
                self._say(self._refusal)
        elif self.flow.held:
            self._read()
            self.flow.resume_reading()

    def pause_writing(self) -> None:
        """There is more to send than the client takes."""
        super().pause_writing()
        self._sending.watch()

    def resume_writing(self) -> None:
        """The client has taken most of what there was."""
        self._sending.goes_on()
        super().resume_writing()

    def shutdown(self) -> None:
        """The server is about to end: what has been asked is answered, and what is on its way."""
        self._ending = self._front.ends = True
        if self.idle and self.open:
            if not self._begun:
                self.loop.call_later(ENDING_SECONDS, self._close_if_idle)
        else:
            super().shutdown()

    def _close_if_idle(self, again: bool = True) -> None:
        """Close it if nothing has come; not before there was time to read, when all is late."""
        if self.idle and not self._begun:
            if again:
                self.loop.call_later(ENDING_SECONDS, self._close_if_idle, False)
            else:
                self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing else is spoken here; what follows is not read, and the answer says so."""
        if self.cycle is not None:
            self.cycle.keep_alive = False
            if self.cycle.response_complete:
                self.transport.close()

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
        if self.busy or self.flow.read_paused:  # it is the service that is slow
            self._expect()
        elif self._begun:
            limit = f"{self._bounds.receive_seconds:g} seconds"
            self._refuse(TooSlow(f"the request has not come within {limit}"))
        else:
            self.transport.close()

    def _refuse(self, error: Refused) -> None:
        """Answer with a problem when what came before is answered, and read no more."""
        if self._over:
            return
        self._over, self.flow.held = True, b""
        self._unset_timer()
        body_comes = self._begun and not self._in_head and self.cycle is not None
        if self.pipeline and body_comes and self.cycle.more_body:
            self.pipeline.popleft()  # it is this one that is refused
        if self.busy:
            self._refusal = error
        elif body_comes and self.idle:
            self.transport.close()  # it has been answered before it has come
        else:
            self._say(error)

    def _say(self, error: Refused) -> None:
        """Answer with a problem, where no answer has begun, and end the connection."""
        if self.idle or self._refusal is not None or not self.cycle.response_started:
            request_id = new_id()
            status, headers, body = answer_to(error, request_id)
            self._front.note_refused(status, request_id, self.client[0] if self.client else "")
            own = with_security([*headers, (b"connection", b"close")], request_id)
            lines = [b"%s: %s\r\n" % one for one in (*self.server_state.default_headers, *own)]
            if self._begun and self.parser.get_method() == b"HEAD":
                body = b""
            self.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
        self.end()

    def end(self) -> None:
        """Close the connection; where something may still come, throw it away for a moment."""
        coming = self._begun or self._over
        if coming and not self.transport.is_closing() and self.transport.can_write_eof():
            self._over, self.flow.held = True, b""
            self.transport.write_eof()
            self.loop.call_later(LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()
