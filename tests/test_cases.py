"""Worked cases: every figure that is printed in tests/cases, through the command line, over HTTP
and through a sweep of one cell on every engine.
"""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import web

import economics
from service.__main__ import main
from service.cli.overrides import override
from service.files.reading import scenario_tables

HERE = Path(__file__).parent
CASES = [
    case
    for path in sorted((HERE / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text()).get("case", ())
]


def place(case):
    """The scenario's name, or the path of its file."""
    return str(HERE / case["scenario"]) if case["scenario"].endswith(".toml") else case["scenario"]


def agrees(value, printed):
    """Whether a number has the digits printed: within half of the last one, or within two spacings
    of floats where all are printed.
    """
    digits = Decimal(printed)
    half = float(Decimal(5).scaleb(digits.as_tuple().exponent - 1))
    return abs(value - float(digits)) <= max(
        half, 2.0 * np.spacing(abs(float(digits)) + (1.0 if abs(float(digits)) < 1.0 else 0.0))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_command_line_prints_every_digit(case, capsys):
    arguments = ["quote", place(case), "--json"]
    for change in case["set"]:
        arguments += ["--set", change]
    for target in case["expect"]:
        arguments += ["--target", target]
    assert main(arguments) == 0
    check(case, json.loads(capsys.readouterr().out)["quantities"])


def check(case, said):
    """Whether answers have the digits printed, or their status."""
    for target, printed in case["expect"].items():
        if said[target]["value"] is None:
            assert said[target]["status"] == printed
        else:
            assert agrees(said[target]["value"], printed), (target, said[target]["value"], printed)


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_over_http_it_is_the_same(case, found):
    tables = override(scenario_tables(place(case)), case["set"], {})
    body = {"scenario": tables, "targets": list(case["expect"])}
    check(case, found.post("/v1/quotes", json=body).json()["quantities"])


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_grid_of_one_cell_gives_the_same(case, backend):
    tables = override(scenario_tables(place(case)), case["set"], {})
    life = tables["hardware"]["economic_life_years"]
    axis = {
        "kind": "values",
        "field": "economic_life_years",
        "values": [life["value"] if isinstance(life, dict) else life],
    }
    spec = {"scenario": tables, "axes": [axis], "targets": list(case["expect"])}
    columns = economics.sweep(spec, backend=backend).columns
    for target, printed in case["expect"].items():
        value = columns[target].values[0]
        if np.isnan(value):
            why = columns[f"{target}_status"]
            assert why.categories[why.values[0]] == printed
        else:
            assert agrees(value, printed), (target, value, printed)
