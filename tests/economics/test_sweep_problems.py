"""What a sweep refuses, and what it says then."""

import pytest
from racks import reference

from economics import Problem, prepare, sweep
from economics.sweeps.sweep import engine_name
from kernels.grids import engine_table
from kernels.language.verbs import BackendError

WACC = {"kind": "values", "field": "wacc_per_year", "values": [0.0, 0.09]}


def test_a_rack_that_costs_nothing_in_one_cell_is_refused():
    axis = {"kind": "values", "field": "server_price_usd_per_rack", "values": [0, 1e6]}
    with pytest.raises(Problem, match="a price above 0"):
        sweep({"scenario": reference(), "axes": [axis], "targets": ["npv_usd_per_rack"]})


@pytest.mark.parametrize("name", ["npv_usd_per_rack", "npv_usd_per_rack_status"])
def test_an_axis_may_not_take_the_name_of_a_column(name):
    rows = {"kind": "rows", "name": name, "fields": {"utilisation": [0.3, 0.5]}}
    with pytest.raises(Problem, match="no target and no status"):
        sweep({"scenario": reference(), "axes": [rows], "targets": ["npv_usd_per_rack"]})


@pytest.mark.parametrize(
    ("part", "where", "expected"),
    [
        ({"axes": []}, "axes", "at least one axis"),
        ({"reduce": {"kind": "top", "target": "npv"}}, "reduce.target", "npv_usd_per_rack"),
        (
            {"reduce": {"kind": "share", "condition": "irr > 0"}},
            "reduce.condition",
            "known quantity",
        ),
        (
            {
                "axes": [
                    {
                        "kind": "linspace",
                        "field": "wacc_per_year",
                        "start": 0.2,
                        "stop": 0.1,
                        "count": 3,
                    }
                ]
            },
            "axes[0].stop",
            "above start",
        ),
        (
            {"axes": [{"kind": "values", "field": "wacc_per_yaer", "values": [0.1]}]},
            "axes[0].field",
            "wacc_per_year",
        ),
        (
            {"axes": [{"kind": "values", "field": "wacc_per_year", "values": []}]},
            "axes[0].values",
            "length >= 1",
        ),
        (
            {"axes": [{"kind": "values", "field": "economic_life_years", "values": [2.3]}]},
            "hardware.economic_life_years",
            "whole periods",
        ),
        ({"targets": ["npv_usd_per_rak"]}, "targets", "npv_usd_per_rack"),
        (
            {"targets": ["revenue_usd_per_rack_by_year"]},
            "targets",
            "revenue_usd_per_rack_by_year[1]",
        ),
        ({"targets": []}, "targets", "at least one"),
        ({"reduce": {"kind": "sumary"}}, "reduce.kind", "sumary"),
        (
            {"reduce": {"kind": "share", "condition": "npv_usd_per_rack is high"}},
            "reduce.condition",
            "breakeven_utilisation < 0.8",
        ),
        (
            {"reduce": {"kind": "share", "condition": "npv_usd_per_rack < 1e999"}},
            "reduce.condition",
            "finite",
        ),
        ({"scenario": None}, "scenario", "tables"),
        ({"reduction": {}}, "reduction", "reduce"),
        ({"backend": "nunpy"}, "backend", "did you mean numpy?"),
        ({"backend": 7}, "backend", "text"),
        ({"backends": "jit"}, "backends", "backend"),
    ],
)
def test_bad_specs(part, where, expected):
    spec = {"scenario": reference(), "axes": [WACC], "targets": ["npv_usd_per_rack"], **part}
    with pytest.raises(Problem) as caught:
        sweep(spec)
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_an_engine_that_is_not_there_is_refused_and_auto_does_without_it(monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    spec = {"scenario": reference(), "axes": [WACC], "backend": "jit"}
    with pytest.raises(BackendError, match="llvmlite is not installed"):
        sweep(spec)
    assert sweep(spec, backend="auto").backend == "numpy"


def test_the_name_of_an_engine_is_checked_wherever_it_stands():
    assert engine_name("jit") == "jit"
    with pytest.raises(
        Problem,
        match=(
            r"^SOMEWHERE = 'cupy': expected a known engine \(auto, numpy, .*\); did you mean"
            r" numpy\?$"
        ),
    ):
        engine_name("cupy", "SOMEWHERE")


def test_a_grid_too_large_for_a_table_is_refused_before_it_is_made():
    axes = [
        {"kind": "linspace", "field": f, "start": 0.1, "stop": 0.9, "count": 100_000}
        for f in ("utilisation", "wacc_per_year")
    ]
    with pytest.raises(Problem, match="a reduction takes any number"):
        sweep({"scenario": reference(), "axes": axes, "targets": ["npv_usd_per_rack"]})
    prepared = prepare({"scenario": reference(), "axes": axes, "targets": ["npv_usd_per_rack"]})
    assert prepared.bytes >= 8 * 10**10


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_a_given_quantity_that_may_have_no_value_is_swept_around(backend):
    """It has statuses by its formula, and none where it is given."""
    spec = {
        "scenario": reference(given={"cost_usd_per_gpu_hour": 2.8}),
        "axes": [{"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": [3.5, 4]}],
        "targets": ["margin_fraction"],
        "backend": backend,
    }
    found = sweep(spec).columns["margin_fraction"].values.tolist()
    assert found == pytest.approx([1 - 2.8 / 3.5, 1 - 2.8 / 4], rel=1e-14)


@pytest.mark.parametrize("threads", [-1, 0, True, 1.5, "2", 1025])
def test_threads_are_a_whole_number_of_at_least_1(threads):
    spec = {"scenario": reference(), "axes": [WACC], "targets": ["npv_usd_per_rack"]}
    with pytest.raises(Problem) as caught:
        sweep(spec, threads=threads)
    assert caught.value.where == "threads"
    assert "a whole number" in str(caught.value)
