"""Frontiers: the level holds where they say, whatever the engine, the tiles and the place of the
axis; cells without one say why.
"""

import numpy as np
import pytest
from racks import changed, reference

from economics import Problem, prepare, quote, solve, sweep
from kernels.grids.crossings import STATUSES
from kernels.grids.narrowing import NARROW

PRICE = {
    "kind": "linspace",
    "field": "rental_price_usd_per_gpu_hour",
    "start": 1.5,
    "stop": 5.0,
    "count": 8,
}
USE = {"kind": "linspace", "field": "utilisation", "start": 0.05, "stop": 1.0, "count": 20}
LIFE = {"kind": "values", "field": "economic_life_years", "values": [3, 4, 5, 6]}
SHUFFLED = {"kind": "values", "field": "utilisation", "values": [0.6, 0.05, 1.0, 0.3]}


def frontier(axes, target="npv_usd_per_rack", scenario=None, how=None, **reduce):
    spec = {
        "scenario": scenario or reference(),
        "axes": axes,
        "targets": [target],
        "reduce": {"kind": "frontier", **reduce},
    }
    return sweep(spec, **(how or {}))


def words(table, field):
    return [STATUSES[code] for code in table.columns[f"{field}_status"].values.reshape(-1)]


@pytest.mark.parametrize("use", [USE, SHUFFLED])
def test_the_breakeven_of_the_npv_is_the_closed_form(use):
    found = frontier([PRICE, use, LIFE], field="utilisation")
    closed = sweep(
        {"scenario": reference(), "axes": [PRICE, LIFE], "targets": ["breakeven_utilisation"]}
    ).columns["breakeven_utilisation"]
    assert found.axes == ("rental_price_usd_per_gpu_hour", "economic_life_years")
    assert found.shape == (8, 4)
    assert np.allclose(
        found.columns["utilisation"].values, closed.values, rtol=1e-13, atol=0.0, equal_nan=True
    )
    assert set(words(found, "utilisation")) == {"ok", "always_below"}
    assert "narrowed to 1e-09" in found.basis.notices[-1]


def test_engines_tiles_threads_and_the_order_of_axes_change_no_bit():
    scenario = reference(finance={"tax_rate": 0.25, "loss_treatment": "carry_forward"})
    one = frontier(
        [PRICE, USE, LIFE],
        scenario=scenario,
        field="utilisation",
        how={"backend": "numpy", "threads": 1},
    )
    jit = frontier(
        [USE, PRICE, LIFE],
        scenario=scenario,
        field="utilisation",
        how={"backend": "jit", "threads": 2, "tile_cells": 50},
    )
    for name, column in one.columns.items():
        assert np.array_equal(column.values, jit.columns[name].values, equal_nan=True), name
    assert (one.backend, jit.backend) == ("numpy", "jit")


def test_the_level_holds_at_the_frontier():
    found = frontier(
        [PRICE, {**USE, "count": 5}], target="irr_per_year", field="utilisation", level=0.12
    )
    steps = 0
    for price, use, status in zip(
        *(c.values for c in list(found.columns.values())[:3]), strict=True
    ):
        if STATUSES[status] == "ok":
            revenue = {"rental_price_usd_per_gpu_hour": float(price), "utilisation": float(use)}
            assert quote(reference(revenue=revenue), ["irr_per_year"]).quantities[
                "irr_per_year"
            ].value == pytest.approx(0.12, abs=1e-9)
            steps += 1
    assert steps > 3


def test_a_life_is_not_narrowed_for_targets_over_time_and_whole_numbers_never():
    found = frontier(
        [{**PRICE, "start": 2.5}, {**LIFE, "values": [8, 7, 6, 5, 4, 3, 2, 1]}],
        field="economic_life_years",
    )
    assert "the first of the axis' values past a crossing" in found.basis.notices[-1]
    for price, life, status in zip(
        *(c.values for c in list(found.columns.values())[:3]), strict=True
    ):
        if STATUSES[status] == "ok":
            changes = {
                "revenue": {"rental_price_usd_per_gpu_hour": float(price)},
                "hardware": {"economic_life_years": float(life)},
            }
            shorter = changed(changes, hardware={"economic_life_years": float(life) - 1.0})
            at, before = (
                quote(reference(**one), ["npv_usd_per_rack"]).quantities["npv_usd_per_rack"].value
                for one in (changes, shorter)
            )
            assert before < 0.0 <= at
    racks = frontier(
        [PRICE, {"kind": "values", "field": "gpu_per_rack", "values": [8, 64, 72]}],
        field="gpu_per_rack",
    )
    assert set(
        racks.columns["gpu_per_rack"].values[np.isfinite(racks.columns["gpu_per_rack"].values)]
    ) <= {64.0, 72.0}


def test_terms_of_several_contracts_are_whole_periods_too():
    tranche = {
        "hours_fraction": 0.4,
        "contract_price_usd_per_gpu_hour": 6.0,
        "contract_term_years": 5,
    }
    sold = changed(reference(), revenue={"kind": "contract", "tranches": [tranche, tranche]})
    term = {"kind": "values", "field": "tranches[1].contract_term_years", "values": [1, 2, 3, 4, 5]}
    npv = (
        sweep({"scenario": sold, "axes": [term], "targets": ["npv_usd_per_rack"]})
        .columns["npv_usd_per_rack"]
        .values
    )
    found = frontier([term], scenario=sold, field=term["field"], level=float(npv[1:3].mean()))
    assert words(found, term["field"]) == ["ok"]
    assert float(found.columns[term["field"]].values) == 3.0
    assert "nothing is computed between them" in found.basis.notices[-1]


def test_several_crossings_give_the_first_with_a_count():
    """Late years that lose money cost the more the lower the rate: the NPV is below 0 at low and at
    high rates.
    """
    falling = reference(
        hardware={"economic_life_years": 8}, revenue={"price_decline_per_year": 0.3}
    )
    axis = {"kind": "linspace", "field": "wacc_per_year", "start": -0.5, "stop": 3.0, "count": 71}
    found = frontier(
        [{**PRICE, "start": 2.0, "stop": 6.0}, axis], scenario=falling, field="wacc_per_year"
    )
    said, counts = words(found, "wacc_per_year"), found.columns["wacc_per_year_crossings"].values
    assert "several_crossings" in said
    for price, rate, status, count in zip(
        *(c.values for c in list(found.columns.values())[:2]), said, counts, strict=True
    ):
        assert (status == "several_crossings") == (count > 1)
        if count > 1:
            priced = changed(falling, revenue={"rental_price_usd_per_gpu_hour": float(price)})
            solved = solve(priced, "npv_usd_per_rack", 0.0, "wacc_per_year", (-0.5, 3.0))
            assert rate == pytest.approx(solved.roots[0], abs=1e-10)


@pytest.mark.parametrize(
    ("target", "level"),
    [("breakeven_utilisation", 0.95), ("payback_years", 4.9), ("discounted_payback_years", 4.9)],
)
@pytest.mark.parametrize("scenario", [reference(), reference(finance={"periods_per_year": 12})])
def test_a_crossing_next_to_cells_without_a_value_is_that_of_solve(target, level, scenario):
    """Half the prices are too low for any value: their status says "above"."""
    prices = {**PRICE, "start": 1.0, "stop": 5.0, "count": 5}
    field = "rental_price_usd_per_gpu_hour"
    found = frontier([prices], target, scenario, field=field, level=level)
    assert words(found, field) == ["ok"]
    (root,) = solve(scenario, target, level, field, (1.0, 5.0)).roots
    assert float(found.columns[field].values) == pytest.approx(root, abs=2e-9)


def test_lines_that_lack_values_are_not_told_to_be_always_above():
    """Without debt there is no DSCR, and its status lies on no side."""
    loan = reference(finance={"debt_rate_per_year": 0.08})
    shares = {"kind": "values", "field": "debt_fraction", "values": [0.0, 0.3, 0.6]}
    half = quote(changed(loan, finance={"debt_fraction": 0.45}), ["min_dscr"]).quantities
    levels = {"above_or_no_value": 0.1, "below_or_no_value": 1e12, "ok": half["min_dscr"].value}
    for status, level in levels.items():
        found = frontier([shares], "min_dscr", loan, field="debt_fraction", level=level)
        assert words(found, "debt_fraction") == [status]


def test_a_given_quantity_has_a_frontier():
    capex = "given.it_capex_usd_per_rack"
    axis = {"kind": "linspace", "field": capex, "start": 1e6, "stop": 9e6, "count": 5}
    found = frontier([axis, {**PRICE, "start": 3.0, "stop": 4.0, "count": 3}], field=capex)
    value = 4e6 + quote(reference(), ["npv_usd_per_rack"]).quantities["npv_usd_per_rack"].value
    assert words(found, capex) == ["ok"] * 3
    assert found.columns[capex].values[1] == pytest.approx(value, rel=1e-12)
    assert found.columns[capex].unit == "usd/rack"


def test_an_axis_alone_leaves_one_row():
    found = frontier([USE], field="utilisation")
    assert (found.axes, found.shape) == ((), ())
    assert float(found.columns["utilisation"].values) == pytest.approx(
        0.5847384953155493, rel=1e-13
    )


def test_a_target_that_no_cell_has_is_told_so():
    found = frontier([USE, PRICE], target="min_dscr", field="utilisation")
    assert words(found, "utilisation") == ["no_value"] * 8


def test_axes_that_the_target_does_not_need_repeat_what_is_found():
    found = frontier(
        [{"kind": "values", "field": "rack_count", "values": [1, 2]}, USE, PRICE],
        field="utilisation",
    )
    first, second = found.columns["utilisation"].values
    assert np.array_equal(first, second, equal_nan=True)


@pytest.mark.parametrize(
    ("axes", "reduce", "said"),
    [
        ([USE], {"field": "utilization"}, "reduce.field = 'utilization'.*did you mean utilisation"),
        (
            [USE],
            {"field": "wacc_per_year"},
            r"a known field that an axis of its own sweeps \(utilisation\)",
        ),
        ([{**USE, "values": [0.5], "kind": "values"}], {"field": "utilisation"}, "reduce.field"),
        (
            [USE, PRICE],
            {"field": "utilisation", "target": "it_capex_usd_per_rack"},
            "a field that it_capex_usd_per_rack depends on",
        ),
    ],
)
def test_what_has_no_frontier_is_refused(axes, reduce, said):
    axes = [
        {
            k: v
            for k, v in axis.items()
            if axis["kind"] != "values" or k in ("kind", "field", "values")
        }
        for axis in axes
    ]
    with pytest.raises(Problem, match=said):
        frontier(axes, **reduce)


def test_progress_reaches_its_end_and_may_stop_the_work():
    seen = []
    frontier(
        [PRICE, USE, LIFE],
        field="utilisation",
        how={"progress": lambda done, cells: seen.append((done, cells)), "tile_cells": 80},
    )
    assert seen[-1] == (8 * 20 * 4 + 32,) * 2
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def stop(done, cells):
        if done > 300:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        frontier([PRICE, USE, LIFE], field="utilisation", how={"progress": stop, "tile_cells": 80})


def test_memory_does_not_hold_the_grid():
    many = [{**PRICE, "count": 300}, {**USE, "count": 5000}, {**LIFE}]
    spec = {
        "scenario": reference(),
        "axes": many,
        "targets": ["npv_usd_per_rack"],
        "reduce": {"kind": "frontier", "field": "utilisation"},
    }
    prepared = prepare(spec, backend="numpy", threads=1)
    assert prepared.rows == 1200
    assert prepared.bytes < 200e6 + 1200 * 48


def test_the_notice_says_how_exact_it_is():
    assert f"{NARROW:g}" in frontier([USE], field="utilisation").basis.notices[-1]
    found = frontier([USE], field="utilisation", target="irr_per_year", level=15)
    assert found.basis.notices[-1].endswith('did you mean 0.15 or "15%"?')
