"""Which engine evaluates a grid: the one asked for, or refused with the reason; by itself the one
that is worth its start.
"""

from dataclasses import replace

import numpy as np
import pytest
from kernels_stand import stand

from kernels.grids import engine_table
from kernels.grids.engine_choice import choose
from kernels.grids.engine_table import CUDA, JIT, NUMPY
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
    return {one.engine.name for one in evaluations}, why


def test_an_engine_is_taken_when_it_is_asked_for():
    assert named(choose("numpy", many())) == ({"numpy"}, "asked for")
    assert named(choose("jit", few())) == ({"jit"}, "asked for")


def test_by_itself_the_one_that_is_worth_its_start():
    assert named(choose("auto", few())) == ({"numpy"}, "little to compute")
    taken, why = named(choose("auto", many()))
    assert taken == {"jit"}
    assert why.startswith("much to compute; cuda: cupy is not installed")


def test_without_the_extra_it_is_refused_or_done_without(monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    with pytest.raises(
        BackendError,
        match=r"backend = 'jit': llvmlite is not installed: pip install 'rackrate\[jit\]'",
    ):
        choose("jit", few())
    none = [NUMPY, *(replace(one, missing=lambda one=one: f"no {one.name}") for one in (JIT, CUDA))]
    assert named(choose("auto", many(), none)) == ({"numpy"}, "cuda: no cuda; jit: no jit")


def test_an_engine_that_is_not_known():
    with pytest.raises(BackendError, match="backend = 'abacus': expected auto, numpy, jit or cuda"):
        choose("abacus", few())


def test_the_trace_is_kept_from_engine_to_choose():
    (one,) = few()
    assert choose("jit", [one])[0][0].traced is one.traced
