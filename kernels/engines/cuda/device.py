"""CUDA devices through cupy: whether there is one, what it is, its memory, its streams, and kernels
compiled for it.

cupy is imported when somebody asks for a device, and not before. Errors: BackendError; OutOfMemory
where memory of the device ran out.
"""

import hashlib
import importlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.language.caches import cached
from kernels.language.verbs import BackendError

OPTIONS = ("--fmad=false", "--std=c++17")
ARGUMENTS = (
    "sizes",
    "tables",
    "state",
    "outs",
    "counts",
    "slots",
)  # of every kernel: one array each, no plain numbers
STAGE = 2**21  # numbers that are copied at once through memory that does not move
SHARE = 0.4  # of the free memory that answers may take: two streams use a device
OLD_DRIVER, NO_DEVICE = 35, 100  # what CUDA says
MOST_FUNCTIONS = 256  # kept loaded
TURNS = count()
LOCK = threading.Lock()


class OutOfMemory(MemoryError):
    """The device has no room for what was asked for."""


@cached()
def _cupy() -> Any:
    """cupy, with a folder for its compiled code that can be written."""
    if "CUPY_CACHE_DIR" not in os.environ and not _can_write_home():
        os.environ["CUPY_CACHE_DIR"] = tempfile.mkdtemp(prefix="rackrate-cupy-")
    return importlib.import_module("cupy")


def _can_write_home() -> bool:
    try:
        (Path.home() / ".cupy" / "kernel_cache").mkdir(parents=True, exist_ok=True)
        return os.access(Path.home() / ".cupy" / "kernel_cache", os.W_OK)
    except (OSError, RuntimeError):
        return False


@cached()
def missing() -> str | None:
    """Why no device can be used here; None if one can."""
    if find_spec("cupy") is None:
        return (
            "cupy is not installed: pip install 'rackrate[cuda]', on a machine with a CUDA device"
        )
    try:
        runtime = _cupy().cuda.runtime
    except ImportError as error:
        return f"cupy cannot be imported: {error}"
    try:
        if runtime.driverGetVersion() == 0:
            return "there is no NVIDIA driver"
        return None if runtime.getDeviceCount() else "there is no CUDA device"
    except runtime.CUDARuntimeError as error:
        known = {
            OLD_DRIVER: "the NVIDIA driver is absent or older than this CUDA needs",
            NO_DEVICE: "there is no CUDA device",
        }
        return known.get(error.status, f"CUDA says: {error}")


@contextmanager
def _asking() -> Iterator[None]:
    """Ask a device something: what goes wrong is said in our words."""
    cupy = _cupy()
    try:
        yield
    except cupy.cuda.memory.OutOfMemoryError as error:
        raise OutOfMemory(str(error)) from None
    except cupy.cuda.compiler.CompileException as error:
        raise BackendError(f"backend = 'cuda': a kernel was not compiled: {error}") from error
    except (cupy.cuda.runtime.CUDARuntimeError, cupy.cuda.driver.CUDADriverError) as error:
        raise BackendError(
            f"backend = 'cuda': the device failed, and this process cannot use it any more: {error}"
        ) from error


def devices() -> int:
    """How many devices there are."""
    if missing():
        return 0
    with _asking():
        return int(_cupy().cuda.runtime.getDeviceCount())


def description(number: int = 0) -> dict[str, str]:
    """What computes on a device: its name and compute capability, and the versions of driver, NVRTC
    and cupy.
    """
    cupy = _cupy()
    with _asking():
        name = cupy.cuda.runtime.getDeviceProperties(number)["name"].decode()
        nvrtc = ".".join(map(str, cupy.cuda.nvrtc.getVersion()))
        driver = cupy.cuda.runtime.driverGetVersion()
        capability = cupy.cuda.Device(number).compute_capability
    return {
        "device": name,
        "compute_capability": f"{capability[:-1]}.{capability[-1]}",
        "driver": f"{driver // 1000}.{driver % 1000 // 10}",
        "nvrtc": nvrtc,
        "cupy": cupy.__version__,
    }


def source_hash(text: str) -> str:
    """What names the text of a kernel in records."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cached(MOST_FUNCTIONS)
def _function(number: int, text: str, kernel: str) -> Any:
    with _cupy().cuda.Device(number):
        return _cupy().RawModule(code=text, options=OPTIONS, backend="nvrtc").get_function(kernel)


class Session:
    """A stream of a device, with memory of its own; for one thread. Without a number, devices take
    turns.
    """

    def __init__(self, number: int | None = None, stage: int = STAGE) -> None:
        if refused := missing():
            raise BackendError(f"backend = 'cuda': {refused}")
        self.stage = stage
        self.number = next(TURNS) % devices() if number is None else number
        self.arrays: dict[str, Any] = {}
        self.owner: object = None  # the token of whose tables and answers are there
        self.sent: dict[str, NDArray[Any]] = {}  # what a device may still be reading
        with _asking():
            cupy = _cupy()
            device = cupy.cuda.Device(self.number)
            self.processors = int(device.attributes["MultiProcessorCount"])
            with device:
                self.stream = cupy.cuda.Stream(non_blocking=True)
                self.stages = [
                    importlib.import_module("cupyx").empty_pinned(stage, np.float64)
                    for _ in range(2)
                ]
                self.copied = [cupy.cuda.Event(disable_timing=True) for _ in range(2)]

    @contextmanager
    def _at(self) -> Iterator[Any]:
        with _asking(), _cupy().cuda.Device(self.number), self.stream:
            yield _cupy()

    def room(self, name: str, size: int, kind: Any = np.float64) -> Any:
        """An array of at least some numbers under a name, kept until a longer one is asked for.
        Errors: OutOfMemory.
        """
        if name not in self.arrays or self.arrays[name].size < size:
            with self._at() as cupy:
                self.arrays.pop(name, None)
                self.arrays[name] = cupy.empty(max(size, 1), kind)
        return self.arrays[name]

    def put(self, name: str, values: NDArray[Any]) -> None:
        """Copy values to the device."""
        there, self.sent[name] = self.room(name, values.size, values.dtype), values
        with self._at():
            there[: values.size].set(values, stream=self.stream)

    def clear(self, name: str, size: int) -> None:
        """Whole numbers that are 0."""
        self.put(name, np.zeros(size, dtype=np.int64))

    def run(self, text: str, kernel: str, blocks: int, threads: int) -> None:
        """Start a kernel of a module; it gets the arrays of `ARGUMENTS`, whatever they hold."""
        for name in ARGUMENTS:
            self.room(name, 1, np.int64 if name in ("sizes", "counts") else np.float64)
        with self._at():
            with LOCK:
                function = _function(self.number, text, kernel)
            function((blocks,), (threads,), tuple(self.arrays[name] for name in ARGUMENTS))

    def take(self, name: str, first: int, out: NDArray[Any]) -> None:
        """Copy numbers back, from the `first` on, into a flat array: one piece on its way while the
        one before is moved on.
        """
        there = self.arrays[name]
        starts = range(0, out.size, self.stage)
        with self._at():
            for turn, start in enumerate((*starts, out.size)):
                if start < out.size:
                    piece = there[first + start : first + min(start + self.stage, out.size)]
                    stage = self.stages[turn % 2][: piece.size].view(out.dtype)
                    piece.get(stream=self.stream, out=stage, blocking=False)
                    self.copied[turn % 2].record(self.stream)
                if turn:
                    self._arrived(out, starts[turn - 1], (turn - 1) % 2)

    def _arrived(self, out: NDArray[Any], start: int, half: int) -> None:
        self.copied[half].synchronize()
        there = out[start : start + self.stage]
        np.copyto(there, self.stages[half][: there.size].view(out.dtype))

    def free(self) -> None:
        """Give back the memory of answers."""
        with self._at() as cupy:
            self.arrays.pop("outs", None)
            cupy.get_default_memory_pool().free_all_blocks()

    def free_numbers(self) -> int:
        """For how many numbers of answers there is room."""
        with self._at() as cupy:
            # what other sessions have left is free too
            cupy.get_default_memory_pool().free_all_blocks()
            held = self.arrays["outs"].size if "outs" in self.arrays else 0
            return max(held, int(cupy.cuda.Device(self.number).mem_info[0] * SHARE) // 8)
