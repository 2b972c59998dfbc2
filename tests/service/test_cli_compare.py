"""`compare` on the command line."""

import json

import pytest

import economics
from economics import Problem
from service.cli.compare import settings_for
from service.cli.figures import number
from service.files.reading import scenario_tables

TWO = ("compare", "hgx-h100", "hgx-h200")


def test_inputs_answers_and_a_bridge_are_shown(rackrate):
    said = rackrate(*TWO, "--target", "npv_usd_per_rack")
    assert (said.code, said.err) == (0, "")
    lines = [line.split() for line in said.out.splitlines()]
    assert ["revenue.rental_price_usd_per_gpu_hour", "2", "2.9000", "usd/(gpu", "hour)"] in lines
    both = [scenario_tables("hgx-h100"), scenario_tables("hgx-h200")]
    (bridge,) = economics.compare(both, ["npv_usd_per_rack"]).bridges
    ends = [number(one) for one in (bridge.at_start, bridge.at_end)]
    assert ["npv_usd_per_rack", *ends, "usd/rack"] in lines
    for step in bridge.changes:
        assert [step.fields[0], number(step.change), number(step.after)] in lines
    assert "note: a bridge depends on its order" in said.out


def test_json_is_the_librarys(rackrate):
    found = json.loads(rackrate(*TWO, "--json").out)
    expected = economics.compare([scenario_tables("hgx-h100"), scenario_tables("hgx-h200")])
    assert found["bridges"][0]["at_end"] == expected.bridges[0].at_end
    assert found["names"] == ["hgx-h100", "hgx-h200"]


def test_settings_of_all_and_of_one(rackrate):
    said = rackrate(
        "compare",
        "hgx-h100",
        "hgx-h100",
        "--set",
        "B:utilisation=0.5",
        "--set",
        "pue=1.2",
        "--target",
        "moic",
        "--json",
    )
    found = json.loads(said.out)
    assert [(one["path"], one["values"]) for one in found["inputs"]] == [
        ("revenue.utilisation", [0.8, 0.5])
    ]
    assert found["names"] == ["hgx-h100 (A)", "hgx-h100 (B)"]
    assert found["bridges"][0]["target"] == "moic"
    assert settings_for(["a=1", "B:b=2", "C:c=3"], 1, 3) == ["a=1", "b=2"]
    with pytest.raises(Problem, match="a letter from A to B"):
        settings_for(["C:c=3"], 0, 2)


def test_nothing_differs_and_no_value(rackrate):
    said = rackrate("compare", "hgx-h100", "hgx-h100")
    assert said.out.startswith("no input differs")
    said = rackrate("compare", "hgx-h100", "hgx-h200", "--target", "min_dscr")
    assert "no value in hgx-h100 (no debt) and in hgx-h200 (no debt)" in said.out


def test_methods_are_shown_by_what_they_bring(rackrate):
    said = rackrate(
        "compare", "reference-project", "nvl72-neocloud", "--bridge", "cost_usd_per_gpu_hour"
    )
    assert "finance.book_depreciation.method + 2 fields" in said.out
    assert "without effect: " in said.out


def test_yearly_answers_stand_in_one_line(rackrate):
    said = rackrate(*TWO, "--target", "ebitda_usd_per_rack_by_year", "--bridge", "npv_usd_per_rack")
    assert said.code == 0


def test_paths_are_shown_as_figures(rackrate):
    paths = ("A:price_path_usd_per_gpu_hour=[3,2,1.5]", "B:price_path_usd_per_gpu_hour=[3]")
    said = rackrate("compare", "hgx-h100", "hgx-h100", "--set", paths[0], "--set", paths[1])
    (line,) = (one for one in said.out.splitlines() if "price_path" in one and "usd/" in one)
    assert line.split()[1:5] == ["3", "2", "1.5000", "3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hgx-h100",), "SCENARIO = 1: expected 2 to 16 scenarios"),
        (("hgx-h100", "hgx-h20"), "neither a file nor a shipped scenario"),
        (("hgx-h100", "hgx-h200", "--set", "B:tax_rate=3"), "scenarios[1].finance.tax_rate = 3"),
    ],
)
def test_what_cannot_be_compared_exits_with_2(rackrate, arguments, message):
    said = rackrate("compare", *arguments)
    assert said.code == 2
    assert message in said.one_line()
