"""A shard is computed and kept where it is asked for, once."""

from io import BytesIO

import msgspec
import polars as pl
import pytest
from jobs_asked import PARTS, VERSION, packed, simulation, sweep

import economics
from economics import Problem
from economics.sweeps.parts import Parts
from kernels.language.verbs import BackendError
from service.files import frames
from service.files.cells import cells
from service.jobs import shards
from service.jobs.folders import CANCEL, Folder
from service.jobs.records import OtherVersion, Part
from service.jobs.shards import Beat, run_shard
from service.jobs.specs import unpacked
from service.work.watch import Stopped


@pytest.fixture
def kept(tmp_path):
    found = Folder(tmp_path)
    found.begin()
    return found


def test_shards_are_the_rows_of_the_table(kept, tmp_path):
    for index in reversed(range(PARTS)):
        run_shard(VERSION, packed(), str(tmp_path), index)
    parts = [pl.read_parquet(kept.get(f"part-{index:05d}.parquet")) for index in range(PARTS)]
    whole = frames.frame(economics.sweep(unpacked(packed()).spec))
    assert pl.concat(parts).equals(whole)
    assert {part.schema == whole.schema for part in parts} == {True}


def test_a_part_is_said_beside_it(kept, tmp_path):
    first, last = (run_shard(VERSION, packed(), str(tmp_path), at) for at in (0, PARTS - 1))
    for part in (first, last):
        said = kept.get(f"part-{part.index:05d}.json")
        assert msgspec.json.decode(said, type=Part) == part
    assert (first.rows, first.lacking) == (20, ())
    assert (last.rows, last.lacking) == (20, ("payback_years",))
    assert first.bytes == kept.size("part-00000.parquet")
    assert first.backend in ("numpy", "jit")


def test_which_engine_computed_it_is_not_in_its_bytes(kept, tmp_path):
    """So that workers that take another one write the same file."""
    found = []
    for number, backend in enumerate(("numpy", "jit")):
        out = tmp_path / str(number)
        Folder(out).begin()
        part = run_shard(VERSION, packed(sweep(backend=backend)), str(out), 3)
        assert part.backend == backend
        found.append(part.sha256)
    assert found[0] == found[1]


def test_it_says_what_the_table_rests_on(kept, tmp_path):
    run_shard(VERSION, packed(), str(tmp_path), 0)
    said = pl.read_parquet_metadata(BytesIO(kept.get("part-00000.parquet")))
    whole = frames.metadata(economics.sweep(unpacked(packed()).spec))
    assert {name: said[name] for name in ("basis", "columns")} == {
        name: whole[name] for name in ("basis", "columns")
    }


def test_what_stands_is_not_computed_again(kept, tmp_path, monkeypatch):
    part = run_shard(VERSION, packed(), str(tmp_path), 2)
    monkeypatch.setattr(Parts, "table", None)
    assert run_shard(VERSION, packed(), str(tmp_path), 2) == part


def test_a_torn_part_is_computed_again_though_a_file_beside_it_stands(kept, tmp_path):
    part = run_shard(VERSION, packed(), str(tmp_path), 2)
    whole = kept.get("part-00002.parquet")
    kept.put("part-00002.parquet", whole[:-100])
    assert run_shard(VERSION, packed(), str(tmp_path), 2) == part
    assert kept.get("part-00002.parquet") == whole


def test_another_version_computes_nothing(kept, tmp_path):
    with pytest.raises(OtherVersion, match=f"version {VERSION} .* the job 0.0.0"):
        run_shard("0.0.0", packed(), str(tmp_path), 0)
    assert kept.names() == {}


def test_a_cancelled_job_is_computed_no_further(kept, tmp_path):
    kept.cancel()
    with pytest.raises(Stopped):
        run_shard(VERSION, packed(), str(tmp_path), 0)
    assert list(kept.names()) == [CANCEL]


def test_it_is_cancelled_between_tiles(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "LOOK_SECONDS", 0.0)
    seen = []

    def watch(done, cells):
        seen.append(done)
        if len(seen) == 3:
            kept.cancel()

    with pytest.raises(Stopped):
        run_shard(VERSION, packed(sweep(reduce={"kind": "summary"})), str(tmp_path), 0, watch)
    assert len(seen) == 3
    assert list(kept.names()) == [CANCEL]


def test_whoever_watches_may_stop_it(kept, tmp_path):
    def watch(done, cells):
        raise KeyError(done)

    with pytest.raises(KeyError):
        run_shard(VERSION, packed(), str(tmp_path), 0, watch)


def test_it_says_how_far_it_is(kept, monkeypatch):
    monkeypatch.setattr(shards, "TELL_SECONDS", 0.0)
    beat = Beat(kept, 7, shards.no_watch)
    beat.first = 100
    beat(140, 1000)
    one = kept.get("progress-00007")
    assert one.split()[0] == b"40"
    monkeypatch.setattr(shards.time, "monotonic", lambda: 1e6)
    beat(140, 1000)
    assert kept.get("progress-00007") != one  # it goes on, though no further cell is done
    beat.end()
    assert kept.names() == {}


def test_it_says_so_twice_a_second_at_most(kept):
    beat = Beat(kept, 0, shards.no_watch)
    for done in range(100):
        beat(done, 100)
    assert kept.names() == {}


def test_progress_is_of_the_shard_alone_and_never_goes_back(kept, monkeypatch):
    monkeypatch.setattr(shards, "TELL_SECONDS", 0.0)
    beat = Beat(kept, 0, shards.no_watch)
    told = []
    beat.first = 500
    for done in (1, 500, 620, 1):  # the first and the last are steps, no cells
        beat(done, 1000)
        told.append(int(kept.get("progress-00000").split()[0]))
    assert told == [0, 0, 120, 120]


def test_progress_that_finds_no_room_ends_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "TELL_SECONDS", 0.0)
    beat = Beat(Folder(tmp_path / "gone"), 0, shards.no_watch)
    beat(1, 2)
    beat.end()


def without_time(answer):
    return {name: value for name, value in answer.items() if name not in ("seconds", "why")}


@pytest.mark.parametrize(
    "asked",
    [
        sweep(reduce={"kind": "top", "count": 3}),
        sweep(reduce={"kind": "frontier", "field": "utilisation"}),
        simulation(),
    ],
    ids=["top", "frontier", "simulation"],
)
def test_any_other_answer_is_kept_as_json(kept, tmp_path, asked):
    part = run_shard(VERSION, packed(asked), str(tmp_path), 0)
    found = msgspec.json.decode(kept.get("part-00000.answer"))
    ask = economics.sweep if asked.kind == "sweep" else economics.simulate
    same = ask(asked.spec)
    if isinstance(same, economics.Table):
        same = cells(same)
    assert without_time(found) == without_time(msgspec.json.decode(msgspec.json.encode(same)))
    assert (part.rows, part.lacking) == (0, ())


def test_errors_of_the_model_are_those_of_the_shard(kept, tmp_path, monkeypatch):
    with pytest.raises(Problem):
        run_shard(VERSION, packed(sweep(targets=["npv"])), str(tmp_path), 0)
    with pytest.raises(BackendError):
        run_shard(VERSION, packed(sweep(backend="cuda")), str(tmp_path), 0)
