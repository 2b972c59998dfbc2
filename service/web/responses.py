"""Answers as responses: in the format that the client likes best, with an ETag where they last."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar, cast

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from economics.models.assembly import MODEL_VERSION
from economics.vocabulary.problems import UnknownField
from service.web.formats import ENCODERS, OFFERED, answer_format, table_format
from service.web.problems import NOT_MODIFIED, OK, BadRequest, field_error
from service.web.workers import Workers

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
MODEL = "X-Model-Version"
PASSING = {"Vary": "Accept", "Cache-Control": "no-store", MODEL: MODEL_VERSION}
TABLES = "tables"  # marks a route that answers tables, in more formats
OFFERS = "offers"  # tells which formats a route has that answers in others than usual
FORMAT = "format"  # the query's name for one of them
LASTING_VARY = "Accept, Accept-Encoding"  # for such answers are long
LASTING = "public, max-age=300, must-revalidate"


async def check_accept(
    connection: ASGIConnection[Any, Any, Any, Any], route: BaseRouteHandler
) -> None:
    """A guard: the answer's format is agreed on before anything is computed; on the event loop, for
    a plain function would go to a thread. Errors: BadRequest, NotAcceptable, UnknownProblem.
    """
    if connection.scope["query_string"]:
        _check_query(connection, (FORMAT,) if route.opt.get(TABLES) else ())
    if route.opt.get(TABLES):
        asked_format(connection)
    else:
        answer_format(connection.headers.get("accept"), route.opt.get(OFFERS, OFFERED))


def _check_query(connection: ASGIConnection[Any, Any, Any, Any], known: tuple[str, ...]) -> None:
    """Whether the query has nothing but what is `known`: what is misspelt sets nothing, and would
    not be seen. Errors: BadRequest.
    """
    what = f"part of the query ({', '.join(known) or 'this path takes none'})"
    for name, value in connection.query_params.multi_items():
        if name not in known:
            unknown = UnknownField(name, name, value, what, known)
            raise BadRequest(str(unknown), (field_error(unknown),))


def asked_format(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The media type of a table by the query or by Accept. Errors: NotAcceptable,
    UnknownProblem.
    """
    named = connection.query_params.getall(FORMAT, [])
    return table_format(named[-1] if named else None, connection.headers.get("accept"))


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
    media = answer_format(request.headers.get("accept"))
    return lasting(cast(T, ENCODERS[media](value)), media, request)


def lasting(body: T, media: str, request: AnyRequest) -> Response[T]:
    """Bytes that change with releases only, as a response."""
    tag = f'"{sha256(cast(bytes, body)).hexdigest()[:32]}"'
    headers = {**PASSING, "ETag": tag, "Cache-Control": LASTING, "Vary": LASTING_VARY}
    known = matches(request.headers.get("if-none-match", ""), tag)
    return Response(
        cast(T, b"") if known else body,
        status_code=NOT_MODIFIED if known else OK,
        headers=headers,
        media_type=media,
    )


def matches(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names an ETag."""
    return header.strip() == "*" or tag in [
        one.strip().removeprefix("W/") for one in header.split(",")
    ]
