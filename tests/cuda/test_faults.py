"""What kernels must not do is found and named: one planted fault after the other, each beside the
same kernel without it.
"""

import numpy as np
import pytest
from executor import Program
from memory import Memory
from outcomes import Fault
from trial import ENTRY, HEAD, constant, cuda, run, text


def kernel(body, parameters="double* a, double* out"):
    return f"{ENTRY}({parameters}) {{ int t = threadIdx.x; {body} }}"


def fault_of(source, *arguments, **options):
    """The Fault of a launch, and the line of PTX that it names."""
    with pytest.raises(Fault) as found:
        run(cuda(source), *arguments, **options)
    return found.value, text(source).splitlines()[found.value.line - 1]


def arrays(size=64):
    return np.arange(float(size)), np.zeros(size)


COPY = kernel("out[t] = a[t];")


def test_a_load_behind_the_end():
    a, out = arrays()
    run(cuda(COPY), a, out, block=64)
    fault, line = fault_of(COPY, a[:63], out, block=64)
    assert (fault.kind, fault.block, fault.thread) == ("out of bounds", 0, 63)
    assert "ld.global" in line
    assert "504 bytes" in str(fault)


def test_a_store_before_the_start():
    source = kernel("out[t - 100000 * blockIdx.x] = a[t];")
    run(cuda(source), *arrays(), block=64)
    fault, line = fault_of(source, *arrays(), block=64, grid=2)
    assert (fault.kind, fault.block, fault.thread) == ("out of bounds", 1, 0)
    assert "st.global" in line


def test_an_index_that_overflows():
    source = kernel("out[t] = a[t * 2000000000];")
    fault, _ = fault_of(source, *arrays())
    assert (fault.kind, fault.thread > 0) == ("out of bounds", True)


def test_a_buffer_that_was_removed():
    memory, (a, out) = Memory(), arrays()
    gone, kept = memory.add(a), memory.add(out)
    memory.remove(gone)
    with pytest.raises(Fault, match="out of bounds"):
        cuda(COPY).launch("f", 1, 32, (gone, kept), memory)


def test_two_buffers_at_once():
    source = kernel("out[t] = (t < 9 ? a : out + 64)[t];")
    out = np.arange(128.0)
    run(cuda(source), np.arange(9.0), out)
    assert out[:32].tolist() == [*range(9), *range(64 + 9, 64 + 32)]
    fault, _ = fault_of(source, np.arange(8.0), out)
    assert (fault.kind, fault.thread) == ("out of bounds", 8)


def test_shared_memory_behind_its_end():
    source = kernel("extern __shared__ double part[]; part[t] = a[t]; out[t] = part[t];")
    run(cuda(source), *arrays(), block=64, shared_bytes=512)
    fault, line = fault_of(source, *arrays(), block=64, shared_bytes=504)
    assert (fault.kind, fault.thread) == ("out of bounds", 63)
    assert "st.shared" in line


def test_one_shared_array_does_not_reach_into_the_next():
    source = kernel(
        "__shared__ double one[64], two[64]; two[t] = 1; one[t + (t == 63)] = a[t]; out[t] = one[t]"
        " + two[t];"
    )
    fault, line = fault_of(source, *arrays(), block=64)
    assert (fault.kind, fault.thread) == ("out of bounds", 63)
    assert "st.shared" in line


def test_a_constant_behind_its_end():
    source = "__constant__ double table[32];" + kernel("out[t] = table[t];")
    run(cuda(source), *arrays())
    fault, line = fault_of(source, *arrays(), block=33)
    assert (fault.kind, fault.thread) == ("out of bounds", 32)
    assert "ld.const" in line


def test_addresses_between_numbers():
    source = kernel("out[t] = *(double*)((char*)a + 8 * t + (t == 5 ? 4 : 0));")
    fault, _ = fault_of(source, *arrays())
    assert (fault.kind, fault.thread, fault.address % 8) == ("misaligned", 5, 4)


def test_vectors_between_vectors():
    source = kernel("double2 v = *(double2*)(a + 2 * t + 1); out[t] = v.x + v.y;")
    fault, _ = fault_of(source, *arrays(), block=16)
    assert fault.kind == "misaligned"


def test_a_store_into_what_is_read_only():
    source = kernel("if (a[t] > 10) a[t] = 0;")
    run(cuda(source), *arrays())
    fault, line = fault_of(source, constant(np.arange(64.0)), arrays()[1])
    assert (fault.kind, fault.thread) == ("write to read-only memory", 11)
    assert "st.global" in line
    fault, _ = fault_of(
        kernel("atomicAdd((unsigned*)a, 1u);"), constant(np.arange(64.0)), arrays()[1]
    )
    assert fault.kind == "write to read-only memory"


def test_a_read_of_what_has_no_value():
    source = kernel("if (t != 20) a[t] = t; out[t] = a[t];")
    run(cuda(source), *arrays(), block=64)
    memory, (a, out) = Memory(), arrays()
    arguments = memory.add(a, initialised=False), memory.add(out)
    with pytest.raises(Fault, match=r"read of memory without a value.*thread 20"):
        cuda(source).launch("f", 1, 64, arguments, memory)
    cuda(source).launch("f", 1, 20, arguments, memory)
    memory.initialise(arguments[0] + 160, 8)
    cuda(source).launch("f", 1, 64, arguments, memory)


MIRROR = "__shared__ double part[64]; part[t] = a[t]; __syncthreads(); out[t] = part[63 - t];"


def test_a_barrier_that_is_missing():
    run(cuda(kernel(MIRROR)), *arrays(), block=64)
    fault, line = fault_of(kernel(MIRROR.replace("__syncthreads();", "")), *arrays(), block=64)
    assert (fault.kind, fault.block) == ("race in shared memory", 0)
    assert "ld.shared" in line
    assert "warp 1" in str(fault)


def test_a_barrier_that_is_missing_before_the_next_write():
    source = kernel(
        MIRROR + "__syncthreads(); part[t] = 0; __syncthreads(); out[t] += part[t ^ 1];"
    )
    run(cuda(source), *arrays(), block=64)
    fault, line = fault_of(
        source.replace("part[63 - t];__syncthreads();", "part[63 - t];"), *arrays(), block=64
    )
    assert fault.kind == "race in shared memory"
    assert "st.shared" in line


def test_two_warps_write_one_shared_number():
    fault, line = fault_of(
        kernel(
            "__shared__ double part[32]; part[t % 32] = a[t]; __syncthreads(); out[t] = part[t %"
            " 32];"
        ),
        *arrays(),
        block=64,
    )
    assert fault.kind == "race in shared memory"
    assert "st.shared" in line


def test_a_shared_counter_is_read_before_all_have_counted():
    source = kernel(
        "__shared__ unsigned count; if (!t) count = 0; __syncthreads(); atomicAdd(&count, 1u);"
        " __syncthreads(); out[t] = count;"
    )
    out = np.zeros(64)
    run(cuda(source), *arrays()[:1], out, block=64)
    assert (out == 64).all()
    fault, line = fault_of(source.replace("1u); __syncthreads();", "1u);"), *arrays(), block=64)
    assert fault.kind == "race in shared memory"
    assert "ld.shared" in line


def test_neighbouring_halves_of_eight_bytes_are_no_race():
    source = kernel(
        "__shared__ unsigned part[64]; unsigned k = (t % 32) * 2 + t / 32; part[k] = t;"
        " __syncthreads(); out[t] = part[63 - t];"
    )
    out = np.zeros(64)
    run(cuda(source), arrays()[0], out, block=64)
    assert sorted(out.tolist()) == list(range(64))


def test_two_threads_write_one_number():
    fault, line = fault_of(kernel("out[t / 2] = a[t];"), *arrays())
    assert fault.kind == "race in global memory"
    assert "st.global" in line
    source = kernel("out[t] = blockIdx.x;")
    fault, _ = fault_of(source, *arrays(), grid=2)
    assert fault.kind == "race in global memory"
    fault, _ = fault_of(source, *arrays(), grid=2, threads_at_once=1)
    assert (fault.kind, fault.block, fault.thread) == ("race in global memory", 1, 0)
    assert "block 0, thread 0" in str(fault)


def test_a_thread_reads_what_its_neighbour_writes():
    run(cuda(kernel("a[t] = t; out[t] = a[t];")), *arrays())
    fault, line = fault_of(kernel("a[t] = t; out[t] = a[t ^ 1];"), *arrays())
    assert fault.kind == "race in global memory"
    assert "ld.global" in line
    fault, line = fault_of(kernel("out[t] = a[t ^ 1]; a[t] = t;"), *arrays())
    assert fault.kind == "race in global memory"
    assert "st.global" in line
    fault, line = fault_of(kernel("out[t] = a[0] + a[t]; if (t == 7) a[0] = t;"), *arrays())
    assert (fault.kind, fault.thread) == ("race in global memory", 7)


def test_updates_beside_plain_stores():
    parameters = "unsigned* a, double* out"
    a = np.zeros(64, np.uint32)
    run(cuda(kernel("atomicAdd(a + t % 2, 1u);", parameters)), a, arrays()[1])
    fault, _ = fault_of(
        kernel("atomicAdd(a + 1, 1u); if (t == 9) a[1] = 0;", parameters), a, arrays()[1]
    )
    assert (fault.kind, fault.thread) == ("race in global memory", 9)
    fault, _ = fault_of(kernel("a[t] = 1; atomicAdd(a + 1, 1u);", parameters), a, arrays()[1])
    assert fault.kind == "race in global memory"


def test_a_constant_load_of_what_the_kernel_writes():
    source = kernel(
        "a[t] = t; out[t] = b[t];", "double* a, const double* __restrict__ b, double* out"
    )
    memory, (a, out) = Memory(), arrays()
    address, other = memory.add(a), memory.add(out)
    with pytest.raises(Fault, match=r"constant load of changed memory|race in global memory"):
        cuda(source).launch("f", 1, 64, (address, address, other), memory)


def test_a_division_by_zero():
    source = kernel("out[t] = 100 / ((int)a[t] - 7);")
    fault, line = fault_of(source, *arrays())
    assert (fault.kind, fault.thread) == ("integer division by zero", 7)
    assert "div.s32" in line
    guarded = kernel("int d = (int)a[t] - 7; out[t] = d ? 100 / d : 0;")
    run(cuda(guarded), *arrays())


def test_a_barrier_that_some_threads_never_reach():
    source = kernel("if (t >= 40) return; __syncthreads(); out[t] = a[t];")
    run(cuda(source), *arrays(), block=40)
    fault, line = fault_of(source, *arrays(), block=64)
    assert (fault.kind, fault.block) == ("divergent barrier", 0)
    assert "bar.sync" in line
    assert "24 of its block's 64 threads" in str(fault)


def test_threads_that_leave_while_others_wait():
    source = kernel("if (t < 32) { out[t] = a[t]; __syncthreads(); out[t] += a[63 - t]; }")
    fault, line = fault_of(source, *arrays(), block=64)
    assert fault.kind == "divergent barrier"
    assert "bar.sync" in line


def test_different_barriers():
    one = 'asm volatile("bar.sync 0; // one" ::: "memory"); out[t] = a[t];'
    source = kernel(
        f"if (t < 32) {{ {one} }} else {{ {one.replace('one', 'other')} out[t] *= 2; }}"
    )
    fault, line = fault_of(source, *arrays(), block=64)
    assert fault.kind == "divergent barrier"
    assert "bar.sync" in line


def test_lanes_that_are_absent():
    source = kernel(
        "double x = a[t]; if (t < LAST) x = __shfl_xor_sync(0xffffffffu, x, 1); out[t] = x;"
    )
    run(cuda(source.replace("LAST", "32")), *arrays())
    fault, line = fault_of(source.replace("LAST", "16"), *arrays())
    assert (fault.kind, fault.thread) == ("absent lane", 0)
    assert "shfl" in line
    fault, _ = fault_of(source.replace("LAST", "32"), *arrays(), block=20)
    assert fault.kind == "absent lane"
    fault, _ = fault_of(source.replace("LAST", "32").replace("0xffffffffu", "0xffffu"), *arrays())
    assert (fault.kind, fault.thread) == ("absent lane", 16)


def test_lanes_that_left_before_a_vote():
    source = kernel("if (t == 3) return; out[t] = __ballot_sync(0xffffffffu, a[t] > 4);")
    fault, line = fault_of(source, *arrays())
    assert fault.kind == "absent lane"
    assert "vote" in line
    run(cuda(source.replace("0xffffffffu", "0xfffffff7u")), *arrays())


def test_threads_that_wait_for_each_other():
    source = kernel(
        "double x = a[t]; if (t < 16) x = __shfl_sync(0xffffffffu, x, 3); else __syncthreads();"
        " out[t] = x;"
    )
    fault, line = fault_of(source, *arrays())
    assert fault.kind == "deadlock"
    assert "shfl" in line or "bar.sync" in line


def test_a_loop_without_an_end():
    source = kernel("while (atomicCAS((unsigned*)a, 0u, 1u)) {} out[t] = 1;")
    fault, _ = fault_of(source, *arrays(), most_steps=1000)
    assert fault.kind == "endless"


GUARDED = """.visible .entry f(.param .u64 at, .param .u64 to) {
.reg .b64 %l<4>; .reg .b32 %r<4>; .reg .f64 %d<4>; .reg .pred %p<3>;
ld.param.u64 %l1, [at]; ld.param.u64 %l2, [to]; mov.u32 %r1, %tid.x; mul.wide.u32 %l3, %r1, 8;
  add.u64 %l1, %l1, %l3; add.u64 %l2, %l2, %l3;
setp.lt.u32 %p1, %r1, 10; mov.f64 %d1, 0d4000000000000000;
@%p1 ld.global.f64 %d1, [%l1];
@!%p1 sub.u32 %r1, %r1, 10; @%p1 mov.u32 %r1, 3; @!%p1 div.u32 %r2, 100, %r1; @%p1 mov.u32 %r2, 5;
@!%p1 st.global.f64 [%l2], %d1; @%p1 atom.global.add.u32 %r3, [%l2], 7; @%p1 bar.warp.sync 0x3ff;
ret; }
"""


def test_guards_hold_off_what_they_must():
    a, out = np.arange(10.0), np.ones(32)
    with pytest.raises(Fault, match=r"integer division by zero.*thread 10"):
        run(Program(HEAD + GUARDED), a, out)
    run(Program(HEAD + GUARDED.replace("sub.u32 %r1, %r1, 10", "sub.u32 %r1, %r1, 9")), a, out)
    assert (out[10:] == 2).all()
    assert (out[:10].view(np.uint64) == np.ones(1).view(np.uint64)[0] + 7).all()


def test_a_guard_that_holds_nowhere():
    body = (
        ".reg .pred %p; .reg .b64 %l; .reg .f64 %d; .reg .b32 %r; ld.param.u64 %l, [at]; mov.u32"
        " %r, %tid.x; setp.gt.u32 %p, %r, 99;"
    )
    body += (
        "@%p ld.global.f64 %d, [%l]; @%p st.global.f64 [%l], %d; @%p atom.global.add.u32 %r, [%l],"
        " 1; @%p bar.sync 0; ret;"
    )
    program = Program(f"{HEAD}.visible .entry f(.param .u64 at) {{ {body} }}")
    for address in (0, 12345, 2**40 + 1, np.zeros(1)):
        run(program, address)
    with pytest.raises(Fault, match="misaligned"):
        run(
            Program(
                f"{HEAD}.visible .entry f(.param .u64 at) {{ {body.replace('%r, 99', '%r, 9')} }}"
            ),
            2**40 + 1,
        )
