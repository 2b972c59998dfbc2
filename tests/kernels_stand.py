"""A lemonade stand over a season: formulas that tests of grids evaluate."""

import numpy as np

from kernels.grids.engine_table import NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.language.flow import flow
from kernels.language.graph import Graph
from kernels.language.node import Probe, above, probe, statuses
from kernels.language.timeline import Calendar
from kernels.trace.grid import Axis, Grid


def thirst_by_period(calendar, cooling, xp):
    """Thirst of each week, less every week."""
    return calendar.powers(xp.compound(cooling, 1.0))


def cups_by_period(passers_by, thirst_by_period):
    """Cups sold each week."""
    return flow(passers_by, thirst_by_period)


def takings(cups_by_period, price, thirst_by_period):
    """Money over the season."""
    return cups_by_period.present_value(thirst_by_period) * price


def spending(stall, lemon, passers_by):
    """What the season costs."""
    return stall + lemon * passers_by


def profit(takings, spending):
    """What is left."""
    return takings - spending


@statuses(free=above("given away"), out_of_stock="sold out")
def takings_per_lemon(takings, lemon, stock, xp):
    """Money for each coin spent on lemons; none where they are free or there is no stock."""
    code = xp.where(stock > 0.0, xp.where(lemon > 0.0, 0.0, 1.0), 2.0)
    return xp.where(code == 0.0, takings / xp.where(lemon > 0.0, lemon, 1.0), float("nan")), code


def pride(takings_per_lemon):
    """Twice the takings for a lemon."""
    return takings_per_lemon * 2.0


def best_week(cups_by_period, xp):
    """The most cups of a week."""
    return xp.fold(lambda most, cups: (xp.maximum(most, cups),), (0.0,), cups_by_period)[0]


@probe(profit=Probe("profit", "price"))
def fair_price(profit, xp):
    """The price that leaves nothing."""
    at_zero, at_one = profit(0.0), profit(1.0)
    return at_zero / (at_zero - at_one)


GRAPH = Graph.of(
    [
        thirst_by_period,
        cups_by_period,
        takings,
        spending,
        profit,
        takings_per_lemon,
        pride,
        best_week,
        fair_price,
    ]
)
BASE = {
    "passers_by": 120.0,
    "price": 1.5,
    "cooling": -0.1,
    "stall": 40.0,
    "lemon": 0.25,
    "stock": 1.0,
}
AXES = {
    "price": [0.5, 1.25, 3.0],
    "cooling": [0.0, -0.05, -0.2, 0.1],
    "passers_by": [10.0, 55.0, 130.0, 7.0, 81.0],
    "lemon": [0.0, 0.1],
    "stock": [1.0, 0.0],
}


def grid(*names, axes=AXES):
    """A grid over some of the axes, in the order of the names."""
    return Grid(tuple(Axis(name, {name: np.asarray(axes[name], dtype=float)}) for name in names))


def stand(targets, *names, weeks=6, axes=AXES, engine=NUMPY, **tuning):
    """The evaluation of some targets over some axes; `tuning` as the fields of Evaluation."""
    over = grid(*names, axes=axes)
    given = {**BASE, "calendar": Calendar(weeks, 1), **over.arrays()}
    return Evaluation(
        GRAPH.plan(targets, given), tuple(targets), given, over, GRAPH.nodes, engine, **tuning
    )


def column(evaluation, target, threads=1, tile_cells=None):
    """One target over the whole grid."""
    out = np.full(evaluation.grid.shape, -1.0)
    for _ in evaluation.over_tiles(
        lambda tile: out.__setitem__(tile.box, tile.own(target)), threads, tile_cells
    ):
        pass
    return out


def bits(values):
    """The bits of numbers, so that NaN equals NaN and 0 differs from -0."""
    return np.ascontiguousarray(values, dtype=float).view(np.int64)
