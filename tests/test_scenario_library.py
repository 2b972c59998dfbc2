"""The shipped scenarios and sweeps come to the answers that they say they should, by the command
line's way of reading them.
"""

import shlex
from pathlib import Path

import numpy as np
import pytest

import economics
from service.__main__ import main
from service.cli.overrides import override
from service.files.reading import shipped_names, shipped_tables, sweep_spec

ROOT = Path(__file__).parents[1]
NAMES = shipped_names("scenarios")
# Rows of the catalog in use, and what tests/cases checks.
WITHOUT = {
    "gb200-nvl72",
    "gb300-nvl72",
    "hgx-b200",
    "hgx-h100",
    "hgx-h200",
    "mi300x",
    "mi355x",
    "reference-contract",
}


def expected(folder):
    """What each shipped file of a folder expects, one by one."""
    return [
        pytest.param(name, one, id=f"{name}-{one.get('target', 'grid')}-{number}")
        for name in shipped_names(folder)
        for number, one in enumerate(shipped_tables(folder, name).get("expect", ()))
    ]


def answered(name, one):
    """(value, status) of what is expected of a scenario: an answer, or the one value of a field at
    which it is another's.
    """
    tables = override(shipped_tables("scenarios", one.get("of", name)), one.get("set", ()), {})
    if "solve_for" in one:
        (root,) = economics.solve(tables, one["target"], one["at"], one["solve_for"]).roots
        return root, "ok"
    found = economics.quote(tables, [one["target"]]).quantities[one["target"]]
    return found.value, found.status


@pytest.mark.parametrize(("name", "one"), expected("scenarios"))
def test_a_scenario_comes_to_what_it_says(name, one):
    value, status = answered(name, one)
    assert status == one.get("status", "ok")
    if "answer" in one:
        assert abs(value - one["answer"]) <= one.get("within", 0.0), value


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


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_explained(name):
    tables = shipped_tables("scenarios", name)
    for target, answer in economics.quote(tables).quantities.items():
        derived = economics.explain(tables, target)
        assert (derived.values or derived.value) == (answer.values or answer.value), target
        assert derived.inputs or derived.source, target


def of_grid(reduction, found):
    """The number that a reduction of a grid comes to: a share, the last of the best or worst cells,
    how many lines cross.
    """
    if reduction["kind"] == "share":
        return found.share
    if reduction["kind"] == "frontier":
        return np.isfinite(found.columns[reduction["field"]].values).sum()
    return found.rows[-1][reduction["target"]]


@pytest.mark.parametrize(("name", "one"), expected("sweeps"))
def test_a_grid_comes_to_what_it_says(name, one):
    found = of_grid(one["reduce"], economics.sweep({**sweep_spec(name), "reduce": one["reduce"]}))
    assert abs(found - one["answer"]) <= one.get("within", 0.0), found


def test_orbit_meets_the_ground():
    """The same rack in orbit and on the ground: they differ by the facility only, and cost the same
    where solved.
    """
    ground, orbit = (shipped_tables("scenarios", name) for name in ("ironwood-tpu", "suncatcher"))
    for table in ("accelerator", "finance", "revenue"):
        assert orbit[table] == ground[table]
    on_the_ground = (
        economics.quote(ground, ["cost_usd_per_gpu_hour"]).quantities["cost_usd_per_gpu_hour"].value
    )
    (launch_price,) = economics.solve(
        orbit, "cost_usd_per_gpu_hour", on_the_ground, "launch_price_usd_per_kg"
    ).roots
    met = override(orbit, [f"launch_price_usd_per_kg={launch_price}"], {})
    in_orbit = economics.quote(
        met, ["cost_usd_per_gpu_hour", "launched_power_price_usd_per_kw_year"]
    ).quantities
    assert in_orbit["cost_usd_per_gpu_hour"].value == pytest.approx(on_the_ground, rel=1e-12)
    assert 570 < in_orbit["launched_power_price_usd_per_kw_year"].value < 3000


COMMANDS = [
    line
    for line in (ROOT / "docs" / "scenarios.md").read_text().splitlines()
    if line.startswith("rackrate ")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_questions_of_the_page_have_answers(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out or list(tmp_path.iterdir())


def test_the_page_asks_every_system():
    asked = {command.split()[2] for command in COMMANDS}
    page = (ROOT / "docs" / "scenarios.md").read_text()
    assert asked <= {*NAMES, *shipped_names("sweeps")}
    assert not [
        name for name in NAMES if name not in WITHOUT | {"reference-project"} and name not in page
    ]
