"""The end of a Parquet file, so that files with the same columns become one without reading their
values: their bytes one after another, and one footer whose places in the file are moved.

A footer is a record of Thrift's compact protocol; the numbers of its fields are those of
parquet.thrift. polars writes whole files only.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

MAGIC = b"PAR1"
TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
INTEGERS = (4, 5, 6)
ROWS, GROUPS, WORDS = 3, 4, 5  # of a footer
COLUMNS, GROUP_SIZE, GROUP_ROWS, GROUP_AT, GROUP_TAKEN, ORDINAL = 1, 2, 3, 5, 6, 7  # of a group
COLUMN_AT, ABOUT, PAGE_INDEX = 2, 3, (4, 5, 6, 7)  # of a column in it
VALUES, SIZE, TAKEN = 5, 6, 7  # of what is said about it
FIRST_PAGES, PAGE_PLACES = (9, 11), (9, 10, 11, 14)
LONG = 6
Fields = dict[int, tuple[int, Any]]  # of each field: its kind and its value


class Column(NamedTuple):
    """A column of a group of rows: its bytes, and what is said of it where they come first."""

    data: bytes
    about: Fields

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.about[VALUES][1])


def split(file: bytes) -> tuple[bytes, Fields]:
    """What a Parquet file has between its magic words and its footer, and the footer."""
    (length,) = struct.unpack("<I", file[-8:-4])
    end = len(file) - 8 - length
    return file[len(MAGIC) : end], _struct(iter(file[end:-8]))


def moved_groups(footer: Fields, place: int) -> list[bytes]:
    """The groups of rows of a file, as they are where its values begin at `place` of another."""
    by = place - len(MAGIC)
    _, groups = footer[GROUPS][1]
    for group in groups:
        group.pop(ORDINAL, None)  # it counts from the file's own first group
        _move(group, (GROUP_AT,), by)
        for column in group[COLUMNS][1][1]:
            _move(column, (COLUMN_AT,), by)
            _move(column[ABOUT][1], PAGE_PLACES, by)
            for index in PAGE_INDEX:  # whose own places stand among the values
                column.pop(index, None)
    return [_bytes(STRUCT, group) for group in groups]


def groups_of_columns(file: bytes) -> list[list[Column]]:
    """The columns of a file, in each group of rows."""
    _, footer = split(file)
    return [[_column(file, one) for one in group[COLUMNS][1][1]] for group in footer[GROUPS][1][1]]


def _column(file: bytes, column: Fields) -> Column:
    about = column[ABOUT][1]
    begin = min(about[page][1] for page in FIRST_PAGES if page in about)
    _move(about, PAGE_PLACES, -begin)
    return Column(file[begin : begin + about[TAKEN][1]], about)


def placed_group(columns: Sequence[Column], place: int) -> bytes:
    """A group of rows whose columns come one after another from a place of the file on."""
    said, at = [], place
    for column in columns:
        about = dict(column.about)
        _move(about, PAGE_PLACES, at)
        said.append({COLUMN_AT: (LONG, 0), ABOUT: (STRUCT, about)})
        at += len(column.data)
    group = {
        COLUMNS: (LIST, (STRUCT, said)),
        GROUP_SIZE: (LONG, sum(column.about[SIZE][1] for column in columns)),
        GROUP_ROWS: (LONG, columns[0].rows),
        GROUP_AT: (LONG, place),
        GROUP_TAKEN: (LONG, at - place),
    }
    return _bytes(STRUCT, group)


def _move(fields: Fields, places: tuple[int, ...], by: int) -> None:
    for place in places:
        if place in fields:
            kind, value = fields[place]
            fields[place] = kind, value + by


def joined(footer: Fields, rows: int, groups: list[bytes]) -> bytes:
    """The end of a file of so many rows in such groups; the rest is as `footer` has it."""
    said, before = bytearray(), 0
    for number in sorted({*footer, ROWS, GROUPS}):
        if number == GROUPS:
            value = _list_head(len(groups), STRUCT) + b"".join(groups)
            said += _field_head(number - before, LIST) + value
        else:
            kind, own = (LONG, rows) if number == ROWS else footer[number]
            said += _field(number - before, kind, own)
        before = number
    said += b"\0"
    return bytes(said) + struct.pack("<I", len(said)) + MAGIC


def saying(footer: Fields, more: Mapping[str, str]) -> Fields:
    """A footer that says more of its file, in words by name."""
    said = [{1: (BINARY, name.encode()), 2: (BINARY, text.encode())} for name, text in more.items()]
    _, (inner, before) = footer[WORDS]
    return {**footer, WORDS: (LIST, (inner, [*before, *said]))}


def _struct(data: Iterator[int]) -> Fields:
    fields, number = Fields(), 0
    while head := next(data):
        kind = head & 15
        number = number + (head >> 4) if head >> 4 else _zigzag(_varint(data))
        fields[number] = kind, (kind == TRUE) if kind in (TRUE, FALSE) else _value(kind, data)
    return fields


def _value(kind: int, data: Iterator[int]) -> Any:
    if kind in (TRUE, FALSE, BYTE):  # in a list
        return next(data)
    if kind in INTEGERS:
        return _zigzag(_varint(data))
    if kind == DOUBLE:
        return _taken(data, 8)
    if kind == BINARY:
        return _taken(data, _varint(data))
    if kind in (LIST, SET):
        head = next(data)
        count = _varint(data) if head >> 4 == 15 else head >> 4
        return head & 15, [_value(head & 15, data) for _ in range(count)]
    if kind == STRUCT:
        return _struct(data)
    raise ValueError(f"a Parquet footer with a value of kind {kind}")


def _taken(data: Iterator[int], count: int) -> bytes:
    return bytes(next(data) for _ in range(count))


def _varint(data: Iterator[int]) -> int:
    found = at = 0
    while True:
        byte = next(data)
        found |= (byte & 127) << at
        at += 7
        if byte < 128:
            return found


def _zigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _field(step: int, kind: int, value: Any) -> bytes:
    if kind in (TRUE, FALSE):
        return _field_head(step, TRUE if value else FALSE)
    return _field_head(step, kind) + _bytes(kind, value)


def _field_head(step: int, kind: int) -> bytes:
    return bytes([step << 4 | kind])


def _list_head(count: int, kind: int) -> bytes:
    return bytes([count << 4 | kind]) if count < 15 else bytes([240 | kind]) + _number(count)


def _bytes(kind: int, value: Any) -> bytes:
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    if kind in INTEGERS:
        return _number(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == DOUBLE:
        return bytes(value)
    if kind == BINARY:
        return _number(len(value)) + bytes(value)
    if kind in (LIST, SET):
        inner, values = value
        return _list_head(len(values), inner) + b"".join(_bytes(inner, one) for one in values)
    found, before = bytearray(), 0
    for number, (own, one) in value.items():
        found += _field(number - before, own, one)
        before = number
    return bytes(found) + b"\0"


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
