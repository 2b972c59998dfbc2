"""`solve` prints what the library finds."""

import json

import msgspec
import pytest

import economics
from service.files.reading import scenario_tables

NPV = ("--target", "npv_usd_per_rack", "--value", "0")
COST = ("--target", "cost_usd_per_gpu_hour", "--value")


def test_solve_prints_the_root_in_full(rackrate):
    said = rackrate("solve", "nvl72-neocloud", "--for", "utilisation", *NPV)
    root = (
        economics.quote(scenario_tables("nvl72-neocloud"), ["breakeven_utilisation"])
        .quantities["breakeven_utilisation"]
        .value
    )
    assert float(said.out.splitlines()[0].split()[2]) == pytest.approx(root, rel=1e-12)
    assert "samples" in said.out


def test_solve_as_json_is_the_librarys(rackrate):
    said = rackrate(
        "solve",
        "nvl72-neocloud",
        "--for",
        "pue",
        "--target",
        "cost_usd_per_gpu_hour",
        "--value",
        "4.2",
        "--between",
        "1",
        "2",
        "--json",
    )
    expected = economics.solve(
        scenario_tables("nvl72-neocloud"), "cost_usd_per_gpu_hour", 4.2, "pue", (1.0, 2.0)
    )
    assert said.out.encode() == msgspec.json.encode(expected) + b"\n"


def test_solve_without_a_root_says_where_it_looked_and_exits_with_1(rackrate):
    asked = ("solve", "nvl72-neocloud", "--for", "pue", *COST, "1000")
    said, found = rackrate(*asked), rackrate(*asked, "--json")
    assert (said.code, found.code) == (1, 1)
    assert said.out.startswith("no pue from 1 to 100 gives cost_usd_per_gpu_hour = 1000: ")
    assert "cost_usd_per_gpu_hour goes from 4." in said.out
    assert msgspec.json.decode(found.out)["roots"] == []


def test_bounds_are_told_in_words(rackrate):
    price = ("--for", "rental_price_usd_per_gpu_hour", "--target", "breakeven_utilisation")
    said = rackrate("solve", "nvl72-neocloud", *price, "--value", "1.5")
    assert said.code == 1
    assert said.out.startswith("no rental_price_usd_per_gpu_hour from 0 upwards gives")
    assert "e+" not in said.out.partition("note:")[2]


def test_a_stretch_is_printed_by_its_ends(rackrate):
    """The age of retirement is one whole year over a stretch of prices."""
    said = rackrate(
        "solve",
        "reference-project",
        *("--for", "opex_escalation_per_year", "--target", "retirement_age_years"),
        *("--value", "3", "--between", "0", "10"),
    )
    assert said.code == 0
    every, field, _, low, _, high = said.out.splitlines()[0].split()
    assert (every, field) == ("every", "opex_escalation_per_year")
    assert 0.0 < float(low) < float(high) < 10.0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("pue", "npv", "0"), "--target 'npv': expected a known quantity; did you mean npv_usd_"),
        (("it_capex_usd_per_rack", *NPV[1::2]), "did you mean given.it_capex_usd_per_rack?"),
        (("given.it_capex_usd_per_rak", *NPV[1::2]), "did you mean given.it_capex_usd_per_rack"),
        (("pue", *NPV[1::2], "--between", "0", "1"), "--between (0.0, 1.0): expected numbers that"),
        (("timing", *NPV[1::2]), "--for 'timing': expected a known real-valued field"),
    ],
)
def test_what_is_wrong_is_said_by_its_option(rackrate, asked, said):
    unknown, target, value, *more = asked
    wrong = rackrate(
        "solve", "nvl72-neocloud", "--for", unknown, "--target", target, "--value", value, *more
    )
    assert (wrong.code, wrong.out) == (2, "")
    assert said in wrong.err


def test_a_field_may_be_named_by_its_path_and_a_quantity_be_given(rackrate):
    by_path, by_name = (
        rackrate("solve", "nvl72-neocloud", "--for", name, *NPV).out
        for name in ("finance.wacc_per_year", "wacc_per_year")
    )
    assert by_path == by_name
    capex = rackrate("solve", "nvl72-neocloud", "--for", "given.it_capex_usd_per_rack", *NPV)
    name, _, answer = capex.out.splitlines()[0].partition(" = ")
    assert (name, answer.split()[1]) == ("given.it_capex_usd_per_rack", "usd/rack")
    given = ("--set", f"{name}={answer.split()[0]}", "--target", "npv_usd_per_rack", "--json")
    said = json.loads(rackrate("quote", "nvl72-neocloud", *given).out)
    assert abs(said["quantities"]["npv_usd_per_rack"]["value"]) < 1e-6


def test_negative_numbers_are_values_not_options(rackrate):
    said = rackrate(
        "solve",
        "nvl72-neocloud",
        "--for",
        "utilisation",
        "--target",
        "npv_usd_per_rack",
        "--value",
        "-1e6",
        "--between",
        "0",
        "1",
    )
    assert said.code == 0
    assert said.out.startswith("utilisation = 0.")


def test_settings_reach_solve(rackrate):
    plain, cheap = (
        rackrate("solve", "nvl72-neocloud", "--for", "utilisation", *NPV, *more).out
        for more in ((), ("--set", "gpu_price_usd_per_gpu=3e4"))
    )
    assert plain != cheap


def test_shares_and_rates_are_told_in_percent_in_sentences_too(rackrate):
    asked = ("solve", "hgx-h100", "--for", "utilisation", "--target", "irr_per_year", "--value")
    said = rackrate(*asked, "0.1").out
    assert "irr_per_year goes from -91.2868 % to 13.4071 % over " in said
    assert "samples of utilisation from 0 % to 100 %, " in said
    nowhere = rackrate(*asked, "0.5").out
    assert nowhere.startswith("no utilisation from 0 % to 100 % gives irr_per_year = 50 %: ")
    assert "no value from 0 % to 25.9598 % (none: no discount rate" in nowhere
