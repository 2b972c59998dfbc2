"""Jobs on a disk that is full: they wait, say so, and go on when there is room."""

import os
import resource
import time

import chaos
import pytest

from service.jobs.executors import Inline, Local
from service.jobs.jobs import Jobs
from service.jobs.records import NoData

pytestmark = pytest.mark.alone


def waits(jobs, number):
    """What a job says that it waits for."""
    found = jobs.status(number)
    assert found.state in ("queued", "running")
    return found.waiting


@pytest.mark.parametrize(
    ("size", "more", "parts", "make"),
    [("3M", "16M", 30, Inline), pytest.param("40M", "200M", 1000, Local, marks=pytest.mark.slow)],
)
def test_a_disk_that_is_enlarged(tmp_path, size, more, parts, make):
    """The status can be read all the time, by who drives and by who does not."""
    asked = chaos.sweep(parts=parts)
    with (
        chaos.disk(tmp_path, size) as disk,
        chaos.jobs(disk.path, make) as jobs,
        chaos.asking(disk.path) as others,
    ):
        number = jobs.submit(asked)[0].id
        chaos.until(lambda: waits(jobs, number))
        kept, end = chaos.Kept(disk.path, number), time.monotonic() + 0.8
        finished = kept.finished()
        while time.monotonic() < end:
            for one in (jobs, others):
                assert "No space left on device" in waits(one, number)
        disk.resize(f"size={more}")
        assert chaos.ended(others, number).state == "done"
        assert finished.items() <= kept.finished().items()
        assert kept.contents() == chaos.undisturbed(tmp_path / "undisturbed", asked)


@pytest.mark.slow
def test_files_that_may_not_be_as_long(tmp_path):
    """A limit that the system sets on a worker, and takes away."""
    asked = chaos.sweep(parts=12)
    with chaos.jobs(tmp_path, Local) as jobs:
        number = jobs.submit(asked)[0].id
        kept = chaos.Kept(tmp_path, number)
        (worker,) = chaos.until(lambda: kept.finished() and chaos.children(os.getpid()))
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        chaos.until(lambda: waits(jobs, number))
        assert "File too large" in waits(jobs, number)
        finished = kept.finished()
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert chaos.ended(jobs, number).state == "done"
        assert finished.items() <= kept.finished().items()
        assert chaos.children(os.getpid()) == {worker}
    assert kept.contents() == chaos.undisturbed(tmp_path / "undisturbed", asked)


def test_a_disk_that_has_room_for_no_more_files(tmp_path):
    asked = chaos.sweep(parts=12)
    with chaos.disk(tmp_path, "8M", ",nr_inodes=20") as disk, chaos.jobs(disk.path) as jobs:
        number = jobs.submit(asked)[0].id
        chaos.until(lambda: waits(jobs, number))
        assert "No space left on device" in waits(jobs, number)
        assert waits(jobs, number)
        disk.resize("size=8M,nr_inodes=1000")
        assert chaos.ended(jobs, number).state == "done"
        assert chaos.Kept(disk.path, number).contents() == chaos.undisturbed(
            tmp_path / "undisturbed", asked
        )


@pytest.mark.slow
def test_a_service_that_is_killed_on_a_full_disk_begins_there_again(tmp_path):
    """One that is told to end there needs room to begin, and says so."""
    asked = chaos.sweep()
    with chaos.disk(tmp_path, "4M") as disk:
        with chaos.asking(disk.path) as jobs:
            number = jobs.submit(asked)[0].id
        with chaos.driving(disk.path) as driver:
            chaos.until(lambda: waits(driver, number))
            disk.fill()
            driver.end()
        disk.fill()
        with chaos.jobs(disk.path) as jobs:
            assert waits(jobs, number)
        disk.fill()
        with pytest.raises(NoData, match=r"jobs\.sqlite cannot be used"):
            Jobs(disk.path, Inline)
        disk.resize("size=40M")
        with chaos.jobs(disk.path) as jobs:
            assert chaos.ended(jobs, number).state == "done"
