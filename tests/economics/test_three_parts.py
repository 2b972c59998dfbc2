"""A condition on a number that is not there is neither met nor unmet, unless its status says the
side: the parts of every answer over many cells are all of them, on every engine.
"""

import json
from math import inf

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import scenarios

from economics import quote, simulate, sweep
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute, side_of
from economics.scenario.reading import scenario
from kernels.grids.reductions import CONDITIONS
from service.files.reading import scenario_tables

PRICE = {
    "kind": "values",
    "field": "rental_price_usd_per_gpu_hour",
    "values": [0.0, 0.6, 3.5, 9.0],
}
USE = {"kind": "values", "field": "utilisation", "values": [0.0, 0.4, 1.0]}
AXES = [PRICE, USE]
TARGETS = (
    "irr_per_year",
    "equity_irr_per_year",
    "payback_years",
    "min_dscr",
    "breakeven_utilisation",
    "breakeven_price_usd_per_gpu_hour",
    "cost_usd_per_gpu_hour",
    "npv_usd_per_rack",
    "debt_balance_usd_per_rack_by_year[1]",
)
ENGINES = ("numpy", "jit")
# A server for eight GPUs in rented space, by the month: the flow of many a price turns twice.
SERVER = {
    "hardware": {
        "gpu_per_rack": 8,
        "server_price_usd_per_rack": 280_000,
        "it_load_kw_per_rack": 9.5,
        "economic_life_years": 4,
    },
    "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 160, "pue": 1.3},
    "power": {"electricity_price_usd_per_kwh": 0.09},
    "finance": {"wacc_per_year": 0.1, "tax_rate": 0.25, "periods_per_year": 12},
    "revenue": {"kind": "rental", "rental_price_usd_per_gpu_hour": 2.4, "utilisation": 0.8},
}


def sided(tables, target):
    """A target by floats, cell after cell of the grid: infinite where its own status says the side,
    NaN where nothing is known.
    """
    found = np.empty((len(PRICE["values"]), len(USE["values"])))
    sourced = scenario(tables)
    for at in np.ndindex(found.shape):
        changes = {axis["field"]: axis["values"][k] for axis, k in zip(AXES, at, strict=True)}
        inputs = Inputs.of(sourced, changes)
        plan = inputs.plan([target])
        values = compute(plan, inputs.given(plan))
        value = values[target]
        side = side_of(target, plan.nodes, values)
        found[at] = value if np.isfinite(value) else side * inf if side else np.nan
    return found


@pytest.mark.parametrize("engine", ENGINES)
@given(
    scenarios(),
    st.sampled_from(TARGETS),
    st.sampled_from(list(CONDITIONS)),
    st.floats(-0.5, 5.0),
)
def test_the_parts_of_every_reduction_are_all_cells(engine, tables, target, sign, level):
    tables["revenue"].pop("price_path_usd_per_gpu_hour", None)
    cells = sided(tables, target)
    spec = {"scenario": tables, "axes": AXES, "targets": [target], "backend": engine}

    def left(**reduce):
        return sweep({**spec, "reduce": reduce})

    column = sweep(spec).columns[target].values
    valued = np.isfinite(column)
    share = left(kind="share", condition=f"{target} {sign} {level!r}")
    assert share.met == np.count_nonzero(CONDITIONS[sign](cells, level))
    assert sum(share.no_value.values()) == np.count_nonzero(np.isnan(cells))
    assert share.met + share.not_met + sum(share.no_value.values()) == share.cells == cells.size
    assert (share.share, share.share_at_most) == (
        share.met / cells.size,
        (cells.size - share.not_met) / cells.size,
    )
    summary = left(kind="summary").targets[target]
    bins = left(kind="histogram", bins=3, low=0.0, high=1.0)
    assert summary.count == valued.sum()
    assert summary.count + sum(summary.missing.values()) == cells.size
    assert sum(bins.counts) + bins.outside + sum(bins.missing.values()) == cells.size
    assert bins.outside == ((column < 0.0) | (column > 1.0)).sum()
    for kind, side in (("top", inf), ("bottom", -inf)):
        best = left(kind=kind, count=cells.size)
        assert len(best.rows) + sum(best.missing.values()) == cells.size
        assert sum(best.ahead.values()) == np.count_nonzero(cells == side)
        assert best.missing == summary.missing == bins.missing


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("method", ["sobol", "random"])
def test_chances_of_a_return_and_of_a_present_value_agree(engine, method):
    """Where it has a return, a rack earns more than its WACC if its NPV is above 0 (and there is a
    payback where there is a profit undiscounted): what nobody can say lies between.
    """
    draws = {
        "count": 4096,
        "method": method,
        "fields": {
            "utilisation": {"kind": "uniform", "low": 0.55, "high": 0.95},
            "rental_price_usd_per_gpu_hour": {"kind": "uniform", "low": 1.6, "high": 3.4},
        },
    }
    asked = ["irr_per_year > 0.1", "npv_usd_per_rack > 0", "payback_years < 3", "payback_years > 3"]
    spec = {"scenario": SERVER, "draws": draws, "conditions": asked, "backend": engine}
    found = simulate(spec)
    irr, npv, soon, late = found.conditions
    for one in found.conditions:
        assert one.met + one.not_met + sum(one.no_value.values()) == 4096
        assert one.probability.low <= one.probability.value <= one.probability_at_most
        assert one.probability_at_most <= one.probability.high
    assert npv.no_value == {}
    assert irr.probability.value <= npv.probability.value <= irr.probability_at_most
    assert irr.probability.low <= npv.probability.value <= irr.probability.high
    # a payback that never comes is later than any
    assert soon.no_value == late.no_value == {}
    assert soon.met + late.met == 4096
    assert simulate(spec | {"targets": ["payback_years"]}).targets["payback_years"].missing


def test_a_value_beyond_the_range_of_numbers_is_none():
    """Neither met nor unmet, in no bin and no row, and null in JSON."""
    tables = {**SERVER, "hardware": {**SERVER["hardware"], "economic_life_years": 100}}
    wacc = {"kind": "values", "field": "wacc_per_year", "values": [0.1, -0.99999999]}
    target = "npv_usd_per_rack"
    spec = {"scenario": tables, "axes": [wacc], "targets": [target]}
    column = sweep(spec).columns
    assert np.isnan(column[target].values).tolist() == [False, True]
    assert column[f"{target}_status"].values[1] > 0
    for sign in CONDITIONS:
        share = sweep({**spec, "reduce": {"kind": "share", "condition": f"{target} {sign} 0"}})
        assert (share.met + share.not_met, share.no_value) == (1, {"undefined": 1})
    for kind in ("top", "bottom"):
        best = sweep({**spec, "reduce": {"kind": kind}})
        assert (len(best.rows), best.missing, best.ahead) == (1, {"undefined": 1}, {})


@pytest.mark.parametrize("engine", ENGINES)
def test_a_year_beyond_the_life_is_neither_above_nor_below(engine):
    """The book value at the end of year 3: none of a life of two years, 70,000 of four, 140,000 of
    six.
    """
    lives = {"kind": "values", "field": "economic_life_years", "values": [2, 4, 6]}
    target = "book_value_usd_per_rack[3]"
    spec = {"scenario": SERVER, "axes": [lives], "targets": [target], "backend": engine}
    for sign, met in ((">", 1), ("<", 1)):
        found = sweep({**spec, "reduce": {"kind": "share", "condition": f"{target} {sign} 100000"}})
        assert (found.met, found.not_met, found.no_value) == (met, 1, {"beyond_life": 1})


def test_the_same_holds_of_a_lease():
    """A residual that is not needed lies below any that is."""
    rents = {"kind": "values", "field": "rent_usd_per_year", "values": [0.0, 1e9, 3e9, 6e9]}
    target = "residual_for_return_usd"
    spec = {"scenario": scenario_tables("crusoe-abilene"), "axes": [rents], "targets": [target]}
    less, more, bottom = (
        sweep({**spec, "reduce": reduce})
        for reduce in (
            {"kind": "share", "condition": f"{target} < 1e10"},
            {"kind": "share", "condition": f"{target} > 1e10"},
            {"kind": "bottom"},
        )
    )
    assert (less.met, less.not_met, less.no_value) == (2, 2, {})
    assert (more.met, more.not_met, more.no_value) == (2, 2, {})
    assert (len(bottom.rows), bottom.missing, bottom.ahead) == (2, *[{"not_needed": 2}] * 2)


def test_words_say_what_is_left_out():
    axes = [{**PRICE, "values": [0.5, 2.0, 3.0]}]
    spec = {"scenario": SERVER, "axes": axes, "targets": ["payback_years"]}
    top = sweep({**spec, "reduce": {"kind": "top"}})
    assert (top.missing, top.ahead) == ({"never": 1}, {"never": 1})
    assert top.notes == (
        "1 of 3 cells has no payback_years, lying above every value: never paid back",
    )
    assert json.loads(msgspec.json.encode(top))["missing"] == {"never": 1}
    found = quote({**SERVER, "revenue": {**SERVER["revenue"], "utilisation": 0.1}})
    assert found.quantities["payback_years"].status == "never"
