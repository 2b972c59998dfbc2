"""`explain` prints what the library finds."""

import json

import msgspec

import economics
from service.cli.explain import derivation
from service.files.reading import scenario_tables


def test_explain_is_indented_with_formulas_units_and_sources(rackrate):
    lines = rackrate(
        "explain", "nvl72-neocloud", "available_gpu_hour_per_rack_year"
    ).out.splitlines()
    assert lines[0] == "available_gpu_hour_per_rack_year = 630,720 gpu hour/(rack year)"
    assert lines[1] == "  = installed_gpu_hour_per_rack_year * availability"
    assert any(line.startswith("    gpu_per_rack = 72 gpu/rack") for line in lines)
    assert any(line.strip().startswith("source: NVIDIA DGX GB200 User Guide") for line in lines)


def test_explain_names_again_what_it_explained(rackrate):
    said = rackrate("explain", "nvl72-neocloud", "cost_usd_per_gpu_hour").out
    assert "(see above)" in said
    assert said.count("EIA, quoted at") == 1


def test_explain_goes_as_deep_as_asked(rackrate):
    depths = [
        len(
            rackrate("explain", "nvl72-neocloud", "npv_usd_per_rack", "--depth", n).out.splitlines()
        )
        for n in (0, 1, 3)
    ]
    assert depths == sorted(set(depths))


def test_explain_as_json_is_the_librarys(rackrate):
    said = json.loads(rackrate("explain", "nvl72-neocloud", "it_capex_usd_per_rack", "--json").out)
    expected = economics.explain(scenario_tables("nvl72-neocloud"), "it_capex_usd_per_rack")
    assert said == json.loads(msgspec.json.encode(expected))


def test_explain_names_the_setting_as_a_source(rackrate):
    assert (
        "source: command line: --set"
        in rackrate("explain", "nvl72-neocloud", "load_factor", "--set", "utilisation=0.5").out
    )


def test_all_roots_of_an_irr_are_told(rackrate):
    changes = ("debt_fraction=1", "debt_rate_per_year=0.08", "price_decline_per_year=0.25")
    typed = [part for change in changes for part in ("--set", change)]
    said = rackrate("explain", "reference-project", "equity_irr_per_year", *typed).out
    assert "  the NPV is 0 at 84.68 % (rises)" in said.splitlines()


def test_a_quantity_without_a_value_says_why():
    one = economics.Explanation(
        name="payback_years",
        unit="years",
        status="never",
        description="When.",
        formula="a = b; a * 2",
    )
    assert list(derivation(one, 1, set())) == [
        "  payback_years = - years (never paid back)",
        "    a = b",
        "    = a * 2",
        "    When.",
    ]
