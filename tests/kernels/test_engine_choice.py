"""Which engine evaluates a grid: the one asked for, or refused with the reason; by itself the one
that is worth its start.
"""

import sys

import numpy as np
import pytest
from kernels_stand import stand

from kernels.grids import engine_choice
from kernels.grids.engine_choice import engine
from kernels.language.verbs import BackendError

WIDE = {
    name: np.linspace(0.1, 1.0, 200).tolist() for name in ("price", "passers_by", "lemon", "stall")
}


def few():
    return [stand(["profit"], "price", "lemon")]


def many():
    return [stand(["profit"], "price", "passers_by", "lemon", "stall", axes=WIDE)]


def named(found):
    evaluations, why = found
    return {one.xp.name for one in evaluations}, why


def test_an_engine_is_taken_when_it_is_asked_for():
    assert named(engine("numpy", many())) == ({"numpy"}, "asked for")
    assert named(engine("jit", few())) == ({"jit"}, "asked for")


def test_by_itself_the_one_that_is_worth_its_start():
    assert named(engine("auto", few())) == ({"numpy"}, "little to compute")
    taken, why = named(engine("auto", many()))
    assert taken == {"jit"}
    assert why.startswith("much to compute; cuda: cupy is not installed")


def test_without_the_extra_it_is_refused_or_done_without(monkeypatch):
    monkeypatch.setattr(engine_choice, "find_spec", lambda name: None)
    with pytest.raises(
        BackendError,
        match=r"backend = 'jit': llvmlite is not installed: pip install 'rackrate\[jit\]'",
    ):
        engine("jit", few())
    monkeypatch.setattr(
        engine_choice, "missing", lambda name: None if name == "numpy" else f"no {name}"
    )
    assert named(engine("auto", many())) == ({"numpy"}, "cuda: no cuda; jit: no jit")


def test_an_engine_that_is_not_known():
    with pytest.raises(BackendError, match="backend = 'abacus': expected auto, numpy, jit or cuda"):
        engine("abacus", few())


def test_the_trace_is_kept_from_engine_to_engine():
    (one,) = few()
    assert engine("jit", [one])[0][0].traced is one.traced


def test_the_extra_is_not_loaded_before_it_is_needed():
    import subprocess

    code = (
        "import sys, economics.sweeps.sweep, kernels.grids.engine_choice; print('llvmlite' in"
        " sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
