"""The options of commands for jobs and for shares of a sweep."""

import pytest

from service.cli.commands import parse, parser
from service.cli.parser import UsageProblem

BY_NAME = parser()[1]


def named(command):
    return {name for action in BY_NAME[command]._actions for name in action.option_strings}


def test_a_share_is_asked_as_its_sweep_is():
    own = {"-o", "--output", "--force", "--resume", "--dry-run", "--server"}
    assert named("sweep") - own <= named("shard")
    assert named("shard") - named("sweep") == {"--index", "--of"}


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        (["shard", "x", "--of", "3"], "-o"),
        (["shard", "x", "-o", "d"], "--of"),
        (["collect"], "DIR"),
    ],
)
def test_what_must_be_typed(typed, missing):
    with pytest.raises(UsageProblem, match=f"required: .*{missing}"):
        parse(typed)


def test_jobs_are_listed_where_nothing_is_said():
    typed = parse(["jobs"])
    assert (typed.what, typed.id, typed.json) == ("list", [], False)
    assert parse(["jobs", "rm", "a", "b"]).id == ["a", "b"]
