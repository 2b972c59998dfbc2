"""NPV and cost of the grid's rack as an analyst writes them by hand, for numbers, arrays of numpy
and JAX, and expressions of polars alike.

"In every cell" is the whole closed formula over columns of the grid. "Factors by hand" sees that
the grid is a product of a head (price, utilisation, decline, WACC) and a tail (electricity, PUE,
capital, other cost), computes what needs only one of them over that one, and is left with two
products a cell: the strongest form of a rival.
"""

from grid_of_eight import RANGES

FIELDS = tuple(RANGES)
SHORT = (
    "price",
    "utilisation",
    "decline",
    "wacc",
    "electricity",
    "pue",
    "capital",
    "other",
)  # the same in SQL and expressions
HEAD, TAIL = FIELDS[:4], FIELDS[4:]
GPU_HOURS = 72 * 8760.0
LOAD_KWH = 132 * 8760.0
LIFE_YEARS = 5
TAX = 0.21


def running_and_capital(electricity, pue, capital, other):
    """The tail: yearly bills of a rack, and its capital."""
    return LOAD_KWH * pue * electricity + other, capital


def npv_head(price, utilisation, decline, wacc):
    """Present value of revenue after tax; of a yearly dollar after tax; of the tax shield of a
    dollar of capital, less that dollar.
    """
    year = 1.0 / (1.0 + wacc)
    annuity = year * _powers(year)
    sales = price * utilisation * GPU_HOURS * year * _powers((1.0 - decline) * year)
    return (1.0 - TAX) * sales, (1.0 - TAX) * annuity, TAX / LIFE_YEARS * annuity - 1.0


def npv(sales, annuity, shield, running, capital):
    """NPV after tax (refunded on losses), straight-line depreciation over five years."""
    return sales - annuity * running + shield * capital


def cost_head(price, utilisation, decline, wacc):
    """What a yearly dollar, and a dollar of capital, cost a sold GPU-hour."""
    hour = 1.0 / (GPU_HOURS * utilisation)
    return hour, hour * wacc / (1.0 - (1.0 + wacc) ** -LIFE_YEARS)


def cost(hour, capital_hour, running, capital):
    """Cost of a sold GPU-hour: the capital's annuity and yearly bills."""
    return hour * running + capital_hour * capital


def _powers(ratio):
    """1 + ratio + ... + ratio^4."""
    return 1.0 + ratio * (1.0 + ratio * (1.0 + ratio * (1.0 + ratio)))


def in_every_cell(target, fields):
    """The whole formula, from values of all fields by name."""
    head = HEADS[target](*(fields[name] for name in HEAD))
    return CELLS[target](*head, *running_and_capital(*(fields[name] for name in TAIL)))


HEADS = {"npv_usd_per_rack": npv_head, "cost_usd_per_gpu_hour": cost_head}
CELLS = {"npv_usd_per_rack": npv, "cost_usd_per_gpu_hour": cost}
