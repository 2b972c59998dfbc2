"""Draws: uncertain fields as distributions, drawn once, several fields together on one axis."""

from itertools import pairwise
from math import inf, log
from typing import Annotated as A
from typing import Any, Literal, Union

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from economics.vocabulary.bounds import AnyAmount, Fraction, PositiveAmount
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import FieldName
from economics.vocabulary.problems import Problem, all_of
from kernels.grids import sampling

MOST_DRAWS = 1_000_000
MOST_FIELDS = 100
MOST_NUMBERS = 20_000_000  # fields times draws
COMMON_ENDS = (
    0.05,
    0.95,
)  # ranks of what stands for the ends of a distribution whose bounds only cut it off


class Uniform(
    Struct, tag="uniform", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Anything from `low` to `high`, all equally likely."""

    low: A[AnyAmount, is_("the least value")]
    high: A[AnyAmount, is_("the greatest value")]
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Triangular(
    Struct,
    tag="triangular",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """From `low` to `high`, likeliest at `mode`."""

    low: A[AnyAmount, is_("the least value")]
    mode: A[AnyAmount, is_("the likeliest value")]
    high: A[AnyAmount, is_("the greatest value")]
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Normal(
    Struct, tag="normal", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Normal, of stated mean and standard deviation before it is cut off below `low` and above
    `high`.
    """

    mean: A[AnyAmount, is_("before it is cut off")]
    standard_deviation: A[PositiveAmount, is_("before it is cut off")]
    low: A[AnyAmount | None, is_("no value lies below; endless if not stated")] = None
    high: A[AnyAmount | None, is_("no value lies above; endless if not stated")] = None
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Lognormal(
    Struct, tag="lognormal", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Its logarithm is normal; `sigma` is the standard deviation of the logarithm, before it is cut
    off below `low` and above `high`.
    """

    median: A[PositiveAmount, is_("before it is cut off")]
    sigma: A[
        float,
        Meta(gt=0.0, le=10.0),
        is_("standard deviation of the logarithm, before it is cut off"),
    ]
    low: A[PositiveAmount | None, is_("no value lies below; 0 if not stated")] = None
    high: A[PositiveAmount | None, is_("no value lies above; endless if not stated")] = None
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Discrete(
    Struct, tag="discrete", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Stated values, each with its probability (default: all equally likely)."""

    values: A[
        tuple[AnyAmount, ...],
        Meta(min_length=1, max_length=100_000),
        is_("the values, all different"),
    ]
    probabilities: A[
        A[tuple[Fraction, ...], Meta(min_length=1, max_length=100_000)] | None,
        is_("of each value, with 1 as their sum; all alike if not stated"),
    ] = None
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


Distribution = Union[Uniform, Triangular, Normal, Lognormal, Discrete]  # noqa: UP007  msgspec reads it


class Correlation(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How two fields go together: the correlation of their normal scores (Gaussian copula)."""

    between: A[tuple[FieldName, FieldName], is_("two fields that are drawn")]
    coefficient: A[
        float,
        Meta(ge=-1.0, le=1.0),
        is_("1: they rise together; -1: one rises as the other falls"),
    ]


class Drawn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How many draws of which fields, and how they are made."""

    fields: A[
        dict[str, Distribution],
        Meta(min_length=1, max_length=MOST_FIELDS),
        is_("of each uncertain field its distribution"),
    ]
    correlations: A[
        tuple[Correlation, ...],
        Meta(max_length=10_000),
        is_("which fields go together; the others do not"),
    ] = ()
    count: A[int, Meta(ge=1, le=MOST_DRAWS), is_("how many draws")] = 65_536
    method: A[
        Literal["sobol", "random"],
        is_("a Sobol sequence, which takes fewer draws, or independent random numbers"),
    ] = "sobol"
    seed: A[
        int, Meta(ge=0, le=2**53), is_("another one gives other draws; the same gives the same")
    ] = 0


class Draws(
    Drawn, tag="draws", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Fields drawn from distributions: a draw of all of them at each position."""

    name: A[str, Meta(min_length=1, max_length=100), is_("what the axis is called")] = "draw"
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


def draw(how: Drawn, where: str) -> dict[str, NDArray[np.float64]]:
    """The draws of each field, in the order of the fields' names. Errors: Problem, NoSampler."""
    names = sorted(how.fields)
    if how.count * len(names) > MOST_NUMBERS:
        raise Problem(
            f"{where}.count",
            how.count,
            f"at most {MOST_NUMBERS // len(names)} with {len(names)} fields",
        )
    check_fields(how, where)
    matrix = correlations(how, names, where)
    ranks = sampling.points(how.method, how.count, len(names), how.seed)
    if matrix is not None:
        ranks = sampling.correlate(ranks, matrix)
    return {name: at(how.fields[name], ranks[place]) for place, name in enumerate(names)}


def check_fields(how: Drawn, where: str) -> None:
    """Whether the distributions are some. Errors: Problem."""
    all_of(
        lambda name: check_distribution(how.fields[name], f"{where}.fields.{name}"),
        sorted(how.fields),
    )


def check_distribution(one: Distribution, where: str) -> None:
    """Whether a distribution is one. Errors: Problem."""
    if isinstance(one, Discrete):
        _check_discrete(one, where)
        return
    order = ("low", "mode", "high") if isinstance(one, Triangular) else ("low", "high")
    stated = [(name, value) for name in order if (value := getattr(one, name)) is not None]
    for (before, least), (name, value) in pairwise(stated):
        if value < least:
            raise Problem(f"{where}.{name}", value, f"a number of at least {before} ({least:g})")
    if len(stated) > 1 and stated[-1][1] <= stated[0][1]:
        raise Problem(f"{where}.high", stated[-1][1], f"a number above low ({stated[0][1]:g})")
    if isinstance(one, Normal | Lognormal) and sampling.mass(*_scores(one)) < 1e-9:
        raise Problem(
            f"{where}.low",
            one.low,
            "low and high between which some of the distribution lies (a billionth at least)",
        )


def _check_discrete(one: Discrete, where: str) -> None:
    if len(set(one.values)) < len(one.values):
        raise Problem(f"{where}.values", one.values, "values that differ")
    if one.probabilities is None:
        return
    if len(one.probabilities) != len(one.values):
        raise Problem(
            f"{where}.probabilities",
            one.probabilities,
            f"a probability for each of the {len(one.values)} values",
        )
    if abs(sum(one.probabilities) - 1.0) > 1e-6:
        raise Problem(
            f"{where}.probabilities", sum(one.probabilities), "probabilities whose sum is 1"
        )


def _scores(one: Normal | Lognormal) -> tuple[float, float]:
    """Where a distribution is cut off, in standard deviations from its middle."""
    low, high = -inf if one.low is None else one.low, inf if one.high is None else one.high
    if isinstance(one, Normal):
        return (low - one.mean) / one.standard_deviation, (high - one.mean) / one.standard_deviation
    low, high = (
        -inf if one.low is None else log(one.low),
        inf if one.high is None else log(one.high),
    )
    return (low - log(one.median)) / one.sigma, (high - log(one.median)) / one.sigma


def at(one: Distribution, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """The quantiles of a distribution at some ranks, inside its bounds."""
    if isinstance(one, Discrete):
        shares = one.probabilities if one.probabilities is not None else np.ones(len(one.values))
        return sampling.discrete(
            ranks, np.asarray(one.values, dtype=float), np.asarray(shares, dtype=float)
        )
    if isinstance(one, Triangular):
        return sampling.triangular(ranks, one.low, one.mode, one.high)
    if isinstance(one, Uniform):
        return np.clip(one.low + ranks * (one.high - one.low), one.low, one.high)
    scores = sampling.normal(ranks, *_scores(one))
    found = (
        one.mean + one.standard_deviation * scores
        if isinstance(one, Normal)
        else one.median * np.exp(one.sigma * scores)
    )
    return (
        np.clip(found, one.low, one.high) if one.low is not None or one.high is not None else found
    )


def reach(one: Distribution) -> tuple[float, float]:
    """Between which values all draws lie: the stated ends where there are some."""
    if isinstance(one, Discrete):
        return min(one.values), max(one.values)
    if isinstance(one, Uniform | Triangular):
        return one.low, one.high
    low, high = at(one, np.array([sampling.LEAST, sampling.MOST])).tolist()
    return low, high


def ends(one: Distribution) -> tuple[float, float]:
    """From where to where an input goes: the ends of what is stated, but of a normal or lognormal
    one its 5 % and 95 % quantiles.
    """
    if not isinstance(one, Normal | Lognormal):
        return reach(one)
    low, high = at(one, np.array(COMMON_ENDS)).tolist()
    return low, high


def correlations(how: Drawn, names: list[str], where: str) -> NDArray[np.float64] | None:
    """The matrix of correlations between the fields; None where there are none. Errors: Problem."""
    matrix, seen = np.eye(len(names)), set()
    for place, one in enumerate(how.correlations):
        path, pair = f"{where}.correlations[{place}]", frozenset(one.between)
        for name in one.between:
            if name not in how.fields:
                raise Problem(f"{path}.between", name, "a field that is drawn: " + ", ".join(names))
        if len(pair) == 1:
            raise Problem(f"{path}.between", one.between, "two different fields")
        if pair in seen:
            raise Problem(f"{path}.between", one.between, "a pair that is not stated yet")
        seen.add(pair)
        a, b = map(names.index, one.between)
        matrix[a, b] = matrix[b, a] = one.coefficient
    if not seen:
        return None
    if (least := sampling.least_eigenvalue(matrix)) < -sampling.TOLERANCE:
        together = sorted({name for one in how.correlations for name in one.between})
        shown: Any = [
            [matrix[names.index(a), names.index(b)].item() for b in together] for a in together
        ]
        expected = (
            f"a positive semi-definite matrix of {', '.join(together)}; this one's least eigenvalue"
            f" is {least:.3g}"
        )
        raise Problem(f"{where}.correlations", shown, expected)
    return matrix
