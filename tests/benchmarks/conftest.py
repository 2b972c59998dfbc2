"""The benchmarks' machine: two cores for every library, and what it is, for the report."""

import os

CORES = sorted(os.sched_getaffinity(0))[:2]
os.sched_setaffinity(0, CORES)  # before any library counts them
os.environ.update(POLARS_MAX_THREADS=str(len(CORES)), JAX_PLATFORMS="cpu")

import platform  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402

import ours  # noqa: E402
import served  # noqa: E402

PACKAGES = (
    *(
        "numpy",
        "llvmlite",
        "polars",
        "duckdb",
        "numexpr",
        "jax",
        "jaxlib",
        "pyxirr",
        "numpy-financial",
        "nrel-pysam",
        "fastapi",
        "pydantic",
        "uvicorn",
    ),
    "pytest-benchmark",
)


def _stated(path, key):
    return next(
        (
            line.split(":", 1)[1].strip()
            for line in Path(path).read_text().splitlines()
            if line.startswith(key)
        ),
        "unknown",
    )


def pytest_benchmark_generate_machine_info(config):
    """What stands in the report: no name of a host."""
    return {
        "processor": _stated("/proc/cpuinfo", "model name"),
        "cores": f"{len(CORES)} of {os.cpu_count()}",
        "memory_gib": round(int(_stated("/proc/meminfo", "MemTotal").split()[0]) / 2**20, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def pytest_report_header(config):
    """What is left out, and why."""
    without = [f"engine {name} is left out: {why}" for name, why in ours.engines().items() if why]
    return without if served.WRK else [*without, "the service is left out: wrk is not installed"]
