"""The outermost layer, plain ASGI: request ids, security headers, API keys, HEAD for every GET."""

import re
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from service.settings import Settings
from service.web.draining import Draining
from service.web.keys import Keys
from service.web.problems import MEDIA_TYPE, Ending, NoKey, Refused, render, with_head

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
SETTINGS = "settings"  # under which a server's connections find them
CUT = "cut"  # under which an answer finds what ends its connection at once
Message = dict[str, Any]
Header = tuple[bytes, bytes]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    """An application behind the outermost layer."""

    def __init__(self, app: App, settings: Settings, keys: Keys | None = None) -> None:
        self.app, self.settings, self.keys = app, settings, keys
        self._draining = Draining(settings.drain_seconds)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            scope.setdefault("state", {})[SETTINGS] = self.settings  # for connections
            self._draining.listen()
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))
        given = headers.get(b"x-request-id", b"")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex.encode()
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        bare = scope["method"] == "HEAD"
        if bare:
            scope = {
                **scope,
                "method": "GET",
            }  # a copy: the server reads its own to know that no body follows

        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                own = [self._mend(name, value) for name, value in message.get("headers", ())]
                if self._draining.now:
                    own.append((b"connection", b"close"))  # who asks again asks somebody else
                message["headers"] = with_security(own, request_id)
            elif bare and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        if self._draining.now and scope["path"] == READY:
            await _refuse(sent, Ending("SIGTERM has come"))
        elif (
            self.keys is None
            or scope["path"].startswith(OPEN)
            or self.keys.allow(headers.get(b"authorization", b"").decode("latin-1"))
        ):
            try:
                await self.app(scope, receive, sent)
            except CancelledError:  # the server ends it
                if begun:
                    raise
                await _refuse(sent, Ending("the time to finish what has been asked is over"))
        else:
            headers = {"WWW-Authenticate": 'Bearer realm="rackrate"'}
            error = NoKey("Authorization: Bearer KEY, with a key of this service", headers=headers)
            await _refuse(sent, error)

    def _mend(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        """HEAD is allowed where GET is; behind keys nothing is for a shared cache."""
        if name.lower() == b"allow":
            return name, with_head(value.decode("latin-1")).encode("latin-1")
        if name.lower() == b"cache-control" and self.keys is not None:
            return name, value.replace(b"public", b"private")
        return name, value


def with_security(headers: list[Header], request_id: bytes) -> list[Header]:
    """Headers of an answer, with those that every answer has."""
    return [*headers, *SECURITY, (b"x-request-id", request_id)]


def answer_to(error: Refused) -> tuple[int, list[Header], bytes]:
    """Status, headers and body of the answer to what is refused here."""
    status, own, body = render(error)
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **own}
    return (
        status,
        [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        body,
    )


async def _refuse(send: Send, error: Refused) -> None:
    status, headers, body = answer_to(error)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
