"""A shard computed while the one before it is kept."""

import threading

import pytest
from racks import reference

from economics.sweeps.spec import sweep_spec
from kernels.language.caches import clear_caches
from service.jobs import ahead
from service.jobs.ahead import run_shards
from service.jobs.folders import Folder
from service.jobs.records import OtherVersion
from service.jobs.shards import no_watch, run_shard
from service.jobs.specs import packed, question, resolved
from service.version import version

SHARDS = range(4)


@pytest.fixture
def out(tmp_path):
    """A folder, for a process that has computed nothing."""
    clear_caches()
    return str(tmp_path)


@pytest.fixture
def computed(monkeypatch):
    """The numbers of the shards that are computed."""
    found, made = [], ahead.made_shard
    monkeypatch.setattr(ahead, "made_shard", lambda *shard: found.append(shard[3]) or made(*shard))
    return found


def asked():
    """A table of four shards."""
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.4, "stop": 0.9, "count": 12}
    spec = {"scenario": reference(), "axes": [axis], "targets": ["npv_usd_per_rack"]}
    return packed(resolved(question(sweep_spec(spec), shard_rows=3)))


def run(out, number, following):
    """A shard, with which another is told."""
    return run_shards(version(), asked(), out, number, following, no_watch)


def test_parts_are_those_of_shards_one_by_one(out, computed, tmp_path):
    parts = [run(out, number, number + 1 if number < 3 else None) for number in SHARDS]
    (tmp_path / "alone").mkdir()
    assert parts == [run_shard(version(), asked(), f"{out}/alone", number) for number in SHARDS]
    assert computed == [*SHARDS]
    alone = {path.name: path.read_bytes() for path in (tmp_path / "alone").iterdir()}
    assert {name: (tmp_path / name).read_bytes() for name in alone} == alone


def test_the_next_one_is_computed_while_one_is_kept(out, monkeypatch):
    begun, made, put = threading.Event(), ahead.made_shard, Folder.put

    def noted(*shard):
        if shard[3] == 1:
            begun.set()
        return made(*shard)

    def waiting(self, name, data):
        assert begun.wait(30.0)
        return put(self, name, data)

    monkeypatch.setattr(ahead, "made_shard", noted)
    monkeypatch.setattr(Folder, "put", waiting)
    assert run(out, 0, 1).index == 0


def test_another_shard_than_was_told_is_computed_for_itself(out, computed):
    assert [run(out, *one).index for one in ((0, 1), (2, None), (1, None))] == [0, 2, 1]
    assert sorted(computed) == [0, 1, 1, 2]


def test_what_goes_wrong_is_told_in_its_own_turn(out, monkeypatch):
    made = ahead.made_shard

    def broken(*shard):
        if shard[3] == 1:
            raise OtherVersion("of another version")
        return made(*shard)

    monkeypatch.setattr(ahead, "made_shard", broken)
    assert run(out, 0, 1).index == 0
    with pytest.raises(OtherVersion, match="of another version"):
        run(out, 1, 2)
    assert run(out, 2, None).index == 2
