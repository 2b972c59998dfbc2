"""Executors of this machine: what computes shards, and what becomes of them when it ends."""

import os
import signal
from pathlib import Path

import pytest
from jobs_asked import PARTS, VERSION, files, packed, sweep, until

from service.jobs.executors import AHEAD, Inline, Local, Overlapped
from service.jobs.folders import Folder
from service.jobs.records import OtherVersion
from service.jobs.shards import no_watch
from service.work.watch import Lost

# Minutes of work in one shard, which is soon under way.
LONG = sweep(
    reduce={"kind": "summary"},
    targets=["npv_usd_per_rack"],
    backend="numpy",
    axes=[
        {"kind": "linspace", "field": field, "start": 1.0, "stop": 2.0, "count": 500_000}
        for field in ("rental_price_usd_per_gpu_hour", "pue")
    ],
)


@pytest.fixture
def out(tmp_path):
    Folder(tmp_path).begin()
    return tmp_path


@pytest.fixture(scope="module")
def local():
    found = Local()
    yield found
    found.close()


@pytest.fixture
def ending():
    """One that a test ends."""
    found = Local()
    yield found
    found.close()


def ended(pid):
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_all_write_the_same(out, local, tmp_path):
    overlapped = Overlapped(no_watch)
    for name, executor in (("inline", Inline()), ("overlapped", overlapped), ("local", local)):
        Folder(out / name).begin()
        found = [executor.submit(VERSION, packed(), str(out / name), at) for at in range(PARTS)]
        assert [one.result(60).index for one in found] == list(range(PARTS))
    assert files(out / "inline") == files(out / "overlapped") == files(out / "local") != {}


def test_inline_says_how_far_it_is(out):
    seen = []
    found = Inline(lambda done, cells: seen.append(done)).submit(VERSION, packed(), str(out), 1)
    assert found.done()
    assert seen
    assert Inline().width == 1
    Inline().close()


def test_errors_are_those_of_the_shard(out, local):
    for executor in (Inline(), Overlapped(no_watch), local):
        assert isinstance(
            executor.submit("0.0.0", packed(), str(out), 0).exception(60), OtherVersion
        )
        assert isinstance(
            executor.submit(VERSION, packed(), str(out / "no"), 0).exception(60), OSError
        )


def test_each_device_has_a_process_that_sees_no_other(out):
    """Set before anything is imported there."""
    executor = Local(["0", "3"], {"OF_ALL": "1"})
    try:
        assert executor.width == 2 * AHEAD
        until(lambda: len(executor.pids) == 2)
        seen = [Path(f"/proc/{pid}/environ").read_text().split("\0") for pid in executor.pids]
        found = {one for each in seen for one in each if one.startswith(("CUDA_V", "OF_"))}
        assert found == {"CUDA_VISIBLE_DEVICES=0", "CUDA_VISIBLE_DEVICES=3", "OF_ALL=1"}
    finally:
        executor.close()


@pytest.mark.alone
def test_a_process_that_ends_takes_its_shard_along_and_no_other(out, ending):
    first = ending.submit(VERSION, packed(LONG), str(out), 0)
    Folder(out / "other").begin()
    second = ending.submit(VERSION, packed(), str(out / "other"), 0)
    until(lambda: first.running() and (out / "progress-00000").exists())
    assert not second.running()
    (pid,) = ending.pids
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(Lost, match="signal 9"):
        first.result(60)
    assert second.result(60).index == 0
    assert ending.pids != [pid]


@pytest.mark.alone
def test_what_is_closed_leaves_no_process_and_nobody_waits(out, ending):
    running = ending.submit(VERSION, packed(LONG), str(out), 0)
    waiting = ending.submit(VERSION, packed(LONG), str(out), 0)
    until(lambda: (out / "progress-00000").exists())
    (pid,) = ending.pids
    os.kill(pid, signal.SIGSTOP)  # it is hung
    ending.close()
    assert ended(pid)
    with pytest.raises(Lost):
        running.result(60)
    until(waiting.cancelled)
