"""Parts of a sweep on an object store, which runs here (moto), by the command line: the bytes of a
folder of this machine.
"""

import json
from functools import partial

import object_store
import polars as pl
import pytest
from object_store import BUCKET

from service.cli import resume
from service.jobs.folders import folder
from service.jobs.specs import question

QUESTION = (
    *("nvl72-neocloud", "--sweep", "utilisation=0.2:1:10", "--sweep", "wacc_per_year=0.05,0.1"),
    *("--target", "npv_usd_per_rack"),
)
OUT = f"s3://{BUCKET}/grids/night"


@pytest.fixture(scope="module")
def server():
    with object_store.running() as running:
        yield running


@pytest.fixture
def store(server, monkeypatch):
    """A store that is empty, and the environment that leads to it; parts are of four rows."""
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(resume, "question", partial(question, shard_rows=4))
    folder(f"s3://{BUCKET}").remove()
    return folder(OUT)


def test_a_sweep_on_a_store_is_begun_in_shares_resumed_and_collected(rackrate, store, tmp_path):
    assert (
        "of which 0 are there"
        in rackrate("sweep", *QUESTION, "-o", OUT, "--resume", "--dry-run").out
    )
    first = rackrate("shard", *QUESTION, "--index", 1, "--of", 2, "-o", OUT, "--json")
    assert json.loads(first.out)["computed"] == 2
    missing = rackrate("collect", OUT)
    assert (missing.code, missing.one_line()) == (
        1,
        f"{OUT} lacks parts 0, 2, 4 of 5: compute them",
    )
    said = rackrate("sweep", *QUESTION, "-o", OUT, "--resume")
    assert said.err == "rackrate: 2 of 5 parts are there\n"
    assert said.out.splitlines()[1] == f'to read them: polars.scan_parquet("{OUT}/part-*.parquet")'
    here = tmp_path / "night"
    rackrate("sweep", *QUESTION, "-o", here, "--resume")
    assert {name: store.get(name) for name in store.names()} == {
        one.name: one.read_bytes() for one in here.iterdir()
    }
    assert rackrate("collect", OUT, "-o", tmp_path / "all.parquet").code == 0
    whole = pl.scan_parquet(here / "part-*.parquet").collect()
    assert pl.read_parquet(tmp_path / "all.parquet").equals(whole)


def test_another_question_on_a_store_is_refused(rackrate, store):
    rackrate("shard", *QUESTION, "--index", 0, "--of", 5, "-o", OUT)
    said = rackrate("sweep", *QUESTION, "--set", "pue=1.3", "-o", OUT, "--resume")
    assert said.code == 2
    assert said.one_line().startswith(f"{OUT} has the parts of another sweep: facility.pue is ")


def test_a_store_that_does_not_answer_is_said(rackrate, store, server, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    said = rackrate("collect", OUT)
    assert said.code == 2
    assert OUT in said.one_line()
