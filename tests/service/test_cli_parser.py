"""What can be typed, and what is said if it cannot."""

import importlib

import pytest

from service.cli import parser
from service.cli.parser import UsageProblem


@pytest.mark.parametrize("command", parser.COMMANDS)
def test_every_command_has_a_function_and_help(rackrate, command):
    assert callable(
        getattr(importlib.import_module(command.module), command.name.replace("-", "_"))
    )
    said = rackrate(command.name, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: rackrate {command.name}")
    assert command.about in said.out


def test_options_are_not_guessed_from_their_beginnings():
    with pytest.raises(UsageProblem, match="takes no --targ; did you mean --target"):
        parser.parse(["quote", "x", "--targ", "y"])


@pytest.mark.parametrize("text", ["-1", "-1.5", "-.5", "-1e6", "-2.5E-3"])
def test_negative_numbers_are_values(text):
    options = parser.parse(
        ["solve", "x", "--for", "a", "--target", "b", "--value", text, "--between", text, "1"]
    )
    assert (options.value, options.between) == (float(text), [float(text), 1.0])


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "x", ""])
def test_other_values_are_refused(text):
    with pytest.raises(UsageProblem, match="--value: expected a finite number"):
        parser.parse(["solve", "x", "--for", "a", "--target", "b", f"--value={text}"])


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "٣", "99999999999999999999"])
def test_counts_are_whole_and_bounded(text):
    with pytest.raises(UsageProblem, match="--threads: expected a whole number from 1 to 1024"):
        parser.parse(["sweep", "x", f"--threads={text}"])


def test_nothing_typed_prints_the_help(capsys):
    assert parser.parse([]) is None
    assert "usage: rackrate" in capsys.readouterr().out


@pytest.mark.parametrize("command", parser.COMMANDS)
def test_scenarios_are_explained_where_there_is_one(rackrate, command):
    said = rackrate(command.name, "--help").out
    assert ("SCENARIO is a TOML" in said) == (" SCENARIO" in said.partition("\n\n")[0])
    assert "Exit codes: 0 " in said
