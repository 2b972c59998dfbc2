"""The shipped scenarios come to the answers that they say they should, by the command line's way of reading them."""

import pytest

import economics
from service.cli.overrides import overridden
from service.files import shipped, shipped_tables

NAMES = shipped("scenarios")
EXPECTED = [
    pytest.param(name, one, id=f"{name}-{one['target']}-{number}")
    for name in NAMES
    for number, one in enumerate(shipped_tables("scenarios", name).get("expect", ()))
]
# Rows of the catalog in use, and what tests/cases checks.
WITHOUT = {"gb200-nvl72", "gb300-nvl72", "hgx-b200", "hgx-h100", "hgx-h200", "mi300x", "mi355x", "reference-contract"}


@pytest.mark.parametrize(("name", "one"), EXPECTED)
def test_a_scenario_comes_to_what_it_says(name, one):
    found = economics.quote(overridden(shipped_tables("scenarios", name), one.get("set", ()), {}), [one["target"]])
    quantity = found.quantities[one["target"]]
    assert quantity.status == one.get("status", "ok")
    if "answer" in one:
        assert abs(quantity.value - one["answer"]) <= one.get("within", 0.0), quantity.value


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_was_assumed_and_what_it_expects(name):
    tables = shipped_tables("scenarios", name)
    assert tables["name"] == name
    assert tables["note"].strip()
    assert ("expect" in tables) == (name not in WITHOUT)


@pytest.mark.parametrize("name", NAMES)
def test_the_usual_questions_have_answers(name):
    found = economics.quote(shipped_tables("scenarios", name))
    assert found.scenario == economics.quote(found.scenario).scenario
    assert any(one.status == "ok" for one in found.quantities.values())
