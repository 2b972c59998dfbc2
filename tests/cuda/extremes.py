"""Numbers at the edges of each type, and what whole numbers of a type keep."""

import math
from itertools import product

import numpy as np
from trial import each

EDGES = [
    0.0,
    1.0,
    1.5,
    3.0,
    0.1,
    1e308,
    1.7976931348623157e308,
    5e-324,
    2.2250738585072014e-308,
    1e-310,
    math.inf,
    math.nan,
    2.0**53,
    1e-20,
]
REALS = np.array([*EDGES, *(-edge for edge in EDGES), *np.random.default_rng(7).normal(size=20)])
A, B = (np.array(side) for side in zip(*product(REALS, REALS), strict=True))
BITS = {
    "u32": 32,
    "s32": 32,
    "b32": 32,
    "u64": 64,
    "s64": 64,
    "b64": 64,
    "u16": 16,
    "s16": 16,
    "b16": 16,
}
COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def bits(values):
    """The bits of float64, with one NaN."""
    return np.where(np.isnan(values), np.nan, values).view(np.uint64)


def edges(kind):
    """Whole numbers of a type: its bounds, what is next to them, and others."""
    low, high = bounds(kind)
    near = [
        low,
        low + 1,
        low // 3,
        -8,
        -3,
        -2,
        -1,
        0,
        1,
        2,
        3,
        7,
        31,
        32,
        33,
        63,
        64,
        100,
        255,
        high // 2,
        high // 3,
        high - 1,
        high,
    ]
    return [number for number in dict.fromkeys(near) if low <= number <= high]


def bounds(kind):
    return (
        (-(2 ** (BITS[kind] - 1)), 2 ** (BITS[kind] - 1) - 1)
        if kind[0] == "s"
        else (0, 2 ** BITS[kind] - 1)
    )


def wrapped(number, kind):
    """A whole number as what a type keeps of it."""
    number %= 2 ** BITS[kind]
    return (
        number - 2 ** BITS[kind] if kind[0] == "s" and number >= 2 ** (BITS[kind] - 1) else number
    )


def check_whole(instruction, kind, expected, count=2, result=None, second=None):
    """Every pair (or triple) of edges gives what Python's integers give."""
    kinds = [kind, second or kind, kind][:count]
    cases = list(product(*(edges(one) for one in kinds)))
    columns = [(one, column) for one, column in zip(kinds, zip(*cases, strict=True), strict=True)]
    result = result or kind
    assert each(instruction, result, *columns).tolist() == [
        wrapped(expected(*case), result) for case in cases
    ]
