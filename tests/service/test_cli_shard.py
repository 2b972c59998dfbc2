"""Shares of a sweep, each by itself: together they are the sweep, in any order."""

import json
from functools import partial

import pytest

from service.cli import resume
from service.jobs.specs import question

QUESTION = (
    *("nvl72-neocloud", "--sweep", "utilisation=0.2:1:50", "--sweep", "pue=1.1,1.2,1.3,1.4"),
    *("--target", "npv_usd_per_rack"),
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(resume, "question", partial(question, shard_rows=20))


def parts(folder):
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name[:5] == "part-"}


def test_shares_are_together_what_the_sweep_is(rackrate, tmp_path, monkeypatch):
    whole, out = tmp_path / "whole", tmp_path / "grid"
    rackrate("sweep", *QUESTION, "-o", whole, "--resume")
    found = {}
    for index in (2, 0, 1):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        said = rackrate("shard", *QUESTION, "--of", 3, "-o", out, "--json")
        assert (said.code, said.err) == (0, "")
        found[index] = json.loads(said.out)
        assert (out / "question.json").read_bytes() == (whole / "question.json").read_bytes()
        assert not (out / "manifest.json").exists()
    assert [found[index]["parts"] for index in range(3)] == [4, 3, 3]
    assert sum(one["cells"] for one in found.values()) == 200
    assert parts(out) == parts(whole)
    assert rackrate("collect", out).code == 0
    assert (out / "manifest.json").read_bytes() == (whole / "manifest.json").read_bytes()


def test_a_share_that_is_there_is_not_computed_again(rackrate, tmp_path):
    asked = ("shard", *QUESTION, "--index", 1, "--of", 4, "-o", tmp_path / "grid")
    first = rackrate(*asked).out
    assert first.startswith(f"{tmp_path}/grid: 60 cells in 3 parts, ")
    assert first.endswith(f"when all shares are done: rackrate collect {tmp_path}/grid\n")
    said = rackrate(*asked, "--json")
    assert said.err == "rackrate: 3 of 3 parts are there\n"
    assert json.loads(said.out)["computed"] == 0


def test_what_others_write_at_the_same_time_is_left_alone(rackrate, tmp_path):
    half = tmp_path / "grid" / ".part-00001.parquet.0123.tmp"
    half.parent.mkdir()
    half.write_bytes(b"half")
    rackrate("shard", *QUESTION, "--index", 0, "--of", 2, "-o", half.parent)
    assert half.exists()


def test_of_more_shares_than_parts_the_last_ones_have_none(rackrate, tmp_path):
    asked = ("shard", *QUESTION, "--index", 11, "--of", 12, "-o", tmp_path / "grid")
    assert rackrate(*asked).out.startswith(f"{tmp_path}/grid: 0 cells in 0 parts, 0 bytes\n")


def test_what_is_reduced_is_of_the_first_share(rackrate, tmp_path):
    out = tmp_path / "best"
    asked = ("shard", *QUESTION, "--reduce", "top:2", "--of", 2, "-o", out)
    assert rackrate(*asked, "--index", 1).out.startswith(f"{out}: 0 cells in 0 parts, 0 bytes\n")
    assert rackrate(*asked, "--index", 0).out.startswith(f"{out}: 200 cells in 1 part, ")
    assert rackrate("collect", out).code == 0


@pytest.mark.parametrize(
    ("options", "variable", "told"),
    [
        (
            (),
            "",
            "--index is not stated: expected the number of the share, from 0, here or in J",
        ),
        (("--index", "3"), "", "--index 3: expected a whole number from 0 to 2, below --of"),
        ((), "3", "JOB_COMPLETION_INDEX = '3': expected a whole number from 0 to 2, below --of"),
        ((), "one", "JOB_COMPLETION_INDEX = 'one': expected a whole number from 0 to 2"),
        (("--index", "-1"), "1", "--index: expected a whole number from 0 to 999999, not '-1'"),
    ],
)
def test_which_share_it_is_must_be_known(rackrate, tmp_path, monkeypatch, options, variable, told):
    monkeypatch.setenv("JOB_COMPLETION_INDEX", variable)
    said = rackrate("shard", *QUESTION, "--of", 3, "-o", tmp_path / "grid", *options)
    assert said.code == 2
    assert told in said.one_line()
    assert not (tmp_path / "grid").exists()
