"""`simulate` and `sensitivity` print what the library finds."""

import json
import subprocess
import sys

import msgspec
import pytest

import economics
from service.files.reading import scenario_tables

NAME, NPV, PRICE = "reference-project", "npv_usd_per_rack", "rental_price_usd_per_gpu_hour"
DRAWS = (
    "--draw",
    "utilisation=triangular:0.5,0.7,0.9",
    "--draw",
    f"{PRICE}=lognormal:3.5,0.2",
    "--count",
    "512",
)
FIELDS = {
    "utilisation": {"kind": "triangular", "low": 0.5, "mode": 0.7, "high": 0.9},
    PRICE: {"kind": "lognormal", "median": 3.5, "sigma": 0.2},
}
FILE = f"""
scenario = "{NAME}"
targets = ["{NPV}"]
conditions = ["{NPV} > 0"]

[draws]
count = 256
seed = 5

[draws.fields.utilisation]
kind = "uniform"
low = 0.5
high = 0.9
"""


def plain(answer):
    return {name: part for name, part in answer.items() if name != "seconds"}


def test_a_simulation_as_json_is_the_librarys(rackrate):
    pair = {"between": ["utilisation", PRICE], "coefficient": 0.5}
    asked = (
        "--correlate",
        f"utilisation,{PRICE}=0.5",
        "--seed",
        3,
        "--target",
        NPV,
        "--chance",
        f"{NPV} > 0",
    )
    said = rackrate("simulate", NAME, *DRAWS, *asked, "--json")
    draws = {"fields": FIELDS, "count": 512, "seed": 3, "correlations": [pair]}
    spec = {
        "scenario": scenario_tables(NAME),
        "draws": draws,
        "targets": [NPV],
        "conditions": [f"{NPV} > 0"],
    }
    assert plain(json.loads(said.out)) == plain(
        json.loads(msgspec.json.encode(economics.simulate(spec)))
    )


def test_a_simulation_for_people_has_intervals_and_says_where_they_are_from(rackrate):
    lines = rackrate(
        "simulate",
        NAME,
        *DRAWS,
        "--target",
        NPV,
        "--target",
        "payback_years",
        "--chance",
        f"{NPV} > 0",
    ).out.splitlines()
    assert lines[0] == "512 draws of 2 fields (sobol, seed 0), on numpy"
    assert [line.split()[0] for line in lines[2:11]] == [
        NPV,
        "mean",
        "p05",
        "p10",
        "p25",
        "p50",
        "p75",
        "p90",
        "p95",
    ]
    assert any(line.startswith(f"{NPV} > 0") and len(line.split()) == 8 for line in lines)
    assert any("8 blocks of a Sobol sequence" in line for line in lines)
    assert any("of 512 draws have no payback_years: never paid back" in line for line in lines)


def test_a_sweep_may_draw(rackrate):
    asked = (
        "--sweep",
        "economic_life_years=4,5",
        *DRAWS,
        "--seed",
        3,
        "--target",
        NPV,
        "--reduce",
        f"share:{NPV} > 0",
        "--json",
    )
    said = json.loads(rackrate("sweep", NAME, *asked).out)
    lives = {"kind": "values", "field": "economic_life_years", "values": [4, 5]}
    axes = [lives, {"kind": "draws", "fields": FIELDS, "count": 512, "seed": 3}]
    share = {"kind": "share", "condition": f"{NPV} > 0"}
    expected = economics.sweep(
        {"scenario": scenario_tables(NAME), "axes": axes, "targets": [NPV], "reduce": share}
    )
    assert said["share"] == json.loads(msgspec.json.encode(expected.share))
    assert said["cells"] == 1024


def test_a_target_without_a_value_says_so(rackrate):
    said = rackrate("simulate", NAME, *DRAWS, "--target", "min_dscr", "--method", "random").out
    assert "min_dscr: no draw has a value" in said
    assert "512 of 512 draws have no min_dscr: no debt" in said


def test_a_file_may_state_what_is_drawn(rackrate, tmp_path):
    (tmp_path / "risk.toml").write_text(FILE)
    said = rackrate("simulate", tmp_path / "risk.toml", "--json")
    found = json.loads(said.out)
    assert (found["draws"]["count"], found["draws"]["seed"]) == (256, 5)
    assert list(found["targets"]) == [NPV]
    assert len(found["conditions"]) == 1
    wide = json.loads(
        rackrate(
            "simulate", tmp_path / "risk.toml", "--draw", "utilisation=uniform:0.1,0.9", "--json"
        ).out
    )
    assert wide["targets"][NPV]["least"] < found["targets"][NPV]["least"]
    ranked = json.loads(rackrate("sensitivity", tmp_path / "risk.toml", NPV, "--json").out)
    assert [bar["field"] for bar in ranked["bars"]] == ["utilisation"]


def test_a_simulation_is_no_scenario(rackrate, tmp_path):
    (tmp_path / "risk.toml").write_text(FILE)
    assert (
        f"is a simulation, not a scenario: rackrate simulate {tmp_path}"
        in rackrate("quote", tmp_path / "risk.toml").one_line()
    )
    assert (
        "part of a sweep"
        in rackrate("sweep", tmp_path / "risk.toml", "--sweep", "utilisation=0.5,0.6").one_line()
    )


def test_sensitivity_as_json_is_the_librarys(rackrate):
    said = rackrate("sensitivity", NAME, NPV, "--by", "0.2", "--json")
    expected = economics.sensitivity(
        {"scenario": scenario_tables(NAME), "target": NPV, "by_fraction": 0.2}
    )
    assert plain(json.loads(said.out)) == plain(json.loads(msgspec.json.encode(expected)))


def test_sensitivity_for_people_ranks_inputs(rackrate):
    lines = rackrate("sensitivity", NAME, NPV).out.splitlines()
    assert lines[0] == f"{NPV} = 964,536 usd/rack"
    assert lines[3].split()[0] == PRICE
    assert any(line.startswith("Sobol indices") for line in lines)
    assert lines[-1] == "note: left as they are: economic_life_years, gpu_per_rack"


def test_an_end_without_a_value_says_why(rackrate):
    said = rackrate(
        "sensitivity",
        NAME,
        "payback_years",
        "--draw",
        "utilisation=uniform:0.1,0.9",
        "--count",
        "64",
    ).out
    assert "never paid back" in said
    assert " of 64 rows of draws have no payback_years in some evaluation" in said
    assert "1 of 1 input has no swing: payback_years has no value at the low or high" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("simulate", NAME), "at least one uncertain field"),
        (
            ("simulate", NAME, "--draw", "utilisation=uniform:0.9,0.5"),
            "draws.fields.utilisation.high = 0.5",
        ),
        (
            ("simulate", NAME, "--draw", "utilisation=uniform:0.5,1.5"),
            "draws.fields.utilisation = 1.5: expected",
        ),
        (
            ("simulate", NAME, "--draw", "gpu_per_rack=discrete:8@0.5,16@0.6"),
            "probabilities whose sum is 1",
        ),
        (("simulate", NAME, *DRAWS, "--method", "lattice"), "lattice"),
        (("simulate", NAME, *DRAWS, "--count", "0"), "from 1 to 1000000"),
        (("simulate", NAME, *DRAWS, "--chance", "npv"), "a condition such as"),
        (("sensitivity", NAME), "TARGET"),
        (("sensitivity", NAME, NPV, "--by", "2"), "by_fraction = 2.0"),
        (("sensitivity", NAME, NPV, *DRAWS, "--by", "0.1"), "because draws state"),
    ],
)
def test_bad_questions_are_one_line(rackrate, words, expected):
    said = rackrate(*words)
    assert said.code == 2
    assert expected in said.one_line()


def test_without_scipy_it_is_named(rackrate, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    said = rackrate("simulate", NAME, *DRAWS)
    assert said.code == 2
    assert "pip install 'rackrate[uncertainty]'" in said.one_line()


def test_sweeps_do_not_wait_for_scipy():
    asked = ["sweep", NAME, "--sweep", "utilisation=0.5,0.6"]
    script = (
        f"import sys, service.__main__ as program; program.main({asked}); print('scipy' in"
        " sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "False"
