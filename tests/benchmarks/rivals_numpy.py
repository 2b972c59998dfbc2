"""Rivals in numpy, on one thread: full arrays of the whole grid, the model's own formulas on full
arrays, and factors by hand.
"""

import by_hand
import numpy as np
from grid_of_eight import HISTOGRAM, axes, spec

from economics import prepare
from kernels.language.graph import run
from kernels.language.verbs import arrays


def own(cells):
    """Each field on a dimension of its own."""
    return dict(zip(by_hand.FIELDS, np.ix_(*axes(cells).values()), strict=True))


def full_arrays(target, cells):
    """Every field as an array of the whole grid, then the formulas: the NPV by a loop over
    years.
    """
    grid = [np.ascontiguousarray(array) for array in np.broadcast_arrays(*own(cells).values())]
    return lambda: {"npv_usd_per_rack": _npv, "cost_usd_per_gpu_hour": _cost}[target](*grid)


def _npv(price, utilisation, decline, wacc, electricity, pue, capital, other):
    revenue = price * utilisation * by_hand.GPU_HOURS
    running = by_hand.LOAD_KWH * pue * electricity + other
    total = -capital
    for year in range(1, by_hand.LIFE_YEARS + 1):
        ebitda = revenue * (1.0 - decline) ** (year - 1) - running
        tax = by_hand.TAX * (ebitda - capital / by_hand.LIFE_YEARS)
        total = total + (ebitda - tax) / (1.0 + wacc) ** year
    return total


def _cost(price, utilisation, decline, wacc, electricity, pue, capital, other):
    charge = capital * wacc / (1.0 - (1.0 + wacc) ** -by_hand.LIFE_YEARS)
    return (charge + by_hand.LOAD_KWH * pue * electricity + other) / (
        by_hand.GPU_HOURS * utilisation
    )


def full_model(target, cells):
    """The model's own formulas, every swept field as an array of the whole grid."""
    evaluation = prepare(spec(target=target, cells=cells)).evaluations[0]
    shape = evaluation.grid.shape
    given = {
        n: np.broadcast_to(v, shape).copy() if isinstance(v, np.ndarray) else v
        for n, v in evaluation.given.items()
    }

    def evaluated():
        with np.errstate(all="ignore"):
            return run(evaluation.steps, given, arrays())[target]

    return evaluated


def head_and_tail(target, cells):
    """What needs few fields, over those fields only."""
    fields = own(cells)
    head = by_hand.HEADS[target](*(fields[name] for name in by_hand.HEAD))
    return head, by_hand.running_and_capital(*(fields[name] for name in by_hand.TAIL))


def by_factors(target, cells):
    """Factors by hand, each on the dimensions that it needs."""
    shape = tuple(map(len, axes(cells).values()))

    def evaluated():
        head, tail = head_and_tail(target, cells)
        values = by_hand.CELLS[target](*head, *tail)
        return np.ascontiguousarray(np.broadcast_to(values, shape))

    return evaluated


def reduced(question, target, cells):
    """A reduction of the whole column, made by factors."""
    column = by_factors(target, cells)
    low, high, bins = HISTOGRAM
    answers = {
        "least": lambda values: values.min(),
        "least, and where": lambda values: (
            values.ravel()[(place := values.argmin())],
            np.unravel_index(place, values.shape),
        )[0],
        "histogram": lambda values: np.histogram(values, bins, (low, high))[0],
        "top 100": lambda values: np.partition(values, values.size - 100, axis=None)[-100:],
        "share": lambda values: (values > 0.0).mean(),
    }
    return lambda: answers[question](column())
