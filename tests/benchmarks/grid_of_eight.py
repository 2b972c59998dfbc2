"""The grid of the benchmarks: eight axes over a rack that pays tax, in yearly periods; `CELLS=1e6 make bench` for a trial."""

import os

import numpy as np
from racks import changed, reference

from economics.fields import field_paths

CELLS = int(float(os.environ.get("CELLS", "1e8")))
HISTOGRAM = (-6e6, 9e6, 256)  # least and greatest NPV, bins
TAXED = reference(finance={"tax_rate": 0.21})
RANGES = {
    "rental_price_usd_per_gpu_hour": (1.5, 5.0),
    "utilisation": (0.3, 1.0),
    "price_decline_per_year": (0.0, 0.3),
    "wacc_per_year": (0.05, 0.15),
    "electricity_price_usd_per_kwh": (0.04, 0.14),
    "pue": (1.1, 1.6),
    "server_price_usd_per_rack": (2e6, 5e6),
    "other_cost_usd_per_rack_year": (5e4, 2e5),
}


def axes(cells=CELLS):
    """The values of each field: ten on the last axes, from there up as far as `cells` goes; the first has the rest."""
    counts: list[int] = []
    for _ in tuple(RANGES)[1:]:
        counts.append(min(10, cells))
        cells //= counts[-1]
    return {field: np.linspace(*RANGES[field], count) for field, count in zip(RANGES, (cells, *reversed(counts)), strict=True)}


def spec(kind="cells", target="npv_usd_per_rack", cells=CELLS, base=TAXED, **reduction):
    """The sweep of a target, or of several, over the grid."""
    over = [{"kind": "values", "field": field, "values": values.tolist()} for field, values in axes(cells).items()]
    targets = [target] if isinstance(target, str) else list(target)
    return {"scenario": base, "axes": over, "targets": targets, "reduce": {"kind": kind, **reduction}}


def cell(index, cells=CELLS, base=TAXED):
    """The scenario of the cell with a row-major index."""
    over = axes(cells)
    places = np.unravel_index(index, [len(values) for values in over.values()])
    changes: dict[str, dict[str, float]] = {}
    for (field, values), place in zip(over.items(), places, strict=True):
        changes.setdefault(field_paths()[field].split(".")[0], {})[field] = float(values[place])
    return changed(base, **changes)


def sample(cells=CELLS, count=32):
    """Some cells, the first and the last among them."""
    return np.unique([0, *np.random.default_rng(8).integers(0, cells, count), cells - 1])
