"""A sweep that is ready: what it says of itself before it runs."""

from racks import case, reference

from economics import prepare, sweep
from economics.sweeps.prepared import Job


def test_memory_is_estimated_by_what_is_held():
    axes = [
        {"kind": "linspace", "field": f, "start": 0.1, "stop": 0.9, "count": 2000}
        for f in ("utilisation", "wacc_per_year")
    ]
    spec = {
        "scenario": reference(),
        "axes": axes,
        "targets": ["breakeven_utilisation", "npv_usd_per_rack"],
    }
    idle = prepare({**spec, "reduce": {"kind": "summary"}}, threads=1).bytes
    assert (
        idle < 200e6
    )  # breakeven_utilisation does not depend on utilisation, and its tiles are no larger for it
    assert (
        prepare({**spec, "reduce": {"kind": "cells"}}, threads=1).bytes == idle + 8 * 2 * 4_000_000
    )
    few = [{**axis, "count": 100} for axis in axes]
    one, other = (
        prepare({**spec, "axes": few, "reduce": {"kind": kind}}, threads=1).bytes
        for kind in ("summary", "histogram")
    )
    assert one == other + 8 * 2 * 10_000


def test_targets_are_described_and_grouped_by_the_axes_on_which_they_depend():
    axes = [
        {"kind": "values", "field": field, "values": [0.05, 0.1]}
        for field in ("utilisation", "wacc_per_year")
    ]
    targets = ["breakeven_utilisation", "npv_usd_per_rack", "gpu_per_rack"]
    ready = prepare({"scenario": reference(), "axes": axes, "targets": targets})
    assert [one.targets for one in ready.evaluations] == [(name,) for name in targets]
    assert ready.of("npv_usd_per_rack") is ready.evaluations[1]
    assert ready.description("gpu_per_rack") == "A field of the scenario."
    assert "\n" not in ready.description("npv_usd_per_rack")
    assert (ready.rows, ready.backend) == (4, "numpy")


def test_a_job_goes_over_all_tiles_in_order():
    axis = {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 0.9, "count": 5}
    asked = {"scenario": reference(), "axes": [axis], "targets": ["load_factor"]}
    ready, seen = prepare(asked), []
    job = Job(ready, lambda done, cells: seen.append((done, cells)), 2)
    found = job.total(
        ready.evaluations[0], lambda tile: tile.own("load_factor").tolist(), lambda a, b: a + b
    )
    assert found == sweep(asked).columns["load_factor"].values.tolist()
    assert seen[-1] == (5, 5)


def test_a_million_cells_of_what_looks_for_roots_are_compiled():
    """On numpy they take several times as long, and the memory too."""
    lent = case("nvl72-lent", finance={"periods_per_year": 12})
    axes = [
        {"kind": "linspace", "field": field, "start": 0.5 * most, "stop": most, "count": 1000}
        for field, most in (("utilisation", 1.0), ("rental_price_usd_per_gpu_hour", 6.0))
    ]
    targets = ["irr_per_year", "min_dscr", "equity_irr_per_year"]
    share = {"kind": "share", "condition": "irr_per_year > 0.1"}
    spec = {"scenario": lent, "axes": axes, "targets": targets, "reduce": share}
    ready = prepare(spec, threads=2)
    assert ready.backend == "jit"
    assert ready.bytes < min(200e6, 0.5 * prepare(spec, "numpy", threads=2).bytes)
