"""Which engine for how many cells: NPV in every cell.

"Run" begins with a checked and planned sweep, "sweep" with its tables. Floats evaluate cell by
cell. Compiled code is kept between rounds, but for the sweep of a new process that has to compile,
where "kept" is what an earlier process left on disk.
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from itertools import product

import ours
import pytest
from grid_of_eight import CELLS, TAXED, axes, spec
from turns import Entry, Group, in_turns

from economics import sweep
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute
from economics.scenario.reading import scenario

TARGET = "npv_usd_per_rack"
SIZES = sorted({1, 30, 1000, CELLS // 100, CELLS})
MOST_BY_FLOATS = 1000


def by_floats(cells):
    """The model in each cell by floats, as a quote does it."""
    inputs = Inputs.of(scenario(TAXED))
    plan = inputs.plan((TARGET,))
    given = inputs.given(plan)
    places = [
        dict(zip(axes(cells), values, strict=True))
        for values in product(*(v.tolist() for v in axes(cells).values()))
    ]
    return lambda: [compute(plan, {**given, **place})[TARGET] for place in places]


def group(cells):
    """All entries for a size."""
    swept, few = spec(target=TARGET, cells=cells), cells <= MOST_BY_FLOATS
    calls = 50 if few else 1
    entries = (
        [Entry("floats", partial(by_floats, cells), cells, calls=MOST_BY_FLOATS // cells)]
        if few
        else []
    )
    entries += [ours.entry(f"{engine}, run", swept, engine, cells) for engine in ours.here()]
    for engine in (*ours.here(), "auto"):
        entries.append(
            Entry(
                f"{engine}, sweep",
                lambda e=engine: partial(sweep, swept, e, threads=2),
                cells,
                calls=calls,
                threads=2,
            )
        )
    return Group(f"{cells:,} cells", tuple(entries))


def process(engine, cells, keep=True):
    """A new process that imports and sweeps; with code compiled by an earlier one, or nowhere to
    find any.
    """
    command = [
        sys.executable,
        "-c",
        (
            "from economics import sweep; from grid_of_eight import spec;"
            f" sweep(spec(cells={cells}), {engine!r})"
        ),
    ]

    def call():
        with tempfile.TemporaryDirectory() as folder:
            changes = {"PYTHONPATH": os.pathsep.join(sys.path)} | (
                {} if keep else {"XDG_CACHE_HOME": folder}
            )
            subprocess.run(command, env=os.environ | changes, check=True)

    return call


def processes(cells):
    """New processes, with each engine."""
    entries = [
        Entry(engine, partial(process, engine, cells), cells, threads=ours.THREADS)
        for engine in (*ours.here(), "auto")
    ]
    if "jit" in ours.here():
        entries.append(
            Entry(
                "jit, nothing kept",
                partial(process, "jit", cells, keep=False),
                cells,
                threads=ours.THREADS,
            )
        )
    return Group(f"a new process, {cells:,} cells", tuple(entries))


@pytest.mark.parametrize(
    ("group", "entry"), in_turns(*map(group, SIZES), *map(processes, (30, CELLS // 100, CELLS)))
)
def test_engines(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)
