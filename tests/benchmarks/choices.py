"""Questions and sizes over which `auto` chooses: what it takes, and what each engine takes, by
estimate and measured.
"""

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from math import prod
from pathlib import Path

import numpy as np
from grid_of_eight import CELLS, TAXED
from racks import reference

from economics import prepare, run
from kernels.grids.engine_cost import COMPILE_POWER, cost
from kernels.language.caches import clear_caches
from kernels.trace.program import program, work
from service.files.reading import scenario_tables

FINANCE = {
    "tax_rate": 0.21,
    "tax_depreciation": {"method": "macrs", "recovery_years": 5},
    "loss_treatment": "carry_forward",
    "loss_limit_fraction": 0.8,
    "debt_fraction": 0.6,
    "debt_rate_per_year": 0.09,
}
YEARLY, MONTHLY = (
    reference(
        hardware={"economic_life_years": years, "residual_fraction": 0.1},
        finance=FINANCE | {"periods_per_year": periods},
    )
    for years, periods in ((10, 1), (5, 12))
)
THREE = ("irr_per_year", "min_dscr", "equity_irr_per_year")
QUESTIONS = {
    "cost, yearly": (TAXED, ("cost_usd_per_gpu_hour",)),
    "NPV, yearly": (TAXED, ("npv_usd_per_rack",)),
    "NPV, monthly": (MONTHLY, ("npv_usd_per_rack",)),
    "LCOC, monthly": (MONTHLY, ("lcoc_usd_per_gpu_hour",)),
    "least DSCR, monthly": (MONTHLY, ("min_dscr",)),
    "payback, monthly": (MONTHLY, ("payback_years",)),
    "breakeven price, monthly": (MONTHLY, ("breakeven_price_usd_per_gpu_hour",)),
    "IRR, yearly": (YEARLY, ("irr_per_year",)),
    "IRR, monthly": (MONTHLY, ("irr_per_year",)),
    "equity IRR, monthly": (MONTHLY, ("equity_irr_per_year",)),
    "IRR, DSCR, equity IRR, yearly": (YEARLY, THREE),
    "IRR, DSCR, equity IRR, monthly": (MONTHLY, THREE),
    "NPV and IRR of a contract": ("reference-contract", ("npv_usd_per_rack", "irr_per_year")),
}
RANGES = {
    "utilisation": (0.5, 1.0),
    "server_price_usd_per_rack": (2e6, 5e6),
    "other_cost_usd_per_rack_year": (5e4, 2e5),
}
SIZES = [size for size in (10**2, 10**3, 10**4, 10**5, 10**6, 10**7) if size <= CELLS // 10]
MOST_SECONDS = 20.0  # of an estimate: what takes longer is not measured
SHORT_SECONDS = 0.5  # what takes less is timed thrice, and the least taken


def spec(question, cells):
    """The sweep of a question over a cube of cells, of which a share is left."""
    base, targets = QUESTIONS[question]
    side = round(cells ** (1 / 3))
    axes = [
        {"kind": "values", "field": field, "values": np.linspace(*ends, count).tolist()}
        for (field, ends), count in zip(RANGES.items(), (cells // side**2, side, side), strict=True)
    ]
    return {
        "scenario": scenario_tables(base) if isinstance(base, str) else base,
        "axes": axes,
        "targets": list(targets),
        "reduce": {"kind": "share", "condition": f"{targets[0]} > 0"},
    }


@contextmanager
def nothing_kept():
    """Compiled code goes into a folder that is empty at first, and goes."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("XDG_CACHE_HOME")
            os.environ.update({} if before is None else {"XDG_CACHE_HOME": before})


def measured(question, cells, engines):
    """What `auto` takes and what each engine takes, estimated and measured: in a process that finds
    no compiled code ("new"), and in one that finds it ("kept").
    """
    swept, rows = spec(question, cells), {}
    with nothing_kept() as folder:
        for state in ("new", "kept"):
            chosen = prepare(swept, backend="auto", threads=2)
            found = {one: _run(swept, one, folder, state == "new") for one in engines}
            rows[state] = {"auto": chosen.backend, "why": chosen.why, "engines": found}
    return rows


def _run(swept, engine, folder, new):
    """Estimate, seconds and operations of a run."""
    left, best = 3, float("inf")
    while left:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        clear_caches()
        prepared = prepare(swept, backend=engine, threads=2)
        estimate = cost(prepared.evaluations)
        if estimate.total > MOST_SECONDS:
            break
        began = time.perf_counter()
        run(prepared)
        best = min(best, time.perf_counter() - began)
        left = left - 1 if best < SHORT_SECONDS else 0
    parts = operations(prepared.evaluations)
    return {"estimate": estimate.total, "seconds": best if best < float("inf") else None, **parts}


def operations(evaluations):
    """Operations of all cells, those of light plans apart, and those of a turn of each repetition;
    those however many cells; those that are written, as their compilation counts them.
    """
    found = {"light": 0.0, "flow": 0.0, "turns": 0.0, "start": 0, "written": 0.0}
    for one in evaluations:
        nodes = program(one.traced.values.values()).nodes
        cells = [
            sum(
                part.taken * prod(one.grid.shape[axis] for axis in part.axes)
                for part in work(nodes, turns)
            )
            for turns in (0.0, 1.0)
        ]
        found["light" if one.is_light else "flow"] += cells[0]
        found["turns"] += cells[1] - cells[0]
        found["start"] += one.traced.operations
        found["written"] += one.traced.written_operations**COMPILE_POWER
    return found
