"""Jobs over HTTP."""

import hashlib
import io
import os
import shutil
import sqlite3
import subprocess

import jobs_over_http as jobs
import msgspec
import pages
import polars
import pytest
import web
from jobs_asked import until
from serving import serving

from service.jobs import store
from service.jobs.records import Job
from service.web import examples, job_events
from service.web.job_examples import QUEUED

MANY = {**jobs.CELLS, "reduce": {"kind": "summary"}}
NPV = "npv_usd_per_rack"
DRAWN = {**examples.DRAWN, "count": 64, "method": "random"}
READ = {"parquet": polars.read_parquet, "csv": polars.read_csv, "arrow": polars.read_ipc_stream}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with jobs.client(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture(scope="module")
def done(found):
    where = jobs.submitted(found)
    assert jobs.ended(found, where)["state"] == "done"
    return where


def test_a_question_becomes_a_job_where_that_is_preferred(found):
    answer = found.post("/v1/sweeps", json=jobs.CELLS, headers=jobs.ASYNC)
    job = msgspec.json.decode(answer.content, type=Job)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{job.id}"
    assert answer.headers["preference-applied"] == "respond-async"
    assert (job.kind, job.cells, job.shards) == ("sweep", 45, 1)
    assert found.post("/v1/sweeps", json=jobs.CELLS).status_code == 200


def test_a_job_is_seen_until_it_is_done(found, done):
    job = found.get(done).json()
    assert (job["state"], job["cells_done"], job["error"]) == ("done", 45, None)
    assert job["result_bytes"] > 0
    assert job["finished"] >= job["created"]
    assert job in found.get("/v1/jobs").json()["jobs"]
    packed = found.get(done, headers={"accept": web.MSGPACK})
    assert msgspec.msgpack.decode(packed.content, type=Job).id == job["id"]


def test_the_latest_job_is_the_first_of_the_list(found, done):
    last = jobs.submitted(found, MANY)
    listed = [f"/v1/jobs/{one['id']}" for one in found.get("/v1/jobs").json()["jobs"]]
    assert listed[0] == last
    assert listed.index(done) > 0


def test_a_result_is_the_answer_in_every_format(found, done):
    plain = found.post("/v1/sweeps", json=jobs.CELLS).json()
    for how in ({"params": {"format": "json"}}, {"headers": {"accept": "application/json"}}):
        kept = found.get(f"{done}/result", **how).json()
        assert kept["columns"] == plain["columns"]
        assert (kept["axes"], kept["shape"]) == (plain["axes"], plain["shape"])
        assert kept["basis"] == plain["basis"]
    packed = found.get(f"{done}/result?format=msgpack").content
    assert msgspec.msgpack.decode(packed)["columns"] == plain["columns"]
    for form, read in READ.items():
        whole = found.post(f"/v1/sweeps?format={form}", json=jobs.CELLS)
        answer = found.get(f"{done}/result?format={form}")
        assert answer.headers["content-disposition"] == whole.headers["content-disposition"]
        here, there = (read(io.BytesIO(one.content)) for one in (whole, answer))
        assert here.equals(there, null_equal=True), form


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/sweeps", examples.EXAMPLES["sweep"]["best"]),
        ("/v1/sweeps", examples.EXAMPLES["sweep"]["frontier"]),
        ("/v1/simulations", {"scenario": examples.SCENARIO, "draws": DRAWN}),
        ("/v1/sensitivity", {"scenario": examples.SCENARIO, "target": NPV, "draws": DRAWN}),
    ],
)
def test_what_is_no_table_of_cells_is_kept_as_it_is_answered(found, path, asked):
    where = jobs.submitted(found, asked, path)
    assert jobs.ended(found, where)["state"] == "done"
    kept, plain = found.get(f"{where}/result").json(), found.post(path, json=asked).json()
    assert {**kept, "seconds": 0} == {**plain, "seconds": 0}
    packed = found.get(f"{where}/result?format=msgpack").content
    assert msgspec.msgpack.decode(packed) == kept
    tables = found.get(f"{where}/result?format=csv")
    if path == "/v1/sweeps":
        assert tables.content == found.post(f"{path}?format=csv", json=asked).content
    else:
        assert (
            "is answered in application/json"
            in web.problem(tables, 406, "not-acceptable")["detail"]
        )


def test_only_its_head_is_sent_of_a_result_to_who_asks_for_no_more(found, done):
    for path in (f"{done}/result?format=parquet", f"{done}/events"):
        answer = found.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_there_is_no_result_before_the_job_is_done(tmp_path):
    with jobs.client(tmp_path, jobs.Held) as client:
        where = jobs.submitted(client)
        said = web.problem(client.get(f"{where}/result"), 409, "no-result")["detail"]
        assert "its result is there when it is done" in said
        answer = client.delete(where)
        assert answer.status_code == 200
        assert jobs.ended(client, where)["state"] == "cancelled"
        said = web.problem(client.get(f"{where}/result"), 409, "no-result")["detail"]
        assert said.endswith("was cancelled")
        assert client.delete(where).status_code == 204
        web.problem(client.get(where), 404, "no-job")


def test_a_job_that_has_ended_is_removed_with_its_result(found, tmp_path):
    where = jobs.submitted(found)
    jobs.ended(found, where)
    answer = found.delete(where)
    assert (answer.status_code, answer.content) == (204, b"")
    for path in (where, f"{where}/result", f"{where}/events"):
        web.problem(found.get(path), 404, "no-job")
    web.problem(found.delete(where), 404, "no-job")


def test_the_same_key_is_the_same_job(found):
    first = jobs.submitted(found, **{"Idempotency-Key": "monday"})
    assert jobs.submitted(found, **{"Idempotency-Key": "monday"}) == first
    other = found.post("/v1/sweeps", json=MANY, headers={**jobs.ASYNC, "Idempotency-Key": "monday"})
    said = web.problem(other, 409, "other-job")["detail"]
    assert "monday" in said
    assert jobs.submitted(found, **{"Idempotency-Key": "tuesday"}) != first
    bad = found.post("/v1/sweeps", json=MANY, headers={**jobs.ASYNC, "Idempotency-Key": "a b"})
    web.problem(bad, 400, "bad-request")


def test_one_sees_the_jobs_of_ones_own_key_only(tmp_path):
    keys = tmp_path / "keys"
    mine, theirs = ({"Authorization": f"Bearer {name}"} for name in ("mine", "theirs"))
    keys.write_text(
        "".join(f"{one} {hashlib.sha256(one.encode()).hexdigest()}\n" for one in ("mine", "theirs"))
    )
    with jobs.client(tmp_path, api_keys_file=str(keys)) as client:
        where = jobs.submitted(client, **mine, **{"Idempotency-Key": "a"})
        assert jobs.submitted(client, **theirs, **{"Idempotency-Key": "a"}) != where
        for path in (where, f"{where}/result", f"{where}/events"):
            web.problem(client.get(path, headers=theirs), 404, "no-job")
        web.problem(client.delete(where, headers=theirs), 404, "no-job")
        assert client.get(where, headers=mine).status_code == 200
        listed = client.get("/v1/jobs", headers=theirs).json()["jobs"]
        assert len(listed) == 1
        assert f"/v1/jobs/{listed[0]['id']}" != where


def events(answer):
    """The ids and names of events, and the jobs that they tell."""
    told = [one.split("\n") for one in answer.text.split("\n\n") if one.startswith("id: ")]
    return [
        (number[4:], name[7:], msgspec.json.decode(data[6:], type=Job))
        for number, name, data in told
    ]


def test_a_job_is_followed_to_its_end(found, monkeypatch):
    monkeypatch.setattr(job_events, "LOOK_SECONDS", 0.001)
    where = jobs.submitted(found)
    answer = found.get(f"{where}/events", headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer)
    *_, (last, name, job) = told
    assert (name, job.state) == ("end", "done")
    assert [name for _, name, _ in told[:-1]] == ["progress"] * (len(told) - 1)
    assert msgspec.to_builtins(job) == found.get(where).json()
    again = found.get(f"{where}/events", headers={"last-event-id": "another"})
    assert events(again) == told[-1:]
    over = found.get(f"{where}/events", headers={"last-event-id": last})
    assert (over.status_code, over.content) == (204, b"")
    web.problem(found.get(f"{where}/events", headers={"accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"targets": ["npv_usd_per_rak"]}, "targets[0]"),
        ({"scenario": "hgx-h10"}, "scenario"),
        ({"backend": "nunpy"}, "backend"),
        ({"axes": [{**jobs.USE, "field": "utilization", "count": 3}]}, "axes[0].field"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_before_it_is_a_job(found, changes, path):
    before = found.get("/v1/jobs").json()
    answer = found.post("/v1/sweeps", json={**jobs.CELLS, **changes}, headers=jobs.ASYNC)
    assert web.problem(answer, 422, "bad-input")["errors"][0]["path"] == path
    assert found.get("/v1/jobs").json() == before


def test_the_limits_of_jobs_are_checked_before_they_are_taken(tmp_path):
    limits = {"max_job_cells": 50, "max_job_bytes": 1024, "max_jobs": 1}
    with jobs.client(tmp_path, jobs.Held, **limits) as client:

        def refused(count, status, name):
            axes = [{**jobs.USE, "count": count}]
            body = {**jobs.CELLS, "axes": axes}
            return web.problem(
                client.post("/v1/sweeps", json=body, headers=jobs.ASYNC), status, name
            )

        assert (
            refused(10**6, 413, "too-large")["errors"][0]["expected"] == "at most 50 cells in a job"
        )
        assert "at most 1,024 are given" in refused(50, 413, "too-large")["detail"]
        jobs.submitted(client, {**jobs.CELLS, "axes": [{**jobs.USE, "count": 5}]})
        refused(5, 429, "too-many-jobs")
        assert len(client.get("/v1/jobs").json()["jobs"]) == 1


def test_above_a_limit_of_answers_it_is_said_how_a_job_is_asked_for():
    with web.client(max_inline_cells=40, max_stream_cells=40, max_sweep_cells=40) as client:
        for body in (jobs.CELLS, MANY):
            answer = client.post("/v1/sweeps", json=body)
            said = web.problem(answer, 413, "too-large")["detail"]
            assert said.endswith("for a job by the header `Prefer: respond-async`")
        answer = client.post("/v1/sweeps?format=csv", json=jobs.CELLS)
        assert "Prefer: respond-async" in web.problem(answer, 413, "too-large")["detail"]


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with jobs.client(tmp_path / "file" / "data") as client:
        for answer in (
            client.get("/v1/jobs"),
            client.post("/v1/sweeps", json=jobs.CELLS, headers=jobs.ASYNC),
        ):
            told = web.problem(answer, 503, "no-jobs")["detail"]
            assert "RACKRATE_DATA" in told
            assert str(tmp_path) not in told
        assert client.post("/v1/sweeps", json=jobs.CELLS).status_code == 200


@pytest.mark.parametrize("path", ["/v1/jobs", f"/v1/jobs/{QUEUED.id}"])
def test_what_may_be_asked_is_told(found, path):
    allowed = found.options(path).headers["allow"]
    assert allowed == (
        "DELETE, GET, HEAD, OPTIONS" if path.count("/") > 2 else "GET, HEAD, OPTIONS"
    )
    web.problem(found.put(path), 405, "wrong-method")


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_example_of_the_page_gives_a_file(tmp_path):
    (text,) = [one for page, one in pages.blocks("sh") if page.name == "http.md" and "JOB" in one]
    data = str(tmp_path / "data")
    with jobs.computed_by(jobs.Inline), serving(data=data, pool=web.POOL) as address:
        environment = {**os.environ, "RACKRATE_SERVER": address}
        command = ["bash", "-euc", text]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60)
    assert polars.scan_parquet(tmp_path / "result.parquet").select(
        polars.len()
    ).collect().item() == (640_000)
    assert "event: end" in (tmp_path / "events.txt").read_text()
    assert not [*(tmp_path / "data" / "jobs").iterdir()]


def test_nobody_is_told_where_jobs_are_kept(tmp_path, monkeypatch):
    """Whatever cannot be read, written or removed there."""
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.05)
    with jobs.client(tmp_path) as found:
        where = jobs.submitted(found)
        jobs.ended(found, where)
        other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = [found.post("/v1/sweeps", json=jobs.CELLS, headers=jobs.ASYNC)]
        other.execute("ROLLBACK")
        other.close()
        (tmp_path / "jobs").rename(tmp_path / "moved")
        (tmp_path / "jobs").write_text("no folder")
        refused.append(found.delete(where))
        job = jobs.submitted(found, {**jobs.CELLS, "targets": ["npv_usd_per_rack"]})
        waits = until(lambda: found.get(job).json()["waiting"])
    assert "Not a directory" in waits
    assert [one.status_code for one in refused] == [503, 503]
    said = [web.problem(one, 503, "no-jobs")["detail"] for one in refused]
    assert not [one for one in (*said, waits) if str(tmp_path) in one]
