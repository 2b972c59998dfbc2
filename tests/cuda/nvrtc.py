"""NVIDIA's run-time compiler of CUDA, from its wheel: source to PTX, and what a kernel takes of a
device. It needs no GPU.
"""

import ctypes
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

OPTIONS = ("--std=c++17", "--fmad=false")  # where nobody says otherwise: no contraction
ENTRY = re.compile(r"Compiling entry function '(\w+)'")
FRAME = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")


class CompileError(Exception):
    """The compiler refused a source; the message is its log."""


@dataclass(frozen=True)
class Compiled:
    """The PTX of a source, and what the compiler said besides."""

    ptx: str
    log: str


@dataclass(frozen=True)
class Resources:
    """What one kernel takes: registers of a thread, its stack and spills, shared and constant
    memory of a block.
    """

    registers: int
    stack_bytes: int
    spill_store_bytes: int
    spill_load_bytes: int
    shared_bytes: int
    constant_bytes: int


def missing():
    """Why there is no compiler here, or None where there is one."""
    return None if _path() else "the wheel nvidia-cuda-nvrtc-cu12 is not installed"


def compiled(source, arch, options=OPTIONS):
    """The PTX of a source for a virtual architecture such as "compute_90", with exactly the options
    given.

    Errors: CompileError with the compiler's log.
    """
    ptx, log = _outcome(source, (f"--gpu-architecture={arch}", *options), "PTX")
    return Compiled(ptx.rstrip(b"\0").decode(), log)


def resources(source, arch, options=OPTIONS):
    """Name of each kernel -> its Resources on a real architecture such as "sm_90", as the assembler
    reports them.

    Errors: CompileError with the compiler's log.
    """
    _, log = _outcome(
        source, (f"--gpu-architecture={arch}", *options, "--ptxas-options=-v"), "CUBIN"
    )
    reports = ENTRY.split(log)[1:]
    return {
        name: _resources(report) for name, report in zip(reports[::2], reports[1::2], strict=True)
    }


def version():
    """The compiler's version, such as (12, 9)."""
    major, minor = ctypes.c_int(), ctypes.c_int()
    _library().nvrtcVersion(ctypes.byref(major), ctypes.byref(minor))
    return major.value, minor.value


def architectures():
    """The architectures that it compiles for, as numbers: 90 is compute_90 and sm_90."""
    count = ctypes.c_int()
    _library().nvrtcGetNumSupportedArchs(ctypes.byref(count))
    numbers = (ctypes.c_int * count.value)()
    _library().nvrtcGetSupportedArchs(numbers)
    return tuple(numbers)


def _resources(report):
    stack, stores, loads = map(int, FRAME.search(report).groups())
    return Resources(
        registers=int(re.search(r"Used (\d+) registers", report)[1]),
        stack_bytes=stack,
        spill_store_bytes=stores,
        spill_load_bytes=loads,
        shared_bytes=sum(map(int, re.findall(r"(\d+) bytes smem", report))),
        constant_bytes=sum(map(int, re.findall(r"(\d+) bytes cmem", report))),
    )


def _path():
    try:
        found = find_spec("nvidia.cuda_nvrtc")
    except ModuleNotFoundError:
        return None
    folders = found.submodule_search_locations if found else []
    return next(
        (path for folder in folders for path in sorted(Path(folder).glob("lib/libnvrtc.so.*"))),
        None,
    )


@lru_cache(maxsize=1)
def _library():
    library = ctypes.CDLL(str(_path()))
    library.nvrtcGetErrorString.restype = ctypes.c_char_p
    return library


@lru_cache(maxsize=256)
def _outcome(source, options, product):
    """The bytes of a product, "PTX" or "CUBIN", and the log."""
    library, program = _library(), ctypes.c_void_p()
    _checked(
        library.nvrtcCreateProgram(
            ctypes.byref(program), source.encode(), b"kernel.cu", 0, None, None
        )
    )
    try:
        status = library.nvrtcCompileProgram(
            program, len(options), (ctypes.c_char_p * len(options))(*map(str.encode, options))
        )
        log = _bytes(program, "ProgramLog").rstrip(b"\0").decode()
        _checked(status, log)
        return _bytes(program, product), log
    finally:
        library.nvrtcDestroyProgram(ctypes.byref(program))


def _bytes(program, what):
    size = ctypes.c_size_t()
    _checked(getattr(_library(), f"nvrtcGet{what}Size")(program, ctypes.byref(size)))
    text = ctypes.create_string_buffer(size.value)
    _checked(getattr(_library(), f"nvrtcGet{what}")(program, text))
    return text.raw


def _checked(status, log=""):
    if status:
        raise CompileError(f"{_library().nvrtcGetErrorString(status).decode()}\n{log}")
