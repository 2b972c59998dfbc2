"""A rival in numexpr, on two threads: the whole formula as one expression over the grid, or one of
factors made in numpy.
"""

import by_hand
import numexpr
import numpy as np
from grid_of_eight import axes
from ours import THREADS
from rivals_numpy import head_and_tail, own

POWERS = "(1 + {0} * (1 + {0} * (1 + {0} * (1 + {0}))))"
ANNUITY = "1 / (1 + wacc) * " + POWERS.format("(1 / (1 + wacc))")
RUNNING = f"({by_hand.LOAD_KWH} * pue * electricity + other)"
WHOLE = {
    "npv_usd_per_rack": (
        f"{1 - by_hand.TAX} * (price * utilisation * {by_hand.GPU_HOURS} / (1 + wacc) *"
        f" {POWERS.format('((1 - decline) / (1 + wacc))')} - {RUNNING} * {ANNUITY}) +"
        f" ({by_hand.TAX / by_hand.LIFE_YEARS} * {ANNUITY} - 1) * capital"
    ),
    "cost_usd_per_gpu_hour": (
        f"(capital * wacc / (1 - (1 + wacc) ** -{by_hand.LIFE_YEARS}) + {RUNNING}) /"
        f" ({by_hand.GPU_HOURS} * utilisation)"
    ),
}
FACTORED = {
    "npv_usd_per_rack": "sales - annuity * running + shield * capital",
    "cost_usd_per_gpu_hour": "hour * running + capital_hour * capital",
}
NAMES = {
    "npv_usd_per_rack": ("sales", "annuity", "shield"),
    "cost_usd_per_gpu_hour": ("hour", "capital_hour"),
}


def in_every_cell(target, cells):
    """The closed formula, its fields broadcast by numexpr."""
    numexpr.set_num_threads(THREADS)
    names = dict(zip(by_hand.SHORT, np.broadcast_arrays(*own(cells).values()), strict=True))
    return lambda: numexpr.evaluate(WHOLE[target], names)


def by_factors(target, cells, kept=False):
    """One expression of factors, broadcast by numexpr; into a fresh array, or one that is kept."""
    numexpr.set_num_threads(THREADS)
    shape = tuple(map(len, axes(cells).values()))
    out = np.zeros(shape) if kept else None

    def evaluated():
        head, tail = head_and_tail(target, cells)
        names = dict(zip((*NAMES[target], "running", "capital"), (*head, *tail), strict=True))
        if np.broadcast_shapes(*(np.shape(value) for value in names.values())) == shape:
            return numexpr.evaluate(FACTORED[target], names, out=out)
        into = np.empty(shape) if out is None else out
        np.copyto(
            into, numexpr.evaluate(FACTORED[target], names)
        )  # the axes that the target does not use
        return into

    return evaluated
