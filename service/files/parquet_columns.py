"""Tables of one sweep as files of Parquet, one after another: a column that is that of the table
before, as those of most axes are, is not encoded again.

polars encodes each column without the others, so that its bytes are the same in whatever file they
stand. Which file a table becomes does not hang on those before it.
"""

from collections.abc import Collection
from io import BytesIO
from typing import TYPE_CHECKING

from economics.sweeps.answers import Column, Table
from service.files import frames, parquet_footer
from service.files.parquet_footer import GROUPS, MAGIC

if TYPE_CHECKING:
    import polars


class Encoder:
    """Encodes the complete tables of a sweep, of which each says the same of itself, by names of
    `frames.metadata`.
    """

    def __init__(self, said: Collection[str]) -> None:
        self._said = said
        self._footer = parquet_footer.Fields()
        self._columns: dict[str, tuple[Column, list[parquet_footer.Column]]] = {}

    def file(self, table: Table) -> bytes:
        """A table as a file."""
        self._encode(table)
        data, groups, rows = [MAGIC], list[bytes](), 0
        place = len(MAGIC)
        for group in zip(*(self._columns[name][1] for name in table.columns), strict=True):
            data += [column.data for column in group]
            groups.append(parquet_footer.placed_group(group, place))
            place += sum(len(column.data) for column in group)
            rows += group[0].rows
        return b"".join([*data, parquet_footer.joined(self._footer, rows, groups)])

    def _encode(self, table: Table) -> None:
        """What is new in a table."""
        import polars

        known = {name: column for name, (column, _) in self._columns.items()}
        new = [name for name, column in table.columns.items() if known.get(name) is not column]
        rows = polars.DataFrame([frames.series(table, name) for name in new])
        if not self._footer:  # all columns are new
            about = frames.metadata(table)
            said = {name: about[name] for name in self._said}
            _, self._footer = parquet_footer.split(_file(rows.clear(), said))
            del self._footer[GROUPS]
        groups = parquet_footer.groups_of_columns(_file(rows, {}))
        for name, encoded in zip(new, zip(*groups, strict=True), strict=True):
            self._columns[name] = table.columns[name], [*encoded]


def _file(rows: "polars.DataFrame", about: dict[str, str]) -> bytes:
    buffer = BytesIO()
    rows.write_parquet(buffer, **frames.PARQUET, metadata=about)
    return buffer.getvalue()
