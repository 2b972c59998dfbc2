"""A file of a folder is whole or not there, whatever happens while it is written."""

import errno
import os
import shutil
import stat
from contextlib import contextmanager

import msgspec
import pytest

from service.jobs import folders
from service.jobs.folders import Folder, folder, part_name, standing_part, standing_parts
from service.jobs.records import Part

PART = Part(3, 20, 4, "00", "numpy", ("npv_usd_per_rack",))


@pytest.fixture
def kept(tmp_path):
    found = Folder(tmp_path / "of" / "a job")
    found.begin()
    return found


def test_what_is_put_is_there(kept):
    kept.put("a", b"one")
    kept.put("a", b"other")
    kept.note("b", b"2")
    assert (kept.get("a"), kept.size("a"), kept.size("c")) == (b"other", 5, None)
    assert kept.names() == {"a": 5, "b": 1}
    with pytest.raises(FileNotFoundError):
        kept.get("c")
    kept.discard("a")
    kept.discard("a")
    assert kept.names() == {"b": 1}


def test_a_folder_that_is_not_there_is_not_made_by_a_file(tmp_path):
    """Of a job that was removed nothing comes again."""
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path / "gone").put("a", b"one")


def test_a_disk_that_takes_less_than_it_is_given_is_given_the_rest(kept, monkeypatch):
    write, asked = os.write, []

    def short(descriptor, data):
        asked.append(len(data))
        return write(descriptor, bytes(data[:3]))

    monkeypatch.setattr(folders.os, "write", short)
    kept.put("a", b"0123456789")
    assert kept.get("a") == b"0123456789"
    assert asked == [10, 7, 4, 1]


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_is_full_leaves_what_was_there(kept, monkeypatch, tmp_path, call):
    kept.put("a", b"one")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders.os, call, full)
    with pytest.raises(OSError, match="No space"):
        kept.put("a", b"another")
    assert kept.get("a") == b"one"
    assert [one.name for one in (tmp_path / "of" / "a job").iterdir()] == ["a"]


def test_it_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_said(kept, monkeypatch):
    steps, fsync, replace = [], os.fsync, folders.Path.replace

    def noted(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("folder" if is_folder else "file")
        fsync(descriptor)

    monkeypatch.setattr(folders.os, "fsync", noted)
    monkeypatch.setattr(
        folders.Path, "replace", lambda one, other: steps.append("name") or replace(one, other)
    )
    kept.put("a", b"one")
    assert steps == ["file", "name", "folder"]


def test_what_was_written_by_halves_is_cleared_away(kept, tmp_path):
    (tmp_path / "of" / "a job" / ".part-00001.parquet.ab.tmp").write_bytes(b"half")
    kept.put("a", b"one")
    assert kept.names() == {"a": 3}
    kept.begin()
    assert [one.name for one in (tmp_path / "of" / "a job").iterdir()] == ["a"]


def test_it_is_cancelled_by_a_file(tmp_path):
    kept = Folder(tmp_path / "new")
    assert not kept.is_cancelled()
    kept.cancel()
    kept.cancel()
    assert kept.is_cancelled()
    kept.remove()
    kept.remove()
    assert not (tmp_path / "new").exists()


def test_a_part_stands_if_it_is_as_long_as_the_file_beside_it_says(kept):
    name = part_name(3, "parquet")
    assert standing_part(kept, 3, "parquet") is None
    kept.put(name, b"1234")
    kept.put(part_name(3, "json"), msgspec.json.encode(PART))
    assert standing_part(kept, 3, "parquet") == PART
    assert standing_parts(kept, "parquet") == {3: PART}
    kept.put(name, b"123")  # torn, as after a power cut
    assert standing_parts(kept, "parquet") == {}
    assert standing_part(kept, 3, "parquet") is None
    assert kept.names() == {}  # what a store would not let be written over
    kept.put(part_name(3, "json"), msgspec.json.encode(PART))
    assert standing_parts(kept, "parquet") == {}


def test_a_part_does_not_stand_by_a_torn_file_beside_it(kept):
    kept.put(part_name(0, "parquet"), b"1234")
    kept.put(part_name(0, "json"), msgspec.json.encode(PART)[:-5])
    assert standing_part(kept, 0, "parquet") is None
    assert standing_parts(kept, "parquet") == {}


def test_names_of_parts_are_sorted_as_their_numbers_and_may_be_longer():
    assert part_name(7, "parquet") == "part-00007.parquet"
    assert folders.SIDECAR.fullmatch(part_name(1_234_567, "json"))[1] == "1234567"


def test_a_path_is_a_folder_of_this_machine(tmp_path):
    found = folder(str(tmp_path))
    assert isinstance(found, Folder)
    assert 0 < found.free() <= os.statvfs(tmp_path).f_blocks * os.statvfs(tmp_path).f_frsize


def test_two_that_remove_a_folder_leave_nothing_of_it(tmp_path, monkeypatch):
    kept = folder(str(tmp_path / "job"))
    kept.begin()
    for index in range(4):
        kept.put(f"part-{index:05d}.json", b"{}")
    usual, first = shutil.rmtree, [True]

    def other_is_faster(path):
        if first:
            first.clear()
            raise FileNotFoundError(2, "No such file or directory", "part-00000.json")
        usual(path)

    monkeypatch.setattr(shutil, "rmtree", other_is_faster)
    kept.remove()
    assert not (tmp_path / "job").exists()


def test_a_file_that_goes_while_others_are_listed_is_none(tmp_path, monkeypatch):
    kept = folder(str(tmp_path))
    kept.put("part-00000.json", b"{}")
    kept.note("progress-00001", b"1 2")
    scan = os.scandir

    @contextmanager
    def and_then_one_goes(path):
        with scan(path) as found:
            entries = list(found)
        (tmp_path / "progress-00001").unlink()
        yield entries

    monkeypatch.setattr(os, "scandir", and_then_one_goes)
    assert kept.names() == {"part-00000.json": 2}
