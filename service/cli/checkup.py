"""What an installation has and lacks, found without importing what is heavy."""

import platform
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from service.cli.environment import SETTINGS, strangers
from service.cli.overrides import from_environment
from service.version import MISSING, installed, version

PACKAGES = ("msgspec", "rich", "numpy", "polars", "litestar", "uvicorn", "uvloop", "httptools", "xlsxwriter", "llvmlite", "cupy-cuda12x")


def checkup(environment: Mapping[str, str]) -> dict[str, Any]:
    """Versions of Python and packages, engines, the folder of shipped files, what the environment sets and what it does not."""
    fields = {variable: text for variable, _, text in from_environment(environment)}
    return {
        "rackrate": version(),
        "python": f"{platform.python_version()} {sys.executable}",
        "platform": platform.platform(),
        "packages": {name: installed(name) for name in PACKAGES},
        "engines": engines(),
        "configs": str(files("configs")),
        "fields set by the environment": fields,
        "settings set by the environment": {name: environment[name] for name in SETTINGS if environment.get(name)},
        "other variables": strangers(environment),
    }


def engines() -> dict[str, str]:
    """Which engines can run here, and why the others cannot."""
    found = {"floats": "ok"}
    found["numpy"] = "ok" if installed("numpy") != MISSING else "numpy is not installed"
    found["jit"] = "ok" if installed("llvmlite") != MISSING else "llvmlite is not installed: rackrate[jit]"
    found["cuda"] = f"not used by this version ({cuda()})"
    return found


def cuda() -> str:
    """Whether there is a CUDA device: the driver is asked, cupy is not imported."""
    import ctypes

    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return "no NVIDIA driver (libcuda.so.1)"
    count = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)) or not count.value:
        return "no CUDA device"
    return f"{count.value} device(s)" if installed("cupy-cuda12x") != MISSING else "cupy is not installed: rackrate[cuda]"
