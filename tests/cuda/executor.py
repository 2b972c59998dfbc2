"""Runs the PTX of CUDA kernels on numpy, without a device, and checks what they do while they do
it.

What is not understood, what rounds otherwise than + - * / sqrt of float64 do (fused, approximate,
single precision) and what depends on the order of threads is refused before anything runs
(ptx.UnknownPtx); what a kernel must not do ends the launch (outcomes.Fault).
"""

import math
import struct
from dataclasses import dataclass, replace

import numpy as np
from machine import Machine
from memory import Owners, Region
from outcomes import Counts
from ptx import UnknownPtx, parsed
from translate import translated

SHARED_WINDOW = 1 << 20
LOCAL_ADDRESS = 1 << 30
PROGRAM_ADDRESS = 1 << 38
PROGRAM_DISTANCE = 1 << 32
THREADS_AT_ONCE = 8192
SHARED_BYTES = 48 << 10
MOST_STEPS = 2_000_000


@dataclass(frozen=True)
class Launch:
    """One launch: sizes as (x, y, z), the bytes of the parameters, the regions of global and
    constant memory, and by address the arrays of which every block or thread has its own.
    """

    grid: tuple
    block: tuple
    parameters: bytes
    regions: list
    own_arrays: dict

    @property
    def block_threads(self):
        return math.prod(self.block)


class Program:
    """The kernels of a PTX text. `arrays` are the bytes of its __constant__ and __device__ arrays
    by name; they stay from launch to launch.

    Local memory, where a kernel puts what finds no register, is refused unless it is allowed.
    Errors: UnknownPtx.
    """

    def __init__(self, text, *, local_memory=False):
        module = parsed(text)
        self.kernels = module.kernels
        self.arrays, self._regions, addresses = {}, [], {}
        for place, array in enumerate(
            one for one in module.arrays if one.space in ("const", "global")
        ):
            data = np.frombuffer(bytearray(array.initial or bytes(array.size)), dtype=np.uint8)
            region = Region(
                PROGRAM_ADDRESS + place * PROGRAM_DISTANCE,
                data,
                array.space,
                writable=array.space == "global",
            )
            self.arrays[array.name], addresses[array.name] = data, region.address
            self._regions.append(region)
        shared = [one for one in module.arrays if one.space == "shared"]
        self._translations, self._own_arrays = {}, {}
        for name, kernel in module.kernels.items():
            named = {
                operand.strip("[]").partition("+")[0]
                for instruction in kernel.instructions
                for operand in instruction.operands
            }
            own = dict(
                _own_arrays(
                    [one for one in (*shared, *kernel.arrays) if one.name in named], local_memory
                )
            )
            self._own_arrays[name] = own
            self._translations[name] = translated(
                kernel, addresses | {array.name: address for address, array in own.items()}
            )

    def launch(
        self,
        name,
        grid,
        block,
        arguments,
        memory,
        *,
        shared_bytes=0,
        backwards=False,
        threads_at_once=THREADS_AT_ONCE,
        most_steps=MOST_STEPS,
    ):
        """Run a kernel; returns its Counts. Grid and block are a number or (x, y, z), the arguments
        numbers, or bytes for a struct.

        Blocks run in lockstep, as many at a time as have `threads_at_once` threads, and `backwards`
        from the last one. Running basic blocks of instructions more than `most_steps` times is a
        Fault. Errors: Fault; ValueError for sizes or arguments that the kernel does not take.
        """
        kernel, translation, grid, block = (
            self.kernels[name],
            self._translations[name],
            _three(grid),
            _three(block),
        )
        own = {
            address: replace(array, size=array.size or shared_bytes)
            for address, array in self._own_arrays[name].items()
        }
        _check_sizes(
            kernel,
            grid,
            block,
            shared_bytes
            + sum(
                array.size for array in self._own_arrays[name].values() if array.space == "shared"
            ),
        )
        regions = [*memory.regions.values(), *self._regions]
        for region in regions:
            region.owners = (
                Owners(region.data.size, atomics_order_reads=True) if region.writable else None
            )
        launch = Launch(grid, block, _packed(kernel, arguments), regions, own)
        numbers = np.arange(math.prod(grid))[:: -1 if backwards else 1]
        at_once = max(1, threads_at_once // launch.block_threads)
        with np.errstate(all="ignore"):
            parts = (numbers[start : start + at_once] for start in range(0, len(numbers), at_once))
            steps = sum(Machine(translation, launch, part).run(most_steps) for part in parts)
        return sum(
            (tally * int(times) for tally, times in zip(translation.tallies, steps, strict=True)),
            Counts(),
        )


def _check_sizes(kernel, grid, block, shared):
    """What a device takes without being asked for more. Errors: ValueError."""
    if shared > SHARED_BYTES:
        raise ValueError(
            f"{kernel.name}: {shared} bytes of shared memory, where {SHARED_BYTES} are allowed"
        )
    most = min(kernel.limit or 1024, 1024)
    if not (
        0 < math.prod(block) <= most
        and 0 < grid[0] < 2**31
        and all(0 < size < 2**16 for size in (*grid[1:], *block))
    ):
        raise ValueError(
            f"{kernel.name}: blocks of {block}, where {most} threads are allowed, in a grid of"
            f" {grid}"
        )


def _own_arrays(arrays, local_memory):
    """(address, array) of shared and local memory: every shared array far from the next one."""
    for place, array in enumerate(arrays):
        if array.space == "local" and not local_memory:
            raise UnknownPtx(f"{array.name}: local memory of {array.size} bytes a thread")
        yield (LOCAL_ADDRESS if array.space == "local" else 0) + (place + 1) * SHARED_WINDOW, array


def _three(size):
    x, y, z = (*((size,) if isinstance(size, int) else size), 1, 1)[:3]
    return x, y, z


def _packed(kernel, arguments):
    """The parameter block: every argument as its parameter's type."""
    if len(arguments) != len(kernel.parameters):
        raise ValueError(
            f"{kernel.name} takes {len(kernel.parameters)} arguments, not {len(arguments)}"
        )
    block = bytearray(max((one.offset + one.size for one in kernel.parameters), default=0))
    for parameter, value in zip(kernel.parameters, arguments, strict=True):
        block[parameter.offset : parameter.offset + parameter.size] = _bytes(parameter, value)
    return bytes(block)


def _bytes(parameter, value):
    if parameter.kind == "f64" and isinstance(value, float):
        return struct.pack("<d", value)
    if (
        parameter.kind[0] in "us"
        and isinstance(value, int)
        and -(1 << 8 * parameter.size - 1) <= value < 1 << 8 * parameter.size
    ):
        return (value % (1 << 8 * parameter.size)).to_bytes(parameter.size, "little")
    if isinstance(value, bytes) and len(value) == parameter.size:
        return value
    raise ValueError(
        f"{parameter.name} of type {parameter.kind} and {parameter.size} bytes cannot be {value!r}"
    )
