"""One driver a data directory: it goes on where another one was, whatever happened to that one."""

import sqlite3
import threading
import time

import pytest
from jobs_asked import PARTS, VERSION, Faulty, Hands, files, sweep, until

from service.jobs import driver as module
from service.jobs.executors import Inline
from service.jobs.folders import folder
from service.jobs.jobs import Jobs
from service.jobs.records import Limits
from service.work.watch import Stopped

SOON = 5.0  # in which a job is cancelled on any machine; a second is meant


@pytest.fixture
def services(tmp_path, monkeypatch):
    """Services of one data directory, which end with the test."""
    monkeypatch.setattr(module, "STAND_BY_SECONDS", 0.05)
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.02)
    found = []

    def one(make=Inline, starts=True, **limits):
        made = Jobs(tmp_path, make, Limits(**{"free_bytes": 0, **limits}))
        found.append(made)
        if starts:
            made.start()
        return made

    yield one
    for service in found:
        service.stop()


def ended(jobs, job, state="done"):
    """A job when it has ended, as it should."""
    found = until(lambda: (one := jobs.status(job.id)).finished and one)
    assert found.state == state, found
    return found


def parts(tmp_path, job):
    return files(tmp_path / "jobs" / job.id)


def cancelled(jobs, job):
    """How long a job takes to be cancelled."""
    began = time.monotonic()
    jobs.cancel(job.id)
    ended(jobs, job, "cancelled")
    return time.monotonic() - began


def test_a_job_is_done_and_how_far_it_is_is_told(services, tmp_path):
    hands = Hands(2)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    until(lambda: len(hands.flying) == 2)
    hands.compute()
    found = until(lambda: (one := jobs.status(job.id)).shards_done == 1 and one)
    assert (found.state, found.cells, found.cells_done) == ("running", 200, 20)
    assert found.seconds_left == pytest.approx(9 * found.seconds)
    assert found.result_bytes == (
        (tmp_path / "jobs" / job.id / "part-00000.parquet").stat().st_size
    )
    for _ in range(PARTS - 1):
        until(lambda: hands.flying)
        hands.compute()
    found = ended(jobs, job)
    assert (found.shards_done, found.cells_done, found.seconds_left) == (PARTS, 200, None)
    assert len(parts(tmp_path, job)) == PARTS + 1


def test_one_job_comes_after_another(services):
    hands = Hands(100)
    jobs = services(lambda: hands)
    first, second = (jobs.submit(sweep(rows))[0] for rows in (20, 40))
    until(lambda: hands.flying)
    assert [jobs.status(one.id).state for one in (first, second)] == ["running", "queued"]
    while hands.flying:
        hands.compute()
    ended(jobs, first)
    until(lambda: jobs.status(second.id).state == "running")


def test_of_three_services_one_drives_and_another_takes_over(services, tmp_path):
    hands = Hands(1)
    three = [services(lambda: hands) for _ in range(3)]
    first = until(lambda: [one for one in three if one.is_driving])
    others = [one for one in three if one not in first]
    job, _ = others[0].submit(sweep())
    until(lambda: hands.flying)
    hands.compute()
    until(lambda: hands.flying)
    assert len(first) == 1
    first[0].stop()
    three.remove(first[0])
    assert hands.closed
    assert others[0].status(job.id).state == "running"
    (second,) = until(lambda: [one for one in others if one.is_driving])
    until(lambda: len(hands.flying) == 2)
    hands.flying.pop(0)
    while second.status(job.id).state == "running":
        if hands.flying:
            hands.compute()
    ended(second, job)
    assert hands.seen == [0, 1, *range(1, PARTS)]  # what stood was not computed again
    assert (tmp_path / "jobs" / job.id / "manifest.json").exists()


def test_what_another_one_left_is_taken_up(services, tmp_path):
    """Seconds too; torn parts are not."""
    hands = Hands(1)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    for _ in range(3):
        until(lambda: hands.flying)
        hands.compute()
    until(lambda: (one := jobs.status(job.id)).shards_done == 3 and one.seconds > 0.0)
    jobs.stop()
    kept = folder(str(tmp_path / "jobs" / job.id))
    kept.put("part-00001.parquet", kept.get("part-00001.parquet")[:50])
    later = services(Inline)
    assert ended(later, job).shards_done == PARTS
    whole, _ = later.submit(sweep())
    ended(later, whole)
    assert parts(tmp_path, job) == parts(tmp_path, whole)


@pytest.mark.parametrize("width", [0, 1, 3])
def test_a_running_job_is_cancelled_soon_though_its_workers_do_nothing(services, width):
    hands = Hands(width, runs=True)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    until(lambda: jobs.status(job.id).state == "running" and len(hands.flying) == width)
    assert cancelled(jobs, job) < SOON
    assert until(lambda: hands.closed == bool(width))


@pytest.mark.parametrize(
    ("error", "state", "left"),
    [(Stopped("as a file says"), "cancelled", ["CANCEL"]), (KeyError("a"), "failed", [])],
)
def test_what_has_no_answer_takes_no_room(services, tmp_path, error, state, left):
    """But for the file that tells workers to stop, wherever they are."""
    hands = Hands(1)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    hands.compute()
    until(lambda: hands.flying)
    path = tmp_path / "jobs" / job.id
    assert len(list(path.iterdir())) == 2
    hands.fail(error)
    found = ended(jobs, job, state)
    assert (found.shards_done, found.result_bytes) == (1, 0)
    until(lambda: [one.name for one in path.iterdir()] == left)


def test_a_queued_job_is_cancelled_at_once(services):
    jobs = services(lambda: Hands(1))
    running, _ = jobs.submit(sweep())
    until(lambda: jobs.status(running.id).state == "running")
    job, _ = jobs.submit(sweep())
    assert jobs.cancel(job.id).state == "cancelled"
    assert jobs.status(running.id).state == "running"


def test_a_job_is_cancelled_while_nobody_drives(services):
    jobs = services(starts=False)
    job, _ = jobs.submit(sweep())
    assert jobs.cancel(job.id).state == "cancelled"
    assert jobs.cancel(job.id).state == "cancelled"


@pytest.mark.parametrize("works", ["raises", "hangs"])
def test_a_job_is_cancelled_while_workers_are_looked_for(services, works):
    release = threading.Event()

    def make():
        if works == "hangs":
            release.wait(60)
        raise ConnectionRefusedError("nobody listens")

    jobs = services(make)
    job, _ = jobs.submit(sweep())
    until(lambda: jobs.status(job.id).state == "running")
    if works == "raises":
        until(lambda: jobs.status(job.id).waiting == "there are no workers: nobody listens")
    assert cancelled(jobs, job) < SOON
    release.set()


def test_workers_that_come_are_taken(services):
    come = [ConnectionRefusedError("nobody listens")]

    def make():
        if come:
            raise come.pop()
        return Inline()

    jobs = services(make)
    assert ended(jobs, jobs.submit(sweep())[0]).waiting is None


def test_workers_that_come_when_a_service_has_ended_are_sent_away(services):
    release, hands = threading.Event(), Hands()

    def make():
        release.wait(60)
        return hands

    jobs = services(make)
    job, _ = jobs.submit(sweep())
    until(lambda: jobs.status(job.id).state == "running")
    until(lambda: any(one.name == "make" for one in threading.enumerate()))
    jobs.stop()
    assert not hands.closed
    release.set()
    until(lambda: hands.closed)


def test_a_worker_may_see_first_that_a_job_is_cancelled(services):
    jobs = services(lambda: Faulty(Stopped("as a file says")))
    ended(jobs, jobs.submit(sweep())[0], "cancelled")


def test_another_service_cancels_what_this_one_drives(services):
    hands = Hands(1)
    jobs = services(lambda: hands)
    other = services(starts=False)
    job, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    assert cancelled(other, job) < SOON


def test_a_job_is_cancelled_though_the_table_takes_nothing(services, tmp_path):
    """The file of its folder says it, and the table is told as soon as it can be."""
    hands = Hands(1)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    held = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    jobs.cancel(job.id)
    until(lambda: hands.flying[0][0].cancelled())
    held.rollback()
    held.close()
    ended(jobs, job, "cancelled")


def test_a_job_goes_on_while_somebody_else_writes_the_table(services, tmp_path):
    hands = Hands(1)
    jobs = services(lambda: hands)
    job, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    held = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    for _ in range(PARTS):
        until(lambda: hands.flying)
        hands.compute()
    until((tmp_path / "jobs" / job.id / "manifest.json").exists)
    assert jobs.status(job.id).state == "running"
    held.rollback()
    held.close()
    assert ended(jobs, job).shards_done == PARTS


def test_a_clock_that_is_days_off_changes_no_order_and_no_time_left(services, monkeypatch):
    now, hands = time.time, Hands(1)
    jobs = services(lambda: hands)
    first, _ = jobs.submit(sweep())
    monkeypatch.setattr(time, "time", lambda: now() - 3 * 86_400)
    second, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    hands.compute()
    found = until(lambda: (one := jobs.status(first.id)).shards_done == 1 and one)
    assert 0.0 < found.seconds_left < 600.0
    assert jobs.status(second.id).state == "queued"
    monkeypatch.setattr(time, "time", lambda: now() + 3 * 86_400)
    for _ in range(PARTS - 1):
        until(lambda: hands.flying)
        hands.compute()
    assert ended(jobs, first).seconds < 600.0
    until(lambda: jobs.status(second.id).state == "running")


def test_what_hangs_is_ended_and_begun_anew(services):
    hands = Hands(1)
    executors = [Inline(), hands]
    jobs = services(lambda: executors.pop(), stall_seconds=0.3)
    ended(jobs, jobs.submit(sweep())[0])
    assert hands.closed


def test_what_hangs_again_and_again_fails(services):
    jobs = services(lambda: Hands(1, runs=True), stall_seconds=0.3, tries=1)
    found = ended(jobs, jobs.submit(sweep())[0], "failed")
    assert found.error == "shard 0: no progress for 0.3 seconds, 2 times"


def test_a_job_of_another_version_fails_and_says_what_to_do(services, monkeypatch):
    jobs = services(starts=False)
    job, _ = jobs.submit(sweep())
    monkeypatch.setattr(module, "version", lambda: "9.9")
    later = services()
    found = ended(later, job, "failed")
    assert found.error == (
        f"submitted to version {VERSION} of rackrate, this is 9.9: submit it again"
    )


def test_an_error_of_the_model_fails_the_job_and_the_next_one_runs(services):
    jobs = services()
    wrong, _ = jobs.submit(sweep(backend="cuda"))
    job, _ = jobs.submit(sweep())
    assert ended(jobs, wrong, "failed").error.startswith("shard 0: BackendError: backend = 'cuda'")
    ended(jobs, job)


def test_an_executor_that_takes_nothing_is_replaced(services):
    class Broken(Hands):
        def submit(self, *arguments):
            raise RuntimeError("cannot schedule new futures after shutdown")

    broken = Broken()
    executors = [Inline(), broken]
    jobs = services(lambda: executors.pop())
    ended(jobs, jobs.submit(sweep())[0])
    assert broken.closed


def test_a_folder_that_was_removed_is_made_anew(services, tmp_path):
    hands = Hands(1)
    executors = [Inline(), hands]
    jobs = services(lambda: executors.pop())
    job, _ = jobs.submit(sweep())
    until(lambda: hands.flying)
    hands.compute()
    until(lambda: hands.flying)
    folder(str(tmp_path / "jobs" / job.id)).remove()
    assert ended(jobs, job).shards_done == PARTS
    assert len(parts(tmp_path, job)) == PARTS + 1


def test_workers_are_given_back_when_there_is_nothing_to_do(services, monkeypatch):
    monkeypatch.setattr(module, "LEAVE_SECONDS", 0.05)
    made = []

    def make():
        made.append(Hands(1))
        return made[-1]

    jobs = services(make)
    for number in range(2):
        job, _ = jobs.submit(sweep(200))
        until(lambda: len(made) == number + 1 and made[-1].flying)  # noqa: B023
        made[-1].compute()
        ended(jobs, job)
        until(lambda: made[-1].closed)


def test_a_fault_of_the_driver_ends_no_driver(services, monkeypatch, caplog):
    follow, faults = module.Driver._follow, [ZeroDivisionError("a fault")]

    def faulty(*arguments):
        if faults:
            raise faults.pop()
        follow(*arguments)

    monkeypatch.setattr(module.Driver, "_follow", faulty)
    jobs = services()
    ended(jobs, jobs.submit(sweep())[0])
    assert "a fault of the driver" in caplog.text


def test_a_file_that_cannot_be_opened_is_tried_again(services, tmp_path):
    (tmp_path / "driver.lock").mkdir()
    jobs = services()
    job, _ = jobs.submit(sweep())
    time.sleep(0.1)
    assert (jobs.is_driving, jobs.status(job.id).state) == (False, "queued")
    (tmp_path / "driver.lock").rmdir()
    ended(jobs, job)
