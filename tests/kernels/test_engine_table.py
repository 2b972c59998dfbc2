"""The engines: in which order they are named, what each says of itself, what it loads."""

import subprocess
import sys

import pytest

from kernels.grids import engine_table
from kernels.grids.engine_table import CUDA, ENGINES, JIT, NUMPY


def test_what_takes_longest_to_start_comes_last():
    assert sorted(ENGINES, key=lambda one: one.start_seconds()) == list(ENGINES)


def test_what_starts_later_computes_faster():
    for speed in ("light_operation_seconds", "flow_operation_seconds"):
        assert sorted(ENGINES, key=lambda one: -getattr(one, speed)) == list(ENGINES)


def test_numpy_is_always_there_and_compiles_nothing():
    assert NUMPY.missing() is None
    assert not NUMPY.compiles
    assert NUMPY.compile_least_seconds == NUMPY.compile_seconds == 0.0


@pytest.mark.parametrize("engine", [NUMPY, JIT])
def test_processors_are_kept_busy_and_not_described(engine):
    assert engine.workers() >= 1
    assert engine.description() is None


def test_an_engine_says_what_it_lacks(monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    assert JIT.missing() == "llvmlite is not installed: pip install 'rackrate[jit]'"


def test_without_a_device_nothing_keeps_it_busy():
    if CUDA.missing() is not None:
        assert CUDA.workers() == 0


def test_extras_are_not_loaded_before_they_are_needed():
    code = (
        "import sys, economics.sweeps.sweep, kernels.grids.engine_choice;"
        " print([name for name in ('llvmlite', 'cupy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
