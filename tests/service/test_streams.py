"""A streamed file is the table's file; little memory, all or nothing, one clear line."""

import json
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
import time

import polars as pl
import pytest
from laws import sample
from polars.testing import assert_frame_equal
from racks import reference
from thrift import Thrift

import economics
from service.files import frames, streams
from service.files.reading import FileProblem

READ = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc}
PRICE = {
    "kind": "linspace",
    "field": "rental_price_usd_per_gpu_hour",
    "start": 0.5,
    "stop": 5.0,
    "count": 30,
}
SPEC = {
    "scenario": reference(),
    "axes": [
        {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 4},
        {
            "kind": "rows",
            "name": "gear",
            "fields": {"gpu_price_usd_per_gpu": [2e4, 3e4]},
            "labels": ["=old, but fine", 'the "new"'],
        },
        PRICE,
    ],
    "targets": ["npv_usd_per_rack", "payback_years", "cost_usd_per_gpu_hour"],
}
WIDE = {
    "scenario": reference(),
    "axes": [
        {**PRICE, "count": 10},
        {**SPEC["axes"][0], "start": 0.1, "count": 1000},
        {**PRICE, "field": "pue", "start": 1, "count": 1000},
    ],
    "targets": ["npv_usd_per_rack", "cost_usd_per_gpu_hour"],
}


@pytest.fixture
def prepared():
    return economics.prepare(SPEC)


@pytest.mark.parametrize("rows", [1_000_000, 50, 7])
@pytest.mark.parametrize("form", streams.FORMATS)
def test_a_file_is_that_of_the_table(tmp_path, prepared, form, rows):
    streams.write(prepared, tmp_path / f"a.{form}", block_rows=rows)
    frames.write(economics.run(prepared), tmp_path / f"b.{form}")
    one, other = (READ[form](tmp_path / f"{name}.{form}") for name in "ab")
    assert one.columns[2:] == [
        "rental_price_usd_per_gpu_hour",
        *(name for target in SPEC["targets"] for name in (target, f"{target}_status")),
    ]
    assert_frame_equal(one, other, check_exact=True)
    if form == "csv":
        assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    if form == "parquet":
        said = [pl.read_parquet_metadata(tmp_path / f"{name}.parquet") for name in "ab"]
        assert said[0]["basis"] == said[1]["basis"]
        assert json.loads(said[0]["columns"]) == json.loads(said[1]["columns"])


def test_a_status_that_comes_late_is_in_the_file_from_the_first_row(tmp_path):
    late = {**PRICE, "kind": "values", "values": [9.0, 0.01, 8.0]}
    spec = {
        **SPEC,
        "axes": [{key: value for key, value in late.items() if key in ("kind", "field", "values")}],
        "targets": ["payback_years"],
    }
    streams.write(economics.prepare(spec), tmp_path / "a.csv", block_rows=1)
    assert pl.read_csv(tmp_path / "a.csv")["payback_years_status"].to_list() == [
        "ok",
        "never",
        "ok",
    ]


def row_groups(path):
    """Of each row group: rows, and of each column its encodings, bytes, least and greatest
    value.
    """
    data = path.read_bytes()
    (length,) = struct.unpack("<I", data[-8:-4])
    for group in Thrift(data[-8 - length : -8]).struct()[4]:
        columns = {}
        for column in group[1]:
            about = column[3]
            ends = [
                struct.unpack("<d", about[12][key])[0] if about[1] == 5 else about[12][key]
                for key in (6, 5)
            ]
            columns[about[3][-1].decode()] = (about[2], about[7], *ends)
        yield group[3], columns


def test_readers_can_skip_and_axes_take_no_space(tmp_path):
    spec = {**WIDE, "axes": [*WIDE["axes"][:2], SPEC["axes"][1], {**WIDE["axes"][2], "count": 100}]}
    streams.write(economics.prepare(spec), tmp_path / "a.parquet")
    groups = list(row_groups(tmp_path / "a.parquet"))
    assert sum(rows for rows, _ in groups) == 2_000_000
    with_value = [
        columns
        for _, columns in groups
        if columns[PRICE["field"]][2] <= 0.5 <= columns[PRICE["field"]][3]
    ]
    assert 0 < len(with_value) < len(groups)
    assert all(
        columns["npv_usd_per_rack"][2] < columns["npv_usd_per_rack"][3] for _, columns in groups
    )
    taken = {name: sum(columns[name][1] for _, columns in groups) for name in groups[0][1]}
    assert (
        max(taken[name] for name in (PRICE["field"], "utilisation", "gear", "pue"))
        < 0.02 * taken["npv_usd_per_rack"]
    )
    dictionary = 8
    assert dictionary in groups[0][1]["gear"][0]


def beyond_imports(tmp_path, form):
    """Most memory that writing 1e7 cells takes beyond the imported process, in MiB."""
    program = f"""
import json, polars, economics, sys
from pathlib import Path
from service.files import streams
prepared = economics.prepare(json.load(sys.stdin), threads=2)
def peak():
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
before = peak()
streams.write(prepared, Path({str(tmp_path / f"a.{form}")!r}))
print(peak() - before)
"""
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    said = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(WIDE),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(said.stdout)


@pytest.mark.alone
@pytest.mark.parametrize("form", sample([("parquet",), ("arrow",)], 2))
def test_memory_does_not_hold_the_table(tmp_path, form):
    assert beyond_imports(tmp_path, form) < 300 < 5 * 8 * 10**7 / 2**20


def test_who_watches_may_stop_and_nothing_is_left(tmp_path, prepared):
    def stop(done, cells):
        if done:
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        streams.write(prepared, tmp_path / "a.parquet", progress=stop)
    assert not list(tmp_path.iterdir())


@pytest.mark.alone
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)],
)
def test_a_signal_leaves_nothing(tmp_path, sent, code):
    (tmp_path / "grid.json").write_text(
        json.dumps({**WIDE, "axes": [{**axis, "count": 1000} for axis in WIDE["axes"]]})
    )
    out = tmp_path / "out"
    out.mkdir()
    arguments = [
        sys.executable,
        "-m",
        "service",
        "sweep",
        str(tmp_path / "grid.json"),
        "-o",
        str(out / "a.parquet"),
    ]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not any(one.stat().st_size for one in out.iterdir()) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(sent)
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == code
    assert not list(out.iterdir())


def test_a_signal_that_wakes_nobody_is_seen(tmp_path, prepared, monkeypatch):
    """One that another thread gets, as one that comes just before a wait, does not end that
    wait.
    """
    seen, told = threading.Event(), []

    def encode(*_):
        signal.raise_signal(signal.SIGUSR1)
        told.append(seen.wait(30))

    monkeypatch.setattr(streams, "_encode", encode)
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.set())
    try:
        streams.write(prepared, tmp_path / "a.parquet")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert told == [True]


@pytest.mark.parametrize("form", streams.FORMATS)
def test_a_disk_that_is_full_is_one_line(tmp_path, prepared, form):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(FileProblem, match=rf"cannot write .*a\.{form}: File too large$"):
            streams.write(prepared, tmp_path / f"a.{form}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_replaced_by_force_only(tmp_path, prepared):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(FileProblem, match="--force"):
        streams.write(prepared, path)
    streams.write(prepared, path, force=True)
    assert pl.read_csv(path).height == 240


def test_memory_is_said_before():
    few, many = economics.prepare(SPEC), economics.prepare(WIDE)
    assert streams.memory(few) < few.bytes + 2 * 10**5
    assert 80 * 2**20 < streams.memory(many) - many.tile_bytes < 200 * 2**20
