"""Engines and sweeps tuned so that small grids go every way that large ones do: short rows, short
loops, little computed when a plan is traced.
"""

from dataclasses import replace

from kernels_stand import stand
from msgspec import structs

from economics import prepare, run
from kernels.grids.engine_table import CUDA


class Tuned:
    """A kind of runner with other arguments than it has by itself."""

    def __init__(self, kind, **arguments):
        self.kind, self.arguments, self.check = kind, arguments, kind.check

    def __call__(self, *plan):
        return self.kind(*plan, **self.arguments)


def with_rows(engine, cells):
    """An engine whose rows have at least so many cells."""
    return replace(engine, runner=lambda: Tuned(engine.runner(), long_row=cells))


def sweep(spec, engine, small_cells=8, long=3, tile_cells=None):
    """A sweep on an engine."""
    prepared = prepare(spec, engine.name)
    evaluations = tuple(
        replace(one, engine=engine, small_cells=small_cells, long=long)
        for one in prepared.evaluations
    )
    return run(structs.replace(prepared, evaluations=evaluations), tile_cells=tile_cells)


def on_device(targets, *names, row_cells=2, **how):
    """The evaluation of some targets over some axes, none of it computed when it is traced, in rows
    of few cells, so that small grids have many, and with long folds of few steps.
    """
    evaluation = stand(targets, *names, small_cells=1, long=3, **how)
    return evaluation.on(with_rows(CUDA, row_cells))
