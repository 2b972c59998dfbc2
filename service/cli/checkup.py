"""What an installation has and lacks, found without importing what is heavy."""

import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from service.cli.overrides import PREFIX, from_environment

PACKAGES = ("msgspec", "rich", "numpy", "polars", "litestar", "uvicorn", "uvloop", "httptools", "xlsxwriter", "cupy-cuda12x")


def checkup(environment: Mapping[str, str]) -> dict[str, Any]:
    """Versions of Python and packages, engines, the folder of shipped files, fields that the environment sets."""
    fields = {variable: text for variable, _, text in from_environment(environment)}
    others = sorted(name for name in environment if name.startswith(PREFIX) and name not in fields)
    return {
        "rackrate": installed("rackrate"),
        "python": f"{platform.python_version()} {sys.executable}",
        "platform": platform.platform(),
        "packages": {name: installed(name) for name in PACKAGES},
        "engines": engines(),
        "configs": str(files("configs")),
        "fields set by the environment": fields,
        "other variables": dict.fromkeys(others, "sets no field of a scenario"),
    }


def installed(package: str) -> str:
    """The version of a package, or that it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def engines() -> dict[str, str]:
    """Which engines can run here, and why the others cannot."""
    found = {"floats": "ok"}
    found["numpy"] = "ok" if installed("numpy") != "not installed" else "numpy is not installed"
    found["cuda"] = cuda()
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
    return f"{count.value} device(s)" if installed("cupy-cuda12x") != "not installed" else "cupy is not installed: rackrate[cuda]"
