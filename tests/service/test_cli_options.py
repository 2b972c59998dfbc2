"""The options of commands: what they default to, and that alike ones are alike."""

import pytest

from economics.sweeps.distributions import MOST_DRAWS
from service.cli.commands import COMMANDS, parse, parser
from service.cli.parser import UsageProblem

BY_NAME = parser()[1]


def named(command):
    return {name for action in BY_NAME[command]._actions for name in action.option_strings}


@pytest.mark.parametrize("command", ["quote", "sweep", "simulate", "compare"])
def test_targets_are_collected(command):
    scenarios = ["a", "b"] if command == "compare" else ["a"]
    typed = parse([command, *scenarios, "--target", "x", "--target", "y"])
    assert typed.target == ["x", "y"]
    assert parse([command, *scenarios]).target == []


@pytest.mark.parametrize("command", ["sweep", "simulate", "sensitivity"])
def test_whatever_draws_may_name_its_engine(command):
    assert {"--draw", "--correlate", "--count", "--seed", "--method"} <= named(command)
    assert {"--backend", "--threads"} <= named(command)


@pytest.mark.parametrize(
    "command", [one.name for one in COMMANDS if one.name not in ("serve", "mcp", "worker")]
)
def test_every_answer_can_be_json(command):
    assert "--json" in named(command)


def test_as_many_draws_may_be_typed_as_may_be_made():
    assert parse(["simulate", "a", "--count", str(MOST_DRAWS)]).count == MOST_DRAWS
    with pytest.raises(UsageProblem, match="--count"):
        parse(["simulate", "a", "--count", str(MOST_DRAWS + 1)])
