"""The shortest way of a quote: past the framework, whose share of a short answer is half.

Only where all goes well. Whatever else there is to say of a request (a problem, a long life, a body
that is none) the application behind says, with the messages that were read given to it anew: so
every answer is the same bytes either way, and nothing is told twice.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import convert

import economics
from economics.questions.written import written
from economics.scenario import catalog
from economics.scenario.durations import periods_of
from kernels.language.caches import cached
from service.settings import Settings
from service.web.formats import ENCODERS, JSON, answer_format
from service.web.middleware import App, Message, Send, headers_of
from service.web.named_scenarios import asked_scenario
from service.web.problems import OK
from service.web.requests import decode
from service.web.responses import PASSING
from service.web.routes.quotes import INLINE_PERIODS
from service.web.schema import QuoteRequest

PATH = "/v1/quotes"
HEADERS = [(name.lower().encode(), value.encode()) for name, value in PASSING.items()]
KEPT_BYTES = 2_000  # of a question about a shipped scenario, for its answer to be kept
NAMED = re.compile(rb'"scenario"\s*:\s*"')  # as one that is shipped is
LONGEST_LENGTH = 16  # digits of a length
Receive = Callable[[], Awaitable[Message]]


class Direct:
    """An application with a short way for its quotes."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app, self.most_bytes = app, settings.max_body_bytes
        self.most_items = settings.max_body_items

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            headers = headers_of(scope)
            if scope["query_string"] or not self._is_usual(headers):
                await self.app(scope, receive, send)
                return
            messages = await self._messages(receive)
            body = b"".join([message.get("body", b"") for message in messages])
            whole = messages[-1]["type"] == "http.request" and len(body) <= self.most_bytes
            accept = headers.get(b"accept", b"").decode("latin-1")
            if whole and (answer := _answer(body, accept, self.most_items)):
                scope["path_template"] = PATH
                for message in answer:
                    await send(message)
                return
            receive = _anew(messages, receive)
        await self.app(scope, receive, send)

    def _is_usual(self, headers: dict[bytes, bytes]) -> bool:
        """Whether a body of JSON may follow, and not too long a one."""
        length = headers.get(b"content-length", b"0")
        return (
            headers.get(b"content-type") == JSON.encode()
            and b"content-encoding" not in headers
            and length.isdigit()
            and len(length) < LONGEST_LENGTH
            and int(length) <= self.most_bytes
        )

    async def _messages(self, receive: Receive) -> list[Message]:
        """The messages of a body, the last one or the first that is too much among them."""
        messages = [await receive()]
        size = len(messages[0].get("body", b""))
        while messages[-1].get("more_body", False) and size <= self.most_bytes:
            messages.append(await receive())
            size += len(messages[-1].get("body", b""))
        return messages


def _answer(body: bytes, accept: str, most_items: int) -> tuple[Message, Message] | None:
    """The messages of a quote; None where there is anything else to say."""
    try:
        media = answer_format(accept)
        if len(body) <= KEPT_BYTES and NAMED.search(body):
            found = _kept(body, media, most_items, catalog.state())
        else:
            found = _encoded(body, media, most_items)
    except Exception:  # noqa: BLE001  whatever it is, it is met again, and told
        return None
    if found is None:
        return None
    about = [(b"content-type", media.encode()), (b"content-length", str(len(found)).encode())]
    start = {"type": "http.response.start", "status": OK, "headers": [*HEADERS, *about]}
    return start, {"type": "http.response.body", "body": found, "more_body": False}


def _encoded(body: bytes, media: str, most_items: int) -> bytes | None:
    """The answer; None where a life is long. Errors: those of a quote."""
    asked = convert(decode(body, JSON, most_items), QuoteRequest)
    sourced = asked_scenario(asked)
    if periods_of(sourced) > INLINE_PERIODS:
        return None
    if media == JSON:
        return written(sourced, asked.targets)
    found: bytes = ENCODERS[media](economics.quote(sourced, asked.targets))
    return found


@cached(256)
def _kept(body: bytes, media: str, most_items: int, _: catalog.State) -> bytes | None:
    """The same, kept: what is shipped stays as it is while the catalog does."""
    return _encoded(body, media, most_items)


def _anew(messages: list[Message], receive: Receive) -> Receive:
    """Messages as they were received, then those that follow."""
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return again
