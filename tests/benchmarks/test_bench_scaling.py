"""How the time grows: with threads, with cells, and with axes that a target does not use."""

from functools import partial

import ours
import pytest
from grid_of_eight import CELLS, RANGES, spec
from turns import Entry, Group, in_turns

NPV, COST = "npv_usd_per_rack", "cost_usd_per_gpu_hour"
UNUSED = ("rental_price_usd_per_gpu_hour", "price_decline_per_year")  # by the cost of a GPU-hour
UNUSED_FIRST = {name: RANGES[name] for name in sorted(RANGES, key=lambda name: name not in UNUSED)}
SIZES = [CELLS // 100, CELLS // 10, CELLS, CELLS * 10, CELLS * 100]


def shared(target, cells, ranges=RANGES):
    """The share of a grid in which a target is above 0."""
    return spec("share", target, cells, ranges=ranges, condition=f"{target} > 0")


def entry(name, swept, engine, cells=1, threads=ours.THREADS, base=""):
    """A run of ours; `base` is what ratios are called that are made to it."""
    return Entry(
        name,
        partial(ours.runs, swept, engine, threads),
        cells,
        engine=base,
        threads=threads,
        renewed=True,
    )


def threads(engine):
    """One thread against two."""
    questions = {"share": shared(NPV, CELLS), "all cells": spec("cells", NPV)}
    entries = (
        entry(name, swept, engine, CELLS, n) for name, swept in questions.items() for n in (1, 2)
    )
    return Group(f"{engine}: one thread and two", tuple(entries))


def sizes(engine):
    """A share of ever more cells; ratios of the time of a cell."""
    entries = (
        entry(
            "share",
            shared(NPV, cells),
            engine,
            cells,
            base=f"{cells:.0e}" if cells == CELLS else "",
        )
        for cells in SIZES
    )
    return Group(f"{engine}: share of NPV above 0, more cells", tuple(entries))


def unused(engine):
    """The cost of a GPU-hour needs six of the axes; two more cost nothing."""
    needed = CELLS // 100
    grids = {
        "its six axes": needed,
        "and two more": needed * 100,
        "and two more, one a hundred times as long": needed * 10_000,
    }
    entries = (
        entry(
            f"{name}: {cells:.0e} cells",
            shared(COST, cells, UNUSED_FIRST),
            engine,
            base="" if cells > needed else name,
        )
        for name, cells in grids.items()
    )
    return Group(f"{engine}: share of {COST} above 0, unused axes", tuple(entries))


@pytest.mark.parametrize(
    ("group", "entry"),
    in_turns(*(make(engine) for engine in ours.here() for make in (threads, sizes, unused))),
)
def test_scaling(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)
