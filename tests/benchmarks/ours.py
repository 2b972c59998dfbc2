"""The entries of this package: the engines that run here, with a fresh output or into one that is
kept.
"""

from functools import cache, partial
from inspect import signature

import numpy as np
from grid_of_eight import aligned, axes, cell, sample, spec
from racks import asked
from turns import Entry

from economics import prepare, run
from kernels.grids.engine_table import ENGINES

THREADS = 2


@cache
def engines():
    """Each engine for grids, and why it does not run here ("" if it does)."""
    return {one.name: one.missing() or "" for one in ENGINES}


def here():
    """The engines that run here."""
    return [name for name, why in engines().items() if not why]


def takes_out():
    """Whether a table can be written into arrays that are kept."""
    return "out" in signature(run).parameters


def runs(swept, engine, threads=THREADS, **run_with):
    """Makes runs of a sweep that is freshly prepared."""

    def renew():
        prepared = prepare(swept, backend=engine, threads=threads)
        return lambda: run(prepared, **run_with)

    return renew


def materialised(target, cells, engine, kept=False):
    """Makes runs that give all cells of a target: in a fresh array, or in one that is kept and
    written again.
    """
    into = (
        {"out": {target: aligned(cells).reshape([len(values) for values in axes(cells).values()])}}
        if kept
        else {}
    )
    return runs(spec(target=target, cells=cells), engine, **into)


def entry(name, swept, engine, cells, check=None, **stated):
    """Ours, to which ratios are made."""
    make = partial(runs, swept, engine)
    return Entry(
        name, make, cells, check=check, engine=engine, threads=THREADS, renewed=True, **stated
    )


def agrees(target, cells, ordered=True):
    """A check that an array of a target over the grid has our quotes' numbers, to a billionth, in a
    sample of cells.
    """

    def check(answer):
        values = (
            answer.columns[target].values
            if hasattr(answer, "columns")
            else answer()
            if callable(answer)
            else answer
        )
        found = np.asarray(values).ravel()
        assert found.shape == (cells,)
        for index in sample(cells):
            value = asked(cell(index, cells), target)[target].value
            near = found[index] if ordered else found[np.abs(found - value).argmin()]
            assert abs(near - value) <= 1e-9 * abs(value) + 1e-9, (target, index, near, value)

    return check
