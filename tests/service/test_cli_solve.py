"""`solve` prints what the library finds."""

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


def test_solve_without_a_root_says_where_it_looked(rackrate):
    said = rackrate("solve", "nvl72-neocloud", "--for", "pue", *COST, "1000")
    assert said.code == 0
    assert said.out.startswith("no pue between 1 and 100 gives cost_usd_per_gpu_hour = 1000\n")


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
