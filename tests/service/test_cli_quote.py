"""Answers about one scenario: the library's numbers, as JSON in full and as tables to read."""

import json

import msgspec
import pytest

import economics
from economics.questions.ready_made import READY, ready
from service.files.reading import scenario_tables, shipped_names

COST_ONLY = """
[hardware]
gpu_per_rack = 1
gpu_price_usd_per_gpu = 30_000
it_load_kw_per_rack = 0
economic_life_years = 3
[facility]
kind = "colocation"
colocation_price_usd_per_kw_month = 0
pue = 1
[power]
electricity_price_usd_per_kwh = 0
[finance]
wacc_per_year = 0
[revenue]
kind = "rental"
utilisation = 0.7
"""
COMMANDS = ("quote", *READY)
MODELS = {name: scenario_tables(name).get("model", "rack") for name in shipped_names("scenarios")}
ASKED = [
    (command, name)
    for command in COMMANDS
    for name, model in MODELS.items()
    if model in READY.get(command, MODELS.values())
]
REFUSED = [(command, name) for command in READY for name in MODELS if (command, name) not in ASKED]


@pytest.mark.parametrize(("command", "scenario"), ASKED)
def test_every_shipped_scenario_is_answered(rackrate, command, scenario):
    said = rackrate(command, scenario)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        f"{scenario}, " if MODELS[scenario] in ("rack", "lease") else f"{scenario}\n"
    )  # what is discounted
    assert not [line for line in said.out.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize(("command", "scenario"), REFUSED)
def test_questions_that_a_model_cannot_answer_are_refused_in_one_line(rackrate, command, scenario):
    said = rackrate(command, scenario)
    assert (said.code, said.out) == (2, "")
    expected = f"{' or '.join(READY[command])} for {command}; quote answers this one"
    assert said.one_line() == f"model = '{MODELS[scenario]}': expected {expected}"


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_the_librarys_answer(rackrate, command):
    said = json.loads(rackrate(command, "nvl72-neocloud", "--json").out)
    tables = scenario_tables("nvl72-neocloud")
    targets = (
        ready(command, economics.scenario(tables).scenario)
        if command in READY
        else tuple(said["quantities"])
    )
    expected = json.loads(msgspec.json.encode(economics.quote(tables, targets)))
    assert {name: said["quantities"][name] for name in targets} == expected["quantities"]
    assert said["scenario"] == expected["scenario"]
    assert said["scenario"]["hardware"]["idle_load_fraction"] == 1.0  # a default, filled in
    for one in said["quantities"].values():
        assert set(one) >= {"unit", "status", "description"}
        assert ("value" in one) or set(one) >= {"values", "index"}


def test_one_target_is_one_number(rackrate):
    said = json.loads(
        rackrate("quote", "reference-project", "--target", "npv_usd_per_rack", "--json").out
    )
    assert list(said["quantities"]) == ["npv_usd_per_rack"]
    assert said["quantities"]["npv_usd_per_rack"]["value"] == pytest.approx(
        964_535.658394, abs=1e-6
    )


def test_targets_may_be_by_year_and_mixed(rackrate):
    said = rackrate(
        "quote", "reference-project", "--target", "moic", "--target", "book_value_usd_per_rack"
    )
    assert "moic" in said.out
    row = next(line for line in said.out.splitlines() if line.startswith("book value "))
    assert row.split()[2:] == [
        "usd/rack",
        "4,000,000",
        "3,200,000",
        "2,400,000",
        "1,600,000",
        "800,000",
        "0",
    ]


def test_a_quantity_without_a_value_says_why_in_words(rackrate):
    said = rackrate("quote", "nvl72-neocloud", "--target", "payback_years")
    (row,) = (line for line in said.out.splitlines() if line.startswith("payback_years "))
    assert row.split(maxsplit=3) == ["payback_years", "-", "years", "never paid back"]


def test_breakeven_has_three_lines_and_prices(rackrate):
    said = rackrate("breakeven", "nvl72-neocloud")
    for name in READY["breakeven"]["rack"]:
        assert f"\n{name} " in said.out
    assert "of the scenario" in said.out


def test_breakeven_of_a_price_path_shows_the_price_of_year_1(rackrate):
    said = rackrate(
        "breakeven", "reference-project", "--set", "price_path_usd_per_gpu_hour=[3.25, 3]"
    )
    row = next(
        line for line in said.out.splitlines() if line.startswith("rental_price_usd_per_gpu_hour ")
    )
    assert row.split()[1] == "3.2500"
    assert "note: revenue.rental_price_usd_per_gpu_hour is ignored" in said.out


def test_depreciate_shows_the_gap_and_says_what_it_is_not(rackrate):
    said = rackrate("depreciate", "nvl72-neocloud")
    assert "\nimpairment gap " in said.out
    assert "not the impairment charge" in said.out


def test_what_a_scenario_states_too_little_for_is_said(rackrate, tmp_path):
    (tmp_path / "cost.toml").write_text(COST_ONLY)
    for command, answered, unanswered in (
        ("quote", "lcoc_usd_per_gpu_hour ", "npv_usd_per_rack"),
        ("breakeven", "breakeven_price_usd_per_gpu_hour ", "headroom_fraction"),
        ("depreciate", "tax value ", "economic_value_usd_per_rack"),
        ("cashflow", "capital ", "project_flow_usd_per_rack_by_year"),
    ):
        said = rackrate(command, tmp_path / "cost.toml")
        assert (said.code, said.err) == (0, "")
        assert f"\n{answered}" in said.out
        note = "note: not answered without revenue.rental_price_usd_per_gpu_hour: "
        assert unanswered in said.out.partition(note)[2].splitlines()[0].split(", ")


def test_notices_are_shown(rackrate):
    said = rackrate(
        "quote",
        "reference-project",
        "--set",
        "debt_fraction=0.5",
        "--set",
        "debt_rate_per_year=0.1",
    )
    assert "note: finance.cost_of_equity_per_year is not stated" in said.out


def test_settings_and_environment_reach_the_scenario(rackrate, monkeypatch):
    monkeypatch.setenv("RACKRATE_UTILISATION", "0.5")
    assert (
        json.loads(rackrate("quote", "hgx-h100", "--json").out)["scenario"]["revenue"][
            "utilisation"
        ]
        == 0.5
    )
    said = rackrate("quote", "hgx-h100", "--set", "utilisation=0.4", "--json")
    assert json.loads(said.out)["scenario"]["revenue"]["utilisation"] == 0.4


def test_the_scenario_of_an_answer_can_be_asked_again(rackrate, tmp_path):
    first = json.loads(rackrate("quote", "nvl72-neocloud", "--json").out)
    (tmp_path / "again.json").write_text(json.dumps(first["scenario"]))
    assert (
        json.loads(rackrate("quote", tmp_path / "again.json", "--json").out)["quantities"]
        == first["quantities"]
    )


def test_a_scenario_can_come_from_standard_input(program):
    from importlib.resources import files

    text = (files("configs") / "scenarios" / "hgx-h100.toml").read_text("utf-8")
    assert program("quote", "-", "--json", input=text) == program("quote", "hgx-h100", "--json")
