"""Jobs whose surroundings fail: files, clocks, locks, workers of another program."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from threading import Barrier

import chaos
import msgspec
import polars
import pytest
from project_copy import copied

import economics
from economics.sweeps.axes import Linspace, Values
from economics.sweeps.cells import complete
from economics.sweeps.spec import SweepSpec
from service.files import frames
from service.jobs.executors import Local
from service.jobs.records import Limits, NoData, OtherJob
from service.jobs.specs import question

pytestmark = pytest.mark.alone
FEW = chaos.sweep(parts=12)
STOPPED = (signal.SIGSTOP,) * 2 + (signal.SIGCONT,) * 2
TRACER = """
import ctypes, sys, time
SEIZE = 0x4206
print(ctypes.CDLL(None).ptrace(SEIZE, int(sys.argv[1]), 0, 0), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files of a job of few shards that nothing disturbs."""
    return chaos.undisturbed(tmp_path_factory.mktemp("undisturbed"), FEW)


@pytest.fixture
def mark(monkeypatch):
    """The mark of processes that this one starts."""
    monkeypatch.setenv(chaos.MARK, mark := os.urandom(8).hex())
    return mark


def damage(path):
    """What may be found after a crash of the machine; the parts that are hurt."""
    os.truncate(path / "part-00000.parquet", (path / "part-00000.parquet").stat().st_size - 1)
    (path / "part-00001.json").write_bytes(b"")
    (path / "part-00002.json").write_text("{}")
    (path / "part-00003.parquet").unlink()
    (path / ".part-00004.parquet.0011aabbccdd.tmp").write_bytes(b"PAR1")
    (path / "part-00005.parquet").write_bytes(b"")
    return {0, 1, 2, 3, 5}


def stopped(data, asked, parts):
    """A job of which at least so many parts stand, and that nobody drives."""
    with chaos.jobs(data) as jobs:
        number = jobs.submit(asked)[0].id
        kept = chaos.Kept(data, number)
        chaos.until(lambda: len(kept.finished()) >= parts, every=0.001)
    return kept


def test_what_is_torn_is_computed_again_and_nothing_else(tmp_path, undisturbed):
    kept = stopped(tmp_path, FEW, 8)
    before, hurt = kept.finished(), damage(kept.path)
    with chaos.jobs(tmp_path) as jobs:
        assert chaos.ended(jobs, kept.number).state == "done"
    after = kept.finished()
    assert {one for one in before if before[one] != after[one]} == hurt
    assert kept.contents() == undisturbed


def test_a_disk_that_takes_less_than_it_is_given(tmp_path, monkeypatch, undisturbed):
    write = os.write
    monkeypatch.setattr(os, "write", lambda to, data: write(to, data[: max(1, len(data) // 3)]))
    assert chaos.undisturbed(tmp_path, FEW) == undisturbed


def test_a_folder_that_goes_while_it_is_written(tmp_path, undisturbed):
    """It is computed once more, whole."""
    with chaos.jobs(tmp_path) as jobs:
        number = jobs.submit(FEW)[0].id
        kept = chaos.Kept(tmp_path, number)
        chaos.until(lambda: len(kept.finished()) > 2, every=0.001)
        kept.path.rename(tmp_path / "gone")
        assert chaos.ended(jobs, number).state == "done"
        assert kept.contents() == undisturbed


def test_a_part_that_goes_before_the_others_are_done(tmp_path, undisturbed):
    with chaos.jobs(tmp_path) as jobs:
        number = jobs.submit(FEW)[0].id
        kept = chaos.Kept(tmp_path, number)
        chaos.until(lambda: len(kept.finished()) > 2, every=0.001)
        (kept.path / "part-00001.parquet").unlink()
        assert chaos.ended(jobs, number).state == "done"
        assert kept.contents() == undisturbed


@pytest.mark.parametrize("days", [3, pytest.param(-3, marks=pytest.mark.slow)])
def test_a_clock_that_is_days_off(tmp_path, monkeypatch, days, undisturbed):
    """Times that are told are those of a clock that nobody sets."""
    kept, right = stopped(tmp_path, FEW, 3), time.time
    monkeypatch.setattr(time, "time", lambda: right() + days * 86_400)
    with chaos.jobs(tmp_path) as jobs:
        while (found := jobs.status(kept.number)).state != "done":
            assert found.state == "running"
            assert 0.0 <= found.seconds < 60.0
            assert found.seconds_left is None or 0.0 <= found.seconds_left < 60.0
        assert kept.contents() == undisturbed
        off = datetime.fromisoformat(found.finished) - datetime.fromisoformat(found.created)
        assert round(off / timedelta(days=1)) == days


@pytest.mark.slow
def test_the_table_is_locked_for_long(tmp_path):
    """The job goes on, its status can be read, and another one is refused in words."""
    with chaos.jobs(tmp_path) as jobs:
        number = jobs.submit(chaos.sweep(parts=60))[0].id
        chaos.until(lambda: jobs.status(number).state == "running")
        other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        kept, end = chaos.Kept(tmp_path, number), time.monotonic() + 15.0
        with pytest.raises(NoData, match="locked"):
            jobs.submit(FEW)
        while time.monotonic() < end:
            assert jobs.status(number).state == "running"
            time.sleep(0.05)
        other.execute("ROLLBACK")
        other.close()
        assert chaos.ended(jobs, number).state == "done"
        assert len(kept.finished()) == 60


def test_two_who_compute_the_same_answer_write_the_same(tmp_path):
    """So that the file of one fits what the other has said of it."""
    found = []
    for data in (tmp_path / "first", tmp_path / "second"):
        with chaos.jobs(data) as jobs:
            job = chaos.ended(jobs, jobs.submit(chaos.reduction(10**4))[0].id)
            answer = msgspec.json.decode(jobs.results(job.id).answer())
            assert 0.0 < answer["seconds"] < 60.0
            found.append(chaos.Kept(data, job.id).contents()["part-00000.answer"])
    assert found[0] == found[1]


def test_one_key_from_many_at_once(tmp_path):
    """One job for the same question; another one is refused, whoever is first."""
    count = 24
    start = Barrier(count)

    def submit(at):
        start.wait()
        try:
            return several[at % 3].submit((FEW, chaos.sweep(parts=5))[at % 2], key="one")
        except OtherJob:
            return None

    with ExitStack() as opened, ThreadPoolExecutor(count) as pool:
        several = [opened.enter_context(chaos.asking(tmp_path)) for _ in range(3)]
        found = [one for one in pool.map(submit, range(count)) if one]
        assert len(several[0].list(None)) == 1
    assert len(found) == count // 2
    assert len({job.id for job, _ in found}) == 1
    assert [new for _, new in found].count(True) == 1


def test_another_version_of_the_program_computes_nothing(tmp_path):
    """A worker that was installed from elsewhere."""
    project = copied(tmp_path / "project")
    version = project / "service" / "version.py"
    version.write_text(version.read_text() + "\n\ndef version():\n    return '0.0.1'\n")
    environment = {"PYTHONPATH": str(project)}
    with chaos.jobs(tmp_path / "data", lambda: Local(environment=environment)) as jobs:
        found = chaos.ended(jobs, jobs.submit(FEW)[0].id)
    assert found.state == "failed"
    assert re.match(r"shard 0: .*the worker has version 0\.0\.1 of rackrate, the job ", found.error)
    assert found.shards_done == 0


@pytest.mark.slow
def test_a_worker_that_hangs_is_ended_and_its_shard_done_by_another(tmp_path, mark, undisturbed):
    with chaos.jobs(tmp_path, Local, Limits(stall_seconds=8.0)) as jobs:
        number = jobs.submit(FEW)[0].id
        chaos.until(lambda: chaos.Kept(tmp_path, number).finished())
        (hung,) = chaos.marked(mark)
        os.kill(hung, signal.SIGSTOP)
        assert chaos.ended(jobs, number).state == "done"
        assert not chaos.runs(hung)
        assert chaos.Kept(tmp_path, number).contents() == undisturbed


@pytest.mark.slow
def test_a_machine_that_stands_still_for_long_is_no_worker_that_hangs(tmp_path, undisturbed):
    """As containers do that are paused: driver and worker."""
    with chaos.asking(tmp_path) as jobs, chaos.driving(tmp_path, 8.0) as driver:
        number = jobs.submit(chaos.reduction(10**10))[0].id
        chaos.until(lambda: jobs.status(number).cells_done)
        (worker,) = driver.others
        both = [worker, driver.process.pid]
        for one, sent in zip(both + both[::-1], STOPPED, strict=True):
            os.kill(one, sent)
            time.sleep(10.0 if sent == signal.SIGSTOP and one != worker else 1.0)
        assert chaos.runs(worker)
        assert chaos.ended(jobs, number).state == "done"


@pytest.mark.slow
def test_a_worker_that_cannot_be_ended_holds_nobody_up(tmp_path):
    """As where a device hangs; here somebody else traces it, and has to see its end first."""
    with chaos.jobs(tmp_path, Local) as jobs:
        number = jobs.submit(chaos.reduction(10**11))[0].id
        chaos.until(lambda: jobs.status(number).cells_done)
        (worker,) = chaos.children(os.getpid())
        with subprocess.Popen([sys.executable, "-c", TRACER, str(worker)], stdout=-1) as tracer:
            assert tracer.stdout.readline() == b"0\n", "one must be root to try this"
            os.kill(worker, signal.SIGSTOP)
            jobs.cancel(number)
            assert chaos.ended(jobs, number, 2.0).state == "cancelled"
            assert chaos.ended(jobs, jobs.submit(FEW)[0].id).state == "done"
            tracer.kill()


def end_again_and_again(jobs, data, mark, sent):
    """A job of one shard whose workers are sent a signal whenever it has got somewhere, when it has
    ended; and how many were sent it.
    """
    number, count = jobs.submit(chaos.reduction(10**11))[0].id, 0
    kept = chaos.Kept(data, number)

    def is_over():
        return jobs.status(number).state not in ("queued", "running")

    while chaos.until(lambda: kept.progress() or is_over(), every=0.05) and not is_over():
        for one in chaos.marked(mark):
            os.kill(one, sent)
            count += 1
        chaos.until(lambda: is_over() or not kept.progress(), every=0.05)
    return jobs.status(number), count


@pytest.mark.slow
def test_a_shard_whose_workers_always_end_fails_the_job(tmp_path, mark):
    with chaos.jobs(tmp_path, Local, Limits(tries=1)) as jobs:
        found, count = end_again_and_again(jobs, tmp_path, mark, signal.SIGKILL)
    assert (found.state, count) == ("failed", 2)
    assert re.match(r"shard 0: the process .*signal 9.*, 2 times$", found.error)


@pytest.mark.slow
def test_a_shard_whose_workers_always_hang_fails_the_job(tmp_path, mark):
    with chaos.jobs(tmp_path, Local, Limits(stall_seconds=5.0, tries=1)) as jobs:
        found, count = end_again_and_again(jobs, tmp_path, mark, signal.SIGSTOP)
    assert (found.state, count) == ("failed", 2)
    assert re.match(r"shard 0: no progress for 5 seconds, 2 times$", found.error)


def test_a_status_that_first_arises_in_a_later_shard(tmp_path):
    """Every part has the same columns of the same types, and together they are the whole."""
    price = Values(field="rental_price_usd_per_gpu_hour", values=(5.0, 4.0, 0.001))
    load = Linspace(field="utilisation", start=0.2, stop=1.0, count=50)
    targets = ("irr_per_year", "npv_usd_per_rack")
    spec = SweepSpec(scenario=chaos.scenario(), axes=(price, load), targets=targets)
    chaos.undisturbed(tmp_path, question(spec, 50))
    parts = sorted(tmp_path.glob("jobs/*/part-*.parquet"))
    tables = [polars.read_parquet(one) for one in parts]
    words = [set(one["irr_per_year_status"].unique()) for one in tables]
    assert words[0] == {"ok"}
    assert words[2] - {"ok"}
    assert len({tuple(one.schema.items()) for one in tables}) == 1
    whole = frames.frame(complete(economics.sweep(spec)))
    assert polars.concat(tables).equals(whole)
