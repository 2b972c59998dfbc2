"""What is collected is what was computed, byte by byte, or it is said what is the matter."""

import json
from functools import partial

import polars as pl
import pytest

from service.cli import resume
from service.jobs.specs import question

QUESTION = (
    *("nvl72-neocloud", "--sweep", "utilisation=0.2:1:50", "--sweep", "wacc_per_year=0.05,0.1"),
    *("--target", "npv_usd_per_rack", "--target", "irr_per_year"),
)
READ = {"csv": pl.read_csv, "parquet": pl.read_parquet, "arrow": pl.read_ipc}


@pytest.fixture
def grid(rackrate, tmp_path, monkeypatch):
    """The folder of a sweep of a hundred cells in five parts."""
    monkeypatch.setattr(resume, "question", partial(question, shard_rows=20))
    rackrate("sweep", *QUESTION, "-o", tmp_path / "grid", "--resume")
    (tmp_path / "grid" / "manifest.json").unlink()
    return tmp_path / "grid"


@pytest.mark.parametrize("suffix", READ)
def test_one_file_is_what_the_sweep_writes_at_once(rackrate, grid, tmp_path, suffix):
    ours, whole = tmp_path / f"ours.{suffix}", tmp_path / f"whole.{suffix}"
    said = rackrate("collect", grid, "-o", ours)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(f"\nwritten: {ours}\n")
    rackrate("sweep", *QUESTION, "-o", whole)
    assert READ[suffix](ours).equals(READ[suffix](whole))
    if suffix == "csv":
        assert ours.read_bytes() == whole.read_bytes()
    assert "exists: --force replaces it" in rackrate("collect", grid, "-o", ours).one_line()
    assert rackrate("collect", grid, "-o", ours, "--force").code == 0


def test_json_is_what_the_sweep_writes_but_for_how_it_was_computed(rackrate, grid, tmp_path):
    found = []
    for name, asked in (("ours", ("collect", grid)), ("whole", ("sweep", *QUESTION))):
        rackrate(*asked, "-o", tmp_path / f"{name}.json")
        found.append(json.loads((tmp_path / f"{name}.json").read_bytes()))
        del found[-1]["why"]
    assert found[0] == found[1]


def test_the_parts_are_checked_and_told(rackrate, grid):
    said = rackrate("collect", grid)
    assert said.out.startswith(f"{grid}: 100 cells in 5 parts, ")
    assert said.out.endswith(f'to read them: polars.scan_parquet("{grid}/part-*.parquet")\n')
    found = json.loads(rackrate("collect", grid, "--json").out)
    manifest = json.loads((grid / "manifest.json").read_bytes())
    assert (found["digest"], found["parts"]) == (manifest["digest"], len(manifest["shards"]))
    assert found["bytes"] == sum(part["bytes"] for part in manifest["shards"])


def test_what_is_missing_is_named(rackrate, grid, tmp_path):
    (grid / "part-00001.json").unlink()
    (grid / "part-00004.parquet").unlink()
    said = rackrate("collect", grid, "-o", tmp_path / "all.csv")
    assert (said.code, said.one_line()) == (1, f"{grid} lacks parts 1, 4 of 5: compute them")
    assert not (grid / "manifest.json").exists()
    assert not (tmp_path / "all.csv").exists()


def test_of_many_that_are_missing_the_first_are_named(rackrate, grid, monkeypatch):
    for path in grid.glob("part-*"):
        path.unlink()
    monkeypatch.setattr("service.cli.collect.MOST_TOLD", 2)
    said = rackrate("collect", grid)
    assert said.one_line() == f"{grid} lacks parts 0, 1 and 3 more of 5: compute them"


def test_a_part_that_is_not_as_it_was_written_is_found_and_mended(rackrate, grid):
    path = grid / "part-00002.parquet"
    good = path.read_bytes()
    path.write_bytes(good[:40] + bytes([good[40] ^ 1]) + good[41:])
    said = rackrate("collect", grid)
    assert said.code == 1
    assert said.one_line() == (
        f"{grid} has part 2 not as written: remove {grid}/part-00002.json, and compute again"
    )
    assert not (grid / "manifest.json").exists()
    (grid / "part-00002.json").unlink()
    rackrate("sweep", *QUESTION, "-o", grid, "--resume")
    assert path.read_bytes() == good
    assert rackrate("collect", grid).code == 0


def test_what_is_reduced_is_collected_as_json(rackrate, tmp_path):
    out, path = tmp_path / "best", tmp_path / "best.json"
    rackrate("sweep", *QUESTION, "--reduce", "top:2", "-o", out, "--resume")
    said = rackrate("collect", out, "-o", tmp_path / "best.csv")
    assert said.code == 2
    assert "ends in .json: what is reduced is JSON" in said.one_line()
    assert rackrate("collect", out, "-o", path).code == 0
    assert len(json.loads(path.read_bytes())["rows"]) == 2


@pytest.mark.parametrize("name", ["all.xlsx", "all.pqt", "all"])
def test_a_format_that_cannot_be_is_refused_first(rackrate, grid, tmp_path, name):
    (grid / "part-00001.json").unlink()
    said = rackrate("collect", grid, "-o", tmp_path / name)
    assert said.code == 2
    assert said.one_line().endswith("a name that ends in .parquet, .csv, .arrow, .json")


def test_a_file_on_a_store_is_refused(rackrate, grid):
    said = rackrate("collect", grid, "-o", "s3://bucket/all.csv")
    assert said.code == 2
    assert said.one_line().startswith("cannot write s3://bucket/all.csv: expected a file of this")


def test_a_folder_of_something_else_is_said(rackrate, tmp_path):
    said = rackrate("collect", tmp_path)
    assert (said.code, "has no question.json" in said.one_line()) == (2, True)
    said = rackrate("collect", tmp_path / "nothing")
    assert said.code == 2
    assert said.one_line() == f"cannot read {tmp_path}/nothing: No such file or directory"
