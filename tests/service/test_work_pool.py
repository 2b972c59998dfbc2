"""Worker processes as many as are needed."""

import os

import pytest
import tasks

from service.work.pool import Pool


@pytest.fixture
def pool():
    found = Pool("tasks")
    yield found
    found.close()


def test_the_process_that_was_idle_last_works_next(pool, tmp_path):
    first, one = pool.submit(60.0, tasks.process)
    second, two = pool.submit(60.0, tasks.process)
    assert one.result(60) != two.result(60)
    last = pool._idle[-1]
    assert pool.submit(60.0, tasks.process)[0] is last
    assert {first, second} == set(pool._all)


def test_processes_are_started_before_they_are_needed(pool):
    pool.start(2)
    pool.start(2)
    processes = {pool.submit(60.0, tasks.process)[0] for _ in range(2)}
    assert processes == set(pool._all)
    assert len(processes) == 2


def test_what_is_closed_has_ended(pool):
    _, found = pool.submit(60.0, tasks.process)
    number, _ = found.result(60)
    assert pool.pids == [number]
    pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
