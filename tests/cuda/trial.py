"""Small kernels for the tests of the executor: CUDA source or one instruction of PTX in, arrays
changed.
"""

from functools import lru_cache

import numpy as np
import nvrtc
import pytest
from executor import Program
from memory import DTYPES, Memory
from operations import kind_of
from ptx import BYTES

HEAD = ".version 8.8\n.target sm_90\n.address_size 64\n"
ENTRY = 'extern "C" __global__ void f'


def text(source, options=()):
    """The PTX of a source; the test is skipped where there is no compiler."""
    if reason := nvrtc.missing():
        pytest.skip(reason)
    return nvrtc.compiled(source, "compute_90", (*nvrtc.OPTIONS, *options)).ptx


@lru_cache
def cuda(source, options=(), *, local_memory=False):
    """The Program of a CUDA source."""
    return Program(text(source, options), local_memory=local_memory)


def run(program, *arguments, grid=1, block=32, **options):
    """Launch the kernel f; an array is put into memory, read-only if it is. Returns the Counts."""
    memory = Memory()
    addresses = [
        memory.add(one, writable=one.flags.writeable) if isinstance(one, np.ndarray) else one
        for one in arguments
    ]
    return program.launch("f", grid, block, addresses, memory, **options)


def constant(values, dtype=float):
    """An array that is read only."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def same(found, expected):
    """The same bits, but for those of a NaN."""
    both = np.isnan(found) & np.isnan(expected)
    return ((found.view(np.uint64) == expected.view(np.uint64)) | both).all()


def each(instruction, result, *operands):
    """What one instruction of PTX gives for each element; an operand is (type, array) or a
    literal.
    """
    arrays = [one for one in operands if not isinstance(one, str)]
    size = len(arrays[0][1])
    names = iter(range(len(arrays)))
    given = [one if isinstance(one, str) else f"%a{next(names)}" for one in operands]
    out = np.zeros(size, dtype=bool if result == "pred" else DTYPES[kind_of(result)])
    kernel = _kernel(instruction, result, [kind for kind, _ in arrays], given)
    values = [
        constant(values, np.uint8 if kind == "pred" else DTYPES[kind_of(kind)])
        for kind, values in arrays
    ]
    run(Program(kernel), *values, out, size, block=32, grid=-(-size // 32), most_steps=10 * size)
    return out


def _kernel(instruction, result, kinds, given):
    """The PTX of a kernel that loads arrays, runs one instruction and stores its result."""
    lines = [f".reg .{_register(kind)} %a{place};" for place, kind in enumerate(kinds)] + [
        f".reg .{_register(result)} %d;"
    ]
    lines += [".reg .b64 %at, %i; .reg .b32 %t, %n, %b; .reg .b16 %h; .reg .pred %off;"]
    lines += [
        "mov.u32 %t, %tid.x; mov.u32 %b, %ctaid.x; mad.lo.u32 %t, %b, 32, %t;",
        "ld.param.u32 %n, [size]; setp.ge.u32 %off, %t, %n; @%off ret;",
    ]
    for place, kind in enumerate([*kinds, result]):
        lines += [
            f"cvt.u64.u32 %i, %t; mul.lo.u64 %i, %i, {BYTES[kind_of(kind)]};",
            f"ld.param.u64 %at, [p{place}]; add.u64 %at, %at, %i;",
        ]
        if place == len(kinds):
            lines += [f"{instruction} {', '.join(['%d', *given])};"]
            lines += [
                (
                    "selp.u16 %h, 1, 0, %d; st.global.u8 [%at], %h;"
                    if result == "pred"
                    else f"st.global.{result} [%at], %d;"
                )
            ]
        elif kind == "pred":
            lines += [f"ld.global.u8 %h, [%at]; setp.ne.u16 %a{place}, %h, 0;"]
        else:
            lines += [f"ld.global.{kind} %a{place}, [%at];"]
    parameters = ", ".join(f".param .u64 p{place}" for place in range(len(kinds) + 1))
    return (
        f"{HEAD}.visible .entry f({parameters}, .param .u32 size)\n{{\n"
        + "\n".join([*lines, "ret;"])
        + "\n}\n"
    )


def _register(kind):
    return kind if BYTES[kind] > 1 or kind == "pred" else "b16"
