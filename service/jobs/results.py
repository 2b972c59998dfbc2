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
from service.files import frames, parquet_footer, pieces
from service.files.cell_pieces import CellPieces
from service.jobs.folders import MANIFEST, AnyFolder, part_name
from service.jobs.runs import Manifest
from service.jobs.specs import Question

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
        """An answer that is no table, as JSON."""
        return self.part(0)

    def frames(self) -> "Iterator[polars.DataFrame]":
        """The parts of a table one after another."""
        return (_frame(self.part(index)) for index in range(len(self.manifest.shards)))

    def pieces(self, form: str) -> Iterator[bytes]:
        """A table as the bytes of a format (parquet, arrow, csv, json, msgpack), piece by piece."""
        if form == "parquet":
            return self._joined()
        if form in pieces.FORMATS:
            return self._of_rows(form)
        return self._of_columns(CellPieces(form == PACKED))

    def _joined(self) -> Iterator[bytes]:
        place, footer, groups = 0, parquet_footer.Fields(), list[bytes]()
        for index in range(len(self.manifest.shards)):
            one = pieces.piece_of_parquet(self.part(index), place)
            place, footer = place + len(one.data), footer or one.footer
            groups += one.groups
            yield one.data
        said = {COMPUTED_BY: self._backend, "why": WHY}
        about = {name: msgspec.json.encode(one).decode() for name, one in said.items()}
        yield pieces.end("parquet", self.rows, parquet_footer.saying(footer, about), groups)

    def _of_rows(self, form: str) -> Iterator[bytes]:
        place = 0
        for rows in self.frames():
            held = frames.plain_words(rows) if form == "csv" else rows
            data = pieces.piece_of_rows(held, form, place).data
            place += len(data)
            yield data
        yield pieces.end(form, self.rows, {}, [])

    def _of_columns(self, how: CellPieces) -> Iterator[bytes]:
        """Columns one after another; a target has a status where some row lacks its value."""
        about, shards = _about(self.part(0)), range(len(self.manifest.shards))
        lacking = {name for part in self.manifest.shards for name in part.lacking}
        targets = {name for name in about["columns"] if f"{name}_status" in about["columns"]}
        unsaid = {f"{name}_status" for name in targets - lacking}
        names = [name for name in about["columns"] if name not in unsaid]
        before, behind = how.around(self._bare(about["basis"]), len(names))
        yield before
        for name in names:
            said, first = Column(None, **about["columns"][name]), name == names[0]
            yield how.column(name, said, self.rows, first)
            for index in shards:
                column = _column(_frame(self.part(index), [name])[name], said)
                yield how.values(column, not index)
            yield how.behind_column
        yield behind

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
