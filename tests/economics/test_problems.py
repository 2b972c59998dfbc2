"""What is wrong, where, and what was expected."""

import pytest

from economics.vocabulary.problems import (
    ExcessProblem,
    MissingProblem,
    NoAnswer,
    Problem,
    UnknownField,
    UnknownProblem,
    shown,
)


def test_a_problem_says_where_what_and_what_was_expected():
    problem = Problem("finance.tax_rate", 1.2, "at most 1")
    assert str(problem) == "finance.tax_rate = 1.2: expected at most 1"
    assert (problem.where, problem.value, problem.expected) == (
        "finance.tax_rate",
        1.2,
        "at most 1",
    )
    assert isinstance(problem, ValueError)


def test_an_unknown_name_finds_those_that_are_spelt_alike():
    said = "facility.pui = 'pui': expected a known field of facility"
    problem = UnknownProblem("facility.pui", "pui", "field of facility", ("site", "pue"))
    assert str(problem) == f"{said}; did you mean pue?"
    assert str(UnknownProblem("facility.pui", "pui", "field of facility", ("site",))) == said
    assert str(UnknownProblem("x", "y", "row")) == "x = 'y': expected a known row"
    assert "did you mean 12?" in str(UnknownProblem("x", 123, "row", ("12", "site")))


def test_an_unknown_field_is_told_with_what_was_stated_for_it():
    problem = UnknownField("facility.pui", "pui", 1.3, "field of facility", ("site", "pue"))
    expected = "a known field of facility; did you mean pue?"
    assert str(problem) == f"facility.pui: expected {expected}"
    assert (problem.where, problem.value, problem.expected) == ("facility.pui", 1.3, expected)


def test_what_is_known_to_be_meant_stands_before_what_is_spelt_alike():
    problem = UnknownProblem("x", "pui", "field", ("pue",), meant=("a.pui", "b.pui"))
    assert str(problem) == "x = 'pui': expected a known field; did you mean a.pui or b.pui?"


def test_missing_fields_are_named_together_with_who_needs_them():
    problem = MissingProblem("hardware.gpu_per_rack", "lcoc")
    assert str(problem) == "required: hardware.gpu_per_rack, needed by lcoc"
    assert (problem.where, problem.value) == ("hardware.gpu_per_rack", None)
    assert problem.expected == "a value, needed by lcoc"
    several = MissingProblem("a.x", "npv", ("a.y", "b.z"))
    assert str(several) == "required: a.x, a.y, b.z, needed by npv"
    assert several.expected == "a value, needed by npv; also required: a.y, b.z"


def test_a_field_without_a_place_is_to_be_left_out():
    problem = ExcessProblem("finance.target_dscr", 1.3, "unless debt is sculpted")
    assert str(problem) == "finance.target_dscr = 1.3: leave it out unless debt is sculpted"
    assert problem.expected == "no value unless debt is sculpted"


def test_what_is_not_stated_or_was_typed_is_said_so():
    assert str(Problem("a.x", None, "a rate")) == "a.x is not stated: expected a rate"
    assert str(Problem("--set", "price", "name=value")) == "--set 'price': expected name=value"
    assert str(Problem("--sweep pue", "a", "a number")) == "--sweep pue='a': expected a number"


def test_no_answer_is_no_bad_input():
    assert not issubclass(NoAnswer, Problem)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        ("a\nb", r"'a\nb'"),
        ("x" * 99, "'" + "x" * 76 + "..."),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_values_are_quoted_back_short(value, text):
    assert shown(value) == text
