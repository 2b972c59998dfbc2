"""Jobs whose answers are kept on an object store, which runs here (moto): the same bytes as in a
folder, also where a service is killed, a part is torn or the store fails.
"""

import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import object_store
import pytest
from object_store import BUCKET

from economics import Problem
from economics.sweeps.spec import sweep_spec
from service.files.reading import scenario_tables
from service.jobs.executors import Inline, Local
from service.jobs.folders import folder
from service.jobs.jobs import Jobs
from service.jobs.records import Limits
from service.jobs.runs import Run
from service.jobs.shards import run_shard
from service.jobs.specs import packed, question, resolved
from service.settings import Settings, check_data
from service.version import version
from service.web.job_desk import opened

RESULTS = f"s3://{BUCKET}/results"
SERVICE = """
import sys
from pathlib import Path
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
jobs = Jobs(Path(sys.argv[1]), Inline, results=sys.argv[2])
jobs.start()
sys.stdin.read()
"""
LONGEST = 60.0  # seconds to wait for what becomes true; as a rule it does at once
PART = "part-{:05d}.{}"


@pytest.fixture(scope="module")
def server():
    with object_store.running() as running:
        yield running


@pytest.fixture
def store(server, monkeypatch):
    """A store that is empty, and the environment that leads to it."""
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    server.ignores_conditions = server.is_down = False
    folder(f"s3://{BUCKET}").remove()
    server.asked.clear()
    return server


def asked(rows=30, shards=10):
    """A table in shards of three rows."""
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.4, "stop": 0.9, "count": rows}
    tables = {"scenario": scenario_tables("reference-project"), "axes": [axis]}
    spec = sweep_spec({**tables, "targets": ["npv_usd_per_rack", "min_dscr"]})
    return question(spec, shard_rows=rows // shards)


def until(true):
    """Wait for what becomes true."""
    end = time.monotonic() + LONGEST
    while not (found := true()):
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.01)
    return found


@contextmanager
def driven(data, make=Inline, results=RESULTS):
    """Jobs that are driven here, as long as this lasts."""
    jobs = Jobs(data, make, results=results)
    jobs.start()
    try:
        yield jobs
    finally:
        jobs.stop()


def ended(jobs, job):
    """A job when it has ended."""
    return until(lambda: (found := jobs.status(job.id)).finished and found)


def in_a_folder(data):
    """The files of the answer, each as it is in a folder, and the whole as Parquet and CSV."""
    with driven(data, results=None) as jobs:
        job, _ = jobs.submit(asked())
        assert ended(jobs, job).state == "done"
        found = jobs.results(job.id)
        kept = folder(str(data / "jobs" / job.id))
        return contents(kept), [b"".join(found.pieces(form)) for form in ("parquet", "csv")]


def contents(kept):
    """All files, by their names."""
    return {name: kept.get(name) for name in kept.names()}


def place(job):
    """Where an answer is."""
    return folder(f"{RESULTS}/{job.id}")


def written(store, since=0):
    """How often each name was sent to be kept."""
    names = [path.rpartition("/")[2] for method, path in store.asked[since:] if method == "PUT"]
    return {name: names.count(name) for name in names}


def test_a_job_by_processes_has_the_bytes_of_one_in_a_folder(store, tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    files, whole = in_a_folder(tmp_path / "a")
    with driven(tmp_path / "b", Local) as jobs:
        job, _ = jobs.submit(asked())
        assert ended(jobs, job).state == "done"
        found = jobs.results(job.id)
        assert [b"".join(found.pieces(form)) for form in ("parquet", "csv")] == whole
        assert contents(place(job)) == files
        assert not [*(tmp_path / "b").glob("jobs/*/*")]
        jobs.remove(job.id)
        assert place(job).names() == {}
    assert max(written(store).values()) == 2  # the first one, to see that the second is refused


def test_two_who_compute_a_part_have_the_one_that_stands(store):
    spec, out, found = packed(resolved(asked())), f"{RESULTS}/two", []
    threads = [
        threading.Thread(target=lambda: found.append(run_shard(version(), spec, out, 4)))
        for _ in range(2)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found[0] == found[1]
    assert sorted(folder(out).names()) == [PART.format(4, "json"), PART.format(4, "parquet")]


def test_what_another_program_wrote_first_is_what_the_sidecar_says(store):
    """As by a worker whose library encodes the same rows in other bytes, and that ended then."""
    spec, kept = packed(resolved(asked())), folder(f"{RESULTS}/other")
    kept.put(PART.format(4, "parquet"), b"other bytes")
    part = run_shard(version(), spec, f"{RESULTS}/other", 4)
    assert part.bytes == len(b"other bytes")
    assert run_shard(version(), spec, f"{RESULTS}/other", 4) == part


@pytest.mark.alone
def test_a_service_that_is_killed_goes_on_and_computes_no_part_twice(store, tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    files, _ = in_a_folder(tmp_path / "a")
    data = tmp_path / "b"
    job, _ = Jobs(data, Inline, results=RESULTS).submit(asked())
    program = [sys.executable, "-c", SERVICE, str(data), RESULTS]
    service = subprocess.Popen(program, stdin=subprocess.PIPE)
    until(lambda: PART.format(2, "json") in place(job).names())
    service.send_signal(signal.SIGKILL)
    service.wait()
    service.stdin.close()
    stood, since = {name for name in place(job).names() if name.endswith(".json")}, len(store.asked)
    assert 3 <= len(stood) < job.shards
    with driven(data) as jobs:
        assert ended(jobs, job).state == "done"
    assert contents(place(job)) == files
    again = written(store, since)
    assert not [name for name in stood if again.keys() & {name, name.replace("json", "parquet")}]


def test_a_part_that_is_torn_is_computed_again(store, tmp_path):
    with driven(tmp_path) as jobs:
        job, _ = jobs.submit(asked())
        assert ended(jobs, job).state == "done"
    kept, name = place(job), PART.format(3, "parquet")
    before = contents(kept)
    for one in (name, "manifest.json"):
        kept.discard(one)
    kept.put(name, before[name][:-9])
    run = Run(version(), packed(resolved(asked())), f"{RESULTS}/{job.id}", Limits())
    run.begin()
    assert len(run.parts) == job.shards - 1
    while not run.is_computed:
        run.step(Inline(), 0.1)
    run.finish()
    assert contents(kept) == before


def test_a_store_that_is_down_is_waited_for(store, tmp_path):
    with driven(tmp_path) as jobs:
        store.is_down = True
        job, _ = jobs.submit(asked())
        waiting = until(lambda: jobs.status(job.id).waiting)
        assert "the answer is 503 Service Unavailable" in waiting
        store.is_down = False
        assert ended(jobs, job).state == "done"


def test_a_job_is_cancelled_on_the_store(store, tmp_path):
    with driven(tmp_path) as jobs:
        job, _ = jobs.submit(asked(rows=3000, shards=1000))
        until(lambda: jobs.status(job.id).shards_done)
        began = time.monotonic()
        jobs.cancel(job.id)
        assert ended(jobs, job).state == "cancelled"
        assert "CANCEL" in place(job).names()
        jobs.remove(job.id)
        assert time.monotonic() - began < 10.0


def test_a_store_that_ignores_conditions_keeps_no_jobs(store, tmp_path):
    store.ignores_conditions = True
    said = "writes over an object although it is asked not to"
    with pytest.raises(Problem, match=f"RACKRATE_RESULTS = '{RESULTS}': expected .*{said}"):
        check_data(Settings(results=RESULTS))
    with driven(tmp_path) as jobs:  # of a service that began before
        job, _ = jobs.submit(asked())
        failed = ended(jobs, job)
    assert (failed.state, failed.shards_done) == ("failed", 0)
    assert said in failed.error


def test_a_service_keeps_answers_where_its_settings_say(store, tmp_path):
    settings = Settings(data=str(tmp_path), results=RESULTS)
    check_data(settings)
    jobs = opened(settings)
    jobs.start()
    try:
        job, _ = jobs.submit(asked())
        assert ended(jobs, job).state == "done"
    finally:
        jobs.stop()
    assert "manifest.json" in place(job).names()


def test_another_place_holds_for_new_jobs(store, tmp_path):
    with driven(tmp_path) as jobs:
        old, _ = jobs.submit(asked())
        assert ended(jobs, old).state == "done"
    with driven(tmp_path, results=None) as jobs:
        new, _ = jobs.submit(asked())
        assert ended(jobs, new).state == "done"
        assert jobs.results(old.id).part(0) == jobs.results(new.id).part(0)
    assert (tmp_path / "jobs" / new.id).is_dir()
