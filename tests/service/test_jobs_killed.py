"""Jobs whose processes are ended, at any point."""

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chaos
import pytest

pytestmark = pytest.mark.alone
CRASH_POINTS = Path(chaos.__file__).with_name("crash_points.py")
VICTIMS = ("driver", "workers", "both", "told")  # told to end: a service that is stopped
ATTEMPTS = 8  # to end a process before its job ends
ORPHAN_SECONDS = 2.0
GRACE_SECONDS = 10.0  # that a container has to end


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The files of the job that nothing disturbs."""
    return chaos.undisturbed(tmp_path_factory.mktemp("undisturbed"), chaos.sweep())


class Disturbed:
    """A job whose driver, workers or both are ended one after another, at random points."""

    def __init__(self, jobs, data, seed, victims):
        self.data, self.chance, self.jobs = data, random.Random(seed), jobs
        self.job, _ = self.jobs.submit(chaos.sweep())
        self.kept, self.seen, self.early = chaos.Kept(data, self.job.id), {}, 0
        points = self.chance.sample(range(self.job.shards - 4), len(victims))
        self.plan = list(zip(sorted(points), victims, strict=True))

    def run(self):
        """Kill and begin again, as often as is planned, and see it done."""
        while self.plan:
            with chaos.driving(self.data) as driver:
                while self.plan and driver.process.poll() is None:
                    self.disturb(driver, *self.plan.pop(0))
                if driver.process.poll() is None:
                    self.end()
        if self.is_running():
            with chaos.driving(self.data):
                self.end()

    def disturb(self, driver, point, victims):
        """End some when so many shards are finished; none is there 2 s after the driver. Where the
        job ended before that, its workers may be gone.
        """
        chaos.until(
            lambda: (len(self.kept.finished()) >= point and driver.others) or not self.is_running()
        )
        time.sleep(self.chance.uniform(0.0, 0.05))
        if victims == "told":
            assert driver.end(signal.SIGTERM, GRACE_SECONDS) == 0
        if victims in ("workers", "both"):
            driver.kill_others()
        if victims in ("driver", "both"):
            assert driver.end(signal.SIGKILL) == -signal.SIGKILL
        if victims != "workers":
            chaos.until(lambda: not chaos.marked(driver.mark), ORPHAN_SECONDS)
        self.early += self.is_running()
        self.look()

    def is_running(self):
        """Whether it is to go on."""
        return self.jobs.status(self.job.id).state in ("queued", "running")

    def look(self):
        """What was finished once is still the same file."""
        now = self.kept.finished()
        assert self.seen.items() <= now.items()
        self.seen = now

    def end(self):
        """It is done."""
        found = chaos.ended(self.jobs, self.job.id)
        assert (found.state, found.shards_done, found.error) == ("done", found.shards, None)
        self.look()


def survive(data, seed, victims):
    """The files of a job of which processes were ended; of another one where each end came too
    late, as it may on a fast machine.
    """
    with chaos.asking(data) as jobs:
        for again in range(ATTEMPTS):
            found = Disturbed(jobs, data, seed + 1000 * again, victims)
            found.run()
            if found.early:
                return found.kept.contents()
    raise AssertionError("every end came after that of the job")


def test_a_job_of_which_processes_are_killed_has_the_bytes_of_one_that_is_left_alone(
    tmp_path, undisturbed
):
    """A seed each; that of the driver alone is where another takes over."""
    victims = (["workers", "workers"], ["both"])
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda seed: survive(tmp_path / f"{seed}", seed, victims[seed]), range(2))
        assert all(one == undisturbed for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 20))
def test_more_jobs_of_which_processes_are_ended(tmp_path, undisturbed, seed):
    victims = random.Random(seed).choices(VICTIMS, k=4)
    assert survive(tmp_path, seed, victims) == undisturbed


def crash_points(folder, first, step):
    """At how many calls of the system it was tried."""
    command = [sys.executable, CRASH_POINTS, folder, first, step]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_an_end_at_calls_by_which_something_is_kept(tmp_path):
    assert crash_points(tmp_path, 1, 8) > 20


@pytest.mark.slow
def test_an_end_at_every_call_by_which_something_is_kept(tmp_path):
    assert crash_points(tmp_path, 1, 1) > 20


@pytest.mark.parametrize("ends", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_where_several_could_drive_one_does_and_another_takes_over(tmp_path, undisturbed, ends):
    chance = random.Random(2)
    with chaos.asking(tmp_path) as jobs, chaos.several_driving(tmp_path, 3) as drivers:
        job, _ = jobs.submit(chaos.sweep())
        kept = chaos.Kept(tmp_path, job.id)
        for _ in range(ends):
            (driving,) = chaos.until(lambda: [one for one in drivers if one.others])
            more = len(kept.finished()) + chance.randrange(2, 10)
            chaos.until(lambda: len(kept.finished()) >= more)  # noqa: B023
            driving.end()
            chaos.until(lambda: not chaos.marked(driving.mark), ORPHAN_SECONDS)  # noqa: B023
            drivers.remove(driving)
            finished = kept.finished()
            assert {one.status(job.id).state for one in drivers} == {"running"}
            chaos.until(lambda: any(one.others for one in drivers))
            assert finished.items() <= kept.finished().items()
        found = chaos.ended(jobs, job.id)
        assert found.state == "done"
        assert [one.status(job.id) for one in drivers] == [found] * len(drivers)
    assert kept.contents() == undisturbed
