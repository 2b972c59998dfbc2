"""The engines, each a record; what one needs is loaded when it is first used."""

import os
import sys
from importlib.util import find_spec
from typing import Any

from kernels.engines.engine import Engine, Runner
from kernels.engines.numpy.runner import Interpreter

CORES = "PYTHON_CPU_COUNT"  # of the environment, as Python 3.13 has it: fewer than there are


def cores() -> int:
    """How many cores this process may use."""
    stated = os.environ.get(CORES, "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lanes() -> type[Runner]:
    from kernels.engines.llvm.runner import Lanes

    return Lanes


def _without_llvm() -> str | None:
    if find_spec("llvmlite") is None:
        return "llvmlite is not installed: pip install 'rackrate[jit]'"
    return None


def _to_load_llvm() -> float:
    """The least plan's code taken up, and in a process's first sweep the import."""
    return 0.0024 if "llvmlite" in sys.modules else 0.06


def _chunks() -> type[Runner]:
    from kernels.engines.cuda.runner import Chunks

    return Chunks


def _without_device() -> str | None:
    from kernels.engines.cuda import device

    return device.missing()


def _two_a_device() -> int:
    """One thread copies while the other computes."""
    from kernels.engines.cuda import device

    return 2 * device.devices()


def _devices() -> dict[str, Any]:
    """Devices, versions, a hash of the kernels."""
    from kernels.engines.cuda import device, source

    found = [device.description(number) for number in range(device.devices())]
    named = {key: ", ".join(dict.fromkeys(one[key] for one in found)) for key in found[0]}
    return {
        "name": named.pop("device"),
        **named,
        "count": len(found),
        "sources": source.package_hash(),
    }


NUMPY = Engine(
    name="numpy",
    runner=lambda: Interpreter,
    missing=lambda: None,
    workers=cores,
    description=lambda: None,
    light_tile_cells=524_288,  # measured best at one and two threads
    flow_tile_cells=65_536,
    light_operation_seconds=3.4e-10,
    flow_operation_seconds=2.2e-10,
    operation_start_seconds=1.2e-5,
    start_seconds=lambda: 0.0015,
    compiles=False,
)
JIT = Engine(
    name="jit",
    runner=_lanes,
    missing=_without_llvm,
    workers=cores,
    description=lambda: None,
    light_tile_cells=2_097_152,  # measured best at one and two threads
    flow_tile_cells=131_072,
    light_operation_seconds=1.1e-10,
    flow_operation_seconds=5.3e-11,
    operation_start_seconds=3e-6,
    start_seconds=_to_load_llvm,
    compile_least_seconds=0.011,
    compile_seconds=6e-5,
)
CUDA = Engine(
    name="cuda",
    runner=_chunks,
    missing=_without_device,
    workers=_two_a_device,
    description=_devices,
    light_tile_cells=2**24,
    flow_tile_cells=2**22,
    light_operation_seconds=1e-12,  # reasoned, as is all here, and not measured
    flow_operation_seconds=1e-12,
    start_seconds=lambda: 1.0,  # a device is slow to wake
    compile_seconds=2.5e-4,
)
ENGINES = (NUMPY, JIT, CUDA)  # what takes longest to start comes last
