"""Answers of many cells in parts: what is done in workers, one part a turn, and the order in which
the parts are sent.

A table for Arrow, Parquet and CSV is sent by ranges of rows. JSON and MessagePack are columns:
there the parts are ranges of one column after another, and which targets have a status is looked
for before.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

import economics
from economics import NoAnswer, Reduced, Table
from economics.sweeps.cells import lacking_targets, table_with
from economics.sweeps.parts import PART_VALUES, Parts, only
from economics.sweeps.prepared import Job, Prepared, Progress
from economics.sweeps.spec import SweepSpec
from kernels.language.caches import cached
from service.files import parquet_footer, pieces
from service.files.cell_pieces import CellPieces
from service.files.cells import cells
from service.files.frames import frame
from service.files.reading import FileProblem
from service.web.formats import ENCODERS, JSON, OF_TABLES
from service.web.limits import engine_problems

FORMS = {media: name for name, media in OF_TABLES.items() if name in pieces.FORMATS}
GoOn = Callable[..., Awaitable[Any]]
COLUMN_ROWS = PART_VALUES // 2  # of a part of a column: some 2.5 MB of text


@dataclass(frozen=True)
class Asked:
    """A checked sweep, known by its digest."""

    digest: bytes
    spec: SweepSpec = field(compare=False)


@dataclass(frozen=True)
class Outline:
    """What is known of an answer in parts before it begins: the columns, where it is sent by
    columns, and what stands before and behind them.
    """

    asked: Asked
    rows: int
    parts: int
    columns: tuple[str, ...] = ()
    before: bytes = b""
    behind: bytes = b""


def asked_sweep(spec: SweepSpec) -> Asked:
    """A sweep with its digest."""
    return Asked(sha256(msgspec.msgpack.encode(spec)).digest(), spec)


@cached(8)
def _prepared(asked: Asked) -> Prepared:
    return economics.prepare(asked.spec)


@cached(8)
def _parts(asked: Asked) -> Parts:
    return Parts(_prepared(asked))


@cached(8)
def _parts_of_column(asked: Asked, target: str) -> Parts:
    return Parts(only(_prepared(asked), target), COLUMN_ROWS)


def encoded(found: Table | Reduced, media: str) -> bytes:
    """An answer that is there, whole. Errors: NoAnswer where a table would have no rows."""
    form = FORMS.get(media)
    if form is None:
        body: bytes = ENCODERS[media](cells(found) if isinstance(found, Table) else found)
        return body
    try:
        one = pieces.piece(found, form, 0)
    except FileProblem as problem:
        raise NoAnswer(str(problem)) from None
    return one.data + pieces.end(form, frame(found).height, one.footer, one.groups)


def outline(asked: Asked, media: str, watch: Progress) -> Outline:
    """The outline of a table. Errors: those of the watch."""
    if media in FORMS:
        parts = _parts(asked)
        return Outline(asked, parts.prepared.grid.size, len(parts))
    return _of_columns(asked, media != JSON, watch)


def _of_columns(asked: Asked, packed: bool, watch: Progress) -> Outline:
    """The outline of a table that is sent by columns: which there are is found by computing it."""
    prepared = _prepared(asked)
    lacking = lacking_targets(Job(prepared, watch, None))
    targets = prepared.targets
    columns = [axis.name for axis in prepared.grid.axes]
    for name in targets:
        columns += [name, f"{name}_status"] if name in lacking else [name]
    bare = table_with(prepared, prepared.grid.shape, {})
    before, behind = CellPieces(packed).around(bare, len(columns))
    count = len(_parts_of_column(asked, targets[0]))
    return Outline(asked, prepared.grid.size, count, tuple(columns), before, behind)


def row_part(asked: Asked, form: str, number: int, place: int, watch: Progress) -> pieces.Piece:
    """The part with a number of a table, which begins at a place of the whole."""
    with engine_problems(asked.spec.backend):
        return pieces.piece(_parts(asked).table(number, watch), form, place)


def column_part(
    asked: Asked, name: str, number: int, packed: bool, first: bool, watch: Progress
) -> bytes:
    """The part with a number of a column."""
    with engine_problems(asked.spec.backend):
        prepared, how = _prepared(asked), CellPieces(packed)
        if name in [axis.name for axis in prepared.grid.axes]:
            column = _parts_of_column(asked, prepared.targets[0]).axis(number, name)
        else:
            target = name if name in prepared.targets else name.removesuffix("_status")
            column = _parts_of_column(asked, target).table(number, watch).columns[name]
    head = how.column(name, column, prepared.grid.size, first) if not number else b""
    return head + how.values(column, not number)


def sent(go_on: GoOn, known: Outline, media: str) -> AsyncIterator[bytes]:
    """The pieces of a table, each made when it is asked for; `go_on` is that of the workers."""
    if media in FORMS:
        return _sent_by_rows(go_on, known, FORMS[media])
    return _sent_by_columns(go_on, known, media != JSON)


async def _sent_by_rows(go_on: GoOn, known: Outline, form: str) -> AsyncIterator[bytes]:
    place, footer, groups = 0, parquet_footer.Fields(), list[bytes]()
    for number in range(known.parts):
        one: pieces.Piece = await go_on(row_part, known.asked, form, number, place)
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
            yield await go_on(column_part, known.asked, name, number, packed, first)
        yield behind_column
    yield known.behind
