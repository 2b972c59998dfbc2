"""What an answer rests on, so that it can be reproduced."""

import msgspec
import pytest
from racks import reference

from economics import quote, scenario, solve, sweep
from economics.scenario.basis import Basis, basis
from economics.scenario.catalog import version
from economics.scenario.inputs import Inputs

AXES = [
    {"kind": "values", "field": name, "values": [0.05, 0.1]}
    for name in ("wacc_per_year", "tax_rate")
]


def test_defaults_are_written_out():
    sourced = scenario(reference(finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1}))
    found = basis(sourced, Inputs.of(sourced), ("npv_usd_per_rack",))
    assert found.scenario.finance.cost_of_equity_per_year == 0.1
    assert found.scenario.finance.debt_tenor_years == 5
    assert (found.conventions.periods_per_year, found.conventions.timing) == (1, "end")
    assert "finance.cost_of_equity_per_year is not stated" in found.notices[0]
    assert found.catalog == {}


@pytest.mark.parametrize("debt_fraction", [0.0, None])
def test_sculpted_debt_of_nothing_is_no_debt(debt_fraction):
    finance = {
        "amortisation": "sculpted",
        "target_dscr": 1.3,
        "debt_rate_per_year": 0.1,
        "debt_fraction": debt_fraction,
    }
    said = quote(reference(finance=finance), ["npv_usd_per_rack"]).notices
    assert bool(said) is (debt_fraction is None)


def test_debt_of_some_cells_of_a_sweep_is_debt_too():
    tables = reference(finance={"debt_rate_per_year": 0.1})
    axes = [{"kind": "values", "field": "debt_fraction", "values": [0.0, 0.5]}]
    spec = {"scenario": tables, "axes": axes, "targets": ["equity_npv_usd_per_rack"]}
    said = sweep(spec).basis.notices
    assert "finance.cost_of_equity_per_year is not stated" in said[0]
    rates = [{"kind": "values", "field": "cost_of_equity_per_year", "values": [0.1, 0.2]}]
    assert not sweep({**spec, "axes": axes + rates}).basis.notices


def test_lives_of_gear_that_costs_nothing_are_said():
    hardware = {"network_life_years": 3, "server_life_years": 4}
    (said,) = quote(reference(hardware=hardware), ["npv_usd_per_rack"]).notices
    assert (
        said
        == "hardware.network_life_years changes nothing: hardware.network_price_usd_per_gpu is 0"
    )
    axes = [{"kind": "values", "field": "network_price_usd_per_gpu", "values": [0, 500]}]
    assert (
        sweep(
            {
                "scenario": reference(hardware=hardware),
                "axes": axes,
                "targets": ["npv_usd_per_rack"],
            }
        ).basis.notices
        == ()
    )


def test_catalog_rows_come_with_their_version():
    tables = reference()
    tables["accelerator"] = "gb200-nvl72"
    assert quote(tables, ["npv_usd_per_rack"]).catalog == {
        "accelerators": version("accelerators", "gb200-nvl72")
    }
    assert len(version("accelerators", "gb200-nvl72")) == 12


def test_every_answer_rests_on_something():
    table = sweep({"scenario": reference(), "axes": AXES, "targets": ["cost_usd_per_gpu_hour"]})
    summary = sweep(
        {
            "scenario": reference(),
            "axes": AXES,
            "targets": ["cost_usd_per_gpu_hour"],
            "reduce": {"kind": "summary"},
        }
    )
    solution = solve(reference(), "npv_usd_per_rack", 0.0, "utilisation")
    for answer in (table, summary, solution):
        assert answer.basis.scenario.hardware.gpu_per_rack == 72
        assert msgspec.json.decode(msgspec.json.encode(answer.basis), type=Basis) == answer.basis
    assert table.basis.notices == ("axis tax_rate changes none of the targets",)


def test_an_answer_can_be_asked_again_from_its_scenario():
    revenue = {"price_path_usd_per_gpu_hour": [3.0, 2.5], "rental_price_usd_per_gpu_hour": None}
    first = quote(reference(revenue=revenue), ["npv_usd_per_rack"])
    again = quote(msgspec.to_builtins(first.scenario), ["npv_usd_per_rack"])
    assert again.quantities == first.quantities
