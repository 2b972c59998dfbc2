"""The face of jobs: what is asked of it by whoever has a question."""

import os
import shutil
import sqlite3
import stat
import sys
import time

import msgspec
import pytest
from jobs_asked import PARTS, VERSION, packed, simulation, sweep, until
from msgspec.structs import replace

import economics
from economics import Problem
from service.jobs import driver
from service.jobs import jobs as module
from service.jobs.executors import Inline
from service.jobs.folders import Folder
from service.jobs.jobs import Jobs, data_directory
from service.jobs.records import (
    Limits,
    NoData,
    NoJob,
    NoResult,
    NotEnded,
    OtherJob,
    TooManyJobs,
)
from service.jobs.specs import digest

DAY = 86_400.0


@pytest.fixture
def made(tmp_path):
    """Jobs that nobody drives unless it is said."""
    found = []

    def one(**limits):
        found.append(Jobs(tmp_path, Inline, Limits(**{"free_bytes": 0, **limits})))
        return found[-1]

    yield one
    for jobs in found:
        jobs.stop()


@pytest.fixture
def jobs(made):
    return made()


def done(jobs, question=None, **more):
    """A job that has been driven to its end."""
    job, _ = jobs.submit(question or sweep(), **more)
    return until(lambda: (one := jobs.status(job.id)).finished and one)


def test_a_job_is_what_was_asked(jobs):
    job, is_new = jobs.submit(sweep(), "ann", "key")
    assert is_new
    assert (job.kind, job.state, job.version) == ("sweep", "queued", VERSION)
    assert (job.shards, job.shards_done, job.cells, job.cells_done) == (PARTS, 0, 200, 0)
    assert (job.waiting, job.error, job.seconds, job.seconds_left) == (None, None, 0.0, None)
    assert job.digest == digest(packed())
    assert job.finished is None
    moment = time.strftime("%Y-%m-%dT%H", time.gmtime())
    assert job.created.startswith(moment) or time.gmtime().tm_min == 0
    assert job.created.endswith("+00:00")
    assert jobs.status(job.id, "ann") == job


def test_no_time_is_told_of_a_job_that_waits(jobs):
    job, _ = jobs.submit(sweep())
    row = replace(jobs._store.get(job.id, None), state="running", cells_done=50, seconds=1.0)
    assert module._job(row).seconds_left == 3.0
    assert module._job(replace(row, waiting="no room")).seconds_left is None


def test_the_same_key_is_the_same_job(jobs):
    first, _ = jobs.submit(sweep(), "ann", "key")
    assert jobs.submit(sweep(), "ann", "key") == (first, False)
    other, is_new = jobs.submit(sweep(), "bob", "key")
    assert is_new
    assert other.id != first.id
    assert jobs.submit(sweep(), "ann")[1]
    assert len(jobs.list("ann")) == 2


def test_a_key_belongs_to_one_question(jobs):
    job, _ = jobs.submit(sweep(), "ann", "key")
    with pytest.raises(OtherJob, match=f"the key key belongs to another question, .* {job.id}"):
        jobs.submit(sweep(shard_rows=40), "ann", "key")
    assert len(jobs.list()) == 1


def test_an_owner_sees_no_jobs_of_others(jobs):
    job, _ = jobs.submit(sweep(), "ann")
    for ask in (jobs.status, jobs.cancel, jobs.remove, jobs.results):
        with pytest.raises(NoJob, match=f"there is no job {job.id}"):
            ask(job.id, "bob")
        with pytest.raises(NoJob, match="there is no job nothing"):
            ask("nothing", "ann")
    assert jobs.list("bob") == ()
    assert jobs.list("ann") == jobs.list() == (job,)


def test_an_owner_has_only_so_many(made):
    jobs = made(owner_jobs=1)
    jobs.submit(sweep(), "ann", "key")
    with pytest.raises(TooManyJobs, match="queued or running"):
        jobs.submit(sweep(), "ann")
    assert not jobs.submit(sweep(), "ann", "key")[1]
    assert jobs.submit(sweep(), "bob")[1]
    small = made(owner_bytes=2000)
    with pytest.raises(TooManyJobs, match=r"at most 2,000 may be taken"):
        small.submit(sweep(), "eve")


def test_what_is_wrong_makes_no_job(jobs):
    with pytest.raises(Problem, match="targets"):
        jobs.submit(sweep(targets=["npv"]))
    assert jobs.list() == ()


def test_the_answer_of_a_job_is_there_when_it_is_done(jobs):
    job, _ = jobs.submit(simulation())
    with pytest.raises(NoResult, match=f"job {job.id} is queued"):
        jobs.results(job.id)
    jobs.start()
    until(lambda: jobs.status(job.id).state == "done")
    found = msgspec.json.decode(jobs.results(job.id).answer())
    same = msgspec.json.decode(msgspec.json.encode(economics.simulate(simulation().spec)))
    assert found["targets"] == same["targets"]


def test_answers_may_be_kept_elsewhere(tmp_path):
    jobs = Jobs(tmp_path / "..", Inline, Limits(free_bytes=0), str(tmp_path / "share"))
    try:
        jobs.start()
        job = done(jobs)
        assert (tmp_path / "share" / job.id / "manifest.json").exists()
        assert jobs.results(job.id).rows == 200
        jobs.remove(job.id)
        assert not (tmp_path / "share" / job.id).exists()
    finally:
        jobs.stop()


def test_an_ended_job_is_removed_with_its_answer(jobs, tmp_path):
    job, _ = jobs.submit(sweep())
    with pytest.raises(NotEnded, match=f"job {job.id} is queued: cancel it first"):
        jobs.remove(job.id)
    jobs.start()
    until(lambda: jobs.status(job.id).state == "done")
    jobs.remove(job.id)
    assert jobs.list() == ()
    assert list((tmp_path / "jobs").iterdir()) == []


def test_an_answer_that_is_gone_is_said(jobs, tmp_path):
    jobs.start()
    job = done(jobs)
    shutil.rmtree(tmp_path / "jobs" / job.id)
    with pytest.raises(NoResult, match=f"the result of job {job.id} is not there any more"):
        jobs.results(job.id)
    jobs.remove(job.id)
    assert jobs.list() == ()


def test_a_job_that_is_done_is_not_cancelled(jobs):
    jobs.start()
    job = done(jobs)
    assert jobs.cancel(job.id).state == "done"
    assert jobs.results(job.id).rows == 200


def test_what_ended_long_ago_goes(made, monkeypatch):
    jobs, now = made(kept_days=2.0), time.time
    jobs.start()
    old = done(jobs)
    monkeypatch.setattr(time, "time", lambda: now() + 1.5 * DAY)
    young = done(jobs)
    jobs.retain()
    assert len(jobs.list()) == 2
    monkeypatch.setattr(time, "time", lambda: now() + 2.5 * DAY)
    jobs.retain()
    assert jobs.list() == (young,)
    with pytest.raises(NoJob):
        jobs.status(old.id)


def test_what_ended_long_ago_goes_while_a_job_waits_for_disk(made, monkeypatch):
    """Or it would wait for ever."""
    monkeypatch.setattr(driver, "RETAIN_SECONDS", 0.05)
    before, now = made(), time.time
    before.start()
    old = done(before)
    before.stop()
    jobs = made(free_bytes=2**60)
    jobs.start()
    job, _ = jobs.submit(sweep())
    until(lambda: jobs.status(job.id).waiting)
    monkeypatch.setattr(time, "time", lambda: now() + 31 * DAY)
    until(lambda: [one.id for one in jobs.list()] == [job.id])
    assert old.id != job.id
    assert jobs.status(job.id).state == "running"


def test_the_oldest_go_where_there_are_too_many_bytes(made):
    taken = made()
    taken.start()
    jobs = [done(taken) for _ in range(3)]
    each = jobs[0].result_bytes
    other = made(kept_bytes=2 * each + each // 2)
    other.retain()
    assert other.list() == (jobs[2], jobs[1])


def test_what_cannot_be_removed_keeps_nothing_else(made, monkeypatch):
    jobs = made(kept_bytes=1024)
    jobs.start()
    first, _ = done(jobs), done(jobs)
    remove, fails = Folder.remove, [first.id]

    def refused(kept):
        if fails and str(kept._path).endswith(fails[0]):
            raise PermissionError(13, "Permission denied", fails[0])
        remove(kept)

    monkeypatch.setattr(Folder, "remove", refused)
    with pytest.raises(NoData, match=f"the result of job {first.id} cannot be removed: .*denied"):
        jobs.retain()
    assert [one.id for one in jobs.list()] == [first.id]
    fails.clear()
    jobs.retain()
    assert jobs.list() == ()


def test_a_job_that_nobody_can_be_told_of_is_not_cancelled(jobs, tmp_path):
    job, _ = jobs.submit(sweep())
    held = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    (tmp_path / "jobs").write_text("no folder")
    with pytest.raises(NoData, match="locked"):
        jobs.cancel(job.id)
    (tmp_path / "jobs").unlink()
    assert jobs.cancel(job.id).state == "queued"  # the file of its folder says it
    held.close()
    jobs.start()
    assert until(lambda: jobs.status(job.id).finished and jobs.status(job.id).state) == "cancelled"


def test_what_has_not_ended_never_goes(made, monkeypatch):
    jobs, now = made(kept_days=1.0, kept_bytes=1024), time.time
    job, _ = jobs.submit(sweep())
    monkeypatch.setattr(time, "time", lambda: now() + 100 * DAY)
    jobs.retain()
    assert jobs.list() == (job,)


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({"RACKRATE_DATA": "{}/data", "XDG_STATE_HOME": "{}/state"}, "data"),
        ({"XDG_STATE_HOME": "{}/state", "HOME": "{}"}, "state/rackrate"),
        ({"HOME": "{}"}, ".local/state/rackrate"),
    ],
)
def test_the_data_directory_is_its_owners_alone(tmp_path, environment, path):
    stated = {name: value.format(tmp_path) for name, value in environment.items()}
    found = data_directory(stated)
    assert found == tmp_path / path
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    assert data_directory(stated) == found
    assert list(found.iterdir()) == []


def test_a_data_directory_that_cannot_be_used_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoData, match=r"RACKRATE_DATA: .*/file cannot be"):
        data_directory({"RACKRATE_DATA": str(tmp_path / "file")})
    with pytest.raises(NoData, match="RACKRATE_DATA: /proc/jobs cannot be made"):
        data_directory({"RACKRATE_DATA": "/proc/jobs"})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_directory_that_is_not_writable_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NoData, match="cannot be written"):
        data_directory({"RACKRATE_DATA": str(tmp_path)})


def test_a_job_says_all_in_json(jobs):
    job, _ = jobs.submit(sweep())
    assert msgspec.json.decode(msgspec.json.encode(job))["id"] == job.id
    assert "numpy" in sys.modules  # which a question needs, and so is asked for here
