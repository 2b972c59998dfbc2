"""A table of cells as columns of JSON or MessagePack, piece by piece: the same bytes as if it were
encoded at once.

It begins with what stands before the columns; then come their heads, each followed by its values
in parts, and what stands behind.
"""

import struct
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from economics.sweeps.answers import Column, Table
from service.files.cells import CellColumn, cells, values_of

Encode = Callable[[Any], bytes]


class CellPieces:
    """How cells are written: in JSON, or in MessagePack (`packed`)."""

    def __init__(self, packed: bool) -> None:
        self.packed = packed
        encoder = msgspec.msgpack.Encoder() if packed else msgspec.json.Encoder()
        self._encode: Encode = encoder.encode

    def around(self, table: Table, columns: int) -> tuple[bytes, bytes]:
        """What stands before and behind so many columns of a table."""
        bare = self._encode(cells(replace(table, columns={})))
        if not self.packed:
            before, mark, behind = bare.partition(b'"columns":{')
            return before + mark, behind
        before, mark, behind = bare.partition(b"\xa7columns\x80")
        return before + mark[:-1] + _head(columns, 0x80, 0xDE), behind

    def column(self, name: str, column: Column, rows: int, first: bool) -> bytes:
        """What stands before the values of a column of so many rows."""
        bare = self._encode(CellColumn(column.unit, column.description, []))
        if self.packed:
            return self._encode(name) + bare[:-1] + _head(rows, 0x90, 0xDC)
        return (b"" if first else b",") + self._encode(name) + b":" + bare[:-2]

    def values(self, column: Column, first: bool) -> bytes:
        """Some of the values of a column."""
        found = values_of(column)
        if self.packed:
            return self._encode(found)[len(_head(len(found), 0x90, 0xDC)) :]
        return (b"" if first else b",") + self._encode(found)[1:-1]

    @property
    def behind_column(self) -> bytes:
        """What stands behind the values of a column."""
        return b"" if self.packed else b"]}"


def _head(count: int, few: int, many: int) -> bytes:
    """The head of a list or a map of MessagePack: `few` with up to 15 things, `many` with more."""
    if count < 16:
        return bytes([few | count])
    return struct.pack(">BH", many, count) if count < 2**16 else struct.pack(">BI", many + 1, count)
