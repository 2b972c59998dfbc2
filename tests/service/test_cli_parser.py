"""How options are read, and what is said of those that cannot be."""

import pytest

from service.cli.commands import parse
from service.cli.parser import Parser, UsageProblem


@pytest.mark.parametrize("text", ["-1", "-1.5", "-.5", "-1e6", "-2.5E-3"])
def test_negative_numbers_are_values(text):
    options = parse(
        ["solve", "x", "--for", "a", "--target", "b", "--value", text, "--between", text, "1"]
    )
    assert (options.value, options.between) == (float(text), [float(text), 1.0])


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "x", ""])
def test_other_values_are_refused(text):
    with pytest.raises(UsageProblem, match="--value: expected a finite number"):
        parse(["solve", "x", "--for", "a", "--target", "b", f"--value={text}"])


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "٣", "99999999999999999999"])
def test_counts_are_whole_and_bounded(text):
    with pytest.raises(UsageProblem, match="--threads: expected a whole number from 1 to 1024"):
        parse(["sweep", "x", f"--threads={text}"])


def test_what_is_wrong_is_one_exception_that_names_the_help():
    parser = Parser(prog="rackrate quote")
    parser.add_argument("scenario")
    with pytest.raises(UsageProblem, match="required: scenario; see rackrate quote --help"):
        parser.parse_args([])
