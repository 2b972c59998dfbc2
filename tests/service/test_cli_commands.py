"""Every command has a function and help; what is said of one that is not there."""

import importlib

import pytest

from service.cli import commands
from service.cli.parser import UsageProblem


@pytest.mark.parametrize("command", commands.COMMANDS)
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
        commands.parse(["quote", "x", "--targ", "y"])


def test_nothing_typed_prints_the_help(capsys):
    assert commands.parse([]) is None
    assert "usage: rackrate" in capsys.readouterr().out


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_scenarios_are_explained_where_there_is_one(rackrate, command):
    said = rackrate(command.name, "--help").out
    assert ("SCENARIO is a TOML" in said) == (" SCENARIO" in said.partition("\n\n")[0])
    assert "Exit codes: 0 " in said


@pytest.mark.parametrize("word", ["quot", "qoute"])
def test_a_misspelt_command_gets_a_hint(word):
    with pytest.raises(UsageProblem, match=f"there is no command '{word}'; did you mean quote"):
        commands.parse([word])


def test_the_version_is_printed_and_nothing_is_run(capsys):
    assert commands.parse(["--version"]) is None
    assert capsys.readouterr().out.startswith("rackrate ")
