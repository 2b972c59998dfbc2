"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from service.files import writing
from service.files.reading import FileProblem


def test_a_file_is_written_whole(tmp_path):
    with writing.whole_file(tmp_path / "a.csv", force=False) as file:
        file.write(b"done")
        assert not (tmp_path / "a.csv").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def interrupted(file):
    file.write(b"half")
    raise KeyboardInterrupt


def out_of_space(file):
    file.write(b"half")
    raise OSError(28, "No space left on device")


def late(file):
    file.write(b"mine")
    Path(file.name).with_name("a.csv").write_text("another's")


def done(file):
    file.write(b"done")


def written_by(writer, path, force):
    with writing.whole_file(path, force) as file:
        writer(file)


def test_nothing_is_left_of_a_file_that_failed(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        written_by(interrupted, tmp_path / "a.csv", force=True)
    assert (tmp_path / "a.csv").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path):
    with pytest.raises(FileProblem, match=r"cannot write .*a\.csv: No space left"):
        written_by(out_of_space, tmp_path / "a.csv", force=False)
    assert not list(tmp_path.iterdir())


def test_outputs_are_refused_before_anything_is_computed(tmp_path):
    taken, nowhere = tmp_path / "a.csv", tmp_path / "no" / "a.csv"
    taken.write_text("old")
    for path, said in (
        (taken, "--force replaces it"),
        (tmp_path, "it is a folder"),
        (nowhere, "there is no folder"),
    ):
        with pytest.raises(FileProblem, match=said):
            writing.check_output(path, force=False)
    writing.check_output(taken, force=True)


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path):
    with pytest.raises(FileProblem, match="exists"):
        written_by(late, tmp_path / "a.csv", force=False)
    assert (tmp_path / "a.csv").read_text() == "another's"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_long_name_has_a_short_temporary_one(tmp_path):
    path = tmp_path / f"{'x' * 250}.csv"
    written_by(done, path, force=False)
    assert path.read_text() == "done"


def test_a_file_has_the_rights_of_a_new_one(tmp_path):
    before = os.umask(0o027)
    try:
        written_by(done, tmp_path / "a.csv", force=False)
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_temporary_name_cannot_be_foreseen(tmp_path):
    (tmp_path / f".a.csv.{os.getpid()}.tmp").symlink_to(tmp_path / "victim")
    written_by(done, tmp_path / "a.csv", force=False)
    assert not (tmp_path / "victim").exists()
    assert not (tmp_path / "a.csv").is_symlink()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_is_followed_by_force_only(tmp_path, there):
    link, target = tmp_path / "link.csv", tmp_path / "target.csv"
    link.symlink_to("target.csv")
    if there:
        target.write_text("old")
    with pytest.raises(FileProblem, match=r"link\.csv exists: --force replaces it"):
        written_by(done, link, force=False)
    assert target.exists() == there
    written_by(done, link, force=True)
    assert link.is_symlink()
    assert target.read_text() == "done"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_no_regular_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(FileProblem, match="no regular file"):
        writing.check_output(tmp_path / "a.csv", force=True)


def test_an_address_is_no_file():
    with pytest.raises(FileProblem, match=r"cannot write s3://b/a\.csv: expected a file of this"):
        writing.file_path("s3://b/a.csv")
    assert writing.file_path("b/a.csv") == Path("b/a.csv")


def test_a_path_that_cannot_be_looked_at_is_named(tmp_path):
    with pytest.raises(FileProblem, match=r"cannot write .*x+\.csv: File name too long"):
        writing.check_output(tmp_path / f"{'x' * 300}.csv", force=False)
