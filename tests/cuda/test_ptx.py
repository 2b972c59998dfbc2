"""PTX as text becomes records; what is not understood is named with its line."""

import pytest
from executor import Program
from ptx import Array, Instruction, Parameter, UnknownPtx, number_bytes, parsed
from trial import ENTRY, HEAD, text

SOURCE = """
struct Pair { int whole; double real; };
__constant__ double table[3] = {1.0, 2.5, -0.0};
__device__ const int picks[] = {3, -1};
__device__ unsigned hits = 7;
__constant__ double unset[4];
extern __shared__ double dynamic[];
extern "C" __global__ void __launch_bounds__(128) f(int flag, const double* a, double* out, Pair
  pair) {
  __shared__ double fixed[32];
  fixed[threadIdx.x] = table[threadIdx.x % 3] + unset[flag]; dynamic[threadIdx.x] = a[threadIdx.x];
  __syncthreads();
  if (flag > 3) { out[threadIdx.x] = fixed[31 - threadIdx.x] + dynamic[flag] * pair.real +
    picks[flag & 1]; atomicAdd(&hits, 1u); }
}
"""


def kernel_of(
    body,
    *,
    registers=".reg .f64 %d<4>; .reg .b64 %l<4>; .reg .b32 %r<4>; .reg .pred %p<4>;",
    head="",
):
    return f"{HEAD}{head}.visible .entry f(.param .u64 a)\n{{\n{registers}\n{body}\nret;\n}}\n"


def test_what_a_module_has():
    module = parsed(text(SOURCE))
    arrays = {array.name: array for array in module.arrays}
    assert arrays["table"] == Array(
        "table", "const", 8, 24, bytes.fromhex("000000000000f03f 0000000000000440 0000000000000080")
    )
    assert arrays["picks"].initial == bytes.fromhex("03000000 ffffffff")
    assert arrays["hits"].initial == bytes.fromhex("07000000")
    assert arrays["unset"] == Array("unset", "const", 8, 32)
    assert (arrays["dynamic"].space, arrays["dynamic"].size) == ("shared", 0)


def test_what_a_kernel_has():
    kernel = parsed(text(SOURCE)).kernels["f"]
    assert kernel.limit == 128
    assert [array.size for array in kernel.arrays] == [256]
    assert kernel.parameters == (
        Parameter("f_param_0", "u32", 0, 4),
        Parameter("f_param_1", "u64", 8, 8),
        Parameter("f_param_2", "u64", 16, 8),
        Parameter("f_param_3", "b8", 24, 16),
    )
    assert kernel.registers["%fd1"] == "f64"
    assert kernel.registers["%p1"] == "pred"


def test_instructions_know_their_lines():
    source = text(SOURCE)
    for instruction in parsed(source).kernels["f"].instructions:
        assert instruction.opcode in source.splitlines()[instruction.line - 1]


def test_instructions_and_labels():
    kernel = parsed(
        kernel_of(
            "again: @!%p1 bra.uni again;\nmov.b64 {%r1, %r2}, %d1; ld.global.v2.f64 {%d1,%d2},"
            " [%l1+-16];"
        )
    ).kernels["f"]
    assert kernel.labels == {"again": 0}
    assert kernel.instructions[:3] == (
        Instruction(7, ("bra", "uni"), ("again",), "%p1", False),
        Instruction(8, ("mov", "b64"), ("{%r1, %r2}", "%d1")),
        Instruction(8, ("ld", "global", "v2", "f64"), ("{%d1,%d2}", "[%l1+-16]")),
    )


def test_names_of_inner_braces():
    body = (
        "{\n.reg .b32 %temp;\nmov.b64 {%temp, %r1}, %d1;\n}\n{\n.reg .b32 %temp;\nmov.b64 {%r2,"
        " %temp}, %d1;\n}"
    )
    assert parsed(kernel_of(body)).kernels["f"].registers["%temp"] == "b32"
    with pytest.raises(UnknownPtx, match="line 12: registers %temp of type b64"):
        parsed(
            kernel_of(
                body.replace(
                    "{\n.reg .b32 %temp;\nmov.b64 {%r2", "{\n.reg .b64 %temp;\nmov.b64 {%r2"
                )
            )
        )


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        ("-1", "u32", "ffffffff"),
        ("0x1F", "u16", "1f00"),
        ("0d3FF0000000000000", "f64", "000000000000f03f"),
        ("18446744073709551615", "u64", "ffffffffffffffff"),
    ],
)
def test_numbers(number, kind, expected):
    assert number_bytes(number, kind, 1).hex() == expected


@pytest.mark.parametrize(
    ("number", "kind"), [("1", "f64"), ("0f3F800000", "f64"), ("1.5", "u32"), ("other", "u64")]
)
def test_what_is_no_number_of_a_type(number, kind):
    with pytest.raises(UnknownPtx, match="line 5"):
        number_bytes(number, kind, 5)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (".func helper()\n{\nret;\n}\n", "line 4: '.func helper"),
        (".global .align 8 .u64 at[1] = {generic(other)};\n", "line 4: 'generic"),
        (".global .surfref image;\n", "line 4"),
    ],
)
def test_what_is_not_understood_in_a_module(head, why):
    with pytest.raises(UnknownPtx, match=why):
        parsed(kernel_of("", head=head))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("fma.rn.f64 %d1, %d1, %d2, %d3;", "line 7: fma.rn.f64 .*is fused"),
        ("add.f64 %d1, %d1, %d2;", "may be fused"),
        ("add.rz.f64 %d1, %d1, %d2;", "add.rz.f64 .*is not known"),
        ("rcp.approx.ftz.f64 %d1, %d2;", "is approximate"),
        ("ex2.approx.f32 %r1, %r2;", "is approximate"),
        ("add.rn.f32 %r1, %r2, %r3;", "is of single precision"),
        ("cvt.rn.f32.f64 %r1, %d1;", "is not known"),
        ("setp.lt.f32 %p1, %r1, %r2;", "is not known"),
        ("ld.global.f32 %r1, [%l1];", "is not known"),
        ("atom.global.add.f64 %d1, [%l1], %d2;", "depends on the order of the threads"),
        ("bar.sync 1;", "bar.sync 1: is not known"),
        ("bar.arrive 0, 64;", "is not known"),
        ("match.any.sync.b32 %r1, %r2, %r3;", "is not known"),
        ("call.uni helper;", "is not known"),
        ("mov.u32 %r1, %clock;", "'%clock' is not a number"),
        ("mov.u32 %r1, %d1;", "line 7: a value of type f64 is read as u32"),
        ("ld.param.u64 %l1, [a+4];", "is outside of the 8 bytes of a"),
        ("ld.param.u64 %l1, [b];", "is no place in a parameter"),
        ("ld.global.f64 %d1, [%x1];", "%x1 is not known"),
        ("mov.u32 %x1, 1;", "%x1 is not a register"),
        ("bra nowhere;", "no label nowhere"),
        ('.pragma "used_bytes_mask 1";', "line 7"),
        ("add.s64 %l1, %l2;", "has too few operands"),
    ],
)
def test_what_is_refused_before_anything_runs(body, why):
    with pytest.raises(UnknownPtx, match=why):
        Program(kernel_of(body))


def test_contraction_and_calls_of_a_compiled_source_are_refused():
    with pytest.raises(UnknownPtx, match="is fused"):
        Program(
            text(
                ENTRY + "(const double* a, double* out) { *out = a[0] * a[1] + a[2]; }",
                ("--fmad=true",),
            )
        )
    with pytest.raises(UnknownPtx, match=r"\.func"):
        Program(
            text(
                "__device__ __noinline__ double g(double x) { return x * x; }"
                + ENTRY
                + "(double* out) { *out = g(*out); }"
            )
        )
    with pytest.raises(UnknownPtx, match="local memory of 512 bytes a thread"):
        Program(
            text(
                ENTRY
                + "(double* out, int k) { double v[64]; for (int i = 0; i < 64; ++i) v[i ^ k] ="
                " out[i]; out[k] = v[k]; }"
            )
        )
