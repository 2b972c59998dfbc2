"""Sweeps over HTTP."""

import pytest
import web

from service import examples

AXES = [examples.PRICES, examples.USE]


@pytest.fixture(scope="module")
def found():
    with web.client(max_inline_cells=20, max_sweep_cells=1000, max_sweep_bytes=2**26) as client:
        yield client


def asked(**more):
    return {"scenario": examples.SCENARIO, "axes": [examples.USE], "targets": ["npv_usd_per_rack"], **more}


def test_cells_are_columns(found):
    answer = found.post("/v1/sweeps", json=asked()).json()
    assert answer["axes"] == ["utilisation"]
    assert answer["shape"] == [3]
    assert answer["columns"]["utilisation"]["values"] == [0.5, 0.7, 0.9]
    column = answer["columns"]["npv_usd_per_rack"]
    assert column["unit"] == "usd/rack"
    one = found.post("/v1/quotes", json={"scenario": examples.SCENARIO, "targets": ["npv_usd_per_rack"]}).json()
    assert column["values"][1] == pytest.approx(one["quantities"]["npv_usd_per_rack"]["value"], rel=1e-12)


def test_too_many_cells_are_refused_with_both_numbers(found, monkeypatch):
    monkeypatch.setattr("economics.prepare", lambda *_: pytest.fail("computed"))
    details = web.problem(found.post("/v1/sweeps", json=asked(axes=AXES)), 413, "too-large")
    assert details["errors"] == [{"path": "axes", "value": 21, "expected": "at most 20 cells in an answer"}]
    assert "summary" in details["detail"]


def test_a_reduction_takes_more_cells(found):
    assert found.post("/v1/sweeps", json=asked(axes=AXES, reduce={"kind": "summary"})).json()["cells"] == 21
    many = [{**examples.PRICES, "count": 1001}]
    details = web.problem(found.post("/v1/sweeps", json=asked(axes=many, reduce={"kind": "summary"})), 413, "too-large")
    assert details["errors"][0]["value"] == 1001


def test_a_grid_that_no_machine_holds_is_refused_at_once(found):
    fields = ["utilisation", "pue", "tax_rate", "availability", "spare_fraction", "idle_load_fraction", "residual_fraction"]
    axes = [{"kind": "linspace", "field": field, "start": 0.0, "stop": 1.0, "count": 1_000_000} for field in fields]
    details = web.problem(found.post("/v1/sweeps", json=asked(axes=axes, reduce={"kind": "summary"})), 413, "too-large")
    assert "1" + "0" * 42 in details["detail"]


def test_memory_and_time_are_limited(found):
    with web.client(max_sweep_bytes=2**20) as narrow:
        details = web.problem(narrow.post("/v1/sweeps", json=asked(axes=[{**examples.PRICES, "count": 100_000}])), 413, "too-large")
        assert details["errors"][0]["path"] == "targets"
    with web.client(max_seconds=1e-6) as hasty:
        axes = [{**examples.PRICES, "count": 1000}, {**examples.USE, "kind": "linspace", "start": 0.1, "stop": 0.9, "count": 1000}]
        del axes[1]["values"]
        web.problem(hasty.post("/v1/sweeps", json=asked(axes=axes, reduce={"kind": "summary"})), 413, "too-large")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"axes": []}, "axes"),
        ({"axes": [{"kind": "linspace", "field": "utilisation", "start": 0, "stop": 2, "count": 3}]}, "axes[0]"),
        ({"axes": [{"kind": "linspace", "field": "utilisation", "start": 0, "stop": 1, "count": 0}]}, "axes[0].count"),
        ({"axes": [{"kind": "values", "field": "utilization", "values": [1]}]}, "axes[0].field"),
        ({"axes": [{"kind": "rows", "name": "r", "fields": {"pue": 1}}]}, "axes[0].fields"),
        ({"reduce": {"kind": "top", "count": 0}}, "reduce.count"),
        ({"reduce": {"kind": "share", "condition": "npv_usd_per_rack"}}, "reduce.condition"),
        ({"targets": ["cost"]}, "targets"),
        ({"scenario": "nothing-like-it"}, "scenario"),
    ],
)
def test_a_bad_sweep_says_where(found, more, path):
    details = web.problem(found.post("/v1/sweeps", json=asked(**more)), 422, "bad-input")
    assert details["errors"][0]["path"].startswith(path)
