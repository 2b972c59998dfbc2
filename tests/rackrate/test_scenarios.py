"""A scenario is a name, a path, tables or a record, and all of them are the same scenario."""

import json
from pathlib import Path

import pytest

import rackrate
from rackrate.scenarios import spec_of, tables_of
from service.files.reading import shipped_tables

NAME = "reference-project"
TABLES = shipped_tables("scenarios", NAME)
NPV = "npv_usd_per_rack"
USED = {"kind": "values", "field": "utilisation", "values": [0.6, 0.8]}


@pytest.fixture
def files(tmp_path):
    """The same scenario as a TOML and a JSON file, and a sweep beside them that names it."""
    root = Path(__file__).parents[2] / "configs" / "scenarios"
    (tmp_path / "mine.toml").write_text((root / f"{NAME}.toml").read_text())
    (tmp_path / "mine.json").write_text(json.dumps({**TABLES, "accelerator": None}))
    (tmp_path / "grid.toml").write_text(
        f'scenario = "mine.toml"\ntargets = ["{NPV}"]\n'
        '[[axes]]\nkind = "values"\nfield = "utilisation"\nvalues = [0.6, 0.8]\n'
    )
    return tmp_path


def test_every_way_to_state_a_scenario_has_the_same_answer(files):
    ways = [
        NAME,
        str(files / "mine.toml"),
        files / "mine.toml",
        files / "mine.json",
        TABLES,
        rackrate.scenario(NAME),
        rackrate.scenario(NAME).scenario,
    ]
    answers = [rackrate.quote(way, [NPV]).quantities[NPV].value for way in ways]
    assert answers == [964_535.658393925] * len(ways)


def test_tables_that_were_read_are_ones_own():
    mine = rackrate.read(NAME)
    mine["revenue"]["utilisation"] = 0.0
    assert rackrate.read(NAME) == TABLES


def test_a_checked_scenario_has_sources_and_is_not_checked_again():
    checked = rackrate.scenario("nvl72-neocloud")
    assert checked.sources["revenue.utilisation"].as_of == "2026-11-21"
    assert rackrate.scenario(checked) is checked
    assert tables_of(checked) is checked


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            "reference-projct",
            "'reference-projct' is neither a file nor a shipped scenario; did you",
        ),
        (Path("none.toml"), "'none.toml' is neither a file nor a shipped scenario"),
        ("stargate-rack-grid", "is neither a file nor a shipped scenario"),
    ],
)
def test_what_is_no_scenario_is_said(stated, expected):
    with pytest.raises(rackrate.FileProblem, match=expected):
        rackrate.scenario(stated)


def test_a_sweep_is_no_scenario(files):
    with pytest.raises(rackrate.FileProblem, match="is a sweep, not a scenario"):
        rackrate.quote(files / "grid.toml")


def test_bad_tables_are_a_problem_with_the_path_of_the_field():
    with pytest.raises(rackrate.Problem) as caught:
        rackrate.scenario({"revenue": {"utilisation": 1.2}})
    assert caught.value.where == "revenue.utilisation"


def test_parts_that_are_stated_take_the_place_of_those_of_a_spec(files):
    by_file = spec_of(files / "grid.toml", {"targets": ["moic"], "axes": None})
    assert by_file == {"scenario": TABLES, "targets": ["moic"], "axes": [USED]}
    by_parts = spec_of({"scenario": NAME, "axes": [USED]}, {"reduce": {"kind": "summary"}})
    assert by_parts == {"scenario": TABLES, "axes": [USED], "reduce": {"kind": "summary"}}


@pytest.mark.parametrize("stated", [NAME, TABLES, rackrate.scenario(NAME)], ids=type)
def test_a_scenario_is_a_spec_without_parts(stated):
    expected = TABLES if stated == NAME else stated
    assert spec_of(stated, {"axes": [USED]}) == {"scenario": expected, "axes": [USED]}
