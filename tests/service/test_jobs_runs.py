"""A job on its way, as each of its shards ends in some way."""

import errno

import msgspec
import pytest
from jobs_asked import PARTS, VERSION, Faulty, Hands, files, packed, simulation

from economics import Problem
from service.jobs import runs as module
from service.jobs.executors import Inline
from service.jobs.folders import MANIFEST, Folder
from service.jobs.records import Limits, OtherVersion
from service.jobs.runs import Failed, Hung, Manifest, Run
from service.jobs.specs import digest
from service.work.watch import Lost, NotStarted, Stopped

FULL = OSError(errno.ENOSPC, "No space left on device")


def begun(out, spec=None, **limits):
    found = Run(VERSION, spec or packed(), str(out), Limits(**{"free_bytes": 0, **limits}))
    found.begin()
    return found


def driven(run, executor):
    while not run.is_computed:
        run.step(executor, 0.01)
    run.finish()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The folder of a job that met nothing."""
    out = tmp_path_factory.mktemp("undisturbed")
    driven(begun(out), Inline())
    return out


def test_all_shards_are_computed_and_then_it_is_said(undisturbed):
    kept = Folder(undisturbed)
    said = msgspec.json.decode(kept.get(MANIFEST), type=Manifest)
    assert (said.version, said.digest) == (VERSION, digest(packed()))
    assert [part.index for part in said.shards] == list(range(PARTS))
    assert len(kept.names()) == 2 * PARTS + 1


def test_so_many_shards_are_in_an_executors_hands(tmp_path):
    run, hands = begun(tmp_path), Hands(3)
    run.step(hands, 0.0)
    assert hands.seen == [0, 1, 2]
    hands.compute()
    run.step(hands, 0.0)
    run.step(hands, 0.0)
    assert hands.seen == [0, 1, 2, 3]
    assert (len(run.parts), run.cells_done) == (1, 20)
    assert run.taken == (tmp_path / "part-00000.parquet").stat().st_size


def test_what_stands_is_not_handed_out(tmp_path, undisturbed):
    kept = Folder(tmp_path)
    for name, size in Folder(undisturbed).names().items():
        if name.startswith("part-0000"):
            kept.put(name, Folder(undisturbed).get(name))
            assert size
    kept.put("part-00003.parquet", b"torn")
    kept.discard("part-00005.json")  # its part was written, and then nothing any more
    kept.put(".part-00006.parquet.ab.tmp", b"half")
    run, hands = begun(tmp_path), Hands(9)
    while not run.is_computed:
        run.step(hands, 0.01)
        if hands.flying:
            hands.compute()
    run.finish()
    assert hands.seen == [3, 5]
    assert files(tmp_path) == files(undisturbed)


@pytest.mark.parametrize(
    "errors",
    [
        [Lost("it ended")] * 3,
        [NotStarted("no process")] * 2,
        [FULL] * 2,
        [FULL, Lost("it ended"), NotStarted("no process"), FULL],
    ],
)
def test_what_goes_away_leaves_no_trace(tmp_path, undisturbed, monkeypatch, errors):
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    executor = Faulty(*errors)
    driven(begun(tmp_path), executor)
    assert not executor.errors
    assert files(tmp_path) == files(undisturbed)


def test_a_shard_is_tried_again_so_many_times(tmp_path):
    with pytest.raises(Failed, match=r"shard 0: it ended, 4 times"):
        driven(begun(tmp_path), Faulty(*[Lost("it ended")] * 4))
    run = begun(tmp_path, tries=1)
    with pytest.raises(Failed, match=r"shard 0: it ended, 2 times"):
        driven(run, Faulty(*[Lost("it ended")] * 2))


def test_losses_of_several_shards_are_no_losses_of_one(tmp_path):
    run, hands = begun(tmp_path, tries=1), Hands(1)
    for index in range(PARTS):
        run.step(hands, 0.0)
        hands.fail(Lost("it ended"))
        run.step(hands, 0.0)
        run.step(hands, 0.0)
        hands.compute()
        run.step(hands, 0.0)
        assert len(run.parts) == index + 1


def test_a_full_disk_is_waited_for_longer_and_longer(tmp_path, monkeypatch):
    run, clock = begun(tmp_path), [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    hands = Hands(1)
    waits = []
    run.step(hands, 0.0)
    for _ in range(7):
        hands.fail(FULL)
        run.step(hands, 0.0)
        assert run.waiting == "shard 0 cannot be kept: No space left on device"
        began = clock[0]
        while not hands.flying:
            clock[0] += 0.25
            run.step(hands, 0.0)
        waits.append(clock[0] - began)
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_so_much_of_the_disk_is_left_to_others(tmp_path):
    run, hands = begun(tmp_path, free_bytes=2**50), Hands()
    run.step(hands, 0.0)
    assert not hands.seen
    assert run.waiting == "less than 1,125,899,906,842,624 bytes of disk are free"


def test_without_workers_it_waits(tmp_path):
    run, hands = begun(tmp_path), Hands(0)
    run.step(hands, 0.0)
    assert (hands.seen, run.waiting) == ([], module.NO_WORKERS)
    hands.width = 1
    run.step(hands, 0.0)
    assert (hands.seen, run.waiting) == ([0], None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OtherVersion("the worker has version 2"), "shard 0: OtherVersion: the worker has version"),
        (Problem("targets", "npv", "a quantity"), "shard 0: Problem: targets = 'npv'"),
        (ZeroDivisionError("of the model"), "shard 0: ZeroDivisionError: of the model"),
    ],
)
def test_what_will_not_go_away_fails_at_once(tmp_path, error, said):
    with pytest.raises(Failed, match=said):
        driven(begun(tmp_path), Faulty(error))


def test_a_worker_may_see_first_that_it_is_cancelled(tmp_path):
    run, hands = begun(tmp_path), Hands(2)
    run.step(hands, 0.0)
    hands.fail(Stopped("cancelled"))
    run.step(hands, 0.0)
    assert run.is_stopped
    assert run.withdraw()


def test_what_has_begun_is_not_taken_back(tmp_path):
    run, hands = begun(tmp_path), Hands(2)
    run.step(hands, 0.0)
    hands.flying[0][0].set_running_or_notify_cancel()
    assert not run.withdraw()
    assert [one.cancelled() for one, _ in hands.flying] == [False, True]
    run.lose()
    assert run.withdraw()


def go_on(run, hands, clock, seconds):
    """Look at it every second, for so long."""
    for _ in range(round(seconds)):
        clock[0] += 1.0
        run.step(hands, 0.0)


def test_what_hangs_is_ended_and_counted_if_it_ran(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PROGRESS_SECONDS", 0.0)
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    run, hands = begun(tmp_path, stall_seconds=300.0, tries=1), Hands(2)

    def hang():
        hands.flying.clear()
        run.step(hands, 0.0)
        hands.flying[0][0].set_running_or_notify_cancel()
        with pytest.raises(Hung, match=r"no progress for 300 seconds"):
            go_on(run, hands, clock, 301.0)

    hang()
    run.lose("it hung")
    hang()
    with pytest.raises(Failed, match=r"shard 0: it hung, 2 times"):
        run.lose("it hung")
    assert hands.seen == [0, 1, 0, 1]


def test_what_makes_progress_does_not_hang(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PROGRESS_SECONDS", 0.0)
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    run, hands = begun(tmp_path, packed(simulation()), stall_seconds=300.0), Hands(1)
    for beat in range(5):
        run.step(hands, 0.0)
        run.folder.note("progress-00000", b"%d %d" % (10 * beat, beat))
        go_on(run, hands, clock, 200.0)
    assert run.cells_done == 40
    with pytest.raises(Hung):
        go_on(run, hands, clock, 301.0)
    run.lose()


def test_nothing_hangs_where_this_process_stood_still_itself(tmp_path, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    run, hands = begun(tmp_path, stall_seconds=300.0), Hands(1)
    go_on(run, hands, clock, 10.0)
    clock[0] += 86_400.0
    run.step(hands, 0.0)
    with pytest.raises(Hung):
        go_on(run, hands, clock, 301.0)


def test_nothing_hangs_where_there_are_no_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PROGRESS_SECONDS", 0.0)
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    run, hands = begun(tmp_path), Hands(1)
    run.step(hands, 0.0)
    hands.width = 0
    clock[0] += 400.0
    run.step(hands, 0.0)
    assert run.waiting == module.NO_WORKERS


def test_counts_that_are_known_are_not_found_again(tmp_path, monkeypatch):
    """A service that drives a job computes nothing of it itself."""
    monkeypatch.setattr(module, "outline", None)
    run = Run(VERSION, packed(), str(tmp_path), Limits(free_bytes=0), (PARTS, 200))
    run.begin()
    driven(run, Inline())
    assert run.cells_done == 200


def test_what_was_said_of_progress_is_cleared_away(tmp_path):
    run = begun(tmp_path, packed(simulation()))
    run.folder.note("progress-00000", b"1 1")
    driven(run, Inline())
    assert sorted(run.folder.names()) == [MANIFEST, "part-00000.answer", "part-00000.json"]
    assert run.cells_done == 64
