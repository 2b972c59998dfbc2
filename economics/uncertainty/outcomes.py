"""What becomes of a target over draws: moments, quantiles and probabilities, with how far off each
estimate may be.

Draws of a Sobol sequence depend on each other: their intervals come from blocks of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Annotated as A

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from economics.models.reasons import left_out
from economics.sweeps.answers import Column
from economics.sweeps.distributions import Drawn
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import TargetName
from kernels.grids import estimates
from kernels.grids.estimates import Estimate
from kernels.grids.reductions import CONDITIONS

BETWEEN = (
    "a draw without a value may meet a condition or not: its probability lies between the share of"
    " draws that meet it and the share that meet it or have no value; its interval covers both"
)
RANKS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
Values = NDArray[np.float64]
Condition = tuple[str, str, float]  # a target, a sign and a level


class Outcome(Struct, frozen=True, kw_only=True):
    """A target over the draws in which it has a value; `missing` counts the others by their
    status.
    """

    unit: A[str, is_("of its values")]
    description: A[str, is_("what the target is")]
    count: A[int, is_("draws that have a value")]
    missing: A[dict[str, int], is_("draws without one, by status")]
    least: A[float | None, is_("the least value")] = None
    greatest: A[float | None, is_("the greatest value")] = None
    standard_deviation: A[float | None, is_("of the values")] = None
    mean: A[Estimate | None, is_("of the values")] = None
    quantiles: A[
        dict[str, Estimate], is_("p05: a value that 5 % of the values lie below, and so on")
    ] = {}


class Chance(Struct, frozen=True, kw_only=True):
    """The probability of a condition. `met`, `not_met` and `no_value` (draws of which nobody can
    say, by status) are all draws: it lies between the shares `probability` and
    `probability_at_most`.
    """

    condition: A[str, is_("as it was read")]
    target: A[TargetName, is_("the quantity that it is about")]
    met: A[int, is_("draws that meet it")]
    not_met: A[int, is_("draws that do not")]
    no_value: A[dict[str, int], is_("draws of which nobody can say, by status")]
    probability: A[
        Estimate,
        Meta(description="the share of draws that meet it; low and high cover both shares"),
    ]
    probability_at_most: A[
        float, Meta(description="the share of draws that meet it or have no value")
    ]


def outcome(how: Drawn, column: Column, missing: dict[str, int]) -> Outcome:
    """What becomes of a target over its draws; `missing` counts those without a value."""
    parts = [_in_order(column.values[part]) for part in _parts(how)]
    whole = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts), kind="stable")
    unit, description = column.unit, column.description
    if not len(whole):
        return Outcome(unit=unit, description=description, count=0, missing=missing)
    return Outcome(
        unit=unit,
        description=description,
        count=len(whole),
        missing=missing,
        least=float(whole[0]),
        greatest=float(whole[-1]),
        standard_deviation=float(whole.std(ddof=1)) if len(whole) > 1 else None,
        mean=_mean(how, whole, parts),
        quantiles={
            f"p{round(100 * rank):02d}": _quantile(how, whole, parts, rank) for rank in RANKS
        },
    )


def chance(how: Drawn, condition: Condition, values: Values, column: Column | None) -> Chance:
    """The probability of a condition over the draws of its target: `values` that are infinite where
    a draw lies above or below every value, and the column of statuses.
    """
    target, sign, level = condition
    met, unknown = CONDITIONS[sign](values, level), np.isnan(values)
    least = _share(how, met)
    most = _share(how, met | unknown) if unknown.any() else least
    meeting, without = int(np.count_nonzero(met)), int(np.count_nonzero(unknown))
    return Chance(
        condition=f"{target} {sign} {level!r}".removesuffix(".0"),
        target=target,
        met=meeting,
        not_met=len(met) - meeting - without,
        no_value=lacking(column, unknown),
        probability=replace(
            least, low=_outer(min, least.low, most.low), high=_outer(max, least.high, most.high)
        ),
        probability_at_most=most.value,
    )


def _outer(
    choose: Callable[[float, float], float], a: float | None, b: float | None
) -> float | None:
    """The outer of the ends of two intervals; None where the draws cannot tell both."""
    return None if a is None or b is None else choose(a, b)


def _share(how: Drawn, met: NDArray[np.bool_]) -> Estimate:
    """The share of draws that meet something."""
    if _independent(how):
        return estimates.share(int(np.count_nonzero(met)), len(met))
    return estimates.block_share(met)


def notes(
    how: Drawn, outcomes: Mapping[str, Outcome], chances: Iterable[Chance]
) -> tuple[str, ...]:
    """In words, how many draws have no value of a target, and what becomes of them."""
    missing = {name: one.missing for name, one in outcomes.items()}
    unknown = {one.target: one.no_value for one in chances if one.no_value}
    lines = (
        left_out(name, by_status, how.count, "draws")
        for name, by_status in {**unknown, **missing}.items()
    )
    return (*chain.from_iterable(lines), *([BETWEEN] if unknown else []))


def intervals(how: Drawn) -> str:
    """How the intervals are found, in words."""
    if _independent(how):
        return "95 %: mean by Student's t, quantiles by order statistics, probabilities by Wilson"
    if how.count < estimates.BLOCKS:
        return f"none: they take {estimates.BLOCKS} draws of a Sobol sequence, or more"
    return (
        f"95 %: Student's t of {estimates.BLOCKS} blocks of a Sobol sequence; probabilities on"
        " which all agree by Wilson"
    )


def lacking(column: Column | None, of: NDArray[np.bool_] | None = None) -> dict[str, int]:
    """How many cells (or of some only) have no value, by the words of a column of statuses."""
    if column is None:
        return {}
    codes = column.values if of is None else column.values[of]
    counts = np.bincount(codes, minlength=len(column.categories)).tolist()
    return {
        name: count for name, count in zip(column.categories[1:], counts[1:], strict=True) if count
    }


def _independent(how: Drawn) -> bool:
    """Whether no draw depends on another."""
    return how.method == "random"


def _parts(how: Drawn) -> list[slice]:
    """The draws of each block; all of them if they are independent."""
    return [slice(0, how.count)] if _independent(how) else estimates.blocks(how.count)


def _in_order(values: Values) -> Values:
    return np.sort(values[np.isfinite(values)])


def _mean(how: Drawn, whole: Values, parts: Sequence[Values]) -> Estimate:
    if _independent(how):
        return estimates.mean(whole)
    each = [float(part.mean()) if len(part) else None for part in parts]
    return estimates.block_estimate(float(whole.mean()), each)


def _quantile(how: Drawn, whole: Values, parts: Sequence[Values], rank: float) -> Estimate:
    if _independent(how):
        return estimates.quantile(whole, rank)
    each = [estimates.quantile_of(part, rank) if len(part) else None for part in parts]
    return estimates.block_estimate(estimates.quantile_of(whole, rank), each)
