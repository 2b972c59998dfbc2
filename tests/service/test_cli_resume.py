"""A sweep in parts: the cells of the library, each part computed once, however it is stopped."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import polars as pl
import pytest
from imports import JOBS, WEB, imported_by

import economics
from economics.sweeps.cells import complete
from kernels.grids.engine_table import CORES
from service.cli import resume, time_left
from service.files.reading import scenario_tables
from service.jobs import runs, shards
from service.jobs.folders import Folder
from service.jobs.specs import question

AXES = ("--sweep", "utilisation=0.2:1:50", "--sweep", "wacc_per_year=0.05:0.1:20")
ASKED = ("sweep", "nvl72-neocloud", *AXES, "--target", "npv_usd_per_rack")
SPEC = {
    "scenario": scenario_tables("nvl72-neocloud"),
    "axes": [
        {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 50},
        {"kind": "linspace", "field": "wacc_per_year", "start": 0.05, "stop": 0.1, "count": 20},
    ],
}
SLOW = """
import sys, time
from functools import partial
from service.__main__ import program
from service.cli import resume
from service.jobs import runs, shards
from service.jobs.specs import question

def slow(*asked, table=shards._table):
    time.sleep(0.03)
    return table(*asked)

resume.question, shards._table = partial(question, shard_rows=100), slow
program()
"""  # parts that take so long that some are left when it is stopped
LONG = ("--sweep", "utilisation=0.2:1:80", "--sweep", "wacc_per_year=0.05:0.1:50")
STOPPED = ("sweep", "nvl72-neocloud", *LONG, "--target", "irr_per_year", "--backend", "numpy")
STOPPED_AT = "rackrate: stopped: {} of 40 parts are there, the same command goes on\n"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(resume, "question", partial(question, shard_rows=100))


def parts(folder):
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name[:5] == "part-"}


def test_the_parts_are_the_cells_of_the_library(rackrate, tmp_path):
    said = rackrate(*ASKED, "-o", f"{tmp_path}/grid/", "--resume")
    taken = sum(map(len, parts(tmp_path / "grid").values())) / 1000
    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first.startswith(f"{tmp_path}/grid: 1,000 cells in 10 parts, ")
    assert 0.5 < float(first.split()[-2]) / taken < 1.0
    assert second == f'to read them: polars.scan_parquet("{tmp_path}/grid/part-*.parquet")'
    found = pl.scan_parquet(tmp_path / "grid" / "part-*.parquet").collect()
    expected = complete(economics.sweep({**SPEC, "targets": ["npv_usd_per_rack"]}))
    assert found.columns == list(expected.columns)
    for name in ("utilisation", "wacc_per_year", "npv_usd_per_rack"):
        assert np.array_equal(found[name].to_numpy(), expected.columns[name].values.reshape(-1))


def test_what_is_there_is_not_computed_again(rackrate, tmp_path):
    out = tmp_path / "grid"
    rackrate(*ASKED, "-o", out, "--resume")
    before, files = parts(out), {one.name: one.stat().st_mtime_ns for one in out.glob("part-*")}
    (out / "part-00003.json").unlink()
    (out / "part-00007.parquet").write_bytes(before["part-00007.parquet"][:-1])
    (out / ".part-00003.parquet.abc.tmp").write_bytes(b"half")
    (out / "progress-00003").write_bytes(b"7 7")
    said = rackrate(*ASKED, "-o", out, "--resume", "--json")
    assert said.err == "rackrate: 8 of 10 parts are there\n"
    assert json.loads(said.out)["computed"] == 2
    assert parts(out) == before
    again = {one.name: one.stat().st_mtime_ns for one in out.glob("part-*")}
    assert {name.partition(".")[0] for name in files if files[name] != again[name]} == {
        "part-00003",
        "part-00007",
    }
    left = {one.name for one in out.iterdir()} - set(before)
    assert left == {"question.json", "manifest.json"}


def test_another_question_is_refused_in_the_words_of_who_asks(rackrate, tmp_path):
    out = tmp_path / "grid"
    rackrate(*ASKED, "-o", out, "--resume")
    before = parts(out)
    said = rackrate(*ASKED, "--set", "pue=1.2", "-o", out, "--resume")
    assert said.code == 2
    assert said.one_line().startswith(f"{out} has the parts of another sweep: facility.pue is ")
    assert parts(out) == before


@pytest.mark.alone
def test_stopped_in_any_way_it_goes_on_to_the_same_bytes(rackrate, tmp_path):
    """Ctrl-C, SIGTERM and kill, one after another; then to the end."""
    out, whole = tmp_path / "grid", tmp_path / "whole"
    command = [sys.executable, "-c", SLOW, *STOPPED, "--resume", "-o"]
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
        there = len(standing(out))
        with subprocess.Popen(
            [*command, str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            while len(standing(out)) < there + 3:
                assert process.poll() is None
                time.sleep(0.002)
            process.send_signal(number)
            said, err = process.communicate(timeout=60)
        assert (process.returncode, said) == (code, "")
        begun = f"rackrate: {there} of 40 parts are there\n" if there else ""
        count = len(standing(out))
        assert there + 3 <= count < 40
        if number == signal.SIGKILL:
            assert err == begun
        else:  # the last ones may stand and not be known yet
            assert err in {begun + STOPPED_AT.format(count - unknown) for unknown in range(3)}
    times = standing(out)
    for folder in (out, whole):
        assert rackrate(*STOPPED, "--resume", "-o", folder).code == 0
    assert parts(out) == parts(whole)
    assert times.items() <= standing(out).items()
    assert not [one for one in out.iterdir() if one.name.endswith(".tmp")]


def standing(folder):
    """The files of parts that are whole: when each was written, by its name."""
    return {one.name: one.stat().st_mtime_ns for one in folder.glob("part-*.json")}


def test_a_full_disk_is_waited_for(rackrate, tmp_path, monkeypatch):
    full = iter((True, True, False))
    monkeypatch.setattr(Folder, "free", lambda _: 0 if next(full, False) else 2**40)
    monkeypatch.setattr(resume, "STEP_SECONDS", 0.001)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(time_left, "TERMINAL_SECONDS", 0.0)
    monkeypatch.setenv("COLUMNS", "200")
    said = rackrate(*ASKED, "-o", tmp_path / "grid", "--resume")
    assert said.code == 0
    assert "waiting: less than 268,435,456 bytes of disk are free" in said.err
    assert " 40 % of 1,000 cells, " in said.err
    assert said.err.endswith("\r")


def test_what_cannot_be_kept_is_computed_again_when_it_can(rackrate, tmp_path, monkeypatch):
    put, failing = Folder.put, iter((True, False, True))

    def full(folder, name, data):
        if name.endswith(".parquet") and next(failing, False):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return put(folder, name, data)

    monkeypatch.setattr(Folder, "put", full)
    monkeypatch.setattr(runs, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(resume, "STEP_SECONDS", 0.001)
    said = rackrate(*ASKED, "-o", tmp_path / "grid", "--resume", "--json")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["computed"] == 10
    assert rackrate("collect", tmp_path / "grid").code == 0


def test_what_is_reduced_is_one_part(rackrate, tmp_path):
    out = tmp_path / "best"
    said = rackrate(*ASKED, "--reduce", "top:3", "-o", out, "--resume")
    assert said.out.splitlines()[1] == f"the answer is JSON: {out}/part-00000.answer"
    found = json.loads((out / "part-00000.answer").read_bytes())
    assert (found["kind"], len(found["rows"])) == ("top", 3)


def test_a_dry_run_writes_nothing_and_says_what_is_there(rackrate, tmp_path):
    out = tmp_path / "grid"
    said = rackrate(*ASKED, "-o", out, "--resume", "--dry-run")
    first, second = said.out.splitlines()
    assert first == "1,000 cells in 10 parts, of which 0 are there"
    assert second.startswith("less than 25.0 kB of disk, ")
    assert not out.exists()
    rackrate(*ASKED, "-o", out, "--resume")
    found = json.loads(rackrate(*ASKED, "-o", out, "--resume", "--dry-run", "--json").out)
    assert (found["points"], found["parts"], found["there"]) == (1000, 10, 10)
    other = rackrate(*ASKED, "--set", "pue=1.3", "-o", out, "--resume", "--dry-run")
    assert "the parts of another sweep" in other.one_line()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "-o is not stated: expected a folder for the parts"),
        (("-o", "-"), "-o = '-': expected a folder for the parts"),
        (("-o", ""), "-o = '': expected a folder for the parts"),
        (("-o", "grid", "--force"), "leave out --force"),
        (("-o", "grid", "--server", "http://127.0.0.1:1"), "--resume is about this machine"),
        (("-o", "/dev/null"), "/dev/null is a file: expected a folder"),
        (("-o", "grid", "--backend", "nunpy"), "did you mean numpy?"),
    ],
)
def test_what_cannot_be_is_refused_before_a_folder_is_made(
    rackrate, tmp_path, monkeypatch, options, told
):
    monkeypatch.chdir(tmp_path)
    said = rackrate(*ASKED, "--resume", *options)
    assert said.code == 2
    assert told in said.one_line()
    assert not list(tmp_path.iterdir())


def test_a_file_without_a_format_may_have_been_meant_as_a_folder(rackrate, tmp_path):
    said = rackrate(*ASKED, "-o", tmp_path / "grid")
    assert said.code == 2
    assert "or --resume for a folder of parts" in said.one_line()


def when(index, happens, monkeypatch):
    """Let something happen when a part is computed."""
    table = shards._table

    def changed(spec, number, beat):
        if number == index:
            happens()
        return table(spec, number, beat)

    monkeypatch.setattr(shards, "_table", changed)


def test_a_fault_of_a_part_ends_it_with_its_number(rackrate, tmp_path, monkeypatch):
    def fails():
        raise MemoryError("no memory")

    when(4, fails, monkeypatch)
    said = rackrate(*ASKED, "-o", tmp_path / "grid", "--resume")
    assert said.code == 1
    assert said.one_line() == f"{tmp_path}/grid: shard 4: MemoryError: no memory"


def test_whoever_computes_is_stopped_by_a_file_in_the_folder(rackrate, tmp_path, monkeypatch):
    out = tmp_path / "grid"
    when(4, (out / "CANCEL").touch, monkeypatch)
    monkeypatch.setattr(shards, "LOOK_SECONDS", 0.0)
    said = rackrate(*ASKED, "-o", out, "--resume")
    assert said.code == 1
    assert re.fullmatch(
        rf"{out}/CANCEL was put there: [34] of 10 parts are there", said.one_line()
    )  # the last one may stand and not be known yet


@pytest.mark.parametrize("gone", ["part-00002.*", "*"])
def test_what_somebody_removes_meanwhile_is_computed_again(rackrate, tmp_path, monkeypatch, gone):
    def remove():
        for one in out.glob(gone):
            one.unlink()

    out, whole = tmp_path / "grid", tmp_path / "whole"
    when(7, remove, monkeypatch)
    monkeypatch.setattr(resume, "STEP_SECONDS", 0.001)
    said = rackrate(*ASKED, "-o", out, "--resume")
    assert (said.code, said.err) == (0, "")
    monkeypatch.undo()
    monkeypatch.setattr(resume, "question", partial(question, shard_rows=100))
    rackrate(*ASKED, "-o", whole, "--resume")
    assert {one.name: one.read_bytes() for one in out.iterdir()} == {
        one.name: one.read_bytes() for one in whole.iterdir()
    }


def test_so_many_threads_compute_as_are_named(rackrate, tmp_path, monkeypatch):
    monkeypatch.setenv(CORES, "2")
    assert rackrate(*ASKED, "-o", tmp_path / "grid", "--resume", "--threads", "1").code == 0
    assert os.environ[CORES] == "1"


def test_neither_a_table_of_jobs_nor_a_cluster_is_imported(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    found = imported_by(*ASKED, "-o", str(tmp_path / "grid"), "--resume")
    assert "polars" in found
    assert not {*JOBS, *WEB} & found
    listing = imported_by("jobs")
    assert "sqlite3" in listing
    assert not {"polars", "dask", "distributed", "obstore", *WEB} & listing
