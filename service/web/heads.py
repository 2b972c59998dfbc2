"""How an answer is written: its head together with the first of its body, in one piece, and each
line of a head checked once, however many answers have it.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

from kernels.language.caches import cached

TOGETHER = 2**16  # bytes of a body that are copied behind the head rather than written apart
MOST_LINES = 512  # that are kept
WITHOUT_BODY = (204, 304)
Header = tuple[bytes, bytes]


@cached(MOST_LINES)
def line(header: Header) -> bytes:
    """A line of a head. Errors: RuntimeError where name or value would end it."""
    name, value = header
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError(f"no header can be {name!r} with {value!r}")
    return b"%b: %b\r\n" % (name.lower(), value)


class Writing:
    """What writes the answer of one cycle, as uvicorn's own `send` does."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle, self._head = cycle, b""

    async def __call__(self, message: Any) -> None:
        """Write a message of ASGI. Errors: RuntimeError."""
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        if message["type"] == "http.response.body" and cycle.response_started:
            self._write(message.get("body", b""), message.get("more_body", False))
        elif message["type"] == "http.response.start" and not cycle.response_started:
            self._begin(message["status"], message.get("headers", ()))
        else:
            raise RuntimeError(f"a message of type {message['type']} has no place here")

    def _begin(self, status: int, headers: list[Header]) -> None:
        cycle, named = self._cycle, dict(headers)
        cycle.response_started, cycle.waiting_for_100_continue = True, False
        lines = [STATUS_LINE[status], *map(line, cycle.default_headers), *map(line, headers)]
        if (length := named.get(b"content-length")) is not None:
            cycle.chunked_encoding, cycle.expected_content_length = False, int(length)
        elif cycle.scope["method"] != "HEAD" and status not in WITHOUT_BODY:
            cycle.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        if named.get(b"connection") == b"close":
            cycle.keep_alive = False
        elif not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        self._head = b"".join((*lines, b"\r\n"))

    def _write(self, body: bytes, more: bool) -> None:
        cycle = self._cycle
        if cycle.response_complete:
            raise RuntimeError("the answer is complete already")
        if cycle.scope["method"] == "HEAD":
            body, cycle.expected_content_length = b"", 0
        elif cycle.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"" if more else b"0\r\n\r\n"
        else:
            cycle.expected_content_length -= len(body)
            if cycle.expected_content_length < 0:
                raise RuntimeError("the body is longer than its Content-Length")
        head, self._head = self._head, b""
        if head and len(body) > TOGETHER:
            cycle.transport.write(head)
        else:
            body = head + body
        if body:
            cycle.transport.write(body)
        if not more:
            if cycle.expected_content_length:
                raise RuntimeError("the body is shorter than its Content-Length")
            cycle.response_complete = True
            cycle.message_event.set()
            if not cycle.keep_alive:
                cycle.transport.close()
            cycle.on_response()
