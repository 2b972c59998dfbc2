"""Most memory of a reduction beyond the imported packages, in a process of its own.

100,000,000,000 cells are stopped after a sample of their tiles. The bar is 150 MiB.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import ours
import pytest
from grid_of_eight import CELLS, HISTOGRAM

HERE = Path(__file__).parent
MOST_MIB = 150
NPV = "npv_usd_per_rack"
LOW, HIGH, BINS = HISTOGRAM
REDUCTIONS = {
    "least, and where": {"kind": "bottom", "count": 1},
    "histogram": {"kind": "histogram", "low": LOW, "high": HIGH, "bins": BINS},
    "top 100": {"kind": "top", "count": 100},
    "share": {"kind": "share", "condition": f"{NPV} > 0"},
}


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(
    ("cells", "tiles"), [(CELLS, 0), (1000 * CELLS, 1000)], ids=["all", "a sample"]
)
@pytest.mark.parametrize("engine", ours.here())
@pytest.mark.benchmark(group=f"{NPV}, beyond the imports")
def test_memory(benchmark, engine, cells, tiles, reduction):
    """MiB of one process."""
    command = [
        sys.executable,
        HERE / "memory_of.py",
        engine,
        str(cells),
        str(tiles),
        json.dumps(REDUCTIONS[reduction]),
    ]
    environment = os.environ | {"PYTHONPATH": f"{HERE.parent}:{HERE.parents[1]}"}
    found = benchmark.pedantic(
        subprocess.run,
        (command,),
        {"env": environment, "capture_output": True, "text": True, "check": True},
    )
    memory = float(found.stdout)
    note = f"stopped after {tiles} tiles" if tiles else ""
    benchmark.extra_info.update(
        entry=f"{reduction}, {engine}", cells=cells, threads=2, memory_mib=memory, note=note
    )
    assert memory < MOST_MIB
