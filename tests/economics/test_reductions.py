"""Reductions by name: they say of a sweep what its table of cells says."""

import math

import msgspec
import numpy as np
import pytest
from racks import reference

from economics import Problem, sweep

AXES = [
    {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 11},
    {
        "kind": "linspace",
        "field": "rental_price_usd_per_gpu_hour",
        "start": 1.0,
        "stop": 5.0,
        "count": 9,
    },
    {
        "kind": "linspace",
        "field": "electricity_price_usd_per_kwh",
        "start": 0.04,
        "stop": 0.12,
        "count": 5,
    },
]
TARGETS = ["npv_usd_per_rack", "breakeven_utilisation", "cost_usd_per_gpu_hour"]


def run(reduction, targets=TARGETS, **how):
    return sweep(
        {"scenario": reference(), "axes": AXES, "targets": targets, "reduce": reduction}, **how
    )


@pytest.fixture(scope="module")
def cells():
    return {name: column.values for name, column in run({"kind": "cells"}).columns.items()}


def test_summary(cells):
    found = run({"kind": "summary"})
    assert found.cells == 495
    for target in TARGETS:
        values = cells[target][np.isfinite(cells[target])]
        one = found.targets[target]
        assert one.count == values.size
        assert (one.least, one.greatest) == (values.min(), values.max())
        assert one.mean == pytest.approx(math.fsum(values) / values.size, rel=1e-12)
        assert (
            list(one.quantiles.values())
            == np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
        )
        assert one.quantile_error == 0.0
    assert found.targets["cost_usd_per_gpu_hour"].missing == {"nothing_sold": 45}
    assert sum(found.targets["breakeven_utilisation"].missing.values()) == int(
        np.isnan(cells["breakeven_utilisation"]).sum()
    )


def test_quantiles_of_many_cells_state_their_error():
    axes = [{**AXES[0], "count": 1001}, {**AXES[1], "count": 1001}]
    spec = {"scenario": reference(), "axes": axes, "targets": ["npv_usd_per_rack"]}
    found = sweep({**spec, "reduce": {"kind": "summary"}}).targets["npv_usd_per_rack"]
    values = sweep(spec).columns["npv_usd_per_rack"].values
    exact = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    assert 0.0 < found.quantile_error == (values.max() - values.min()) / 65_536
    assert np.abs(np.asarray(list(found.quantiles.values())) - exact).max() <= found.quantile_error


@pytest.mark.parametrize(("kind", "sign"), [("top", -1.0), ("bottom", 1.0)])
def test_best_and_worst_cells_with_their_coordinates(cells, kind, sign):
    found = run({"kind": kind, "target": "npv_usd_per_rack", "count": 7})
    expected = np.sort(sign * cells["npv_usd_per_rack"].ravel())[:7] * sign
    assert [row["npv_usd_per_rack"] for row in found.rows] == expected.tolist()
    names = [axis["field"] for axis in AXES]
    for row in found.rows:
        match = np.ones(cells["npv_usd_per_rack"].shape, dtype=bool)
        for name in names:
            match &= cells[name] == row[name]
        assert cells["npv_usd_per_rack"][match].tolist() == [row["npv_usd_per_rack"]]
        other = cells["cost_usd_per_gpu_hour"][match][0]
        assert row["cost_usd_per_gpu_hour"] == (None if np.isnan(other) else other)


@pytest.mark.parametrize("engine", ["numpy", "jit"])
def test_a_row_says_why_another_target_has_no_value_there(engine):
    spec = {
        "scenario": reference(),
        "axes": [{"kind": "values", "field": "utilisation", "values": [0.1, 0.2, 0.9]}],
        "targets": ["npv_usd_per_rack", "moic", "payback_years"],
        "reduce": {"kind": "top", "count": 3},
        "backend": engine,
    }
    found = sweep(spec).rows
    assert [row["payback_years"] is None for row in found] == [False, True, True]
    assert [row["payback_years_status"] for row in found] == ["ok", "never", "never"]
    assert list(found[0]) == [
        *("utilisation", "npv_usd_per_rack", "moic", "payback_years", "payback_years_status")
    ]
    with_values = sweep({**spec, "reduce": {"kind": "top", "count": 1}}).rows
    assert "payback_years_status" not in with_values[0]


def test_histogram(cells):
    found = run({"kind": "histogram", "target": "npv_usd_per_rack", "bins": 20})
    assert sum(found.counts) == 495
    assert found.edges[0] == cells["npv_usd_per_rack"].min()
    assert found.edges[-1] == cells["npv_usd_per_rack"].max()
    assert len(found.edges) == 21


def test_a_histogram_between_stated_ends(cells):
    found = run(
        {"kind": "histogram", "target": "npv_usd_per_rack", "bins": 4, "low": 0.0, "high": 1e6}
    )
    values = cells["npv_usd_per_rack"]
    assert list(found.counts) == np.histogram(values, bins=4, range=(0.0, 1e6))[0].tolist()
    with pytest.raises(Problem, match="above low"):
        run({"kind": "histogram", "low": 1.0, "high": 0.0})
    with pytest.raises(Problem, match=r"reduce\.low = .*at most the greatest value"):
        run({"kind": "histogram", "low": 1e9})


def test_share(cells):
    found = run({"kind": "share", "condition": "breakeven_utilisation < 0.8"})
    assert found.met == int((cells["breakeven_utilisation"] < 0.8).sum())
    assert found.share == found.met / 495
    assert found.condition == "breakeven_utilisation < 0.8"
    assert (found.not_met, found.no_value, found.notes) == (495 - found.met, {}, ())


def test_a_level_of_a_share_may_be_meant_in_percent():
    found = run({"kind": "share", "condition": "breakeven_utilisation < 80"})
    assert "8,000 %; did you mean 0.8" in found.notes[-1]


def test_reductions_do_not_depend_on_tiles_or_threads():
    for kind in (
        {"kind": "top", "count": 20},
        {"kind": "histogram"},
        {"kind": "share", "condition": "npv_usd_per_rack > 0"},
    ):
        one, other = run(kind, threads=1), run(kind, threads=2, tile_cells=17)
        assert (one.rows, one.counts, one.met, one.edges) == (
            other.rows,
            other.counts,
            other.met,
            other.edges,
        )


def test_nothing_to_reduce():
    axis = {"kind": "values", "field": "utilisation", "values": [0.0]}
    spec = {"scenario": reference(), "axes": [axis], "targets": ["cost_usd_per_gpu_hour"]}
    summary = sweep({**spec, "reduce": {"kind": "summary"}}).targets["cost_usd_per_gpu_hour"]
    assert (summary.count, summary.least, summary.mean) == (0, None, None)
    top, histogram = (sweep({**spec, "reduce": {"kind": one}}) for one in ("top", "histogram"))
    assert histogram.missing == {"nothing_sold": 1}
    told = [msgspec.json.decode(msgspec.json.encode(one)) for one in (top, histogram)]
    assert (told[0]["rows"], told[1]["edges"], told[1]["counts"]) == ([], [], [])
    assert not {"edges", "counts"} & {*told[0]} | {"rows"} & {*told[1]}
    assert (
        sweep({**spec, "reduce": {"kind": "share", "condition": "cost_usd_per_gpu_hour < 3"}}).share
        == 0.0
    )


def test_the_best_cells_of_a_target_that_needs_few_axes():
    axes = [{**AXES[0], "count": 1001}, {**AXES[2], "count": 501}]
    spec = {
        "scenario": reference(),
        "axes": axes,
        "targets": ["breakeven_utilisation", "npv_usd_per_rack"],
    }
    rows = sweep(
        {**spec, "reduce": {"kind": "bottom", "target": "breakeven_utilisation", "count": 5}}
    ).rows
    assert [row["electricity_price_usd_per_kwh"] for row in rows] == [0.04] * 5
    assert [row["utilisation"] for row in rows] == pytest.approx([0.0, 0.001, 0.002, 0.003, 0.004])
