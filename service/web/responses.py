"""Answers as responses: in the format that the client likes best, with an ETag where they last."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar, cast

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.web.formats import ENCODERS, answer_format
from service.web.problems import NOT_MODIFIED, OK
from service.web.workers import Workers

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
PASSING = {"Vary": "Accept", "Cache-Control": "no-store"}
LASTING = "public, max-age=300, must-revalidate"


async def check_accept(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: the answer's format is agreed on before anything is computed; on the event loop, for
    a plain function would go to a thread. Errors: NotAcceptable.
    """
    answer_format(connection.headers.get("accept"))


def answer(value: T, request: AnyRequest) -> Response[T]:
    """A value as a response, encoded here and now."""
    media = answer_format(request.headers.get("accept"))
    return _response(ENCODERS[media](value), media)


async def worked_answer(
    workers: Workers, request: AnyRequest, work: Callable[..., T], *arguments: Any
) -> Response[T]:
    """What `work(*arguments, watch)` gives as a response, found and encoded in a worker process.
    Errors: those of `workers.run`.
    """
    media = answer_format(request.headers.get("accept"))
    return _response(await workers.run(request.receive, encoded, media, work, *arguments), media)


def encoded(media: str, work: Callable[..., Any], *arguments: Any) -> bytes:
    """What some work gives, as bytes of a media type."""
    body: bytes = ENCODERS[media](work(*arguments))
    return body


def _response(body: bytes, media: str) -> Response[Any]:
    return Response(body, status_code=OK, media_type=media, headers=PASSING)


def lasting_answer(value: T, request: AnyRequest) -> Response[T]:
    """A value that changes with releases only: with an ETag, and without a body for who has it."""
    made = answer(value, request)
    tag = f'"{sha256(cast(bytes, made.content)).hexdigest()[:32]}"'
    made.headers = {**made.headers, "ETag": tag, "Cache-Control": LASTING}
    if matches(request.headers.get("if-none-match", ""), tag):
        return Response(
            cast(T, b""), status_code=NOT_MODIFIED, headers=made.headers, media_type=made.media_type
        )
    return made


def matches(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names an ETag."""
    return header.strip() == "*" or tag in [
        one.strip().removeprefix("W/") for one in header.split(",")
    ]
