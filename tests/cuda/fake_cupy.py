"""cupy and cupyx as far as this package uses them, on devices that are executors of PTX.

Streams are queues: what is asked of one happens when somebody waits for it, and not before, so that
a missing wait shows. Memory is counted against a limit, arrays belong to a device, a launch takes
them by address. Nothing here knows what the package computes.
"""

import sys
import threading
import weakref
from collections import deque
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import numpy as np
import nvrtc
from executor import Program
from memory import Memory

FREE = 1 << 34
LOCAL = threading.local()


class CUDARuntimeError(RuntimeError):
    def __init__(self, status):
        super().__init__(f"status {status}")
        self.status = status


class CUDADriverError(RuntimeError):
    pass


class OutOfMemoryError(MemoryError):
    pass


class CompileException(Exception):
    pass


class Machine:
    """The devices of a fake, what was asked of them, and what they cost."""

    def __init__(
        self,
        devices=1,
        capability="90",
        processors=2,
        free=FREE,
        driver=12090,
        status=None,
        promised=None,
    ):
        self.capability, self.processors, self.driver, self.status = (
            capability,
            processors,
            driver,
            status,
        )
        self.memories = [Memory() for _ in range(devices)]
        self.free = [free] * devices
        self.promised = promised  # what is said to be free, if that is not so
        self.launches = []  # (device, kernel, grid, block, Counts)
        self.sources = []
        self.lock = threading.RLock()

    def check(self):
        if self.status is not None:
            raise CUDARuntimeError(self.status)


class Array:
    """Memory of a device, or a part of it."""

    def __init__(self, machine, device, data, address, base=None):
        self.machine, self.device, self.data, self.address, self.base = (
            machine,
            device,
            data,
            address,
            base,
        )

    @property
    def size(self):
        return self.data.size

    def __getitem__(self, part):
        start, stop, step = part.indices(self.size)
        assert step == 1
        data = self.data[start:stop]
        return Array(
            self.machine,
            self.device,
            data,
            self.address + start * self.data.itemsize,
            self.base or self,
        )

    def set(self, values, stream=None):
        assert values.dtype == self.data.dtype, f"{values.dtype} into {self.data.dtype}"
        assert values.size == self.size
        taken = np.array(values).reshape(-1)  # memory that may move is read before the call returns

        def arrive():
            self.data[:] = taken
            self.machine.memories[self.device].initialise(self.address, taken.nbytes)

        (stream or current_stream()).ask(arrive)

    def get(self, stream=None, out=None, blocking=True):
        assert out.dtype == self.data.dtype, f"{self.data.dtype} into {out.dtype}"
        assert out.size == self.size
        stream = stream or current_stream()
        stream.ask(lambda: np.copyto(out, self.data))
        if blocking:
            stream.synchronize()
        return out


class Stream:
    """Work in the order in which it was asked for; it is done when somebody waits."""

    def __init__(self, machine, device):
        self.machine, self.device, self.queue = machine, device, deque()

    def ask(self, work):
        self.queue.append(work)

    def synchronize(self, until=None):
        with self.machine.lock:
            while self.queue and (until is None or not until.done):
                self.queue.popleft()()

    def __enter__(self):
        LOCAL.streams = [*getattr(LOCAL, "streams", ()), self]
        return self

    def __exit__(self, *_):
        LOCAL.streams = LOCAL.streams[:-1]


class Event:
    def __init__(self):
        self.done, self.stream = True, None

    def record(self, stream):
        self.done, self.stream = False, stream
        mark = self.mark = object()
        stream.ask(lambda: setattr(self, "done", self.done or self.mark is mark))

    def synchronize(self):
        if self.stream is not None:
            self.stream.synchronize(until=self)


class Device:
    def __init__(self, machine, number):
        self.machine, self.number = machine, number
        self.attributes = {"MultiProcessorCount": machine.processors}
        self.compute_capability = machine.capability

    @property
    def mem_info(self):
        return self.machine.promised or self.machine.free[self.number], FREE

    def __enter__(self):
        LOCAL.devices = [*getattr(LOCAL, "devices", ()), self.number]
        return self

    def __exit__(self, *_):
        LOCAL.devices = LOCAL.devices[:-1]


def current_device():
    return (getattr(LOCAL, "devices", None) or [0])[-1]


def current_stream():
    return LOCAL.streams[-1]


class Kernel:
    def __init__(self, machine, program, name):
        self.machine, self.program, self.name, self.device = (
            machine,
            program,
            name,
            current_device(),
        )

    def __call__(self, grid, block, arguments):
        stream, device = current_stream(), current_device()
        assert self.device == device == stream.device, (
            "a module, a stream and the device must belong together"
        )
        assert all(one.device == device for one in arguments), "an array of another device"

        def run():
            addresses = [one.address for one in arguments]
            counts = self.program.launch(
                self.name, grid, block, addresses, self.machine.memories[device]
            )
            self.machine.launches.append((device, self.name, grid, block, counts))

        stream.ask(run)


def installed(machine, monkeypatch):
    """Modules `cupy` and `cupyx` of a machine, found by imports until the test ends."""

    def empty(count, kind=float):
        device, size = current_device(), count * np.dtype(kind).itemsize
        with machine.lock:
            if size > machine.free[device]:
                raise OutOfMemoryError(f"{size} bytes of {machine.free[device]}")
            machine.free[device] -= size
            data = np.empty(count, kind)
            data.view(np.uint8)[:] = 0xA5
            made = Array(
                machine, device, data, machine.memories[device].add(data, initialised=False)
            )
        weakref.finalize(made, _freed, machine, device, made.address, size)
        return made

    def module(code, options, backend):
        assert backend == "nvrtc"
        machine.sources.append(code)
        try:
            text = nvrtc.compiled(code, f"compute_{machine.capability}", tuple(options)).ptx
        except nvrtc.CompileError as error:
            raise CompileException(str(error)) from error
        return SimpleNamespace(get_function=lambda name: Kernel(machine, _program(text), name))

    runtime = SimpleNamespace(
        CUDARuntimeError=CUDARuntimeError,
        driverGetVersion=lambda: machine.driver,
        getDeviceCount=lambda: machine.check() or len(machine.memories),
        getDeviceProperties=lambda number: {"name": f"executor of PTX {number}".encode()},
    )
    cuda = SimpleNamespace(
        runtime=runtime,
        driver=SimpleNamespace(CUDADriverError=CUDADriverError),
        memory=SimpleNamespace(OutOfMemoryError=OutOfMemoryError),
        compiler=SimpleNamespace(CompileException=CompileException),
        nvrtc=SimpleNamespace(getVersion=nvrtc.version),
        Device=lambda number: Device(machine, number),
        Stream=lambda non_blocking: Stream(machine, current_device()),
        Event=lambda disable_timing: Event(),
    )
    cupy, cupyx = ModuleType("cupy"), ModuleType("cupyx")
    cupy.__spec__, cupy.__version__ = ModuleSpec("cupy", None), "fake"
    cupy.cuda, cupy.empty, cupy.RawModule = cuda, empty, module
    cupy.get_default_memory_pool = lambda: SimpleNamespace(free_all_blocks=lambda: None)
    cupyx.empty_pinned = np.empty
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setitem(sys.modules, "cupyx", cupyx)
    return machine


PROGRAMS = {}


def _program(text):
    if text not in PROGRAMS:
        PROGRAMS[text] = Program(text)
    return PROGRAMS[text]


def _freed(machine, device, address, size):
    with machine.lock:
        machine.memories[device].remove(address)
        machine.free[device] += size
