"""A table is the same in every format; a cell without a value is null in each."""

import csv
import json
import resource
import sys
import zipfile
from io import BytesIO, StringIO

import msgspec
import numpy as np
import polars as pl
import pytest

from economics import Scenario
from economics.scenario.basis import Basis, Conventions
from economics.sweeps.answers import Column, Range, Reduced, Summary, Table
from service.files import frames
from service.files.reading import FileProblem

BASIS = Basis(Scenario(), Conventions(12, "end"), (), {})
TABLE = Table(
    axes=("rack", "pue"),
    shape=(2, 2),
    columns={
        "rack": Column(
            np.broadcast_to(np.array([[0], [1]], dtype=np.int32), (2, 2)),
            "1",
            "Axis 1 of 2.",
            ("alpha", "beta"),
        ),
        "pue": Column(np.broadcast_to(np.array([1.1, 1.2]), (2, 2)), "1", "Axis 2 of 2."),
        "payback_years": Column(
            np.array([[1.5, np.nan], [0.1, 2.0]]), "years", "When it is paid back."
        ),
        "payback_years_status": Column(
            np.array([[0, 1], [0, 0]], dtype=np.int16), "1", "Why not.", ("ok", "never")
        ),
    },
    backend="numpy",
    why="little to compute",
    basis=BASIS,
)
ROWS = {
    "rack": ["alpha", "alpha", "beta", "beta"],
    "pue": [1.1, 1.2, 1.1, 1.2],
    "payback_years": [1.5, None, 0.1, 2.0],
    "payback_years_status": ["ok", "never", "ok", "ok"],
}
RANGES = (Range("pue", 2, 1.1, 1.2, "1"),)
WHAT = {
    "cells": 4,
    "axes": RANGES,
    "backend": "numpy",
    "why": "little to compute",
    "seconds": 0.1,
    "basis": BASIS,
}
SUMMARY = Summary(
    unit="1",
    description="d",
    count=3,
    missing={"never": 1},
    least=1.0,
    greatest=2.0,
    mean=1.5,
    standard_deviation=0.5,
)
REDUCED = {
    "summary": (Reduced(kind="summary", targets={"moic": SUMMARY}, **WHAT), "target", ["moic"]),
    "top": (
        Reduced(kind="top", rows=({"rack": "a", "moic": None}, {"rack": "b", "moic": 2.0}), **WHAT),
        "moic",
        [None, 2.0],
    ),
    "histogram": (
        Reduced(
            kind="histogram", edges=(0.0, 1.0, 2.0), counts=(3, 1), units={"moic": "1"}, **WHAT
        ),
        "count",
        [3, 1],
    ),
    "share": (
        Reduced(kind="share", condition="moic > 1", met=1, not_met=3, share=0.25, **WHAT),
        "share",
        [0.25],
    ),
}


def test_a_frame_has_a_row_a_cell_in_row_major_order():
    assert frames.frame(TABLE).to_dict(as_series=False) == ROWS


@pytest.mark.parametrize(
    ("suffix", "read"), [("parquet", pl.read_parquet), ("csv", pl.read_csv), ("arrow", pl.read_ipc)]
)
def test_files_say_what_the_table_says(tmp_path, suffix, read):
    path = tmp_path / f"a.{suffix}"
    frames.write(TABLE, path)
    assert read(path).to_dict(as_series=False) == ROWS
    with path.open("rb") as file:
        assert read(file).to_dict(as_series=False) == read(frames.encode(TABLE, suffix)).to_dict(
            as_series=False
        )


def test_json_has_units_descriptions_and_null():
    found = json.loads(frames.encode(TABLE, "json"))
    assert found["axes"] == ["rack", "pue"]
    assert {name: column["values"] for name, column in found["columns"].items()} == ROWS
    assert found["columns"]["payback_years"]["unit"] == "years"


def test_parquet_carries_units_and_the_engine():
    about = pl.read_parquet_metadata(frames.encode(TABLE, "parquet"))
    assert (json.loads(about["backend"]), json.loads(about["why"])) == (
        "numpy",
        "little to compute",
    )
    assert json.loads(about["columns"])["payback_years"] == {
        "unit": "years",
        "description": "When it is paid back.",
    }


def test_excel_holds_the_cells(tmp_path):
    frames.write(TABLE, tmp_path / "a.XLSX")
    with zipfile.ZipFile(tmp_path / "a.XLSX") as book:
        sheet, words = (
            book.read("xl/worksheets/sheet1.xml").decode(),
            book.read("xl/sharedStrings.xml").decode(),
        )
    assert sheet.count("<row ") == 5
    assert all(word in words for word in ("payback_years", "alpha", "never"))


def test_excel_refuses_more_rows_than_it_has_and_names_the_way_out(tmp_path):
    assert frames.EXCEL_ROWS == 1_048_575
    frames.check_file(tmp_path / "a.xlsx", force=False, rows=1_048_575)
    frames.check_file(tmp_path / "a.csv", force=False, rows=1_048_576)
    with pytest.raises(
        FileProblem,
        match=r"Excel holds 1,048,575 rows of data, this has 1,048,576: write \.parquet or \.csv",
    ):
        frames.check_file(tmp_path / "a.xlsx", force=False, rows=1_048_576)
    with pytest.raises(FileProblem, match="Excel holds 3 rows of data, this has 4"):
        frames.check_rows(4, "xlsx", most=3)
    many = msgspec.structs.replace(
        TABLE,
        shape=(1_048_576,),
        columns={"pue": Column(np.broadcast_to(1.2, 1_048_576), "1", "")},
    )
    with pytest.raises(FileProblem, match="this has 1,048,576"):
        frames.write(many, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_excel_without_its_package_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(FileProblem, match=r"pip install 'rackrate\[excel\]'"):
        frames.write(TABLE, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a", "a.txt", "a.parquet.gz", ".csv"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    with pytest.raises(FileProblem, match=r"ends in \.parquet, \.csv, \.arrow, \.json, \.xlsx"):
        frames.write(TABLE, tmp_path / name)


def test_an_existing_file_is_replaced_by_force_only(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(FileProblem, match="--force"):
        frames.write(TABLE, path)
    assert path.read_text() == "old"
    frames.write(TABLE, path, force=True)
    assert pl.read_csv(path).height == 4


@pytest.mark.parametrize("kind", REDUCED)
@pytest.mark.parametrize("form", frames.FORMATS)
def test_reductions_are_written_too(tmp_path, kind, form):
    reduced, column, values = REDUCED[kind]
    assert frames.frame(reduced)[column].to_list() == values
    frames.write(reduced, tmp_path / f"a.{form}")
    if form == "json":
        assert json.loads((tmp_path / "a.json").read_text())["kind"] == kind


def test_a_reduction_without_rows_is_no_table(tmp_path):
    empty = Reduced(kind="top", **WHAT)
    with pytest.raises(FileProblem, match="no rows"):
        frames.write(empty, tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", frames.FORMATS)
def test_a_disk_that_is_full_is_said_in_every_format(tmp_path, form):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(FileProblem, match=f"cannot write .*a.{form}: File too large"):
            frames.write(TABLE, tmp_path / f"a.{form}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


def worded(words, axis="market"):
    """A table of one axis of words, in which every cell is -1."""
    places = np.arange(len(words), dtype=np.int32)
    return Table(
        axes=(axis,),
        shape=(len(words),),
        columns={
            axis: Column(places, "1", "Axis 1 of 1.", words),
            "moic": Column(np.full(len(words), -1.0), "1", "d", statuses=("ok", "never")),
        },
        backend="numpy",
        why="little to compute",
        basis=BASIS,
    )


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1")
WORDS = ("plain", "1-2")


def test_words_are_no_formulas_in_csv():
    lines = csv.reader(
        StringIO(frames.encode(worded((*FORMULAS, *WORDS), "=axis"), "csv").decode())
    )
    head, *rows = lines
    assert head == ["'=axis", "moic", "moic_status"]
    assert [row[0] for row in rows] == [*(f"'{word}" for word in FORMULAS), *WORDS]
    assert {tuple(row[1:]) for row in rows} == {("-1.0", "ok")}


def test_words_of_a_reduction_are_no_formulas_in_csv():
    rows = ({"=rack": "=1+1", "moic": -1.0}, {"=rack": "\uff0bb", "moic": 2.0})
    text = frames.encode(Reduced(kind="top", rows=rows, **WHAT), "csv").decode()
    assert text == "'=rack,moic\n'=1+1,-1.0\n'\uff0bb,2.0\n"


def test_words_are_no_formulas_in_excel():
    words = ("https://example.org", *FORMULAS[:4])
    table = worded(words, "=axis")
    with zipfile.ZipFile(BytesIO(frames.encode(table, "xlsx"))) as book:
        sheet, strings = (
            book.read("xl/worksheets/sheet1.xml").decode(),
            book.read("xl/sharedStrings.xml").decode(),
        )
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert all(f">{word}<" in strings for word in (*words, "=axis"))


def test_json_needs_no_data_frames(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    assert (
        json.loads(frames.as_json(TABLE))["columns"]["payback_years"]["values"]
        == ROWS["payback_years"]
    )
