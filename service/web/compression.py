"""gzip, of long answers for who accepts it, and of requests' bodies; off the event loop where it
takes more than a moment.
"""

import asyncio
import zlib
from collections.abc import Awaitable
from typing import Any

from kernels.language.caches import cached
from service.web.formats import ACCEPTED, ALL_MSGPACK, CSV, JSON, ranges
from service.web.middleware import App, Header, Message, Send, headers_of
from service.web.problems import OK, BadBody, TooLarge, UnsupportedBody

GZIP = 16 + zlib.MAX_WBITS
LEAST_BYTES = 2**14  # of an answer: under it nothing is gained, as with most quotes
MOMENT_BYTES = 2**16  # what is longer is compressed in a thread
WHOLE_LEVEL, STREAM_LEVEL = 6, 1
COMPRESSED = frozenset(
    one.encode() for one in (JSON, *ALL_MSGPACK, CSV, "text/html")
)  # numbers of Arrow and Parquet are as short as they get, or have been compressed


class Compressed:
    """An application whose long answers are compressed for those who accept it."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, scope: Any, receive: Any, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        if scope["type"] == "http" and accepts_gzip(headers_of(scope).get(b"accept-encoding", b"")):
            send = _Compressing(send)
        return self.app(scope, receive, send)


@cached(256)
def accepts_gzip(header: bytes) -> bool:
    """Whether an Accept-Encoding header says that gzip is understood."""
    known = {one.media: one.quality for one in ranges(header.decode("latin-1"))}
    return known.get("gzip", known.get("*", 0.0)) > 0.0


class _Compressing:
    """Sends an answer on, compressed where it is long."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None  # until the first of the body says how long it is
        self._coder: Any = None

    async def __call__(self, message: Message) -> None:
        """Send a message on, or keep it until the next one."""
        if message["type"] == "http.response.start" and _is_worth_it(message):
            self._start = message
        elif self._start is not None:
            await self._begin(self._start, message)
        elif self._coder is not None:
            await self._go_on(message)
        else:
            await self._send(message)

    async def _begin(self, start: Message, message: Message) -> None:
        self._start = None
        streams = message.get("more_body", False)
        self._coder = zlib.compressobj(STREAM_LEVEL if streams else WHOLE_LEVEL, wbits=GZIP)
        if streams:
            await self._send({**start, "headers": _headers(start["headers"])})
            await self._go_on(message)
        else:
            body = await self._packed(message)
            await self._send({**start, "headers": _headers(start["headers"], len(body))})
            await self._send({**message, "body": body})

    async def _go_on(self, message: Message) -> None:
        body = await self._packed(message)
        if body or not message.get("more_body", False):
            await self._send({**message, "body": body})

    async def _packed(self, message: Message) -> bytes:
        body, ends = message.get("body", b""), not message.get("more_body", False)

        def pack() -> bytes:
            found: bytes = self._coder.compress(body)
            return found + self._coder.flush() if ends else found

        return pack() if len(body) <= MOMENT_BYTES else await asyncio.to_thread(pack)


def _is_worth_it(start: Message) -> bool:
    headers = dict(start["headers"])
    length = int(headers.get(b"content-length", LEAST_BYTES))
    media = headers.get(b"content-type", b"").partition(b";")[0]
    encoded = b"content-encoding" in headers
    return start["status"] == OK and length >= LEAST_BYTES and media in COMPRESSED and not encoded


def _headers(headers: list[Header], length: int | None = None) -> list[Header]:
    """The headers of an answer once it is compressed: another one to caches, alike in meaning."""
    found = [(b"content-encoding", b"gzip")]
    for name, value in headers:
        if name == b"etag" and not value.startswith(b"W/"):
            found.append((name, b"W/" + value))
        elif name == b"vary" and b"accept-encoding" not in value.lower():
            found.append((name, value + b", Accept-Encoding"))
        elif name != b"content-length":
            found.append((name, value))
    return found if length is None else [*found, (b"content-length", str(length).encode())]


def check_encoding(header: str | None) -> bool:
    """Whether a body is compressed, by its Content-Encoding. Errors: UnsupportedBody."""
    encoding = (header or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise UnsupportedBody(
            f"Content-Encoding is {encoding[:100]}; read are gzip and bodies as they are",
            headers={"Accept-Encoding": "gzip", **ACCEPTED},
        )
    return encoding != "identity"


def unpacked(body: bytes, most: int) -> bytes:
    """A compressed body of at most so many bytes. Errors: BadBody, TooLarge."""
    coder = zlib.decompressobj(GZIP)
    try:
        found = coder.decompress(body, most + 1)
    except zlib.error as error:
        raise BadBody(f"the body is not gzip: {error}") from None
    if len(found) > most:
        raise TooLarge(f"the body is larger than {most} bytes once it is unpacked")
    if not coder.eof or coder.unused_data:
        why = "more follows its end" if coder.eof else "its end is missing"
        raise BadBody(f"the body is not gzip: {why}")
    return found
