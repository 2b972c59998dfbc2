"""Tables one after another as files of Parquet, of which only what is new is encoded."""

import struct
from io import BytesIO

import polars as pl
import pytest
from racks import reference
from thrift import Thrift

import economics
from economics.sweeps.parts import Parts
from economics.sweeps.spec import sweep_spec
from service.files import frames, parquet_columns
from service.files.parquet_columns import Encoder

SAID = ("basis", "columns")
TARGETS = ["min_dscr", "payback_years"]


@pytest.fixture(scope="module")
def parts():
    """Parts of a table, in which an axis is always the same and some cells have no value."""
    ranges = {"debt_fraction": (0.0, 0.6, 3), "pue": (1.1, 1.5, 4), "utilisation": (0.0, 0.9, 5)}
    axes = [
        {"kind": "linspace", "field": field, "start": start, "stop": stop, "count": count}
        for field, (start, stop, count) in ranges.items()
    ]
    scenario = reference(finance={"debt_rate_per_year": 0.08})
    spec = sweep_spec({"scenario": scenario, "axes": axes, "targets": TARGETS})
    return [*Parts(economics.prepare(spec, "numpy", 1), 10).tables()]


def footer(file):
    """What the end of a file says, as the tests' own reader reads it, and how long it is."""
    (length,) = struct.unpack("<I", file[-8:-4])
    return Thrift(file[-8 - length : -8]).struct(), length


def test_each_file_has_its_table(parts):
    encoder, words = Encoder(SAID), set()
    for table in parts:
        file, rows, about = encoder.file(table), frames.frame(table), frames.metadata(table)
        assert pl.read_parquet(BytesIO(file)).equals(rows)
        assert pl.read_parquet_schema(BytesIO(file)) == rows.schema
        said = pl.read_parquet_metadata(BytesIO(file))
        assert {name: said.get(name) for name in about if name in said} == {
            name: about[name] for name in SAID
        }
        words |= {*rows["min_dscr_status"], *rows["payback_years_status"]}
    assert len(words) > 2


def test_a_file_does_not_hang_on_those_before_it(parts):
    encoder = Encoder(SAID)
    files = [encoder.file(table) for table in parts]
    assert files == [Encoder(SAID).file(table) for table in parts]
    assert [encoder.file(table) for table in reversed(parts)] == files[::-1]


def test_only_what_is_new_is_encoded(parts, monkeypatch):
    encoded, file = [], parquet_columns._file
    monkeypatch.setattr(
        parquet_columns, "_file", lambda rows, about: encoded.append(rows) or file(rows, about)
    )
    encoder = Encoder(SAID)
    for table in parts:
        encoder.file(table)
    schema, first, *others = encoded
    assert (schema.height, schema.columns) == (0, first.columns)
    assert first.columns == [*parts[0].columns]
    assert len(others) == len(parts) - 1
    assert all("utilisation" not in rows.columns for rows in others)
    assert all({*TARGETS} <= {*rows.columns} for rows in others)


def test_groups_of_rows_are_those_of_a_whole_file(parts, monkeypatch):
    monkeypatch.setitem(frames.PARQUET, "row_group_size", 4)
    whole, rows = BytesIO(), frames.frame(parts[1])
    rows.write_parquet(whole, **frames.PARQUET)
    file = Encoder(SAID).file(parts[1])
    ours, theirs = footer(file)[0][4], footer(whole.getvalue())[0][4]
    assert [group[3] for group in ours] == [group[3] for group in theirs] == [4, 4, 2]
    assert [group[6] for group in ours] == [group[6] for group in theirs]
    assert pl.read_parquet(BytesIO(file)).equals(rows)


def test_places_lead_to_the_bytes_of_columns_and_nowhere_else(parts):
    encoder = Encoder(SAID)
    *_, file = (encoder.file(table) for table in parts)
    said, length = footer(file)
    (group,), at = said[4], 4
    for column in group[1]:
        assert column.keys() == {2, 3}
        assert min(column[3][page] for page in (9, 11) if page in column[3]) == at
        at += column[3][7]
    assert (group[5], group[6], at) == (4, at - 4, len(file) - 8 - length)
