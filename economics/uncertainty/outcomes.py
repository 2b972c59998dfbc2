"""What becomes of a target over draws: moments, quantiles and probabilities, with how far off each
estimate may be.

Draws of a Sobol sequence depend on each other: their intervals come from blocks of them.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from economics.sweeps.answers import Column
from economics.sweeps.distributions import Drawn
from kernels.grids import estimates
from kernels.grids.estimates import Estimate
from kernels.grids.reductions import CONDITIONS

RANKS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
Values = NDArray[np.float64]
Condition = tuple[str, str, float]  # a target, a sign and a level


class Outcome(Struct, frozen=True, kw_only=True):
    """A target over the draws in which it has a value; `missing` counts the others by their
    status.
    """

    unit: str
    description: str
    count: int
    missing: dict[str, int]
    least: float | None = None
    greatest: float | None = None
    standard_deviation: float | None = None
    mean: Estimate | None = None
    quantiles: dict[str, Estimate] = {}


class Chance(Struct, frozen=True, kw_only=True):
    """The probability of a condition: the share of all draws that meet it. A draw without a value
    does not.
    """

    condition: str
    meeting: int
    missing: dict[str, int]
    probability: Estimate


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


def chance(how: Drawn, condition: Condition, values: Values, missing: dict[str, int]) -> Chance:
    """The probability of a condition over the draws of its target."""
    target, sign, level = condition
    met = CONDITIONS[sign](values, level) & np.isfinite(values)
    meeting = int(np.count_nonzero(met))
    found = estimates.share(meeting, len(met)) if _independent(how) else estimates.block_share(met)
    text = f"{target} {sign} {level!r}".removesuffix(".0")
    return Chance(condition=text, meeting=meeting, missing=missing, probability=found)


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


def lacking(column: Column | None) -> dict[str, int]:
    """How many cells have no value, by the words of a column of statuses."""
    if column is None:
        return {}
    counts = np.bincount(column.values, minlength=len(column.categories)).tolist()
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
