"""Answers in pieces, as fast as their client takes them and no faster: at most `AHEAD_BYTES` are
made before they are taken, nothing is made for who takes nothing, and who takes too little for too
long is cut.

What goes wrong on the way ends the connection before the answer's end, so that nobody takes a part
for the whole.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from litestar import Response

from service.web.middleware import BARE, CUT
from service.web.problems import OK, ClientLeft

T = TypeVar("T")
LOG = logging.getLogger("rackrate")
AHEAD_BYTES = 16 * 2**20
LEAST_BYTES = 16 * 2**10  # a second, that a client must take
PATIENCE_SECONDS = 30.0
AT_ONCE_BYTES = int(LEAST_BYTES * PATIENCE_SECONDS)  # which may take so long


class Streamed(Response[T]):
    """A response whose body comes in pieces. The first is made before the response begins, so that
    what is wrong from the start is told as a problem.
    """

    def __init__(
        self,
        first: bytes,
        others: AsyncGenerator[bytes, None],
        media: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(None, status_code=OK, media_type=media, headers=dict(headers))  # type: ignore[arg-type]
        self._first, self._others = first, others

    def to_asgi_response(self, *_: Any, **__: Any) -> "Streamed[T]":  # type: ignore[override]
        """Itself: it sends itself."""
        return self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the pieces, or as many as there are and then no end."""
        of_text = "; charset=utf-8" if str(self.media_type).startswith("text/") else ""
        said = {"content-type": f"{self.media_type}{of_text}", **self.headers}
        headers = [(name.lower().encode(), str(value).encode()) for name, value in said.items()]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        try:
            await self._send(send, scope["state"].get(BARE, False))
        except ClientLeft:
            return
        except Exception as error:
            cut = scope["state"].get(CUT)
            about = {"request_id": scope["state"].get("request_id", "")}
            LOG.warning("an answer was cut: %s", error or type(error).__name__, extra=about)
            if cut is None:
                raise
            cut()
            while (await receive())["type"] != "http.disconnect":
                pass

    async def _send(self, send: Any, bare: bool) -> None:
        piece = None if bare else self._first  # nothing is made where only the head is asked for
        coming: asyncio.Task[bytes | None] | None = None
        try:
            while piece is not None:
                if 2 * len(piece) <= AHEAD_BYTES:  # else the next one waits until it is taken
                    coming = asyncio.create_task(self._next())
                await _give(piece, send)
                piece = await (coming or self._next())
                coming = None
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if coming is not None:
                coming.cancel()
                with suppress(BaseException):
                    await coming
            await self._others.aclose()

    async def _next(self) -> bytes | None:
        return await anext(self._others, None)


async def cut_up(body: bytes) -> AsyncIterator[bytes]:
    """A long body in pieces."""
    for start in range(0, len(body), AT_ONCE_BYTES):
        yield body[start : start + AT_ONCE_BYTES]


async def _give(piece: bytes, send: Any) -> None:
    """Hand a piece to a client. Errors: TimeoutError where it takes too little."""
    for start in range(0, len(piece), AT_ONCE_BYTES):
        body = piece[start : start + AT_ONCE_BYTES]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError:
            raise TimeoutError(
                f"its client took less than {LEAST_BYTES:,} bytes a second for"
                f" {PATIENCE_SECONDS:g} seconds"
            ) from None
