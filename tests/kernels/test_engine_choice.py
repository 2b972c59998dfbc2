"""Which engine evaluates a grid: the one asked for, or refused with the reason; by itself the one
that is worth its start.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from kernels_stand import stand

from kernels.engines.numpy.runner import Interpreter
from kernels.grids import engine_table
from kernels.grids.engine_choice import choose
from kernels.grids.engine_cost import COMPILE_POWER
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


def test_by_itself_the_one_that_takes_least_time():
    assert named(choose("auto", few())) == ({"numpy"}, "little to compute: under 0.01 s")
    taken, why = named(choose("auto", many()))
    assert taken == {"jit"}
    said = r"by estimate about \S+ s( \(\S+ \S+ s to compile\))?; numpy about \S+ s"
    assert re.match(said, why)


def engine(name, start=0.0, compiling=0.0, a_cell=1e-9, **fields):
    """An engine that costs so much."""
    return replace(
        NUMPY,
        name=name,
        start_seconds=lambda: start,
        compile_seconds=compiling,
        light_operation_seconds=a_cell,
        flow_operation_seconds=a_cell,
        **fields,
    )


def test_each_engine_is_weighed_by_its_whole_cost():
    (one,) = many()
    cells, size = one.traced.cell_operations, one.traced.written_operations**COMPILE_POWER
    slow, fast = engine("slow", a_cell=10.0 / cells), engine("fast", 2.0, a_cell=1.0 / cells)
    dear = replace(fast, name="dear", compile_seconds=20.0 / size, runner=lambda: Unready)
    assert named(choose("auto", [one.on(slow)], [slow, fast])) == (
        {"fast"},
        "by estimate about 3 s; slow about 10 s",
    )
    assert named(choose("auto", [one.on(slow)], [slow, dear])) == (
        {"slow"},
        "by estimate about 10 s; dear about 23 s (about 20 s to compile)",
    )
    assert named(
        choose("auto", [one.on(slow)], [slow, replace(fast, start_seconds=lambda: 9.5)])
    ) == (
        {"slow"},
        "little to compute: about 10 s",
    )


class Unready(Interpreter):
    """A runner that must compile first."""

    @staticmethod
    def kept(wanted, sizes, tallies):
        return False


def test_without_the_extra_it_is_refused_or_done_without(monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    with pytest.raises(
        BackendError,
        match=r"backend = 'jit': llvmlite is not installed: pip install 'rackrate\[jit\]'",
    ):
        choose("jit", few())
    none = [NUMPY, *(replace(one, missing=lambda one=one: f"no {one.name}") for one in (JIT, CUDA))]
    taken, why = named(choose("auto", many(), none))
    assert taken == {"numpy"}
    assert re.match(r"by estimate about \S+ s; jit: no jit", why)


def test_an_engine_that_is_not_known():
    with pytest.raises(BackendError, match="backend = 'abacus': expected auto, numpy, jit or cuda"):
        choose("abacus", few())


def test_the_trace_is_kept_from_engine_to_choose():
    (one,) = few()
    assert choose("jit", [one])[0][0].traced is one.traced
