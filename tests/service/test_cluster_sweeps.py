"""A hundred million cells and three targets as files of Parquet, by three workers."""

import shutil

import polars
import pytest
from jobs_asked import VERSION, packed, until

from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED
from service.jobs.specs import SHARD_ROWS

pytest.importorskip("distributed")

from clusters import TARGETS, Cluster, sweep

from service.jobs.dask import Dask

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SIDE = 10_000
SHARDS = SIDE * SIDE // SHARD_ROWS
SECONDS = 1800.0  # on a machine a tenth as fast as the usual one


@pytest.fixture
def cluster():
    found = Cluster()
    found.start_scheduler()
    for _ in range(3):
        found.start_worker()
    yield found
    found.close()


@pytest.fixture
def out(tmp_path):
    """A folder of which nothing is kept."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_three_workers_compute_a_hundred_million_cells(cluster, out):
    question, workers = sweep(SIDE, SIDE, SHARD_ROWS), set[str]()
    executor = Dask(cluster.address)
    until(lambda: executor.width == 6)
    jobs = Jobs(out, lambda: executor)
    jobs.start()
    try:
        job, _ = jobs.submit(question)

        def has_ended():
            workers.update(dict(executor._workers).values())
            return jobs.status(job.id).state in ENDED

        until(has_ended, SECONDS)
        found = jobs.status(job.id)
        assert (found.state, found.shards_done, found.error) == ("done", SHARDS, None)
        print(f"{found.seconds:.0f} seconds, {found.result_bytes / 1e6:.0f} MB")
    finally:
        jobs.stop()
    assert len(workers) == 3
    there, here = out / "jobs" / job.id, out / "here"
    here.mkdir()
    table = polars.scan_parquet(there / "part-*.parquet")
    assert table.select(polars.len()).collect().item() == SIDE * SIDE
    assert {*TARGETS} < {*table.collect_schema()}
    for index in (0, SHARDS // 2, SHARDS - 1):
        Inline().submit(VERSION, packed(question), str(here), index).result()
        name = f"part-{index:05d}.parquet"
        assert (there / name).read_bytes() == (here / name).read_bytes()
