"""A folder of parts says of which question they are, and takes those of no other."""

import msgspec
import pytest

from service.cli import parts_folder
from service.cli.parts_folder import QUESTION, begin, differences, question_in
from service.files.reading import FileProblem
from service.jobs.folders import folder

SPEC = b'{"kind":"sweep","spec":{"scenario":{"pue":{"value":1.2}},"targets":["moic"]}}'


@pytest.fixture
def out(tmp_path):
    return str(tmp_path / "nested" / "grid")


def test_the_question_is_kept_as_it_is_and_found_again(out):
    begin(out, SPEC)
    begin(out, SPEC)
    assert question_in(folder(out), out) == SPEC
    assert list(folder(out).names()) == [QUESTION]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (SPEC.replace(b"1.2", b"1.3"), "pue is 1.2 there and 1.3 here"),
        (SPEC.replace(b"moic", b"irr"), 'targets is ["moic"] there and ["irr"] here'),
        (
            SPEC.replace(b'{"pue":{"value":1.2}}', b'{"wacc":{"value":0.1}}'),
            "pue is 1.2 there and not stated here, wacc is not stated there and 0.1 here",
        ),
    ],
)
def test_another_question_is_refused_by_what_differs(out, other, told):
    begin(out, SPEC)
    with pytest.raises(FileProblem) as found:
        begin(out, other)
    assert str(found.value) == f"{out} has the parts of another sweep: {told}; name another folder"
    assert question_in(folder(out), out) == SPEC


def test_of_many_differences_the_first_are_told_and_long_values_in_part():
    there = msgspec.json.encode({f"f{number}": "x" * 90 for number in range(9)})
    here = there.replace(b"x", b"y")
    said = differences(there, here)
    assert said.endswith(", and 6 more")
    assert said.count(" is ") == 3
    assert 'f0 is "' + "x" * 59 + '... there and "' in said


def test_the_folder_of_another_version_is_refused(out, monkeypatch):
    monkeypatch.setattr(parts_folder, "version", lambda: "0.0.7")
    begin(out, SPEC)
    monkeypatch.undo()
    with pytest.raises(FileProblem, match=r"was begun by version 0\.0\.7 of rackrate, this is "):
        begin(out, SPEC)


def test_parts_of_which_nobody_knows_the_question_are_left_alone(out):
    kept = folder(out)
    kept.begin()
    kept.put("notes.txt", b"mine")
    assert question_in(kept, out) is None
    kept.put("part-00000.json", b"{}")
    with pytest.raises(FileProblem, match="has parts, but no question"):
        begin(out, SPEC)


def test_a_spoilt_question_is_said(out):
    kept = folder(out)
    kept.begin()
    kept.put(QUESTION, b'{"version": 3}')
    with pytest.raises(FileProblem, match="is not as it was written"):
        begin(out, SPEC)


def test_a_folder_that_nobody_waits_for_is_not_begun(out):
    folder(out).cancel()
    with pytest.raises(FileProblem, match="CANCEL stops whoever computes parts: remove it"):
        begin(out, SPEC)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileProblem, match=r"cannot write .*file/grid: Not a directory"):
        begin(str(tmp_path / "file" / "grid"), SPEC)
