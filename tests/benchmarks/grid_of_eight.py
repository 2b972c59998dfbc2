"""The grid of the benchmarks: eight axes over a rack that pays tax, in yearly periods; `CELLS=1e6
make bench` for a trial.
"""

import os

import numpy as np
from racks import changed, reference

from economics.scenario.fields import field_paths

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


def axes(cells=CELLS, ranges=RANGES):
    """The values of each field: ten on the last axes, from there up as far as `cells` goes, the
    middle above; the first has the rest.
    """
    counts: list[int] = []
    for _ in tuple(ranges)[1:]:
        counts.append(min(10, cells))
        cells //= counts[-1]
    return {
        field: _values(*ranges[field], count)
        for field, count in zip(ranges, (cells, *reversed(counts)), strict=True)
    }


def _values(low, high, count):
    return np.linspace(low, high, count) if count > 1 else np.asarray([(low + high) / 2.0])


def spec(
    kind="cells", target="npv_usd_per_rack", cells=CELLS, base=TAXED, ranges=RANGES, **reduction
):
    """The sweep of a target, or of several, over the grid."""
    over = [
        {"kind": "values", "field": field, "values": values.tolist()}
        for field, values in axes(cells, ranges).items()
    ]
    targets = [target] if isinstance(target, str) else list(target)
    return {
        "scenario": base,
        "axes": over,
        "targets": targets,
        "reduce": {"kind": kind, **reduction},
    }


def cell(index, cells=CELLS, base=TAXED, ranges=RANGES):
    """The scenario of the cell with a row-major index."""
    over = axes(cells, ranges)
    places = np.unravel_index(index, [len(values) for values in over.values()])
    changes: dict[str, dict[str, float]] = {}
    for (field, values), place in zip(over.items(), places, strict=True):
        changes.setdefault(field_paths()[field].split(".")[0], {})[field] = float(values[place])
    return changed(base, **changes)


def sample(cells=CELLS, count=32):
    """The indices of some cells."""
    return np.random.default_rng(8).choice(cells, min(count, cells), replace=False)


def aligned(cells):
    """A zeroed array to be kept, that begins at a line of the cache."""
    whole = np.zeros(cells + 8)
    return whole[-(whole.ctypes.data // 8) % 8 :][:cells]
