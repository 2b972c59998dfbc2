"""No answer over many cells or draws leaves some out without a word: in what people read, in JSON,
in files and over HTTP.
"""

import csv
import json
from io import StringIO
from typing import get_args

import pytest
import web

from economics.sweeps.spec import Reduction
from service.files.reading import scenario_tables

NAME, TARGET = "reference-project", "min_dscr"
SET = ("--set", "debt_rate_per_year=0.08")
SWEPT = (*SET, "--sweep", "debt_fraction=0,0.4,0.5", "--target", TARGET)
DRAWN = (*SET, "--draw", "debt_fraction=discrete:0,0.5", "--count", "64")
SAID = f"1 of 3 cells has no {TARGET}: no debt"
COUNTED = {"no_debt": 1}
# how each reduction is asked for, and where its JSON has the cells that are left out
REDUCED = {
    "summary": ("summary", lambda found: found["targets"][TARGET]["missing"]),
    "top": ("top:2", lambda found: found["missing"]),
    "bottom": ("bottom:2", lambda found: found["missing"]),
    "histogram": ("histogram:2", lambda found: found["missing"]),
    "share": (f"share:{TARGET} > 1", lambda found: found["no_value"]),
}
TABLES = {"cells", "frontier"}  # which have a column of statuses


def test_every_reduction_is_tried():
    kinds = {one.__struct_config__.tag for one in get_args(Reduction)}
    assert kinds == REDUCED.keys() | TABLES


@pytest.mark.parametrize("kind", REDUCED)
def test_a_reduction_says_what_it_leaves_out_in_words_and_in_json(rackrate, kind):
    how, where = REDUCED[kind]
    said = rackrate("sweep", NAME, *SWEPT, "--reduce", how)
    assert f"note: {SAID}\n" in said.out
    found = json.loads(rackrate("sweep", NAME, *SWEPT, "--reduce", how, "--json").out)
    assert where(found) == COUNTED
    assert SAID in found["notes"]


@pytest.mark.parametrize("kind", REDUCED)
def test_a_file_says_it_beside_itself(rackrate, tmp_path, kind):
    path = tmp_path / "left.csv"
    asked = ("sweep", NAME, *SWEPT, "--reduce", REDUCED[kind][0], "-o")
    assert rackrate(*asked, path).err == f"note: {SAID}\n"
    said = rackrate(*asked, "-")
    assert said.out == path.read_text()
    assert said.err == f"note: {SAID}\n"


def test_rows_of_a_file_are_all_cells(rackrate):
    asked = ("sweep", NAME, *SWEPT, "-o", "-", "--reduce")
    rows = list(csv.DictReader(StringIO(rackrate(*asked, "histogram:2").out)))
    assert sum(int(row["count"]) for row in rows) == 3
    assert rows[-1][f"{TARGET}_status"] == "no_debt"
    (row,) = csv.DictReader(StringIO(rackrate(*asked, f"share:{TARGET} > 1").out))
    assert (row["met"], row["not_met"], row["no_value"]) == ("2", "0", "1")
    assert row["no_value_status"] == "no_debt=1"


@pytest.mark.parametrize("kind", REDUCED)
def test_a_reduction_says_it_over_http(kind):
    axis = {"kind": "values", "field": "debt_fraction", "values": [0.0, 0.4, 0.5]}
    tables = scenario_tables(NAME)
    tables["finance"]["debt_rate_per_year"] = 0.08
    reduce = {"kind": kind, **({"condition": f"{TARGET} > 1"} if kind == "share" else {})}
    asked = {"scenario": tables, "axes": [axis], "targets": [TARGET], "reduce": reduce}
    with web.client() as client:
        found = client.post(web.PATHS["sweep"], json=asked).json()
    assert REDUCED[kind][1](found) == COUNTED
    assert SAID in found["notes"]


def test_a_grid_in_which_all_cells_have_a_value_says_that_too(rackrate):
    """A part of none is stated, not left away."""
    swept = ("sweep", NAME, "--sweep", "utilisation=0.5,0.7", "--target", "npv_usd_per_rack")
    for kind, (how, where) in REDUCED.items():
        asked = how.replace(TARGET, "npv_usd_per_rack")
        found = json.loads(rackrate(*swept, "--reduce", asked, "--json").out)
        if kind == "summary":
            found["targets"] = {TARGET: found["targets"]["npv_usd_per_rack"]}
        assert where(found) == {}, kind


def test_a_simulation_says_it(rackrate):
    asked = ("simulate", NAME, *DRAWN, "--target", TARGET, "--chance", f"{TARGET} > 1")
    words = f"32 of 64 draws have no {TARGET}: no debt"
    said = rackrate(*asked).out
    assert f"note: {words}\n" in said
    line = next(line for line in said.splitlines() if line.startswith(f"{TARGET} > 1"))
    assert line.split()[3:6] == ["50", "0", "50"]
    found = json.loads(rackrate(*asked, "--json").out)
    assert found["targets"][TARGET]["missing"] == {"no_debt": 32}
    (one,) = found["conditions"]
    assert (one["met"], one["not_met"], one["no_value"]) == (32, 0, {"no_debt": 32})
    assert (one["probability"]["value"], one["probability_at_most"]) == (0.5, 1.0)
    assert one["probability"]["high"] == 1.0
    assert words in found["notes"]


def test_a_sensitivity_says_it(rackrate):
    asked = ("sensitivity", NAME, TARGET, *DRAWN, "--draw", "utilisation=uniform:0.6,0.8")
    said = rackrate(*asked).out
    assert f"note: 2 of 2 inputs have no swing: {TARGET} has no value at the low or high\n" in said
    found = json.loads(rackrate(*asked, "--json").out)
    rows = found["missing"]["no_debt"]
    words = f"{rows} of 64 rows of draws have no {TARGET} in some evaluation and are left out"
    assert f"note: {words} of the indices: no debt\n" in said
    assert f"{words} of the indices: no debt" in found["notes"]


def test_a_comparison_says_it(rackrate):
    asked = ("compare", NAME, NAME, *SET, "--set", "B:debt_fraction=0.5", "--target", TARGET)
    assert f"no value in {NAME} (A) (no debt)\n" in rackrate(*asked).out
    (bridge,) = json.loads(rackrate(*asked, "--json").out)["bridges"]
    assert (bridge["status_at_start"], bridge["status_at_end"]) == ("no_debt", "ok")
