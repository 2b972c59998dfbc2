"""A worker process as seen by who gives it work."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tasks

from service.work import process as module
from service.work.process import GRACE_SECONDS, Process
from service.work.watch import Lost, Stopped, TimeOver


@pytest.fixture
def process():
    found = Process("tasks")
    yield found
    found.close()


def who(process):
    return process.submit(60.0, tasks.process).result(60)[0]


def until(true):
    """Wait for what becomes true soon."""
    for _ in range(1000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not become true")


def is_there(number):
    """Whether a process runs; one that has ended and waits to be looked at does not."""
    try:
        return ") Z " not in Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False


def test_one_process_does_one_piece_after_another(process):
    assert who(process) == who(process)


def test_it_may_be_started_before_it_is_needed(process):
    process.start()
    until(lambda: process._child)
    number = process._child.process.pid
    assert who(process) == number


def test_work_that_is_stopped_says_so_and_its_process_goes_on(process, tmp_path):
    number = who(process)
    found = process.submit(60.0, tasks.steps, tmp_path / "begun")
    until(lambda: tasks.noted(tmp_path / "begun"))
    process.stop()
    with pytest.raises(Stopped):
        found.result(GRACE_SECONDS)
    assert who(process) == number
    time.sleep(GRACE_SECONDS)  # the piece that was stopped is no piece of now
    assert who(process) == number


def test_work_that_looks_at_no_watch_ends_with_its_process(process, tmp_path):
    number, began = who(process), time.monotonic()
    found = process.submit(60.0, tasks.sleep, tmp_path / "begun", 30.0)
    until(lambda: tasks.noted(tmp_path / "begun"))
    process.stop()
    with pytest.raises(Lost, match=r"ended \(signal 9\) before the work was done"):
        found.result(60)
    assert time.monotonic() - began < GRACE_SECONDS + 2.0
    assert not is_there(number)
    until(lambda: process._child)  # another is there before it is asked for
    assert who(process) != number


def test_work_may_be_stopped_before_its_process_is_there(process, tmp_path):
    """Then it is never begun, and the process is there for the next."""
    found = process.submit(60.0, tasks.sleep, tmp_path / "begun", 30.0)
    process.stop()
    with pytest.raises(Stopped):
        found.result(60)
    assert who(process)
    assert not tasks.noted(tmp_path / "begun")


def test_work_that_takes_too_long_says_how_far_it_came(process, tmp_path):
    who(process)
    with pytest.raises(TimeOver, match=rf"took 0\.05 seconds \(\d+ of {tasks.MANY} done\)"):
        process.submit(0.05, tasks.steps, tmp_path / "begun").result(60)


def test_work_that_takes_too_long_and_looks_at_no_watch_is_ended(process, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.05)
    number = who(process)
    with pytest.raises(TimeOver, match=r"took 0\.05 seconds, the most"):
        process.submit(0.05, tasks.sleep, tmp_path / "begun", 30.0).result(60)
    assert not is_there(number)
    assert who(process)


def test_a_process_that_dies_fails_its_piece_only(process):
    number = who(process)
    with pytest.raises(Lost, match=r"ended \(exit code 7\)"):
        process.submit(60.0, tasks.die).result(60)
    assert who(process) != number


def test_a_process_that_dies_idle_fails_nothing(process):
    number = who(process)
    os.kill(number, signal.SIGKILL)
    process._child.process.wait(60)  # its threads too
    assert who(process) != number


def test_a_process_that_cannot_start_says_so():
    process = Process("no.such.module")
    with pytest.raises(Lost, match=r"ended \(exit code 1\)"):
        process.submit(60.0, tasks.nothing).result(60)


def test_where_no_process_can_be_started_the_work_is_lost(process, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", full)
        with pytest.raises(Lost, match="could be started for the work: Resource temporarily"):
            process.submit(60.0, tasks.nothing).result(60)
        process._try_to_start()
    assert who(process)


@pytest.mark.parametrize("busy", [True, False])
def test_what_is_closed_has_ended(tmp_path, busy):
    process = Process("tasks")
    number = who(process)
    if busy:
        found = process.submit(60.0, tasks.sleep, tmp_path / "begun", 30.0)
        until(lambda: tasks.noted(tmp_path / "begun"))
    process.close()
    if busy:
        with pytest.raises(Lost):
            found.result(60)
    assert not is_there(number)
    with pytest.raises(Lost, match="the service has ended"):
        process.submit(60.0, tasks.nothing).result(60)


OWNER = """
import sys, time, tasks
from service.work.process import Process

process = Process("tasks")
number = process.submit(60.0, tasks.process).result(60)[0]
if len(sys.argv) > 1:
    found = process.submit(60.0, tasks.sleep, sys.argv[1], 30.0)
print(number, flush=True)
time.sleep(60)
"""


@pytest.mark.alone
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("busy", [True, False])
def test_nothing_outlives_who_started_it(tmp_path, sent, busy):
    """Also where the program that starts it has no guard against being imported."""
    command = [sys.executable, "-c", OWNER, *([str(tmp_path / "begun")] if busy else [])]
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=own, **quiet) as owner:
        number = int(owner.stdout.readline())
        assert is_there(number)
        owner.send_signal(sent)
    until(lambda: not is_there(number))
