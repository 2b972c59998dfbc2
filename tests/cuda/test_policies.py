"""What kernels may take and do, on every architecture: no spills, float64 that rounds as on numpy,
few instructions a cell.
"""

import re
from itertools import product

import measured
import nvrtc
import pytest
from grid_of_eight import spec
from laws import sample
from measured import ARCHITECTURES, HEAVY, KERNELS

from kernels.engines.cuda import device

pytestmark = pytest.mark.skipif(nvrtc.missing() is not None, reason=nvrtc.missing() or "")

MOST_REGISTERS = {
    "light": 80,
    "heavy": 255,
}  # three blocks of 256 threads on a processor; two of 128
A_FEW_VALUES = 32  # bytes: what the compiler may spill where a reduction goes beside an IRR
ROUNDED = re.compile(r"\b(?:add|sub|mul|div|rcp)\.(?:\w+\.)*f64\b")
REFUSED = re.compile(
    r"\bfma\.|\bmad\.(?:\w+\.)*f(?:32|64)|\.approx\b|\.ftz\b|\.full\b|\.f32\b|\.local\b|\b(?:ex2|lg2|sin|cos|tanh|rsqrt)\."
)


def check(code, architecture, kind, most_spilled=0):
    """Whether a kernel keeps to the rules on an architecture."""
    taken = measured.resources(code, architecture)
    spilled = taken.stack_bytes, taken.spill_store_bytes, taken.spill_load_bytes
    assert max(spilled) <= most_spilled
    assert taken.registers <= MOST_REGISTERS[kind]
    assert taken.shared_bytes <= 48 << 10
    ptx = nvrtc.compiled(code, f"compute_{architecture}", device.OPTIONS).ptx
    assert REFUSED.findall(ptx) == []
    assert {one.split(".")[1] for one in ROUNDED.findall(ptx)} <= {"rn"}
    assert ROUNDED.search(ptx)


@pytest.mark.parametrize(("name", "architecture"), sample(product(KERNELS, ARCHITECTURES), 4))
def test_light_plans(name, architecture):
    check(measured.light_text("npv_usd_per_rack", 1e9, name), architecture, "light")


@pytest.mark.parametrize("architecture", [75, 90, 120])
@pytest.mark.parametrize("name", KERNELS)
def test_light_plans_with_tables_along_a_row(name, architecture):
    check(measured.light_text("cost_usd_per_gpu_hour", 1e9, name), architecture, "light")


@pytest.mark.parametrize(
    "target", ["breakeven_utilisation", "lcoc_usd_per_gpu_hour", "npv_usd_per_rack"]
)
@pytest.mark.parametrize("name", ["fill", "moments", "share"])
def test_more_light_plans(target, name):
    check(measured.light_text(target, 1e6, name), 90, "light")


@pytest.mark.parametrize(
    ("kind", "architecture"), sample(product(("10 years", "20 quarters"), ARCHITECTURES), 6)
)
def test_plans_of_many_operations(kind, architecture):
    check(measured.heavy_text(kind, "fill"), architecture, "heavy")


@pytest.mark.slow
@pytest.mark.parametrize("architecture", [75, 100, 120])
def test_a_plan_of_very_many_operations(architecture):
    check(measured.largest_text(), architecture, "heavy")


@pytest.mark.parametrize(("name", "kind"), sample(product(("fill", "moments"), HEAVY), 6))
def test_reductions_of_many_operations(kind, name):
    check(measured.heavy_text(kind, name), 90, "heavy", A_FEW_VALUES)


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("out[0] = a[0] * a[1] + a[2]", "fma."),
        ("out[0] = __expf(a[0])", "ex2."),
        ("double v[64]; for (int k = 0; k < 64; ++k) v[k] = a[k]; out[0] = v[(int)a[0]]", ".local"),
    ],
)
def test_what_breaks_the_rules_is_seen(source, refused):
    code = f'extern "C" __global__ void f(const double* a, double* out) {{ {source}; }}'
    assert any(
        refused in found
        for found in REFUSED.findall(nvrtc.compiled(code, "compute_90", ("--fmad=true",)).ptx)
    )


@pytest.mark.parametrize(
    ("target", "cells", "most"), [("cost_usd_per_gpu_hour", 1e7, 60), ("npv_usd_per_rack", 1e6, 60)]
)
def test_few_instructions_a_cell(target, cells, most):
    """Over the eight axes of the benchmarks, as shipped."""
    counts, own = measured.counted(spec("cells", target, int(cells)))
    assert own == 10**6
    assert counts["fill"].instructions <= most * own
    assert counts["fill"].real_operations <= 8 * own
