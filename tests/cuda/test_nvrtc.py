"""The compiler: PTX, what a kernel takes, and what it says about a wrong source."""

import nvrtc
import pytest
from trial import ENTRY

pytestmark = pytest.mark.skipif(nvrtc.missing() is not None, reason=nvrtc.missing() or "")

SUM = ENTRY + "(const double* a, double* out) { out[threadIdx.x] = a[threadIdx.x] * 3.0 + 1.0; }"


def test_it_is_a_version_that_knows_the_devices():
    assert nvrtc.version() >= (12, 9)
    assert {70, 80, 90, 100} <= set(nvrtc.architectures())


def test_ptx_without_contraction():
    compiled = nvrtc.compiled(SUM, "compute_90")
    assert ".target sm_90" in compiled.ptx
    assert "mul.rn.f64" in compiled.ptx
    assert "fma" not in compiled.ptx
    assert compiled.log == ""


def test_options_are_those_that_are_given():
    assert "fma.rn.f64" in nvrtc.compiled(SUM, "compute_90", ("--fmad=true",)).ptx
    assert "fma.rn.f64" in nvrtc.compiled(SUM, "compute_90", ()).ptx


@pytest.mark.parametrize("architecture", ["sm_70", "sm_80", "sm_90", "sm_100"])
def test_what_a_kernel_takes(architecture):
    body = (
        "__shared__ double table[32]; table[threadIdx.x] = a[1]; __syncthreads(); out[threadIdx.x]"
        " = table[31];"
    )
    source = f"{ENTRY}(const double* a, double* out) {{ {body} }}"
    taken = nvrtc.resources(source, architecture)["f"]
    assert 4 <= taken.registers <= 40
    assert taken.shared_bytes == 256
    assert (taken.stack_bytes, taken.spill_store_bytes, taken.spill_load_bytes) == (0, 0, 0)


def test_spills_and_stacks_show():
    body = (
        "double v[64], s = 0; for (int k = 0; k < 64; ++k) v[k] = a[k * 7]; for (int k = 0; k < 64;"
        " ++k) s += v[int(a[k]) & 63]; *out = s;"
    )
    taken = nvrtc.resources(f"{ENTRY}(const double* a, double* out) {{ {body} }}", "sm_90")["f"]
    assert taken.stack_bytes >= 512
    crowded = "".join(f"double v{k} = a[{k}];" for k in range(64)) + "for (int i = 0; i < 9; ++i) {"
    crowded += (
        "".join(f"v{k} = v{k} * v{(k + 1) % 64};" for k in range(64))
        + "}"
        + "".join(f"out[{k}] = v{k};" for k in range(64))
    )
    taken = nvrtc.resources(
        f"{ENTRY}(const double* a, double* out) {{ {crowded} }}",
        "sm_90",
        (*nvrtc.OPTIONS, "--maxrregcount=32"),
    )["f"]
    assert taken.spill_store_bytes > 0
    assert taken.spill_load_bytes > 0


def test_several_kernels():
    source = SUM + SUM.replace(" f(", " g(")
    assert set(nvrtc.resources(source, "sm_90")) == {"f", "g"}


def test_what_is_wrong_is_said():
    with pytest.raises(nvrtc.CompileError, match=r"identifier \"nothing\" is undefined"):
        nvrtc.compiled(ENTRY + "(double* out) { *out = nothing; }", "compute_90")
    with pytest.raises(nvrtc.CompileError, match="NVRTC_ERROR_INVALID_OPTION"):
        nvrtc.compiled(SUM, "compute_1")
