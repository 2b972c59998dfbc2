"""Schedulers and workers that are killed at random while a job is computed: its parts are those of
an undisturbed run, none that stood is computed again, and nobody is left behind.
"""

import random
import time
from functools import partial

import pytest
from jobs_asked import packed, until

from service.jobs.executors import Inline
from service.jobs.jobs import Jobs
from service.jobs.records import ENDED, Limits
from service.jobs.runs import Run
from service.version import version

pytest.importorskip("distributed")

from clusters import Cluster, sweep

from service.jobs.dask import Dask

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SECONDS = 120.0
SHARDS = 60


def question(count=60_000, **more):
    """A sweep in shards of some tenths of a second each."""
    return sweep(SHARDS, count, count, **more)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The parts of an undisturbed run, by name."""
    out = tmp_path_factory.mktemp("undisturbed")
    run = Run(version(), packed(question()), str(out), Limits())
    run.begin()
    while not run.is_computed:
        run.step(Inline(), 0.1)
    return parts(out)


def parts(out):
    return {one.name: one.read_bytes() for one in out.glob("part-*")}


def standing(out):
    """When each part was written that stands."""
    return {one.name: one.stat().st_mtime_ns for one in out.glob("part-*.json")}


@pytest.fixture
def cluster():
    found = Cluster()
    found.start_scheduler()
    for _ in range(2):
        found.start_worker()
    yield found
    found.close()


def has_done(jobs, job, shards):
    return jobs.status(job).shards_done >= shards


def has_ended(jobs, job):
    return jobs.status(job).state in ENDED


def kill_worker(cluster, chance):
    """One that computes; its program starts another."""
    if computing := cluster.computing():
        chance.choice(computing).kill()


def kill_program(cluster, chance):
    """A worker with its program, as a machine is lost; there is another machine."""
    cluster.kill_worker(chance.randrange(len(cluster.workers)))
    cluster.start_worker()


def kill_scheduler(cluster, chance):
    """The scheduler, and there is another."""
    cluster.kill_scheduler()
    cluster.start_scheduler()


def kill_both(cluster, chance):
    """A worker and the scheduler at once."""
    kill_program(cluster, chance)
    kill_scheduler(cluster, chance)


@pytest.mark.parametrize("kill", [kill_worker, kill_program, kill_scheduler, kill_both])
@pytest.mark.parametrize("seed", range(2))
def test_a_job_is_done_whatever_is_killed(cluster, undisturbed, tmp_path, kill, seed):
    chance, jobs = random.Random(seed), Jobs(tmp_path, lambda: Dask(cluster.address))
    jobs.start()
    try:
        job, _ = jobs.submit(question())
        out = tmp_path / "jobs" / job.id
        seen = dict[str, int]()
        for done in sorted(chance.sample(range(SHARDS - 10), 3)):
            until(partial(has_done, jobs, job.id, done), SECONDS)
            time.sleep(chance.uniform(0.0, 0.3))
            assert seen.items() <= standing(out).items()
            seen |= standing(out)
            kill(cluster, chance)
        until(partial(has_ended, jobs, job.id), SECONDS)
        assert jobs.status(job.id).state == "done", jobs.status(job.id)
        assert seen.items() <= standing(out).items()
        assert parts(out) == undisturbed
    finally:
        jobs.stop()


def test_work_that_hangs_is_begun_anew_elsewhere(cluster, undisturbed, tmp_path):
    limits = Limits(stall_seconds=3.0)
    jobs = Jobs(tmp_path, lambda: Dask(cluster.address), limits)
    jobs.start()
    try:
        job, _ = jobs.submit(question())
        until(partial(has_done, jobs, job.id, 5), SECONDS)
        cluster.computing()[0].suspend()
        until(partial(has_ended, jobs, job.id), SECONDS)
        assert jobs.status(job.id).state == "done"
        assert parts(tmp_path / "jobs" / job.id) == undisturbed
    finally:
        jobs.stop()


def test_work_that_hangs_again_and_again_is_given_up(cluster, tmp_path):
    made = list[Dask]()

    def executor():
        made.append(Dask(cluster.address))
        return made[-1]

    jobs = Jobs(tmp_path, executor, Limits(stall_seconds=2.0, tries=1))
    jobs.start()
    try:
        job, _ = jobs.submit(question(1_000_000, reduce={"kind": "summary"}))
        for times in (1, 2):
            until(lambda count=times: len(made) == count and made[-1]._workers, SECONDS)
            (at,) = made[-1]._workers.values()
            cluster.worker(at).suspend()
        until(partial(has_ended, jobs, job.id), SECONDS)
        assert jobs.status(job.id).state == "failed"
        assert "no progress for 2 seconds, 2 times" in jobs.status(job.id).error
    finally:
        jobs.stop()
