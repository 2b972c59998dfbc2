"""What a type checker knows of the answers: mypy reads this file, nothing runs it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import polars
from msgspec import UnsetType

import rackrate
from rackrate import ScenarioLike

quote = rackrate.quote("nvl72-neocloud", ["npv_usd_per_rack"])
assert_type(quote, rackrate.Quote)
assert_type(quote.quantities, dict[str, rackrate.Quantity])
assert_type(quote.quantities["npv_usd_per_rack"].value, float | UnsetType | None)
assert_type(quote.quantities["npv_usd_per_rack"].unit, str)
assert_type(quote.notices, tuple[str, ...])

asked: list[ScenarioLike] = ["nvl72-neocloud", Path("mine.toml"), {"hardware": {}}, quote.scenario]
for one in asked:
    assert_type(rackrate.scenario(one), rackrate.Sourced)
    assert_type(
        rackrate.solve(one, "npv_usd_per_rack", 0.0, "utilisation").roots, tuple[float, ...]
    )
    assert_type(rackrate.explain(one, "npv_usd_per_rack").inputs, tuple[rackrate.Explanation, ...])
assert_type(rackrate.scenario("nvl72-neocloud").sources, Mapping[str, rackrate.Source])
comparison = rackrate.compare(asked)
assert_type(comparison, rackrate.Comparison)
assert_type(comparison.outputs, dict[str, tuple[rackrate.Quantity, ...]])

table = rackrate.sweep("stargate-rack-grid")
assert_type(table, rackrate.Table | rackrate.Reduced)
if isinstance(table, rackrate.Table):
    assert_type(table.columns, dict[str, rackrate.Column])
else:
    assert_type(table.share, float | None)
    assert_type(table.notes, tuple[str, ...])
assert_type(rackrate.frame(table), polars.DataFrame)
simulation = rackrate.simulate("nvl72-neocloud", {"fields": {}})
assert_type(simulation, rackrate.Simulation)
assert_type(simulation.conditions[0].probability.low, float | None)
assert_type(simulation.conditions[0].probability_at_most, float)
assert_type(simulation.conditions[0].no_value, dict[str, int])
assert_type(rackrate.sensitivity("nvl72-neocloud", "npv_usd_per_rack"), rackrate.Sensitivity)

assert_type(rackrate.read("nvl72-neocloud"), dict[str, Any])
assert_type(rackrate.catalog.kinds(), tuple[str, ...])
assert_type(rackrate.catalog.row("accelerators", "gb300-nvl72"), Mapping[str, Any])
assert_type(rackrate.__version__, str)
