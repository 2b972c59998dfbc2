"""The outermost layer, plain ASGI: request ids, security headers, API keys, rates, HEAD for every
GET; and what operators see of it: metrics, the access log, traces.
"""

import re
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from random import getrandbits
from typing import Any

from service.settings import Settings
from service.standard_error import LINES
from service.web.draining import Draining
from service.web.front.access_log import AccessLog, Line, level_of, now, plain_path
from service.web.front.exchange import EXCHANGE, Exchange
from service.web.front.metrics import Metrics
from service.web.front.origins import Origins
from service.web.front.rates import Rates
from service.web.front.shared_metrics import SharedMetrics
from service.web.front.traces import known_parent, parent_of, spans, trace_id
from service.web.keys import Keys
from service.web.problems import MEDIA_TYPE, NO_CONTENT, Ending, render, with_head

REQUEST_ID = re.compile(rb"[A-Za-z0-9._~-]{1,128}")
# The pages about the API have styles of their own; nothing else is loaded by what is answered.
CONTENT = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", CONTENT.encode()),
    (b"referrer-policy", b"no-referrer"),
]
OPEN = ("/health/", "/docs", "/schema")  # without a key: probes, and what tells about the API
READY = "/health/ready"
LONGEST_ADDRESS = 100  # of a client
UNRATED = ("/health/", "/metrics")
FRONT = "front"  # under which a server's connections find the layer
BARE = "bare"  # under which an answer finds that only its head is asked for
HEADERS = "headers"  # under which the state of a request has them by name
CUT = "cut"  # under which an answer finds what ends its connection at once
Message = dict[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    """An application behind the outermost layer. Errors: Problem."""

    def __init__(self, app: App, settings: Settings, keys: Keys | None = None) -> None:
        self.app, self.settings, self.keys, self.metrics = app, settings, keys, Metrics()
        self.ends = False  # whether the server closes its connections
        self._draining = Draining(settings.drain_seconds)
        self._shared = SharedMetrics(self.metrics, settings.metrics_folder)
        self._log = AccessLog(settings.access_log)
        self._rates, self._origins = Rates(settings), Origins(settings.cors_origins)
        self._spans = spans(settings)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
            return
        if scope["type"] == "lifespan":
            scope.setdefault("state", {})[FRONT] = self  # for connections
            self._draining.listen()
            self._shared.start()
        await self.app(scope, receive, send)
        if scope["type"] == "lifespan":
            self._stop()

    async def _answer(self, scope: Any, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        exchange = Exchange(self._shared, _request_id(headers))
        method = scope["method"]
        if b"traceparent" in headers or self._spans is not None:
            self._trace(exchange, headers, method)
        state = scope["state"]
        state["request_id"], state[EXCHANGE] = exchange.request_id, exchange
        bare = method == "HEAD"
        if bare:  # a copy: the server reads its own to know that no body follows
            state[BARE], scope = True, {**scope, "method": "GET"}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = self._headers(message, headers, exchange)
            elif bare:
                message["body"] = b""
            else:
                exchange.bytes += len(message.get("body", b""))
            await send(message)

        try:
            preflight = self._admit(scope, headers, exchange)
            if preflight is None:
                await self.app(scope, receive, sent)
            else:
                await _tell(sent, NO_CONTENT, preflight, b"")
        except CancelledError:  # the server ends it
            if exchange.status:
                raise
            ending = Ending("the time to finish what has been asked is over")
            await _tell(sent, *answer_to(ending, exchange.request_id))
        except Exception as error:  # whatever it is, it is told where nothing was
            if exchange.status:
                raise
            await _tell(sent, *answer_to(error, exchange.request_id))
        finally:
            self._note(scope, method, exchange)

    def _admit(
        self, scope: Any, headers: dict[bytes, bytes], exchange: Exchange
    ) -> list[Header] | None:
        """Let a request in, or give what there is to say to a browser that asks whether it may.
        Errors: Ending, NoKey, TooOften.
        """
        path = scope["path"]
        if self._origins.allowed and scope["method"] == "OPTIONS":
            preflight = self._origins.preflight(headers)
            if preflight is not None:
                return preflight
        if self._draining.now and path == READY:
            raise Ending("SIGTERM has come")
        if self.keys is not None and not path.startswith(OPEN):
            exchange.key = self.keys.key(headers.get(b"authorization", b"").decode("latin-1"))
        if (self._rates.any or exchange.key is not None) and not path.startswith(UNRATED):
            exchange.purse = self._rates.purse(exchange.key, _client(scope))
            if exchange.purse is not None:
                exchange.take_request()
        return None

    def _trace(self, exchange: Exchange, headers: dict[bytes, bytes], method: str) -> None:
        exchange.parent = known_parent(headers.get(b"traceparent", b""))
        if self._spans is not None:
            exchange.span = self._spans.start(exchange.parent, method)
            exchange.parent = parent_of(exchange.span)

    def _headers(
        self, message: Message, asked: dict[bytes, bytes], exchange: Exchange
    ) -> list[Header]:
        """The headers of an answer: HEAD is allowed where GET is, and behind keys nothing is for a
        shared cache.
        """
        own = list(message.get("headers", ()))
        for at, (name, value) in enumerate(own):
            if name == b"allow":
                own[at] = name, with_head(value.decode("latin-1")).encode("latin-1")
            elif name == b"cache-control" and self.keys is not None:
                own[at] = name, value.replace(b"public", b"private")
        if self._origins.allowed:
            own += self._origins.headers(asked)
        if exchange.purse is not None:
            own += exchange.purse.headers()
        if exchange.parent:
            own.append((b"traceparent", exchange.parent))
        if self._draining.now:
            own.append((b"connection", b"close"))  # who asks again asks somebody else
        return with_security(own, exchange.request_id)

    def _note(self, scope: Any, method: str, exchange: Exchange) -> None:
        """Count and log a request that is over."""
        route, status = scope.get("path_template", ""), exchange.status
        seconds = exchange.end(route, method)
        if self._spans is not None:
            self._spans.end(exchange.span, method, route, status)
        if self._log.wants(status):
            self._log.write(
                Line(
                    now(),
                    level_of(status),
                    method,
                    plain_path(scope.get("raw_path") or scope["path"].encode()),
                    status,
                    round(seconds * 1000.0, 3),
                    exchange.bytes,
                    exchange.request_id,
                    route,
                    _client(scope),
                    exchange.key.name if exchange.key else "",
                    exchange.cells,
                    trace_id(exchange.parent),
                )
            )

    def note_refused(self, status: int, request_id: str, client: str) -> None:
        """Count and log what was no request yet, or did not come to be one."""
        self.metrics.observe("", "", status, 0.0)
        if self._log.wants(status):
            level = level_of(status)
            self._log.write(Line(now(), level, "", "", status, 0.0, 0, request_id, "", client))

    def _stop(self) -> None:
        self._shared.stop()
        self._log.flush()
        LINES.flush()
        if self._spans is not None:
            self._spans.stop()


def headers_of(scope: Any) -> dict[bytes, bytes]:
    """The headers of a request by their names, of one that comes again the first; made once."""
    state = scope.setdefault("state", {})
    if HEADERS not in state:
        state[HEADERS] = dict(reversed(scope["headers"]))
    found: dict[bytes, bytes] = state[HEADERS]
    return found


def with_security(headers: list[Header], request_id: str) -> list[Header]:
    """Headers of an answer, with those that every answer has."""
    return [*headers, *SECURITY, (b"x-request-id", request_id.encode())]


def new_id() -> str:
    """The id of a request that brings none, or none that is taken."""
    return f"{getrandbits(128):032x}"


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id")
    return given.decode() if given and REQUEST_ID.fullmatch(given) else new_id()


def answer_to(error: Exception, request_id: str) -> tuple[int, list[Header], bytes]:
    """Status, headers and body of the answer to what is refused here."""
    status, own, body = render(error, request_id)
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **own}
    return (
        status,
        [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        body,
    )


def _client(scope: Any) -> str:
    """Who asks, or what a trusted proxy says of that."""
    client = scope.get("client")
    return client[0][:LONGEST_ADDRESS] if client else ""


async def _tell(send: Send, status: int, headers: list[Header], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
