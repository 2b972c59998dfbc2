"""Tornado: how far each input alone moves a target."""

from collections.abc import Mapping
from math import inf, isnan, nan
from typing import Annotated as A
from typing import Any

from msgspec import Meta, Struct

from economics.models.registry import name_of
from economics.scenario.fields import bounds, field_type, is_life, is_whole, known_fields, path_of
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan, compute, finite, side_of, status_of
from economics.scenario.reading import Sourced
from economics.sweeps.distributions import Distribution, Uniform, ends
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import FieldName, StatusName
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown


class Bar(Struct, frozen=True, kw_only=True):
    """A target with one input at its low and at its high and all others at the scenario's own
    values; null with a status.
    """

    field: A[FieldName, is_("the input")]
    unit: A[str, is_("of the input")]
    base: A[float | None, Meta(description="the scenario's own value of the input")]
    low: A[float, Meta(description="of the input")]
    high: A[float, Meta(description="of the input")]
    at_low: A[float | None, Meta(description="of the target")]
    at_high: A[float | None, Meta(description="of the target")]
    status_at_low: A[StatusName, is_("of the target there")]
    status_at_high: A[StatusName, is_("of the target there")]
    swing: A[
        float | None,
        Meta(
            description=(
                "how far the two lie apart; null where the target has no value at an end: first of"
                " all where it then lies above or below every value, else last"
            )
        ),
    ]


def value_of(
    sourced: Sourced, target: str, changes: Mapping[str, float]
) -> tuple[float | None, str]:
    """A target of the scenario with some fields changed, by floats, and its status. Errors:
    Problem, NoAnswer.
    """
    value, status = _sided(sourced, target, changes)
    return finite(value), status


def _sided(sourced: Sourced, target: str, changes: Mapping[str, float]) -> tuple[float, str]:
    """The same, but infinite where the target lies above or below every value, and else NaN where
    it has none.
    """
    plan, given = _plan(sourced, target, changes)
    node = plan.nodes.get(target)
    if node is not None and node.first_year is not None:
        raise Problem("target", target, f"one number: {target}[1] is that of year 1")
    values = compute(plan, given)
    value = finite(values[target])
    if value is not None:
        return value, "ok"
    side = side_of(target, plan.nodes, values)
    return (side * inf if side else nan), status_of(target, plan.nodes, values)


def tornado(sourced: Sourced, target: str, fields: Mapping[str, Distribution]) -> tuple[Bar, ...]:
    """A bar for each input, those that move the target most first. An input that moves it beyond
    every value moves it most; of one at whose end nothing is known, nobody can say how far.
    """
    found = [_bar(sourced, target, field, *ends(one)) for field, one in fields.items()]
    found.sort(key=lambda one: (inf if isnan(one[0]) else -one[0], one[1].field))
    return tuple(bar for _, bar in found)


def _bar(sourced: Sourced, target: str, field: str, low: float, high: float) -> tuple[float, Bar]:
    """A target at both ends of one input, and how far they lie apart; infinitely far where one lies
    beyond every value.
    """
    (at_low, status_at_low), (at_high, status_at_high) = (
        _sided(sourced, target, {field: end}) for end in (low, high)
    )
    apart = abs(at_high - at_low)
    return apart, Bar(
        field=field,
        unit=unit_shown(field),
        base=Inputs.of(sourced).values.get(field),
        low=low,
        high=high,
        at_low=finite(at_low),
        at_high=finite(at_high),
        status_at_low=status_at_low,
        status_at_high=status_at_high,
        swing=finite(apart),
    )


def ranges_around(
    sourced: Sourced, target: str, by_fraction: float
) -> tuple[dict[str, Distribution], list[str]]:
    """Every stated number on which a target depends, from a share below to a share above it; and
    which are left as they are. Errors: Problem where there are none.
    """
    plan, given = _plan(sourced, target, {})
    found, left = dict[str, Distribution](), list[str]()
    for field in sorted(_stated_numbers(plan, sourced) & set(given)):
        one = (
            None
            if _is_fixed(field, sourced)
            else _around(field, given[field], by_fraction, sourced)
        )
        if one is not None and one.low < one.high and _possible(sourced, target, field, one):
            found[field] = one
        elif one is None or given[field]:
            left.append(field)
    if not found:
        raise Problem(
            "draws",
            None,
            f"fields and their distributions, because {target} depends on no stated number that can"
            " vary by itself",
        )
    return found, left


def _stated_numbers(plan: Plan, sourced: Sourced) -> set[str]:
    """The stated numbers on which a plan depends."""
    model = name_of(sourced.scenario)
    return {
        field
        for field in plan.needs & known_fields(sourced.scenario)
        if path_of(field, model) in sourced.stated
    }


def _is_fixed(field: str, sourced: Sourced) -> bool:
    """Whether a field cannot vary a little, or not by itself: hours of several tranches are
    together 1.
    """
    whole = is_whole(field_type(field, sourced.scenario))
    return whole or is_life(field) or field.endswith("].hours_fraction")


def _around(field: str, value: float, by_fraction: float, sourced: Sourced) -> Uniform:
    """From a share below to a share above a value, within what the field can be."""
    least, most = bounds(field_type(field, sourced.scenario))
    reach = by_fraction * abs(value)
    return Uniform(low=max(least, value - reach), high=min(most, value + reach))


def _possible(sourced: Sourced, target: str, field: str, one: Uniform) -> bool:
    """Whether a field may have the ends of its range in this scenario."""
    try:
        for end in (one.low, one.high):
            _plan(sourced, target, {field: end})
    except Problem:
        return False
    return True


def _plan(
    sourced: Sourced, target: str, changes: Mapping[str, float]
) -> tuple[Plan, dict[str, Any]]:
    inputs = Inputs.of(sourced, changes)
    plan = inputs.plan_for(target)
    return plan, inputs.given(plan)
