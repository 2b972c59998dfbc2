"""One quantity in every cell of a grid of eight axes, as an array in memory.

Every rival computes the same numbers: a sample of its cells is compared with our quotes, to a
billionth, before anything is timed. The rivals are closed formulas for this one question. "Full
arrays" and "in every cell" are the job as it is usually written, "factors by hand" is the strongest
form: what needs few axes is computed over those only, as this package does by itself for any
question. Full arrays would take some 15 GiB, and the model's own formulas far more: they have fewer
cells; compare cells a second.
"""

from functools import partial

import ceiling
import ours
import pytest
import rivals_duckdb
import rivals_jax
import rivals_numexpr
import rivals_numpy
import rivals_polars
from grid_of_eight import CELLS
from ours import THREADS
from turns import Entry, Group, in_turns

TARGETS = ("npv_usd_per_rack", "cost_usd_per_gpu_hour")
FEWER, FEWEST = CELLS // 10, CELLS // 100
RIVALS = (
    ("numpy, full arrays", rivals_numpy.full_arrays, FEWER, 1, "a tenth of the cells"),
    (
        "numpy, this model's own formulas on full arrays",
        rivals_numpy.full_model,
        FEWEST,
        1,
        "a hundredth of the cells",
    ),
    ("numpy, factors by hand", rivals_numpy.by_factors, CELLS, 1, ""),
    ("numexpr, in every cell", rivals_numexpr.in_every_cell, CELLS, THREADS, ""),
    ("numexpr, factors by hand", rivals_numexpr.by_factors, CELLS, THREADS, ""),
    (
        "numexpr, factors by hand, kept output",
        partial(rivals_numexpr.by_factors, kept=True),
        CELLS,
        THREADS,
        "",
    ),
    (
        "polars, in every cell",
        partial(rivals_polars.materialised, rivals_polars.whole),
        CELLS,
        THREADS,
        "streaming engine",
    ),
    (
        "polars, factors by hand",
        partial(rivals_polars.materialised, rivals_polars.factored),
        CELLS,
        THREADS,
        "streaming engine",
    ),
    (
        "DuckDB, in every cell",
        partial(rivals_duckdb.materialised, rivals_duckdb.whole),
        CELLS,
        THREADS,
        "rows in an order of its own",
    ),
    (
        "DuckDB, factors by hand",
        partial(rivals_duckdb.materialised, rivals_duckdb.factored),
        CELLS,
        THREADS,
        "rows in an order of its own",
    ),
    ("JAX, in every cell", rivals_jax.in_every_cell, CELLS, THREADS, ""),
    ("JAX, factors by hand", rivals_jax.by_factors, CELLS, THREADS, ""),
)


def group(target):
    """All entries for a target."""
    check = ours.agrees(target, CELLS)
    outputs = (
        (("fresh output", False), ("kept output", True))
        if ours.takes_out()
        else (("fresh output", False),)
    )
    entries = [
        Entry(
            f"rackrate, {engine}, {output}",
            partial(ours.materialised, target, CELLS, engine, kept),
            CELLS,
            check=check,
            engine="" if kept else engine,
            threads=THREADS,
            renewed=True,
        )
        for output, kept in outputs
        for engine in ours.here()
    ]
    for name, make, cells, threads, note in RIVALS:
        checked = ours.agrees(target, cells, ordered="DuckDB" not in name)
        entries.append(
            Entry(
                name, partial(make, target, cells), cells, check=checked, threads=threads, note=note
            )
        )
    entries += [
        Entry(
            "ceiling: stores past the caches",
            partial(ceiling.passing_caches, CELLS),
            CELLS,
            threads=THREADS,
            note="kept output",
        ),
        Entry("ceiling: numpy's fill", partial(ceiling.by_numpy, CELLS), CELLS, note="kept output"),
        Entry(
            "ceiling: numpy's fill, fresh output",
            partial(ceiling.by_numpy, CELLS, kept=False),
            CELLS,
        ),
    ]
    return Group(target, tuple(entries))


@pytest.mark.parametrize(("group", "entry"), in_turns(*map(group, TARGETS)))
def test_materialised(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)
