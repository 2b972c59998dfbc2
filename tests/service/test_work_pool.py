"""Worker processes as many as are needed."""

import os

import pytest
import tasks

from kernels.grids.engine_table import CORES, NUMPY
from service.work.pool import Pool, threads_each


@pytest.fixture
def pool():
    found = Pool("tasks", 2)
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
    pool.start()
    pool.start()
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


@pytest.mark.parametrize(
    ("cores", "count", "each"),
    [(2, 1, 2), (2, 2, 2), (2, 3, 2), (2, 4, 1), (2, 99, 1), (64, 2, 64), (64, 8, 16), (1, 1, 1)],
)
def test_all_together_have_twice_as_many_threads_as_cores(cores, count, each):
    assert threads_each(cores, count) == each


def test_engines_count_the_threads_that_are_theirs(monkeypatch):
    monkeypatch.setenv(CORES, "6")
    assert NUMPY.workers() == 6
    pool = Pool("tasks", 4)
    assert pool.submit(60.0, tasks.variable, CORES)[1].result(60) == "3"
    pool.close()
    monkeypatch.setenv(CORES, "0")
    assert NUMPY.workers() >= 1
