"""Questions about many cells: the same answers as those of the floor below, by parts or by spec."""

import numpy as np
import pytest

import economics
import rackrate
from service.files.reading import shipped_tables, sweep_spec

NAME, NPV = "reference-project", "npv_usd_per_rack"
TABLES = shipped_tables("scenarios", NAME)
USED = {"kind": "values", "field": "utilisation", "values": [0.6, 0.7, 0.8]}
DRAWS = {
    "fields": {"utilisation": {"kind": "triangular", "low": 0.5, "mode": 0.7, "high": 0.9}},
    "count": 1024,
}


def test_a_sweep_is_that_of_the_economics_by_parts_and_by_spec():
    spec = {"scenario": TABLES, "axes": [USED], "targets": [NPV]}
    expected = economics.sweep(spec).columns[NPV].values
    for table in (rackrate.sweep(NAME, [USED], [NPV]), rackrate.sweep(spec)):
        assert isinstance(table, rackrate.Table)
        np.testing.assert_array_equal(table.columns[NPV].values, expected)


def test_a_shipped_sweep_is_run_by_its_name_and_its_parts_replaced():
    parts = {"axes": [USED], "reduce": {"kind": "summary"}}
    found = rackrate.sweep("stargate-rack-grid", **parts)
    assert isinstance(found, rackrate.Reduced)
    expected = economics.sweep({**sweep_spec("stargate-rack-grid"), **parts})
    assert (found.cells, found.targets) == (3, expected.targets)


def test_an_engine_is_taken_by_name():
    assert rackrate.sweep(NAME, [USED], [NPV], backend="numpy", threads=1).backend == "numpy"
    with pytest.raises(rackrate.Problem, match="did you mean numpy"):
        rackrate.sweep(NAME, [USED], [NPV], backend="nunpy")


def test_a_simulation_is_that_of_the_economics_by_parts_and_by_spec():
    spec = {"scenario": TABLES, "draws": DRAWS, "targets": [NPV], "conditions": [f"{NPV} > 0"]}
    expected = economics.simulate(spec)
    for found in (rackrate.simulate(NAME, DRAWS, [NPV], [f"{NPV} > 0"]), rackrate.simulate(spec)):
        assert isinstance(found, rackrate.Simulation)
        assert (found.targets, found.conditions) == (expected.targets, expected.conditions)


def test_a_sensitivity_is_that_of_the_economics_with_draws_and_without():
    for parts in ({"by_fraction": 0.05}, {"draws": DRAWS}):
        found = rackrate.sensitivity(NAME, NPV, **parts)
        assert isinstance(found, rackrate.Sensitivity)
        expected = economics.sensitivity({"scenario": TABLES, "target": NPV, **parts})
        assert (found.bars, found.indices) == (expected.bars, expected.indices)


def test_a_sensitivity_takes_the_draws_of_a_simulation_and_leaves_its_targets():
    spec = {"scenario": NAME, "draws": DRAWS, "targets": ["moic"], "conditions": ["moic > 1"]}
    assert rackrate.sensitivity(spec, NPV).draws.count == 1024


@pytest.mark.parametrize(
    "ask",
    [
        lambda beat: rackrate.sweep(NAME, [USED], [NPV], progress=beat),
        lambda beat: rackrate.simulate(NAME, DRAWS, [NPV], progress=beat),
        lambda beat: rackrate.sensitivity(NAME, NPV, DRAWS, progress=beat),
    ],
    ids=["sweep", "simulate", "sensitivity"],
)
def test_progress_may_stop_a_question(ask):
    def beat(done, cells):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(beat)
