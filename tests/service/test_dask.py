"""Shards on the workers of a scheduler, all of them processes of this machine."""

import asyncio
import os
import sys
import time
from pathlib import Path

import msgspec
import pytest
from jobs_asked import packed, until

from economics import Problem
from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Limits, OtherVersion
from service.jobs.runs import Run
from service.version import version
from service.work.watch import Lost, NotStarted

pytest.importorskip("distributed")

from clusters import Cluster, assert_gone, sweep
from distributed import Client

from service.jobs.dask import Dask

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def cluster():
    """A scheduler with a worker."""
    found = Cluster()
    found.start_scheduler()
    found.start_worker()
    yield found
    found.close()


@pytest.fixture
def executor(cluster):
    """An executor that sees them."""
    found = Dask(cluster.address)
    until(lambda: found.width == 2)
    yield found
    found.close()


def question(count=40, rows=200, **more):
    """A sweep of count * count cells as a job has it."""
    return packed(sweep(count, count, rows, **more))


def computed(executor, spec, out):
    """The parts of a job that is driven to its end."""
    run = Run(version(), spec, str(out), Limits())
    run.begin()
    while not run.is_computed:
        run.step(executor, 0.1)
    return {one.name: one.read_bytes() for one in out.glob("part-*")}


def hanging(out):
    """A folder whose first part never ends: what is read first does not."""
    out.mkdir()
    os.mkfifo(out / "part-00000.json")
    return str(out)


TASKS = lambda dask_scheduler: len(dask_scheduler.tasks)  # noqa: E731 - sent as it stands


def let_go(out):
    """End what hangs."""
    (Path(out) / "part-00000.json").open("wb").close()


def at_the_scheduler(cluster, what):
    """What a scheduler says."""

    async def asked():
        async with Client(cluster.address, asynchronous=True, set_as_default=False) as client:
            return await client.run_on_scheduler(what)

    return asyncio.run(asked())


def test_parts_are_those_of_one_process(executor, cluster, tmp_path):
    spec = question()
    found = computed(executor, spec, tmp_path / "many")
    assert len(found) == 16
    assert found == computed(Inline(), spec, tmp_path / "one")
    until(lambda: at_the_scheduler(cluster, TASKS) == 0)  # nothing is kept there


def test_a_folder_is_the_same_wherever_a_worker_was_started(executor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    jobs = Jobs(Path("data"), lambda: executor)
    jobs.start()
    try:
        job, _ = jobs.submit(sweep(40, 40, 800))
        until(lambda: jobs.status(job.id).state in ENDED)
        assert jobs.status(job.id).error is None
        assert len([*tmp_path.glob(f"data/jobs/{job.id}/part-*.parquet")]) == 2
    finally:
        jobs.stop()


def test_what_is_no_table_is_one_shard(executor, tmp_path):
    spec = question(reduce={"kind": "summary"})
    here, there = (
        msgspec.json.decode(computed(one, spec, tmp_path / str(number))["part-00000.answer"])
        for number, one in enumerate((Inline(), executor))
    )
    assert here == there


def test_another_version_computes_nothing(executor, tmp_path):
    found = executor.submit("0.0.7", question(), str(tmp_path), 0)
    with pytest.raises(OtherVersion, match=rf"{version()} of rackrate, the job 0\.0\.7"):
        found.result(60)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_nothing_is_an_error_of_the_system(executor, tmp_path):
    with pytest.raises(FileNotFoundError) as found:
        executor.submit(version(), question(), str(tmp_path / "none"), 0).result(60)
    assert found.value.filename
    assert "Traceback" in found.value.__notes__[0]


def test_an_error_arrives_as_it_was(executor, tmp_path):
    with pytest.raises(Problem) as found:
        executor.submit(version(), b"{}", str(tmp_path), 0).result(60)
    assert found.value.where == "spec"


def test_a_future_runs_from_when_a_worker_has_begun(executor, cluster, tmp_path):
    """So that what waits can be taken back, and what runs is known."""
    out = [hanging(tmp_path / str(one)) for one in range(2)]
    first, second = (executor.submit(version(), question(), one, 0) for one in out)
    until(first.running)
    assert at_the_scheduler(cluster, TASKS) == 2
    assert (first.cancel(), second.cancel()) == (False, True)
    until(lambda: at_the_scheduler(cluster, TASKS) == 1)
    let_go(out[0])
    assert first.result(60).rows == 200


@pytest.mark.slow
def test_work_that_looks_at_nothing_ends_with_its_worker(executor, cluster, tmp_path):
    found = executor.submit(version(), question(), hanging(tmp_path / "out"), 0)
    until(found.running)
    before, began = cluster.computing(), time.monotonic()
    executor.close()
    assert time.monotonic() - began < 1.0
    assert_gone(before, 30.0)
    with pytest.raises(Lost):
        found.result(60)


def test_a_worker_that_ends_is_replaced_and_its_shard_computed(executor, cluster, tmp_path):
    out = hanging(tmp_path / "out")
    found = executor.submit(version(), question(), out, 0)
    until(found.running)
    (worker,) = executor._workers.values()
    (tmp_path / "out" / "part-00000.json").unlink()
    cluster.worker(worker).kill()
    assert found.result(60).rows == 200
    until(lambda: executor.width == 2)


def test_where_there_is_no_scheduler_nobody_waits(tmp_path, caplog):
    began = time.monotonic()
    nowhere = Dask(Cluster().address)
    assert nowhere.width == 0
    with pytest.raises(NotStarted):
        nowhere.submit(version(), question(), str(tmp_path), 0).result(60)
    nowhere.close()
    assert time.monotonic() - began < 1.0


@pytest.mark.slow
def test_a_scheduler_without_this_program_says_so(tmp_path):
    bare = "import sys; sys.modules['service'] = None; from dask.__main__ import main; main()"
    cluster = Cluster()
    _, _, _, *options = cluster.scheduler_command
    cluster.scheduler = cluster.start(sys.executable, "-c", bare, *options)
    cluster.start_worker()
    executor = Dask(cluster.address)
    try:
        until(lambda: executor.width)
        found = executor.submit(version(), question(), str(tmp_path), 0)
        needed = rf"its scheduler and its workers need rackrate {version()} \(Error during deserial"
        with pytest.raises(OtherVersion, match=needed):
            found.result(60)
    finally:
        executor.close()
        cluster.close()
