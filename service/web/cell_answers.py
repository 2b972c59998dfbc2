"""Answers of many cells in parts, as they are computed: what is done in workers, one part a turn.
Of what is sent by columns it is looked for before which targets have a status.
"""

from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

import economics
from economics import NoAnswer, Reduced, Table
from economics.sweeps.cells import lacking_targets, table_with
from economics.sweeps.parts import PART_VALUES, Parts, only
from economics.sweeps.prepared import Job, Prepared, Progress
from economics.sweeps.spec import SweepSpec
from kernels.language.caches import cached
from service.files import pieces
from service.files.cell_pieces import CellPieces
from service.files.cells import cells
from service.files.frames import frame
from service.files.reading import FileProblem
from service.web.formats import ENCODERS, JSON
from service.web.limits import engine_problems
from service.web.table_answers import FORMS, Outline

COLUMN_ROWS = PART_VALUES // 2  # of a part of a column: some 2.5 MB of text


@dataclass(frozen=True)
class Asked:
    """A checked sweep, known by its digest."""

    digest: bytes
    spec: SweepSpec = field(compare=False)


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
        return Outline(asked, row_part, column_part, parts.prepared.grid.size, len(parts))
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
    rows = prepared.grid.size
    return Outline(asked, row_part, column_part, rows, count, tuple(columns), before, behind)


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
