"""The entries of this package: the engines that run here, with a fresh output or into one that is kept."""

from functools import cache
from inspect import signature

import numpy as np
from grid_of_eight import cell, sample, spec
from racks import asked

from economics import prepare, run
from kernels.backend import BackendError

THREADS = 2


@cache
def engines():
    """Each engine for grids, and why it does not run here ("" if it does)."""
    return {name: _missing(name) for name in ("numpy", "jit")}


def _missing(name):
    try:
        prepare(spec(cells=1), backend=name)
    except BackendError as error:
        return str(error)
    return ""


def here():
    """The engines that run here."""
    return [name for name, why in engines().items() if not why]


def takes_out():
    """Whether a table can be written into arrays that are kept."""
    return "out" in signature(run).parameters


def materialised(target, cells, engine, kept=False):
    """A run of a prepared sweep, for the values of its target: a fresh array, or one that is kept and written again."""
    prepared = prepare(spec(target=target, cells=cells), backend=engine, threads=THREADS)
    into = {"out": {target: np.zeros(prepared.grid.shape)}} if kept else {}
    return lambda: run(prepared, **into).columns[target].values


def agrees(target, cells, ordered=True):
    """A check that an array of a target over the grid has our quotes' numbers, to a billionth, in a sample of cells."""

    def check(answer):
        found = np.asarray(answer() if callable(answer) else answer).ravel()
        assert found.shape == (cells,)
        for index in sample(cells):
            value = asked(cell(index, cells), target)[target].value
            near = found[index] if ordered else found[np.abs(found - value).argmin()]
            assert abs(near - value) <= 1e-9 * abs(value) + 1e-9, (target, index, near, value)

    return check
