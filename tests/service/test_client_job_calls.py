"""Jobs of a service, as its clients ask about them."""

import asyncio
from itertools import repeat

import msgspec
import numpy as np
import polars
import pytest
import web
from jobs_over_http import Held, computed_by
from serving import serving

import rackrate
from rackrate.client import AsyncClient, Client, NoJob, NoResult, OtherJob
from service.client import job_calls
from service.client.conversation import Patience
from service.client.failures import Unreachable
from service.client.replies import MODEL, Reply
from service.jobs.records import Job

RACK, NPV = "hgx-h100", "npv_usd_per_rack"
USED = {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 1.0, "count": 11}
RATES = {"kind": "values", "field": "wacc_per_year", "values": [0.05, 0.1]}
DRAWS = {
    "fields": {"utilisation": {"kind": "uniform", "low": 0.4, "high": 0.9}},
    "count": 64,
    "method": "random",
}
PARTS = dict.fromkeys(("waiting", "error", "seconds_left", "finished")) | {"kind": "sweep"}
NUMBERS = dict.fromkeys(("shards", "shards_done", "cells", "cells_done", "result_bytes"), 0)
TEXTS = {"id": "a1", "state": "running", "version": "1", "digest": "d", "created": "2026-11-30"}
RUNNING = msgspec.json.encode(Job(**PARTS, **NUMBERS, **TEXTS, seconds=0.0))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a service that computes its jobs in its own process."""
    data = str(tmp_path_factory.mktemp("data"))
    with computed_by(Held), serving(data=data, pool=web.POOL) as address:
        yield address


@pytest.fixture
def client(served, monkeypatch):
    monkeypatch.setattr(Held, "is_held", False)
    monkeypatch.setattr(job_calls, "FIRST_SECONDS", 0.01)
    with Client(served) as one:
        yield one


def test_a_sweep_is_submitted_waited_for_and_read(client):
    job = client.submit("sweep", RACK, [USED, RATES], ["irr_per_year"])
    assert (job.kind, job.cells) == ("sweep", 22)
    done = client.wait(job)
    assert (done.id, done.state) == (job.id, "done")
    assert client.job(job.id) == done
    assert done in client.jobs()
    found, here = client.result(job), rackrate.sweep(RACK, [USED, RATES], ["irr_per_year"])
    words = [rackrate.frame(one).cast(polars.String) for one in (found, here)]
    assert words[0].equals(words[1], null_equal=True)
    rows = polars.concat(client.result_frames(job))
    assert rows.equals(rackrate.frame(here), null_equal=True)
    text = b"".join(client.result_file(job, "csv"))
    assert polars.read_csv(text).height == 22


def test_each_answer_is_the_record_that_it_is_here(client):
    reduce = {"kind": "summary"}
    job = client.wait(client.submit("sweep", RACK, [USED], [NPV], reduce=reduce))
    assert client.result(job).targets == rackrate.sweep(RACK, [USED], [NPV], reduce).targets
    frontier = {"kind": "frontier", "field": "utilisation"}
    job = client.wait(client.submit("sweep", RACK, [USED, RATES], [NPV], frontier))
    there = client.result(job)
    here = rackrate.sweep(RACK, [USED, RATES], [NPV], frontier)
    assert list(there.columns) == list(here.columns)
    assert np.array_equal(there.columns["utilisation"].values, here.columns["utilisation"].values)
    assert all(not one.statuses for one in there.columns.values())
    job = client.wait(client.submit("simulate", RACK, DRAWS, [NPV]))
    assert client.result(job).targets == rackrate.simulate(RACK, DRAWS, [NPV]).targets
    job = client.wait(client.submit("sensitivity", RACK, NPV, draws=DRAWS))
    assert client.result(job).bars == rackrate.sensitivity(RACK, NPV, DRAWS).bars


def test_coroutines_do_the_same(served, client):
    async def main():
        async with AsyncClient(served) as one:
            job = await one.wait(await one.submit("sweep", RACK, [USED], [NPV]))
            rows = [part async for part in one.result_frames(job)]
            return job, await one.result(job), polars.concat(rows), await one.cancel(job)

    job, table, rows, removed = asyncio.run(main())
    assert job.state == "done"
    assert table.shape == (11,)
    assert rows.height == 11
    assert removed is None
    with pytest.raises(NoJob, match=job.id):
        client.job(job)


def test_a_job_is_cancelled_or_removed(client, monkeypatch):
    monkeypatch.setattr(Held, "is_held", True)
    job = client.submit("sweep", RACK, [USED], [NPV])
    with pytest.raises(NoResult, match="its result is there when it is done"):
        client.result(job)
    assert client.cancel(job).id == job.id
    assert client.wait(job).state == "cancelled"
    with pytest.raises(NoResult, match="was cancelled"):
        client.result(job)
    assert client.cancel(job.id) is None


def test_a_question_is_submitted_once_however_often_it_is_sent(client):
    asked = ("sweep", RACK, [USED], [NPV])
    first = client.submit(*asked, key="monday")
    assert client.submit(*asked, key="monday").id == first.id
    assert client.submit(*asked).id != client.submit(*asked).id
    with pytest.raises(OtherJob):
        client.submit("sweep", RACK, [USED], ["irr_per_year"], key="monday")
    one, other = (dict(job_calls.submit(*asked).headers) for _ in range(2))
    assert one["Prefer"] == "respond-async"
    assert one["Idempotency-Key"] != other["Idempotency-Key"]


def test_what_is_wrong_is_raised_as_here(client):
    with pytest.raises(rackrate.Problem, match="npv_usd_per_rack"):
        client.submit("sweep", RACK, [USED], ["npv_usd_per_rak"])
    with pytest.raises(rackrate.Problem, match=r"sweep, simulate, sensitivity.*did you mean sweep"):
        client.submit("sweeps", RACK, [USED])
    with pytest.raises(NoJob):
        client.result("none")


def tell(talk, replies, waited):
    """Answer a conversation with what comes, and keep for how long it waits."""
    step = next(talk)
    while True:
        if isinstance(step, float):
            waited.append(step)
        step = talk.send(None if isinstance(step, float) else next(replies))


def test_a_service_that_is_started_anew_is_waited_for_about_a_minute():
    gone, seen = Unreachable("nobody answers", 0.0), Reply(True, 200, {MODEL: "1"}, RUNNING)
    for patience, came, least, most in (
        (Patience(), (gone,), 0.7, 1.1),  # one that never answered is not
        (Patience(), (seen, gone), 51.1, 76.7),
        (Patience(0), (seen, gone), 0.0, 0.0),
    ):
        talk = job_calls.until_ended("a1", "http://127.0.0.1:8000", patience)
        waited = []
        with pytest.raises(Unreachable):
            tell(talk, iter((*came, *repeat(gone, 20))), waited)
        assert least <= sum(waited[len(came) - 1 :]) <= most


def test_names_in_paths_are_quoted():
    assert job_calls.job("../a").path == "/v1/jobs/..%2Fa"
    assert job_calls.result_file("a", "csv").call.path == "/v1/jobs/a/result?format=csv"
    assert msgspec.json.decode(job_calls.submit("sweep", RACK, [USED]).body)["axes"] == [USED]
