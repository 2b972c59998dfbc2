"""A grid of eight axes: factored and tiled against the same formulas on full arrays; what reductions add; memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from grid_of_eight import spec

from economics import prepare, run
from kernels.backend import arrays
from kernels.graph import run as evaluate

HERE = Path(__file__).parent
TARGETS = ("npv_usd_per_rack", "cost_usd_per_gpu_hour", "lcoc_usd_per_gpu_hour")


def full_arrays(prepared):
    """Every swept input as an array of the whole grid, and the plan of its one target."""
    evaluation = prepared.evaluations[0]
    shape = evaluation.grid.shape
    given = {n: np.broadcast_to(v, shape).copy() if isinstance(v, np.ndarray) else v for n, v in evaluation.given.items()}

    def naive():
        with np.errstate(all="ignore"):
            return evaluate(evaluation.steps, given, arrays())[evaluation.targets[0]]

    return naive


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.benchmark(min_rounds=1)
def test_factored_and_tiled(benchmark, target):
    """1e8 cells, materialised."""
    benchmark.group = f"{target} over eight axes, materialised"
    prepared = prepare(spec(target=target))
    benchmark.extra_info["cells"] = prepared.grid.size
    benchmark.pedantic(run, (prepared,), rounds=3, warmup_rounds=1)


@pytest.mark.parametrize("target", TARGETS)
def test_full_arrays(benchmark, target):
    """1e7 cells, the same formulas, every input as large as the grid."""
    benchmark.group = f"{target} over eight axes, materialised"
    prepared = prepare(spec(target=target, tenth=True))
    benchmark.extra_info.update(cells=prepared.grid.size, rival=True)
    benchmark.pedantic(full_arrays(prepared), rounds=1)


@pytest.mark.parametrize("kind", ["summary", "top", "histogram", "share"])
def test_reductions(benchmark, kind):
    """1e8 cells of NPV."""
    benchmark.group = "reductions of npv_usd_per_rack over 1e8 cells"
    prepared = prepare(spec(kind=kind))
    benchmark.extra_info.update(cells=prepared.grid.size, rival=kind == "summary")
    benchmark.pedantic(run, (prepared,), rounds=1)


@pytest.mark.parametrize(
    ("kind", "first", "output", "most"),
    [("cells", 10, 8 * 10**8 / 2**20, 200), ("summary", 100, 0, 300)],
    ids=["1e8 cells materialised", "summary of 1e9 cells"],
)
def test_memory(benchmark, request, kind, first, output, most):
    """Peak memory beyond the imported process and the output."""
    benchmark.group = "memory"
    command = [sys.executable, str(HERE / "grid_of_eight.py"), kind, str(first)]
    environment = {"PYTHONPATH": f"{HERE.parent}:{HERE.parents[1]}", "PATH": ""}
    said = benchmark.pedantic(
        lambda: subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout, rounds=1
    )
    beyond = float(said) - output
    lines = request.config.__dict__.setdefault("measured_memory", [])
    lines.append(f"memory: {request.node.callspec.id}: {beyond:.0f} MiB beyond the output (bar {most})")
    assert beyond < most
