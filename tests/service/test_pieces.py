"""Pieces are one whole table: read back it is the table that is computed at once, bit for bit."""

from io import BytesIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import reference

import economics
from economics.sweeps.parts import Parts
from service.files import frames, pieces
from service.files.reading import FileProblem

READ = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc_stream}
FIELDS = ("rental_price_usd_per_gpu_hour", "electricity_price_usd_per_kwh", "pue")
LABELS = {
    "kind": "rows",
    "name": "gear",
    "fields": {"gpu_price_usd_per_gpu": [2e4, 3e4, 1.0]},
    "labels": ["=old, but fine", 'the "new"', "ordinary"],
}
TARGETS = ("npv_usd_per_rack", "payback_years", "cost_usd_per_gpu_hour")


def joined(prepared, rows, form):
    """A table as its pieces, and how many there are."""
    parts, sent, footer, groups = Parts(prepared, rows), bytearray(), {}, []
    for number in range(len(parts)):
        one = pieces.piece(parts.table(number), form, len(sent))
        sent += one.data
        footer, groups = footer or one.footer, groups + one.groups
    return bytes(sent) + pieces.end(form, prepared.grid.size, footer, groups), len(parts)


@st.composite
def grids(draw):
    use = {"kind": "linspace", "field": "utilisation", "start": draw(st.sampled_from([0.0, 0.1]))}
    axes = [{**use, "stop": 1.0, "count": draw(st.integers(2, 9))}]
    axes += [
        {"kind": "linspace", "field": field, "start": 1.0, "stop": 4.0, "count": count}
        for field in draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=2))
        if (count := draw(st.integers(2, 7)))
    ]
    axes += [LABELS] * draw(st.integers(0, 1))
    targets = draw(st.lists(st.sampled_from(TARGETS), unique=True, min_size=1))
    return {"scenario": reference(), "axes": draw(st.permutations(axes)), "targets": targets}


@given(grids(), st.integers(1, 60), st.sampled_from(pieces.FORMATS))
def test_pieces_together_are_the_whole_table(spec, rows, form):
    prepared = economics.prepare(spec)
    whole = frames.frame(economics.run(prepared))
    sent, count = joined(prepared, rows, form)
    assert count > 1 or rows >= whole.height
    found = READ[form](BytesIO(sent))
    if form == "csv":
        assert sent == frames.plain_words(whole).write_csv().encode()
    else:
        assert found.schema == whole.schema
        assert found.equals(whole, null_equal=True)
        assert [one.to_physical().to_list() for one in found.iter_columns()] == [
            one.to_physical().to_list() for one in whole.iter_columns()
        ]


def test_a_parquet_file_of_pieces_is_read_lazily_and_says_what_it_rests_on(tmp_path):
    prepared = economics.prepare(
        {
            "scenario": reference(),
            "axes": [{"kind": "linspace", "field": "pue", "start": 1, "stop": 2, "count": 600}],
            "targets": TARGETS,
        }
    )
    path = tmp_path / "a.parquet"
    path.write_bytes(joined(prepared, 20, "parquet")[0])
    late = pl.scan_parquet(path).filter(pl.col("pue") > 1.9).collect()
    whole = frames.frame(economics.run(prepared))
    assert late.equals(whole.filter(pl.col("pue") > 1.9))
    assert pl.scan_parquet(path).slice(303, 5).collect().equals(whole[303:308])
    assert pl.read_parquet(path, columns=["payback_years"]).equals(whole.select("payback_years"))
    said = pl.read_parquet_metadata(path)
    assert {name: said[name] for name in ("basis", "columns")} == {
        name: text
        for name, text in frames.metadata(economics.run(prepared)).items()
        if name in ("basis", "columns")
    }


@pytest.mark.parametrize("form", pieces.FORMATS)
def test_reductions_are_one_piece(form):
    use = {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 1.0, "count": 9}
    spec = {"scenario": reference(), "axes": [use], "targets": TARGETS}
    for reduce in ({"kind": "summary"}, {"kind": "top", "count": 3}, {"kind": "histogram"}):
        found = economics.sweep({**spec, "reduce": reduce})
        one = pieces.piece(found, form, 0)
        sent = one.data + pieces.end(form, frames.frame(found).height, one.footer, one.groups)
        read = READ[form](BytesIO(sent))
        assert read.equals(frames.frame(found)) or form == "csv"
        assert read.height == frames.frame(found).height


def test_what_has_no_rows_has_no_pieces():
    never = {
        "scenario": reference(),
        "axes": [{"kind": "values", "field": "utilisation", "values": [0.0]}],
        "targets": ["payback_years"],
        "reduce": {"kind": "top"},
    }
    with pytest.raises(FileProblem, match="there are no rows"):
        pieces.piece(economics.sweep(never), "arrow", 0)
