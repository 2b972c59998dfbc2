"""What goes from process to process: errors as they were."""

import copyreg

import pytest
import tasks

from economics.vocabulary.problems import (
    MissingProblem,
    NoAnswer,
    Problem,
    SeveralProblems,
    UnknownField,
    as_one,
)
from service.web.problems import FieldError, NoEngine, TooLarge
from service.work.messages import Piece, packed, unpacked
from service.work.process import Process

ERRORS = (
    Problem("finance.life", float("inf"), "a life", "in words"),
    UnknownField("utilization", "utilization", 3, "field", ("utilisation",)),
    SeveralProblems(Problem("a", 1, "2"), Problem("b", None, "a value")),
    NoAnswer("nowhere"),
    TooLarge("too many", (FieldError("axes", 4, "at most 3"),), headers={"Retry-After": "5"}),
    NoEngine("gone", (FieldError("backend", "cuda", "an engine that runs here"),)),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"),
    OSError(2, "No such file", "there"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_arrive_as_they_were(error):
    error.add_note("noted")
    found = unpacked(packed(error))
    assert type(found) is type(error)
    assert (str(found), found.args) == (str(error), error.args)
    assert repr(vars(found)) == repr(vars(error))
    assert found.__notes__[-1] == "noted"


def test_errors_arrive_so_whatever_a_library_says_of_them(monkeypatch):
    """dask has all errors pickled in another way, which loses what some say."""
    for error in ERRORS:
        monkeypatch.setitem(
            copyreg.dispatch_table, type(error), lambda one: (type(one).__new__, ())
        )
        found = unpacked(packed(error))
        assert (type(found), str(found)) == (type(error), str(error))


def test_what_is_wrong_with_each_field_arrives():
    problem = as_one([MissingProblem("a", "npv", ["b", "c"]), *ERRORS[:2]])
    found = unpacked(packed(problem))
    assert [vars(one) for one in found.each] == [vars(one) for one in problem.each]


def test_a_piece_of_work_goes_by_the_name_of_its_function():
    piece = Piece(3, 1.5, tasks.give, ("a", {"b": (1, 2)}))
    assert unpacked(packed(piece)) == piece
    with pytest.raises(AttributeError, match="<lambda>"):
        packed(lambda: None)


def test_errors_of_another_process_arrive_as_they_were():
    process = Process("tasks")
    for error in ERRORS:
        with pytest.raises(type(error)) as caught:
            process.submit(60.0, tasks.fail, error).result(60)
        assert (str(caught.value), caught.value.args) == (str(error), error.args)
    process.close()
