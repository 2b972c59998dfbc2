"""Jobs that are cancelled while something else is wrong: it takes a second."""

import os
import signal
import time
from concurrent.futures import Future

import chaos
import pytest

from service.jobs.executors import Inline, Local
from service.jobs.records import Limits

pytestmark = pytest.mark.alone
CANCEL_SECONDS = 2.0  # one, on a machine half as fast


class Nowhere:
    """An executor whose workers have gone: what it has been given waits for ever."""

    width = 2

    def submit(self, version, spec, out, index):
        """A shard that nobody computes."""
        return Future()

    def close(self):
        """Nothing to end."""


class NotYet(Nowhere):
    """An executor to which no worker has come."""

    width = 0


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    """Jobs that this process drives with a local process."""
    with chaos.jobs(tmp_path_factory.mktemp("data"), Local) as found:
        yield found


def worker():
    """The process that computes."""
    (found,) = chaos.children(os.getpid())
    return found


def cancelled(jobs, number):
    """A job that is told to stop, when it has."""
    began = time.monotonic()
    jobs.cancel(number)
    found = chaos.ended(jobs, number)
    assert time.monotonic() - began < CANCEL_SECONDS
    assert (found.state, found.error, found.waiting) == ("cancelled", None, None)
    assert found.finished
    return found


def begun(jobs, asked):
    """A job that runs, and of which some is done; the number of it."""
    number = jobs.submit(asked)[0].id
    chaos.until(lambda: jobs.status(number).cells_done)
    return number


def is_done(jobs, asked):
    """Whether a job is done, beside or after others."""
    return chaos.ended(jobs, jobs.submit(asked)[0].id).state == "done"


def test_one_that_waits_for_its_turn(jobs):
    """The one before it goes on, and the worker with the one after that."""
    first, second = begun(jobs, chaos.sweep(parts=500)), jobs.submit(chaos.sweep(parts=3))[0].id
    assert jobs.status(second).state == "queued"
    assert cancelled(jobs, second).shards_done == 0
    assert jobs.status(first).state == "running"
    before = worker()
    found = cancelled(jobs, first)
    assert 0 < found.shards_done < found.shards
    assert is_done(jobs, chaos.sweep(parts=3))
    assert worker() == before


def test_one_that_computes_a_long_shard(jobs):
    number, before = begun(jobs, chaos.reduction(10**11)), worker()
    cancelled(jobs, number)
    assert worker() == before


def test_one_whose_worker_hangs(jobs):
    number, hung = begun(jobs, chaos.reduction(10**11)), worker()
    os.kill(hung, signal.SIGSTOP)
    cancelled(jobs, number)
    assert is_done(jobs, chaos.sweep(parts=3))
    assert not chaos.runs(hung)


@pytest.mark.slow
def test_one_whose_service_ends_while_its_worker_hangs(tmp_path):
    """It is there for the next service."""
    with chaos.jobs(tmp_path, Inline) as jobs:
        number = begun(jobs, chaos.sweep(parts=500))
    kept = tmp_path / "jobs" / number
    there = len([*kept.glob("part-*.json")])
    with chaos.driving(tmp_path) as driver:
        chaos.until(lambda: len([*kept.glob("part-*.json")]) > there)  # its worker has begun
        (hung,) = driver.others
        os.kill(hung, signal.SIGSTOP)
        began = time.monotonic()
        assert driver.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 2 * CANCEL_SECONDS
        assert not chaos.runs(hung)
    with chaos.asking(tmp_path) as jobs:
        assert jobs.status(number).state == "running"


def test_one_that_nobody_drives(tmp_path):
    with chaos.asking(tmp_path) as jobs:
        cancelled(jobs, jobs.submit(chaos.sweep())[0].id)


@pytest.mark.parametrize("executor", [Nowhere, NotYet])
def test_one_whose_workers_have_gone(tmp_path, executor):
    with chaos.jobs(tmp_path, executor) as jobs:
        number = jobs.submit(chaos.sweep())[0].id
        chaos.until(lambda: jobs.status(number).state == "running")
        cancelled(jobs, number)


def test_one_that_waits_for_disk(tmp_path):
    with chaos.jobs(tmp_path, limits=Limits(free_bytes=2**50)) as jobs:
        number = jobs.submit(chaos.sweep())[0].id
        chaos.until(lambda: "bytes of disk are free" in (jobs.status(number).waiting or ""))
        cancelled(jobs, number)


def test_one_whose_disk_is_full(tmp_path):
    with chaos.disk(tmp_path, "4M") as disk, chaos.jobs(disk.path) as jobs:
        disk.fill(left=100_000)
        number = jobs.submit(chaos.sweep())[0].id
        chaos.until(lambda: "No space left on device" in (jobs.status(number).waiting or ""))
        cancelled(jobs, number)
