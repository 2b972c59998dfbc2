"""The answer of a job that is done: read part by part, so that it is sent with the memory of one.

Errors of all: OSError where a part cannot be read, Damaged where it is not as it was written.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import msgspec

from economics.sweeps.answers import Column, Table
from economics.sweeps.axes import axis_name, length
from economics.sweeps.spec import SweepSpec
from kernels.language.caches import cached
from service.files import frames, parquet_footer, pieces
from service.files.cell_pieces import CellPieces
from service.files.pieces import Piece
from service.jobs.folders import MANIFEST, AnyFolder, folder, part_name
from service.jobs.runs import Manifest
from service.jobs.specs import Question, unpacked

if TYPE_CHECKING:
    import polars

PACKED = "msgpack"
FORMATS = (*pieces.FORMATS, "json", PACKED)
COMPUTED_BY, WHY = "backend", "computed in parts, each on the engine that was taken for it"


class Damaged(Exception):
    """A part is not as it was written."""


class Results:
    """The answer to a question, in a folder."""

    def __init__(self, kept: AnyFolder, question: Question) -> None:
        self._kept, self._question = kept, question
        self.manifest = msgspec.json.decode(kept.get(MANIFEST), type=Manifest)

    @property
    def is_table(self) -> bool:
        """Whether it is a table of cells; every other answer is JSON."""
        return self._question.is_table

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(part.rows for part in self.manifest.shards)

    def part(self, index: int) -> bytes:
        """A part as it is kept: a file of Parquet, or an answer as JSON."""
        part = self.manifest.shards[index]
        data = self._kept.get(part_name(index, self._question.form))
        if len(data) != part.bytes or sha256(data).hexdigest() != part.sha256:
            raise Damaged(f"part {index} of the answer is not as it was written")
        return data

    def answer(self) -> bytes:
        """An answer that is no table, as JSON, with the seconds that it took."""
        body, seconds = self.part(0), self.manifest.shards[0].seconds
        if seconds is None:
            return body
        return b'%b,"seconds":%b}' % (body[:-1], msgspec.json.encode(seconds))

    def frames(self) -> "Iterator[polars.DataFrame]":
        """The parts of a table one after another."""
        return (_frame(self.part(index)) for index in range(len(self.manifest.shards)))

    def pieces(self, form: str) -> Iterator[bytes]:
        """A table as the bytes of a format (parquet, arrow, csv, json, msgpack), piece by piece."""
        if form in pieces.FORMATS:
            return self._of_rows(form)
        return self._of_columns(CellPieces(form == PACKED))

    def _of_rows(self, form: str) -> Iterator[bytes]:
        place, footer, groups = 0, parquet_footer.Fields(), list[bytes]()
        for index in range(len(self.manifest.shards)):
            one = self.piece(index, form, place)
            place, footer = place + len(one.data), footer or one.footer
            groups += one.groups
            yield one.data
        yield pieces.end(form, self.rows, footer, groups)

    def piece(self, index: int, form: str, place: int) -> Piece:
        """A part of a table as a piece of a file, which begins at a place of the whole."""
        if form != "parquet":
            rows = _frame(self.part(index))
            held = frames.plain_words(rows) if form == "csv" else rows
            return pieces.piece_of_rows(held, form, place)
        one = pieces.piece_of_parquet(self.part(index), place)
        said = {COMPUTED_BY: self._backend, "why": WHY}
        about = {name: msgspec.json.encode(one).decode() for name, one in said.items()}
        return one._replace(footer=one.footer and parquet_footer.saying(one.footer, about))

    def _of_columns(self, how: CellPieces) -> Iterator[bytes]:
        names, before, behind = self.around(how)
        yield before
        for name in names:
            for index in range(len(self.manifest.shards)):
                yield self.column(name, index, how, name == names[0])
            yield how.behind_column
        yield behind

    def around(self, how: CellPieces) -> tuple[tuple[str, ...], bytes, bytes]:
        """The columns of a table that is written by columns, and what stands before and behind
        them; a target has a status where some row lacks its value.
        """
        about = _about(self.part(0))
        lacking = {name for part in self.manifest.shards for name in part.lacking}
        targets = {name for name in about["columns"] if f"{name}_status" in about["columns"]}
        unsaid = {f"{name}_status" for name in targets - lacking}
        names = tuple(name for name in about["columns"] if name not in unsaid)
        return names, *how.around(self._bare(about["basis"]), len(names))

    def column(self, name: str, index: int, how: CellPieces, first: bool) -> bytes:
        """A part of a column as it is written, which may be the first one."""
        part = self.part(index)
        said = Column(None, **_about(part)["columns"][name])
        head = how.column(name, said, self.rows, first) if not index else b""
        return head + how.values(_column(_frame(part, [name])[name], said), not index)

    def _bare(self, basis: Any) -> Table:
        """The table without its columns."""
        spec = cast(SweepSpec, self._question.spec)
        return Table(
            axes=tuple(map(axis_name, spec.axes)),
            shape=tuple(map(length, spec.axes)),
            columns={},
            backend=self._backend,
            why=WHY,
            basis=basis,
        )

    @property
    def _backend(self) -> str:
        """The engines that computed it."""
        return ", ".join(sorted({part.backend for part in self.manifest.shards}))


def _frame(part: bytes, columns: list[str] | None = None) -> "polars.DataFrame":
    import polars

    return polars.read_parquet(BytesIO(part), columns=columns)


def _about(part: bytes) -> dict[str, Any]:
    """What a part says of the table."""
    import polars

    said = polars.read_parquet_metadata(BytesIO(part))
    return {name: msgspec.json.decode(said[name]) for name in ("basis", "columns")}


def _column(values: "polars.Series", said: Column) -> Column:
    """A column as cells are written from it."""
    import polars

    if isinstance(values.dtype, polars.Enum):
        words = tuple(values.dtype.categories.to_list())
        return Column(values.to_physical().to_numpy(), said.unit, said.description, words)
    return Column(values.to_numpy(), said.unit, said.description)


@cached(8)
def results(out: str, spec: bytes) -> Results:
    """The answer of a job that is done, by where it is kept and what was asked."""
    return Results(folder(out), unpacked(spec))
