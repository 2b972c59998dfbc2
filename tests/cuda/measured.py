"""What kernels take: the layouts of plans as the package makes them, registers on each
architecture, instructions that the executor counts.

Plans are those of the benchmarks: a rack swept over eight axes, and projects with tax, carried
losses and a loan over many periods.
"""

from functools import lru_cache

import fake_cupy
import numpy as np
import nvrtc
import pytest
from grid_of_eight import RANGES, spec
from racks import reference

from economics import prepare
from economics.sweeps.sweep import run
from kernels.engines.cuda import device, source
from kernels.engines.cuda.device_tallies import FEW_BINS
from kernels.engines.cuda.runner import Chunks
from kernels.engines.partials import CANDIDATES
from kernels.grids.engine_table import CUDA
from kernels.language.verbs import arrays

ARCHITECTURES = (75, 80, 86, 89, 90, 100, 120)
KERNELS = {
    "fill": {},
    "moments": {},
    "share": {"RELATION": "<"},
    "bins, few": {"FEW_BINS": FEW_BINS},
    "bins, many": {"FEW_BINS": 0},
    "candidates": {"RELATION": ">=", "ROOM": CANDIDATES},
    "bests": {"RELATION": ">="},
}
TAXED = {
    "tax_rate": 0.21,
    "tax_depreciation": {"method": "macrs", "recovery_years": 5},
    "loss_treatment": "carry_forward",
    "loss_limit_fraction": 0.8,
    "debt_fraction": 0.6,
    "debt_rate_per_year": 0.09,
}
HEAVY = {"10 years": (10, 1), "20 quarters": (5, 4), "60 months": (5, 12)}
MANY_TARGETS = (
    *(
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
        "irr_per_year",
        "mirr_per_year",
        "equity_irr_per_year",
        "payback_years",
    ),
    *(
        "discounted_payback_years",
        "moic",
        "min_dscr",
        "llcr",
        "breakeven_utilisation",
        "equity_breakeven_utilisation",
    ),
    *(
        "breakeven_price_usd_per_gpu_hour",
        "accounting_breakeven_utilisation",
        "root_count",
        "retirement_age_years",
    ),
)
HEAVY_TARGETS = ("npv_usd_per_rack", "equity_npv_usd_per_rack", "irr_per_year")
EACH = {  # ranges in which every scenario has a flow of its own
    **{field: between for field, between in RANGES.items() if field != "wacc_per_year"},
    "price_decline_per_year": (0.0, 0.12),
    "revenue_overhead_fraction": (0.0, 0.05),
}


def heavy(kind, cells=1e6, target=HEAVY_TARGETS):
    """The sweep of a project with tax, losses and debt over so many periods."""
    years, periods = HEAVY[kind]
    base = reference(
        hardware={"economic_life_years": years, "residual_fraction": 0.1},
        finance=TAXED | {"periods_per_year": periods},
    )
    return spec("cells", target, int(cells), base, EACH)


def chunks_of(swept):
    """What computes the first targets of a sweep, without a device."""
    one = prepare(swept, "numpy").evaluations[0]
    one = one.on(CUDA)
    values, statuses = one.traced.values.values(), one.traced.statuses.values()
    return Chunks(
        tuple(values), tuple(statuses), one.grid.shape, one.tile_sizes(), arrays(), session=object()
    )


@lru_cache
def layouts(target, cells):
    """What is laid out for a target over the eight axes: for `fill`, with its statuses, and for
    what reduces it.
    """
    made = chunks_of(spec("cells", target, int(cells)))
    (only, *_) = made.wanted
    return made.layout, made._only(only).layout


def text(layout, name):
    """The source of a kernel of KERNELS."""
    return source.module(layout, name.partition(",")[0], **KERNELS[name])[0]


def light_text(target, cells, name):
    """The source of a kernel for a target over the eight axes."""
    return text(layouts(target, cells)[name != "fill"], name)


@lru_cache
def heavy_layouts(kind):
    """What is laid out for `fill`, and for what reduces the last target, the internal rate of
    return.
    """
    made = chunks_of(heavy(kind))
    return made.layout, made._only(list(made.wanted)[len(HEAVY_TARGETS) - 1]).layout


def largest_text():
    """The source of `fill` for many targets of a project over sixty months."""
    return text(chunks_of(heavy("60 months", target=MANY_TARGETS)).layout, "fill")


def heavy_text(kind, name):
    """The source of a kernel for a project over many periods."""
    return text(heavy_layouts(kind)[name != "fill"], name)


def resources(code, architecture):
    """What its only kernel takes on an architecture."""
    (taken,) = nvrtc.resources(code, f"sm_{architecture}", device.OPTIONS).values()
    return taken


def reduction(name, target):
    """The reduction of a sweep that runs a kernel; that of `moments` looks for the ends of its
    bins.
    """
    bins = {"bins, few": 256, "bins, many": 10_000}
    if name in bins:
        return {"kind": "histogram", "bins": bins[name], "low": -1e6, "high": 1e6}
    kinds = {
        "fill": {"kind": "cells"},
        "moments": {"kind": "histogram", "bins": 256},
        "share": {"kind": "share", "condition": f"{target} < 2.0"},
    }
    return kinds.get(name, {"kind": "top"} if name in ("bests", "candidates") else None)


def counted(swept, reduction=None):
    """How often a sweep on the executor did what, by kernel: (Counts, cells)."""
    with pytest.MonkeyPatch.context() as patch:
        for one in (device._cupy, device.missing, device._function):
            one.cache_clear()
        there = fake_cupy.installed(fake_cupy.Machine(processors=108), patch)
        prepared = prepare(
            {**swept, **({"reduce": reduction} if reduction else {})}, "cuda", threads=1
        )
        run(prepared)
        (one, *_) = prepared.evaluations
        cells = int(
            np.prod(
                [len(axis) for at, axis in enumerate(prepared.grid.axes) if at in one.needed_axes]
            )
        )
    for one in (device._cupy, device.missing, device._function):
        one.cache_clear()
    found = {}
    for _, kernel, _, _, counts in there.launches:
        found[kernel] = found[kernel] + counts if kernel in found else counts
    return found, cells
