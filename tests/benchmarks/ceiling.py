"""How fast this machine writes: a fill of a kept buffer by stores that pass the caches by, compiled
by LLVM, on two threads.
"""

from concurrent.futures import ThreadPoolExecutor
from ctypes import CFUNCTYPE, c_double, c_int64, c_void_p
from functools import cache

import llvmlite.binding as llvm
import numpy as np
from grid_of_eight import aligned
from ours import THREADS

LANES = 8  # doubles of one store: 64 bytes, a line of the cache
FILL = f"""
define void @fill(ptr %to, i64 %count, double %value) {{
entry:
  %one = insertelement <{LANES} x double> poison, double %value, i32 0
  %all = shufflevector <{LANES} x double> %one, <{LANES} x double> poison,
    <{LANES} x i32> zeroinitializer
  br label %loop
loop:
  %at = phi i64 [0, %entry], [%next, %loop]
  %place = getelementptr double, ptr %to, i64 %at
  store <{LANES} x double> %all, ptr %place, align 64, !nontemporal !0
  %next = add i64 %at, {LANES}
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %end
end:
  fence seq_cst
  ret void
}}
!0 = !{{i32 1}}
"""


@cache
def _compiled():
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), opt=3
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(FILL), machine)
    engine.finalize_object()
    return engine, CFUNCTYPE(None, c_void_p, c_int64, c_double)(engine.get_function_address("fill"))


def passing_caches(cells):
    """A fill of a kept buffer by non-temporal stores."""
    _, fill = _compiled()
    cells -= cells % (LANES * THREADS)
    buffer, part = aligned(cells), cells // THREADS
    pool = ThreadPoolExecutor(THREADS)

    def evaluated():
        list(pool.map(lambda k: fill(buffer[k * part :].ctypes.data, part, 1.5), range(THREADS)))
        return buffer

    return evaluated


def by_numpy(cells, kept=True):
    """numpy's fill on one thread: of a kept buffer, or of a fresh one."""
    buffer = aligned(cells)

    def evaluated():
        into = buffer if kept else np.empty(cells)
        into.fill(1.5)
        return into

    return evaluated
