"""Kernels as NVRTC compiles them, run here, give what numpy and plain Python give: bit for bit."""

import math
import struct
from itertools import product

import numpy as np
import pytest
from memory import Memory
from outcomes import Counts
from trial import ENTRY, constant, cuda, run, same

EVERY = "long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x;"
WALK = f"for ({EVERY[:-1]}; i < n; i += (long long)gridDim.x * blockDim.x)"
EDGES = [0.0, -0.0, 1.0, -1.5, 3.0, 1e308, -1e308, 5e-324, -1e-310, math.inf, -math.inf, math.nan]
REALS = constant([*EDGES, *np.random.default_rng(3).normal(size=52)])


def walk(parameters, body):
    return cuda(f"{ENTRY}({parameters}, long long n) {{ {WALK} {{ {body} }} }}")


def test_formulas_of_reals():
    body = (
        "double x = a[i / 64], y = a[i % 64]; out[i] = (x + y) * (x - y) / (x * y + 0.5) - x *"
        " sqrt(fabs(y));"
    )
    out = np.zeros(64 * 64)
    run(walk("const double* a, double* out", body), REALS, out, out.size, grid=5, block=96)
    x, y = np.repeat(REALS, 64), np.tile(REALS, 64)
    with np.errstate(all="ignore"):
        expected = (x + y) * (x - y) / (x * y + 0.5) - x * np.sqrt(np.abs(y))
    assert same(out, expected)


@pytest.mark.parametrize("symbol", ["<", "<=", ">", ">=", "==", "!="])
def test_comparisons_choose(symbol):
    out = np.zeros(64 * 64)
    body = (
        f"double x = a[i / 64], y = a[i % 64]; out[i] = x {symbol} y ? x : !(x {symbol} -y) ? 0.25"
        " : y;"
    )
    run(walk("const double* a, double* out", body), REALS, out, out.size, grid=8, block=64)
    x, y = np.repeat(REALS, 64), np.tile(REALS, 64)
    holds, other = eval(f"x {symbol} y"), eval(f"x {symbol} -y")
    assert same(out, np.where(holds, x, np.where(~other, 0.25, y)))


def test_whole_numbers_of_64_bits():
    values = constant(
        [0, 1, -1, 7, -7, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63) + 1], np.int64
    )
    body = (
        "long long x = a[i / 10], y = a[i % 10]; out[6 * i] = x / (y ? y : 3); out[6 * i + 1] = x %"
        " (y ? y : 3); out[6 * i + 2] = x * y;"
    )
    body += (
        "out[6 * i + 3] = __mul64hi(x, y); out[6 * i + 4] = (unsigned long long)x / 10; out[6 * i +"
        " 5] = (x >> (y & 63)) ^ (x < y);"
    )
    out = np.zeros((100, 6), np.int64)
    run(walk("const long long* a, long long* out", body), values, out, 100, grid=2, block=32)

    def expected(x, y):
        d = y or 3
        q = abs(x) // abs(d) * (1 if (x < 0) == (d < 0) else -1)
        numbers = [q, x - q * d, x * y, x * y >> 64, x % 2**64 // 10, (x >> (y & 63)) ^ (x < y)]
        return [(number + 2**63) % 2**64 - 2**63 for number in numbers]

    assert out.tolist() == [expected(int(x), int(y)) for x, y in product(values, values)]


def test_conversions():
    out = np.zeros((64, 7))
    body = (
        "double x = a[i]; double* o = out + 7 * i; o[0] = (int)x; o[1] = (long long)x; o[2] ="
        " (unsigned)x; o[3] = floor(x); o[4] = ceil(x);"
    )
    run(
        walk("const double* a, double* out", body + "o[5] = rint(x); o[6] = trunc(x);"),
        REALS,
        out,
        64,
        block=64,
    )
    for x, (whole, long, unsigned, *rounded) in zip(REALS.tolist(), out.tolist(), strict=True):
        if math.isfinite(x):
            limited = [
                max(-(2**31), min(2**31 - 1, int(x))),
                float(max(-(2**63), min(2**63 - 1, int(x)))),
                max(0, min(2**32 - 1, int(x))),
            ]
            assert [whole, long, unsigned] == limited
            assert rounded == [math.floor(x), math.ceil(x), round(x), math.trunc(x)]


def collatz(number):
    steps = 0
    while number != 1:
        number, steps = 3 * number + 1 if number % 2 else number // 2, steps + 1
    return steps


@pytest.mark.parametrize("at_once", [1, 100, 8192])
def test_threads_leave_a_loop_at_different_times(at_once):
    body = (
        EVERY
        + "if (i >= n) return; long long v = a[i], c = 0; while (v != 1) { v = v % 2 ? 3 * v + 1 :"
        " v / 2; ++c; } out[i] = c;"
    )
    out = np.zeros(777, np.int64)
    program = cuda(f"{ENTRY}(const long long* a, long long* out, long long n) {{ {body} }}")
    run(
        program,
        constant(range(1, 778), np.int64),
        out,
        777,
        grid=13,
        block=64,
        threads_at_once=at_once,
    )
    assert out.tolist() == [collatz(number) for number in range(1, 778)]


def test_nested_branches_meet_again():
    loop = "if (k & 1) { s += x; if (x > 0) continue; s *= 2; } else if (x < -1) break; s -= 1;"
    body = f"double x = a[i], s = 0; for (int k = 0; k < i % 5; ++k) {{ {loop} }} out[i] = s;"
    out = np.zeros(64)
    counts = run(walk("const double* a, double* out", body), REALS, out, 64, block=64)
    expected = []
    for i, x in enumerate(REALS.tolist()):
        s = 0.0
        for k in range(i % 5):
            if k & 1:
                s += x
                if x > 0:
                    continue
                s *= 2
            elif x < -1:
                break
            s -= 1
        expected.append(s)
    assert same(out, np.array(expected))
    assert counts.stores == 64


def test_arrays_of_the_source():
    source = (
        "__constant__ double table[3] = {1.0, 2.5, -0.0}; __device__ const int picks[] = {2, 0, 1};"
        " __device__ unsigned calls;"
    )
    source += (
        ENTRY
        + "(double* out) { out[threadIdx.x] = table[picks[threadIdx.x % 3]]; if (!threadIdx.x)"
        " atomicAdd(&calls, 1u); }"
    )
    program, out = cuda(source), np.zeros(32)
    run(program, out)
    assert same(out, np.tile([-0.0, 1.0, 2.5], 11)[:32])
    program.arrays["table"].view(float)[:] = [4.0, 5.0, 6.0]
    run(program, out)
    assert out[:3].tolist() == [6.0, 4.0, 5.0]
    assert program.arrays["calls"].view(np.uint32).tolist() == [2]


def test_assembly_within_a_source():
    source = (
        ENTRY
        + """(double* scratch, double* out, long long n) {
      long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; double v, x = i;
      asm volatile("st.global.f64 [%0], %1;" :: "l"(scratch + i), "d"(x) : "memory");
      asm volatile("st.global.f64 [%0+8], %1;" :: "l"(scratch + n + i - 1), "d"(x + 0.5) :
        "memory");
      asm volatile("ld.global.f64 %0, [%1];" : "=d"(v) : "l"(scratch + i) : "memory"); out[i] = v;
      asm volatile("{ .reg .pred p; setp.gt.f64 p, %1, 0d4014000000000000;"
        " @p ld.global.f64 %0, [%2]; }"
        : "+d"(v) : "d"(x), "l"(scratch + n + i));
      out[n + i] = v; }"""
    )
    scratch, out = np.zeros(128), np.zeros(128)
    counts = run(cuda(source), scratch, out, 64, grid=2)
    assert out.tolist() == [
        *map(float, range(64)),
        *(k + 0.5 if k > 5 else k for k in map(float, range(64))),
    ]
    assert (counts.stores, counts.loads) == (64 * 4, 64 * 2)


def test_local_memory_where_it_is_allowed():
    body = (
        "double v[8]; for (int k = 0; k < 8; ++k) v[(k + threadIdx.x) & 7] = k; out[threadIdx.x] ="
        " v[a[threadIdx.x]];"
    )
    source = f"{ENTRY}(const int* a, double* out) {{ {body} }}"
    at = np.random.default_rng(4).integers(0, 8, 40)
    out = np.zeros(40)
    run(cuda(source, local_memory=True), constant(at, np.int32), out, block=40)
    assert out.tolist() == [(at[t] - t) % 8 for t in range(40)]


def test_vectors_structs_and_three_axes():
    source = (
        "struct Pair { int whole; double real; };"
        + ENTRY
        + """(const double2* a, double2* out, Pair pair, double factor, int sign) {
      int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
      int i = t + 24 * (blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z));
      double2 x = a[i]; out[i] = make_double2(x.y * pair.whole, x.x * pair.real + factor * sign);
        }"""
    )
    values, out = np.random.default_rng(2).normal(size=(288, 2)), np.zeros((288, 2))
    run(
        cuda(source),
        constant(values),
        out,
        struct.pack("<iid", 3, 0, 0.5),
        1.5,
        -1,
        grid=(2, 3, 2),
        block=(4, 3, 2),
    )
    assert (out == np.stack([values[:, 1] * 3, values[:, 0] * 0.5 - 1.5], axis=1)).all()


def test_counts_are_exact():
    program = walk(
        "const double* a, double* out", "out[i] = a[i] * 2.0 + (a[i] < 0.0 ? 1.0 : 2.0);"
    )
    out = np.zeros(50)
    counts = run(program, REALS, out, 50, block=64)
    assert (counts.real_operations, counts.loads, counts.stores) == (3 * 50, 50, 50)
    assert 50 * 40 < counts.instructions < 50 * 80
    assert counts == run(program, REALS, out, 50, block=64, threads_at_once=1)
    assert Counts(1, 2) + Counts(3) * 2 == Counts(7, 2)


def test_order_and_number_at_once_change_nothing():
    body = (
        "double s = a[i % 64]; for (int k = 0; k < (i * 7) % 13; ++k) s = s * 0.75 + a[(i + k) %"
        " 64]; out[i] = s;"
    )
    program, results = walk("const double* a, double* out", body), []
    for options in ({}, {"backwards": True}, {"threads_at_once": 32}, {"threads_at_once": 200}):
        results.append(np.zeros(1000))
        run(program, REALS, results[-1], 1000, grid=9, block=64, **options)
    assert all(same(results[0], result) for result in results[1:])


@pytest.mark.parametrize(
    ("arguments", "sizes", "why"),
    [
        ((1.0,), {}, "f takes 2 arguments, not 1"),
        ((1.0, 2**31, 3), {}, "f takes 2 arguments, not 3"),
        ((1, 2), {}, "f_param_0 of type f64 and 8 bytes cannot be 1"),
        ((1.0, 2.0), {}, "f_param_1 of type u32 and 4 bytes cannot be 2.0"),
        ((1.0, 2**32), {}, "cannot be 4294967296"),
        ((1.0, b"12345678"), {}, "cannot be b'12345678'"),
        ((1.0, 1), {"block": 65}, "blocks of .65, 1, 1., where 64 threads are allowed"),
        ((1.0, 1), {"block": (8, 0)}, "blocks of .8, 0, 1."),
        ((1.0, 1), {"grid": 0}, "grid of .0, 1, 1."),
        ((1.0, 1), {"shared_bytes": 48 * 1024 + 1}, "49153 bytes of shared memory"),
    ],
)
def test_sizes_and_arguments_are_checked(arguments, sizes, why):
    program = cuda(
        'extern "C" __global__ void __launch_bounds__(64) f(double x, int k) { if (x < k)'
        " __syncthreads(); }"
    )
    with pytest.raises(ValueError, match=why):
        run(program, *arguments, **sizes)


def test_buffers():
    memory = Memory()
    first, second = memory.add(np.zeros(3)), memory.add(np.zeros(1))
    assert first % 256 == second % 256 == 0
    assert abs(first - second) >= 2**32
    memory.remove(first)
    with pytest.raises(KeyError):
        memory.remove(first)
    with pytest.raises(ValueError, match="contiguous"):
        memory.add(np.zeros((4, 4))[:, 1])


def test_a_long_formula():
    """A kernel of thousands of instructions, with guards and branches between, as generated sources
    have them.
    """
    rng, names, lines = np.random.default_rng(6), ["x", "y"], []
    for k in range(1500):
        first, second = (names[rng.integers(max(0, len(names) - 30), len(names))] for _ in "ab")
        lines.append(
            f"t{k} = {first} > {second} ? {first} : {second} / 3.0"
            if k % 40 == 0
            else f"t{k} = {first} {rng.choice(list('+-*'))} {second}"
        )
        names.append(f"t{k}")
    total = " + ".join(names[-40:])
    program = walk(
        "const double* a, double* out",
        f"double x = a[i], y = a[i + n]; {' '.join(f'double {line};' for line in lines)} out[i] ="
        f" {total};",
    )
    values, out = np.random.default_rng(8).normal(size=1200), np.zeros(600)
    run(program, constant(values), out, 600, grid=3, block=128)
    known = {"x": values[:600], "y": values[600:]}
    with np.errstate(all="ignore"):
        for line in lines:
            name, _, formula = line.partition(" = ")
            condition, mark, rest = formula.partition(" ? ")
            one, _, other = rest.partition(" : ")
            known[name] = (
                np.where(eval(condition, known), eval(one, known), eval(other, known))
                if mark
                else eval(formula, known)
            )
        assert same(out, eval(total, known))
