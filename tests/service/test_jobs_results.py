"""The answer of a job is that of the question, in every format, with the memory of one part."""

import tracemalloc
from io import BytesIO

import msgspec
import polars as pl
import pytest
from jobs_asked import PARTS, USE, VERSION, packed, simulation, sweep

import economics
from service.files import frames
from service.files.cells import cells
from service.jobs.executors import Inline
from service.jobs.folders import Folder
from service.jobs.records import Limits
from service.jobs.results import FORMATS, WHY, Damaged, Results
from service.jobs.runs import Run
from service.jobs.specs import unpacked

WORDS = {
    "kind": "rows",
    "name": "gear",
    "fields": {"pue": [1.1, 1.2, 1.3]},
    "labels": ["=old", "new", "other"],
}


def results(path, question=None):
    """The answer to a question, computed in parts."""
    spec = packed(question)
    run = Run(VERSION, spec, str(path), Limits(free_bytes=0))
    run.begin()
    executor = Inline()
    while not run.is_computed:
        run.step(executor, 1.0)
    run.finish()
    return Results(Folder(path), unpacked(spec))


QUESTIONS = {
    "a status in later parts": sweep(),
    "every cell has a value": sweep(targets=["npv_usd_per_rack"]),
    "one part": sweep(1000),
    "words": sweep(7, axes=[WORDS, USE]),
}


@pytest.fixture(scope="module", params=QUESTIONS)
def both(request, tmp_path_factory):
    """An answer in parts and at once."""
    question = QUESTIONS[request.param]
    return results(tmp_path_factory.mktemp("job"), question), economics.sweep(question.spec)


@pytest.fixture
def small(tmp_path):
    return results(tmp_path)


def whole(found, form):
    return b"".join(found.pieces(form))


@pytest.mark.parametrize(
    ("form", "read"), [("parquet", pl.read_parquet), ("arrow", pl.read_ipc_stream)]
)
def test_a_table_is_that_of_the_question(both, form, read):
    found, table = both
    made, wanted = read(BytesIO(whole(found, form))), frames.frame(table)
    assert made.equals(wanted)
    assert made.schema == wanted.schema


def test_csv_is_the_same_text(both):
    found, table = both
    assert whole(found, "csv") == frames.encode(table, "csv")


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_columns_are_those_of_the_question(both, form):
    """With a status only where some cell has no value."""
    found, table = both
    codec = getattr(msgspec, form)
    made = codec.decode(whole(found, form))
    wanted = codec.decode(codec.encode(cells(table)))
    assert list(made) == list(wanted)
    assert list(made["columns"]) == list(wanted["columns"])
    assert made | {"why": "", "backend": ""} == wanted | {"why": "", "backend": ""}
    assert made["why"] == WHY


def test_a_file_says_which_engines_computed_it(small):
    said = pl.read_parquet_metadata(BytesIO(whole(small, "parquet")))
    assert msgspec.json.decode(said["backend"]) in ("jit", "numpy")
    assert msgspec.json.decode(said["why"]) == WHY
    assert set(said) - {"ARROW:schema"} == {"basis", "columns", "backend", "why"}


def test_rows_are_those_of_all_parts(small):
    assert (small.rows, small.is_table) == (200, True)
    assert [part.height for part in small.frames()] == [20] * PARTS


def test_pieces_come_one_by_one(small, monkeypatch):
    """No part is read before it is asked for."""
    read = []
    part = Results.part
    monkeypatch.setattr(Results, "part", lambda one, at: read.append(at) or part(one, at))
    for form in ("parquet", "arrow", "csv"):
        read.clear()
        pieces = small.pieces(form)
        assert read == []
        next(pieces)
        assert read == [0]
        next(pieces)
        assert read == [0, 1]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An answer of 40 parts of 500 rows."""
    loss = {"kind": "linspace", "field": "pue", "start": 1.0, "stop": 1.5, "count": 1_000}
    question = sweep(500, axes=[{**USE, "count": 20}, loss])
    return results(tmp_path_factory.mktemp("job"), question)


@pytest.mark.parametrize("form", FORMATS)
def test_memory_is_that_of_one_part(large, form):
    peaks = []
    for parts in (5, 39):
        tracemalloc.start()
        for at, _ in enumerate(large.pieces(form)):
            if at == parts:
                break
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_part_that_was_changed_is_no_answer(small, tmp_path):
    path = tmp_path / "part-00003.parquet"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    for form in FORMATS:
        with pytest.raises(Damaged, match="part 3"):
            whole(small, form)
    path.write_bytes(data[:-1])
    with pytest.raises(Damaged):
        small.part(3)
    path.unlink()
    with pytest.raises(OSError, match="part-00003"):
        small.part(3)


def test_any_other_answer_is_json(tmp_path):
    found = results(tmp_path, simulation())
    assert (found.is_table, found.rows) == (False, 0)
    assert msgspec.json.decode(found.answer())["draws"]["count"] == 64
