"""Sobol indices: which share of a target's variance each input stands for, from two matrices of
draws and their mixtures.
"""

from typing import Annotated as A

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from economics.scenario.reading import Sourced
from economics.sweeps.answers import Column
from economics.sweeps.axes import check_draws
from economics.sweeps.distributions import MOST_NUMBERS, Drawn, at, check_fields, correlations
from economics.uncertainty.outcomes import lacking
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import FieldName
from economics.vocabulary.problems import Problem
from kernels.grids import estimates, sampling
from kernels.grids.estimates import Estimate

FLAT = (
    "no Sobol indices: the target does not vary over the draws, or has a value in fewer than two"
    " rows of them"
)
CORRELATED = (
    "no Sobol indices: they are of inputs that do not depend on each other, and some are correlated"
)
Values = NDArray[np.float64]


class Index(Struct, frozen=True, kw_only=True):
    """Which share of the target's variance goes with an input: alone (first order), and together
    with others (total).
    """

    field: A[FieldName, is_("the input")]
    first_order: A[Estimate, is_("share of the variance that goes with it alone")]
    total_order: A[Estimate, is_("share that goes with it alone and together with others")]


def mixed_rows(how: Drawn, sourced: Sourced) -> dict[str, Values]:
    """The values of each field in all rows: of one matrix of draws, of another, and of the first
    with one column of the other, in turn.
    """
    names = sorted(how.fields)
    if how.count > most_rows(len(names)):
        expected = (
            f"at most {most_rows(len(names))} with {len(names)} fields: {len(names) + 2}"
            " evaluations for each"
        )
        raise Problem("draws.count", how.count, expected)
    check_fields(how, "draws")
    correlations(how, names, "draws")
    ranks = sampling.points(how.method, how.count, 2 * len(names), how.seed)
    found = {}
    for place, field in enumerate(names):
        one, other = (at(how.fields[field], ranks[part]) for part in (place, len(names) + place))
        check_draws({field: how.fields[field]}, {field: one}, "draws", sourced)
        found[field] = np.concatenate(
            [one, other, *(other if place == mixed else one for mixed in range(len(names)))]
        )
    return found


def most_rows(fields: int) -> int:
    """How many rows of draws there may be: each has a number for every field in as many evaluations
    as there are fields, and two more.
    """
    return MOST_NUMBERS // (fields * (fields + 2))


def indices(
    how: Drawn, values: Values, statuses: Column | None
) -> tuple[tuple[Index, ...], dict[str, int], tuple[str, ...]]:
    """Indices of the fields by a target's values in all rows, how many rows of draws are left out,
    by status, and what is to be said.
    """
    if how.correlations:
        return (), {}, (CORRELATED,)
    names = sorted(how.fields)
    table = values.reshape(len(names) + 2, how.count)
    sound: NDArray[np.bool_] = np.isfinite(table).all(axis=0)  # type: ignore[assignment]
    made, missing = [], _left_out(statuses, table.shape)
    for place, field in enumerate(names):
        orders = _orders(table, sound, 2 + place)
        if orders is None:
            return (), missing, (FLAT,)
        made.append(Index(field=field, first_order=orders[0], total_order=orders[1]))
    made.sort(key=lambda index: (-index.total_order.value, index.field))
    return tuple(made), missing, ()


def _left_out(statuses: Column | None, shape: tuple[int, ...]) -> dict[str, int]:
    """How many rows of draws lack a value, by the status of the first evaluation that does."""
    if statuses is None:
        return {}
    codes = statuses.values.reshape(shape)
    first = np.take_along_axis(codes, (codes > 0).argmax(axis=0)[None], 0)[0]
    return lacking(structs.replace(statuses, values=first))


def _orders(table: Values, sound: NDArray[np.bool_], row: int) -> tuple[Estimate, Estimate] | None:
    """First and total order of the input whose mixed values are in a row of the table, with
    intervals from the blocks.
    """
    whole = _order(table[:, sound], row)
    if whole is None:
        return None
    parts = [
        _order(table[:, block][:, sound[block]], row) for block in estimates.blocks(table.shape[1])
    ]
    first, total = ([None if one is None else one[kind] for one in parts] for kind in (0, 1))
    return estimates.block_estimate(whole[0], first), estimates.block_estimate(whole[1], total)


def _order(table: Values, row: int) -> tuple[float, float] | None:
    """First and total order by some rows of draws; None of a single one, which is too few to tell
    them by.
    """
    return estimates.first_and_total(table[0], table[1], table[row]) if table.shape[1] > 1 else None
