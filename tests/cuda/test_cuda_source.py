"""Modules of CUDA C++: one kernel each, all that it needs stated before it, the same text for the
same plan.
"""

import re

import nvrtc
import pytest
from kernels_chance import TABLES, XP, light
from kernels_chance import searched as search

from kernels.engines.cuda.source import ARGUMENTS, SIZES, module
from kernels.engines.rows.layout import in_rows
from kernels.trace.tracer import Tracer

KERNELS = {
    "fill": {},
    "moments": {},
    "share": {"RELATION": "<"},
    "bins": {"FEW_BINS": 4096},
    "candidates": {"RELATION": ">=", "ROOM": 64},
    "bests": {"RELATION": "<="},
}


def laid(formula, tables, shape=(3, 4, 5)):
    tracer = Tracer(shape, 0, XP)
    return in_rows(formula(*map(tracer.lift, tables), tracer), shape, 2)[1]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("formula", [light, search])
def test_a_module_has_one_kernel_with_the_arguments_of_all(kernel, formula):
    text, slots = module(laid(formula, TABLES[:3]), kernel, **KERNELS[kernel])
    assert text == module(laid(formula, TABLES[:3]), kernel, **KERNELS[kernel])[0]
    assert re.findall(r"__global__ void .* (\w+)\(ARGUMENTS\)", text) == [kernel]
    assert f"enum {{ {', '.join(SIZES)} }};" in text
    assert text.count(f"#define ARGUMENTS {ARGUMENTS}") == 1
    assert (slots > 0) == (formula is search)
    if nvrtc.missing() is None:
        assert f".visible .entry {kernel}(" in nvrtc.compiled(text, "compute_90").ptx
