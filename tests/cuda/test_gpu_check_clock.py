"""The device's clock and the speed of its memory: what is timed, what is stored and copied, what is
left of it.
"""

import sys

import numpy as np
import pytest

from kernels.engines.cuda import source
from kernels.gpu_check.clock import TimedSession, rates


@pytest.fixture
def watched(machine, monkeypatch):
    """Makes a session whose device takes so many milliseconds for everything."""

    def made(tick, **stated):
        machine(**stated)
        monkeypatch.setattr(
            sys.modules["cupy"].cuda, "get_elapsed_time", lambda *_: tick, raising=False
        )
        return TimedSession(0)

    return made


def start(session, kernel, size):
    session.room("outs", size)
    session.put("outs", np.arange(100.0, 100.0 + size))
    session.put("sizes", np.array([size], dtype=np.int64))
    session.run(source.module_without_cells("bandwidth"), kernel, 3, source.THREADS[True])
    found = np.empty(size)
    session.take("outs", 0, found)
    return found


@pytest.mark.parametrize("size", [2, 1000, 4096])
def test_every_number_is_stored_or_copied(watched, size):
    session = watched(1.0)
    assert (start(session, "stores", size) == np.arange(size)).all()
    half = np.arange(100.0 + size // 2, 100.0 + size)
    assert (start(session, "copies", size) == np.concatenate([half, half])).all()


def test_first_runs_are_timed_here_and_later_ones_by_the_device(watched):
    session = watched(250.0)
    for _ in range(3):
        start(session, "stores", 10)
    start(session, "copies", 10)
    assert session.compile_seconds() > 0.0
    assert session.compile_seconds() == 0.0
    assert session.kernel_seconds() == [0.25, 0.25]
    assert session.kernel_seconds() == []


def test_rates_are_bytes_a_second(watched):
    session = watched(0.5)
    found = rates(session, most=1001)
    assert found.stored == found.copied == 8 * 1000 / 0.0005
    assert found.to_host > 0.0
    assert "outs" not in session.arrays
    assert session.kernel_seconds() == []


def test_no_more_is_stored_than_there_is_room_for(watched):
    assert rates(watched(1000.0, free=80_000)).stored == 8 * 4000


def test_a_device_says_what_it_is(watched):
    found = watched(1.0, processors=7, free=12345).description()
    assert (found["number"], found["device"], found["processors"], found["free_bytes"]) == (
        0,
        "executor of PTX 0",
        7,
        12345,
    )
    assert found["memory_bytes"] > 0
