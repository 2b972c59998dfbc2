"""Operations as CUDA C++: numbers to the last bit, conditions as numbers."""

import math
import struct

import numpy as np
import nvrtc
import pytest
from kernels_chance import XP
from trial import cuda, run

from kernels.engines.cuda.operations import as_condition, as_number, as_stored, number
from kernels.trace.tracer import Tracer

ODD = (
    0.1,
    -0.0,
    1e-320,
    1.7976931348623157e308,
    math.inf,
    -math.inf,
    math.nan,
    3,
    -1.0,
    2.0**-1074,
)


@pytest.mark.skipif(nvrtc.missing() is not None, reason=str(nvrtc.missing()))
def test_numbers_are_written_to_the_last_bit():
    lines = " ".join(f"out[{k}] = {number(value)};" for k, value in enumerate(ODD))
    found = np.zeros(len(ODD))
    run(cuda(f'extern "C" __global__ void f(double* out) {{ {lines} }}'), found, block=1)
    for one, value in zip(found, ODD, strict=True):
        assert struct.pack("<d", one) == struct.pack("<d", value) or (value != value and one != one)
    assert (number(True), number(False)) == ("true", "false")


def test_conditions_are_stored_as_numbers():
    x = Tracer((), -1, XP).input("x")
    assert as_number(x < 1.0, "v") == "(v ? 1.0 : 0.0)"
    assert as_condition(x, "v") == "(v != 0.0)"
    assert as_stored(x < 1.0, "v") == "v != 0.0"
    assert as_number(x, "v") == as_condition(x < 1.0, "v") == as_stored(x, "v") == "v"
