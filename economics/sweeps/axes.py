"""The axes of a sweep: which fields vary, and over what."""

from collections.abc import Mapping, Sequence
from typing import Annotated as A
from typing import Any, Union

import numpy as np
from msgspec import Meta, Struct

from economics.models.registry import kind_of
from economics.scenario.checking import checked
from economics.scenario.fields import choice_fields, field_type, is_whole, meant_by, search_bounds
from economics.scenario.reading import Sourced
from economics.sweeps.distributions import (
    Distribution,
    Drawn,
    Draws,
    Lognormal,
    Normal,
    draw,
    reach,
)
from economics.vocabulary.bounds import AnyAmount
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import FieldName
from economics.vocabulary.problems import Problem, UnknownProblem, all_of
from kernels.trace.grid import Axis, Grid

MOST_VALUES = 1_000_000
MOST_AXES = 32
Several = A[int, Meta(ge=1, le=MOST_VALUES)]


class Linspace(
    Struct, tag="linspace", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """`count` values from `start` to `stop`, both included, equally far apart."""

    field: A[FieldName, is_("the field that varies")]
    start: A[AnyAmount, is_("the first value")]
    stop: A[AnyAmount, is_("the last value")]
    count: A[Several, is_("how many values")]
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Logspace(
    Struct, tag="logspace", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """`count` values from `start` to `stop`, both included, each the same multiple of the one
    before.
    """

    field: A[FieldName, is_("the field that varies")]
    start: A[AnyAmount, is_("the first value, above 0")]
    stop: A[AnyAmount, is_("the last value")]
    count: A[Several, is_("how many values")]
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Values(
    Struct, tag="values", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Stated values."""

    field: A[FieldName, is_("the field that varies")]
    values: A[
        tuple[AnyAmount, ...],
        Meta(min_length=1, max_length=MOST_VALUES),
        is_("its values, all different"),
    ]
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


class Rows(
    Struct, tag="rows", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Several fields that change together: a row of values at each position."""

    name: A[str, Meta(min_length=1, max_length=100), is_("what the axis is called")]
    fields: A[
        dict[str, A[tuple[AnyAmount, ...], Meta(min_length=1, max_length=MOST_VALUES)]],
        Meta(min_length=1),
        is_("of each field its values, lists of one length"),
    ]
    labels: A[
        tuple[str, ...] | None, is_("what each row is called; its place, from 0, if not stated")
    ] = None
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None


AnyAxis = Union[Linspace, Logspace, Values, Rows, Draws]  # noqa: UP007  msgspec reads it


def length(axis: AnyAxis) -> int:
    """How many positions an axis has."""
    if isinstance(axis, Rows):
        return max(map(len, axis.fields.values()), default=0)
    return len(axis.values) if isinstance(axis, Values) else axis.count


def axis_name(axis: AnyAxis) -> str:
    """What an axis is called: as it says, or as the field that it sweeps."""
    return axis.name if isinstance(axis, Rows | Draws) else axis.field


def grid(axes: Sequence[AnyAxis], sourced: Sourced, unknown: str | None = None) -> Grid:
    """The grid of some axes over a scenario, on one of which a field may be looked for. Errors:
    Problem with the place of the axis.
    """

    def made_of(at: int) -> Axis:
        return _axis(axes[at], f"axes[{at}]", sourced, unknown)

    made = tuple(all_of(made_of, range(len(axes))))
    seen: dict[str, str] = {}
    for at, one in enumerate(made):
        for field in one.fields:
            if field in seen:
                raise Problem(
                    f"axes[{at}]", field, f"a field that is not swept by {seen[field]} too"
                )
            seen[field] = f"axes[{at}]"
    for at, one in enumerate(made):
        if [other.name for other in made].count(one.name) > 1:
            raise Problem(f"axes[{at}].name", one.name, "a name that no other axis has")
    return Grid(made)


def draw_axis(name: str, how: Drawn, where: str, sourced: Sourced) -> Axis:
    """Fields drawn together, a draw at each position. Errors: Problem, NoSampler."""
    found = draw(how, where)
    check_draws(how.fields, found, where, sourced)
    return Axis(name, found, numbered=True)


def check_draws(
    fields: Mapping[str, Distribution], found: Mapping[str, Any], where: str, sourced: Sourced
) -> None:
    """Whether all that can be drawn, and was, is what the fields can have. Errors: Problem."""

    def check(field: str) -> None:
        ends = np.array(reach(fields[field]))
        try:
            _check(field, np.concatenate([ends, found[field]]), where, sourced)
        except Problem as problem:
            known = problem.where == f"{where}: {field}"
            bound, joint, hint = problem.expected.partition(";")
            meant = _mended_by(fields[field], field, sourced) or f"{joint}{hint}"
            expected = f"{bound} in every draw{meant}" if known else problem.expected
            raise Problem(f"{where}.fields.{field}", problem.value, expected) from None

    all_of(check, found)


def _mended_by(one: Distribution, field: str, sourced: Sourced) -> str:
    """What keeps the draws of an endless distribution of real numbers within what their field can
    be.
    """
    endless = isinstance(one, Normal | Lognormal) and None in (one.low, one.high)
    return (
        "; low and high cut it off"
        if endless and not is_whole(field_type(field, sourced.scenario))
        else ""
    )


def _axis(axis: AnyAxis, where: str, sourced: Sourced, unknown: str | None) -> Axis:
    if isinstance(axis, Draws):
        return draw_axis(axis.name, axis, where, sourced)
    if isinstance(axis, Rows):
        lengths = {len(values) for values in axis.fields.values()} | (
            {len(axis.labels)} if axis.labels is not None else set()
        )
        if len(lengths) > 1:
            raise Problem(f"{where}.fields", sorted(lengths), "lists of one length")
        fields = {name: np.asarray(values, dtype=float) for name, values in axis.fields.items()}
        count = lengths.pop()
        labels = axis.labels if axis.labels is not None else tuple(map(str, range(count)))
        if len(set(labels)) < count:
            raise Problem(f"{where}.labels", labels, "labels that differ")
        name = axis.name
    else:
        fields, labels, name = {axis.field: _values(axis, where)}, None, axis.field
    for field, values in fields.items():
        _check(field, values, where, sourced, field == unknown)
    return Axis(name, fields, labels)


def _values(axis: Linspace | Logspace | Values, where: str) -> Any:
    if isinstance(axis, Values):
        if len(set(axis.values)) < len(axis.values):
            raise Problem(f"{where}.values", axis.values, "values that differ")
        return np.asarray(axis.values, dtype=float)
    if axis.count == 1 and axis.start == axis.stop:
        return np.asarray([axis.start])
    if axis.stop <= axis.start:
        raise Problem(f"{where}.stop", axis.stop, f"a number above start ({axis.start:g})")
    if axis.count == 1:
        raise Problem(f"{where}.count", axis.count, "at least 2, because start and stop differ")
    if isinstance(axis, Linspace):
        return np.linspace(axis.start, axis.stop, axis.count)
    if axis.start <= 0.0:
        raise Problem(f"{where}.start", axis.start, "a number above 0, for a logspace axis")
    return np.geomspace(axis.start, axis.stop, axis.count)


def _check(field: str, values: Any, where: str, sourced: Sourced, is_unknown: bool = False) -> None:
    """Every value of an axis must be one that the field can have."""
    record = sourced.scenario
    wanted = field_type(field, record)
    if wanted is None:
        if field in choice_fields(record):
            raise Problem(
                f"{where}.field", field, "a number that can vary; a choice needs a sweep of its own"
            )
        what = f"number of this scenario ({kind_of(record)})"
        raise UnknownProblem(f"{where}.field", field, what, meant=meant_by(field, record))
    least, most = search_bounds(wanted)
    for value in {float(values.min()), float(values.max())}:
        if is_unknown and least <= value <= most:
            continue
        checked(value if value != int(value) else int(value), wanted, f"{where}: {field}")
    if is_whole(wanted) and (values != np.round(values)).any():
        raise Problem(
            f"{where}: {field}", float(values[values != np.round(values)][0]), "a whole number"
        )


def as_axes(axes: Any) -> tuple[AnyAxis, ...]:
    """Axes from plain tables. Errors: Problem."""
    if not isinstance(axes, Sequence) or isinstance(axes, str) or not axes:
        raise Problem("axes", axes, "a list of at least one axis")
    if len(axes) > MOST_AXES:
        raise Problem("axes", len(axes), f"at most {MOST_AXES} axes")

    def read(at: int) -> AnyAxis:
        one = axes[at]
        plain = dict(one) if isinstance(one, Mapping) else one
        found: AnyAxis = checked(plain, AnyAxis, f"axes[{at}]")
        return found

    return tuple(all_of(read, range(len(axes))))
