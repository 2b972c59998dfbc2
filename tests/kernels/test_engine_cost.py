"""Estimates of what an engine takes: operations, cells, the size of a plan, and what is kept."""

from dataclasses import replace

import numpy as np
import pytest
from kernels_stand import stand

from kernels.engines.partials import Tally
from kernels.grids.engine_cost import COMPILE_POWER, COMPILE_SHARE, Cost, cost, running
from kernels.grids.engine_table import JIT, NUMPY

MADE_UP = replace(
    JIT,
    light_operation_seconds=0.25,
    flow_operation_seconds=0.125,
    operation_start_seconds=0.0625,
    start_seconds=lambda: 3.0,
    compile_least_seconds=1.0,
    compile_seconds=0.5,
)


def season(engine=NUMPY, **tuning):
    return stand(["profit"], "price", "passers_by", engine=engine, small_cells=1, **tuning)


def test_a_cost_is_the_start_the_code_and_the_cells():
    one = season(MADE_UP)
    found = cost([one, one], kept=False)
    assert found.start == 3.0
    assert found.compile == 0.5 * (2 * one.traced.written_operations**COMPILE_POWER)
    each = 0.0625 * one.traced.operations + 0.25 * one.traced.cell_operations
    assert found.run == 2 * each == running([one, one], MADE_UP)
    assert found.total == found.start + found.compile + found.run
    assert found.weighed == pytest.approx(found.total - (1.0 - COMPILE_SHARE) * found.compile)
    assert cost([one, one], kept=True) == Cost(3.0, 0.0, found.run)


def test_a_flow_has_a_rate_of_its_own():
    one = season(MADE_UP)
    one.__dict__["traced"] = replace(one.traced, operations=1000)
    assert running([one], MADE_UP) == 0.0625 * 1000 + 0.125 * one.traced.cell_operations


def test_numpy_compiles_nothing():
    assert cost([season()]).compile == 0.0


def test_code_that_is_kept_is_found(tmp_path, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one = season(JIT)
    assert not one.is_compiled()
    assert cost([one]).compile > 0.0
    list(one.over_tiles(lambda tile: tile.own("profit")))
    assert one.is_compiled()
    assert cost([one]).compile == 0.0


def test_code_that_counts_while_it_computes_is_found_apart(tmp_path, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    above = [("profit", Tally("share", ">"))]
    one = replace(season(JIT), tallies=tuple(above))
    met = np.zeros(1, dtype=np.int64)
    assert not one.is_compiled()
    list(one.over_tiles(lambda tile: tile.tally("profit", above[0][1], np.array([0.0]), met)))
    assert met[0] > 0
    assert one.is_compiled()
    assert not replace(one, tallies=(("profit", Tally("moments")),)).is_compiled()
    assert not replace(one, tallies=()).is_compiled()


def test_to_compile_anything_takes_its_time():
    slow = replace(MADE_UP, compile_least_seconds=1e6)
    assert cost([season(slow)], kept=False).compile == 1e6
    assert cost([season(slow)], kept=True).compile == 0.0
