"""What a sweep is asked as: a base scenario, axes, targets, what is to be left of the grid, and an
engine.
"""

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated as A
from typing import Any, Union

from msgspec import Meta, Struct

from economics.scenario.checking import checked
from economics.scenario.reading import Sourced
from economics.sweeps.axes import AnyAxis, as_axes, axis_name, length
from economics.sweeps.distributions import Drawn
from economics.vocabulary.bounds import AnyAmount
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import FieldName, TargetName
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.units import amount_wanted
from economics.vocabulary.written_numbers import number as written_number

ABOUT = ("name", "source", "as_of", "note")  # what is said of a spec, of which nothing is computed


class Cells(Struct, tag="cells", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The whole table."""


class Summarise(Struct, tag="summary", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """Count, extremes, mean, standard deviation and quantiles of every target."""


class Top(Struct, tag="top", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The cells in which a target (default: the first) is greatest."""

    target: A[
        TargetName | None, is_("whose cells they are; the first of the targets if not stated")
    ] = None
    count: A[int, Meta(ge=1, le=100_000), is_("how many cells")] = 100


class Bottom(Struct, tag="bottom", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The cells in which a target (default: the first) is least."""

    target: A[
        TargetName | None, is_("whose cells they are; the first of the targets if not stated")
    ] = None
    count: A[int, Meta(ge=1, le=100_000), is_("how many cells")] = 100


class Histogram(Struct, tag="histogram", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """How many cells lie in each of equal bins of a target, between `low` and `high` (default: its
    extremes).
    """

    target: A[
        TargetName | None, is_("whose values are counted; the first of the targets if not stated")
    ] = None
    bins: A[int, Meta(ge=1, le=1_000_000), is_("how many bins")] = 256
    low: A[AnyAmount | None, is_("where the first bin begins; the least value if not stated")] = (
        None
    )
    high: A[AnyAmount | None, is_("where the last bin ends; the greatest value if not stated")] = (
        None
    )


class Share(Struct, tag="share", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """The fraction of all cells that meet a condition such as `breakeven_utilisation < 0.8`."""

    condition: A[str, is_("a quantity, one of < <= > >=, and a number or a percentage")]


class Frontier(Struct, tag="frontier", tag_field="kind", forbid_unknown_fields=True, frozen=True):
    """For each cell of the other axes, the value of a swept field at which a target (default: the
    first) crosses a level.
    """

    field: A[FieldName, is_("the swept field that is looked for")]
    target: A[
        TargetName | None, is_("what crosses the level; the first of the targets if not stated")
    ] = None
    level: A[AnyAmount, is_("what the target crosses")] = 0.0


Threads = A[int, Meta(ge=1, le=1024)]
Reduction = Union[Cells, Summarise, Top, Bottom, Histogram, Share, Frontier]  # noqa: UP007  msgspec reads it
CONDITION = re.compile(r"^\s*([A-Za-z_][\w\[\].]*)\s*(<=|>=|<|>)\s*([-+0-9.eE_]+\s*%?)\s*$")


class SweepSpec(Struct, frozen=True, kw_only=True):
    """A sweep as it is asked, in records; its scenario may be one in tables too."""

    scenario: Mapping[str, Any] | About | Sourced
    axes: tuple[AnyAxis, ...]
    targets: tuple[str, ...] | None = None
    reduce: Reduction = Cells()
    backend: str = "auto"

    @property
    def cells(self) -> int:
        """How many cells the grid has."""
        return prod(map(length, self.axes))

    @property
    def rows(self) -> int:
        """How many rows the answer has as a table of cells; 0 where it is no such table."""
        return rows_left(self.reduce, [(axis_name(one), length(one)) for one in self.axes])


def rows_left(reduction: Reduction, axes: Sequence[tuple[str, int]]) -> int:
    """How many rows of cells are left of axes of some names and lengths."""
    cells = prod(count for _, count in axes)
    if isinstance(reduction, Frontier):
        return cells // max((count for name, count in axes if name == reduction.field), default=1)
    return cells if isinstance(reduction, Cells) else 0


def sweep_spec(tables: Mapping[str, Any]) -> SweepSpec:
    """A sweep from the tables of a file. Errors: Problem."""
    check_parts(tables, SweepSpec, (*ABOUT, "expect"), "a sweep")
    if not isinstance(tables.get("scenario"), Mapping | About | Sourced):
        raise Problem("scenario", tables.get("scenario"), "the base scenario's tables")
    return SweepSpec(
        scenario=tables["scenario"],
        axes=as_axes(tables.get("axes")),
        reduce=checked(tables.get("reduce", {"kind": "cells"}), Reduction, "reduce"),
        targets=targets_of(tables),
        backend=tables.get("backend", "auto"),
    )


def check_parts(
    tables: Mapping[str, Any], record: type[Struct], about: Sequence[str], what: str
) -> None:
    """Errors: UnknownProblem where a spec has a part that its record does not have."""
    parts = record.__struct_fields__
    if unknown := sorted(set(tables) - {*parts, *about}):
        raise UnknownProblem(unknown[0], unknown[0], f"part of {what}", parts)


def targets_of(tables: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The targets that a spec states; None where it states none. Errors: Problem."""
    stated: tuple[str, ...] | None = (
        checked(tables["targets"], tuple[str, ...], "targets") if "targets" in tables else None
    )
    return stated


def draws_of(tables: Mapping[str, Any]) -> Drawn:
    """What a spec draws. Errors: Problem."""
    if not isinstance(tables.get("draws"), Mapping | Drawn):
        raise Problem("draws", tables.get("draws"), "a table with fields, each a distribution")
    found: Drawn = checked(tables["draws"], Drawn, "draws")
    return found


def condition_of(reduction: Share) -> tuple[str, str, float]:
    """The target, the sign and the level of a condition. Errors: Problem."""
    parsed = CONDITION.match(reduction.condition)
    try:
        name, sign, level = parsed.groups() if parsed else ("", "", "")
        number = written_number(level)
    except ValueError:
        raise Problem(
            "reduce.condition",
            reduction.condition,
            'a condition such as "breakeven_utilisation < 0.8": a quantity, < <= > or >=, a number',
        ) from None
    if "%" in level and (expected := amount_wanted(name)):
        raise Problem("reduce.condition", reduction.condition, f"{expected}, for {name}")
    if number - number != 0.0:
        raise Problem("reduce.condition", reduction.condition, "a finite level")
    return name, sign, number
