"""A table as bytes that are sent piece by piece: Arrow's stream, Parquet and CSV. Each part of the
rows is encoded without the others; together the pieces are one whole table.
"""

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from economics.sweeps.answers import Reduced, Table
from service.files import frames, parquet_footer
from service.files.arrow_messages import END_OF_STREAM, HEAD_BYTES, RECORDS, message

if TYPE_CHECKING:
    import polars

FORMATS = ("arrow", "parquet", "csv")


class Piece(NamedTuple):
    """The bytes of a part, and what the end of a Parquet file says of it."""

    data: bytes
    footer: parquet_footer.Fields
    groups: list[bytes]


def piece(table: Table | Reduced, form: str, place: int) -> Piece:
    """A part of a table, which begins at a place of the whole: the first one at 0. Errors:
    FileProblem.
    """
    rows = frames.rows_of(table, form)
    if form != "parquet":
        return piece_of_rows(rows, form, place)
    buffer, about = BytesIO(), frames.metadata(table) if not place else None
    rows.write_parquet(buffer, **frames.PARQUET, metadata=about)
    return piece_of_parquet(buffer.getvalue(), place)


def piece_of_rows(rows: "polars.DataFrame", form: str, place: int) -> Piece:
    """The same of a frame, as the format holds it: as a stream of Arrow, or as CSV."""
    buffer = BytesIO()
    if form == "csv":
        rows.write_csv(buffer, include_header=not place)
        return Piece(buffer.getvalue(), {}, [])
    _write_stream(rows, buffer)
    skipped = 0 if not place else _records(buffer.getbuffer())
    return Piece(buffer.getvalue()[skipped : -len(END_OF_STREAM)], {}, [])


def piece_of_parquet(file: bytes, place: int) -> Piece:
    """The same of a whole file of Parquet."""
    data, footer = parquet_footer.split(file)
    magic = b"" if place else parquet_footer.MAGIC
    groups = parquet_footer.moved_groups(footer, place + len(magic))
    del footer[parquet_footer.GROUPS]
    return Piece(magic + data, {} if place else footer, groups)


def end(form: str, rows: int, footer: parquet_footer.Fields, groups: list[bytes]) -> bytes:
    """What comes behind the pieces: of so many rows, with the first one's footer and the groups of
    all.
    """
    if form == "parquet":
        return parquet_footer.joined(footer, rows, groups)
    return END_OF_STREAM if form == "arrow" else b""


def _write_stream(rows: "polars.DataFrame", buffer: BytesIO) -> None:
    import polars

    rows.write_ipc_stream(buffer, compat_level=polars.CompatLevel.oldest())


def _records(stream: Any) -> int:
    """Where the rows begin in a stream of Arrow, behind its schema and its words."""
    at = 0
    while True:
        (length,) = struct.unpack_from("<i", stream, at + 4)
        kind, body = message(stream, at + HEAD_BYTES)
        if kind == RECORDS:
            return at
        at += HEAD_BYTES + length + body
