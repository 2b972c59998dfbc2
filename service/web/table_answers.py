"""Answers that are tables, in whatever format: whole, or in parts, each made by a worker when it is
asked for, and the order in which these are sent.

A table for Arrow, Parquet and CSV is sent by ranges of rows. JSON and MessagePack are columns:
there the parts are ranges of one column after another.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Response

from service.files import parquet_footer, pieces
from service.files.cell_pieces import CellPieces
from service.web.formats import JSON, OF_TABLES
from service.web.problems import OK
from service.web.responses import PASSING, AnyRequest
from service.web.streaming import AT_ONCE_BYTES, Streamed, cut_up
from service.web.workers import Workers

FORMS = {media: name for name, media in OF_TABLES.items() if name in pieces.FORMATS}
SUFFIXES = {"arrow": "arrows"}  # where it is not the format's name: a stream is no file
GoOn = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Outline:
    """What is known of an answer in parts before it begins: what is asked, and the functions of a
    module by which a worker makes a part of it; the columns, where it is sent by columns, and what
    stands before and behind them.

    row_part(asked, form, number, place, watch) -> pieces.Piece
    column_part(asked, name, number, packed, first, watch) -> bytes
    """

    asked: Any
    row_part: Callable[..., pieces.Piece]
    column_part: Callable[..., bytes]
    rows: int
    parts: int
    columns: tuple[str, ...] = ()
    before: bytes = b""
    behind: bytes = b""


async def cells_response(
    found: bytes | Outline, media: str, workers: Workers, request: AnyRequest
) -> Response[Any]:
    """The response to what is answered in formats of tables: at once, or in pieces where it is
    long. Errors: Busy, and those of the first piece.
    """
    headers = PASSING | _saved_as(media)
    if isinstance(found, Outline):
        parts = workers.stream(sent(partial(workers.go_on, request.receive), found, media))
    elif len(found) > AT_ONCE_BYTES:
        headers["Content-Length"] = str(len(found))
        parts = workers.stream(cut_up(found))
    else:
        return Response(found, status_code=OK, media_type=media, headers=headers)
    return Streamed(await anext(parts), parts, media, headers)


def _saved_as(media: str) -> dict[str, str]:
    """The name under which a browser saves what it does not show."""
    if media not in FORMS:
        return {}
    name = f"sweep.{SUFFIXES.get(FORMS[media], FORMS[media])}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def sent(go_on: GoOn, known: Outline, media: str) -> AsyncIterator[bytes]:
    """The pieces of a table, each made when it is asked for; `go_on` is that of the workers."""
    if media in FORMS:
        return _sent_by_rows(go_on, known, FORMS[media])
    return _sent_by_columns(go_on, known, media != JSON)


async def _sent_by_rows(go_on: GoOn, known: Outline, form: str) -> AsyncIterator[bytes]:
    place, footer, groups = 0, parquet_footer.Fields(), list[bytes]()
    for number in range(known.parts):
        one: pieces.Piece = await go_on(known.row_part, known.asked, form, number, place)
        place, footer = place + len(one.data), footer or one.footer
        groups += one.groups
        yield one.data
    yield pieces.end(form, known.rows, footer, groups)


async def _sent_by_columns(go_on: GoOn, known: Outline, packed: bool) -> AsyncIterator[bytes]:
    yield known.before
    behind_column = CellPieces(packed).behind_column
    for name in known.columns:
        first = name == known.columns[0]
        for number in range(known.parts):
            yield await go_on(known.column_part, known.asked, name, number, packed, first)
        yield behind_column
    yield known.behind
