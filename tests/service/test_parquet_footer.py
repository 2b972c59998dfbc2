"""Footers of Parquet, read, moved and joined; checked by the tests' own reader."""

import struct
from io import BytesIO

import polars as pl
import pytest
from thrift import Thrift

from service.files import parquet_footer
from service.files.parquet_footer import STRUCT, joined, moved_groups, split


def file(rows, **more):
    """A Parquet file of some rows in groups of ten."""
    buffer = BytesIO()
    frame = pl.DataFrame(
        {
            "value": [float(row) for row in rows],
            "status": pl.Series(["ok"] * len(rows), dtype=pl.Enum(["ok", "never"])),
            **{f"more_{at}": [None] * len(rows) for at in range(20)},  # a list longer than 14
        }
    )
    frame.write_parquet(buffer, row_group_size=10, **more)
    return buffer.getvalue()


def said(data):
    """The bytes of a footer."""
    (length,) = struct.unpack("<I", data[-8:-4])
    return data[-8 - length : -8]


def test_what_is_read_is_written_as_it_was():
    data = file(range(25), metadata={"a": "b"})
    values, footer = split(data)
    assert parquet_footer._bytes(STRUCT, footer) == said(data)
    assert data == b"PAR1" + values + said(data) + data[-8:]


def test_files_one_after_another_are_one():
    files, sent, groups = [file(range(25), metadata={"a": "b"}), file(range(25, 60))], b"PAR1", []
    for one in files:
        values, footer = split(one)
        groups += moved_groups(footer, len(sent))
        sent += values
    sent += joined(split(files[0])[1], 60, groups)
    assert pl.read_parquet(BytesIO(sent))["value"].to_list() == [float(row) for row in range(60)]
    assert pl.read_parquet_metadata(BytesIO(sent))["a"] == "b"
    footer = Thrift(said(sent)).struct()
    assert footer[3] == 60
    assert [group[3] for group in footer[4]] == [10, 10, 5, 10, 10, 10, 5]
    places = [group[1][0][3][9] for group in footer[4]]
    assert places == sorted(set(places))
    assert all(7 not in group for group in footer[4])
    columns = [column for group in footer[4] for column in group[1]]
    assert not [column for column in columns if {4, 5, 6, 7} & column.keys()]  # page indexes


def test_a_footer_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="a value of kind 14"):
        parquet_footer._value(14, iter(b""))
