"""One scenario's answers by floats: values with unit, status and description."""

from collections.abc import Iterable, Mapping
from typing import Annotated as A
from typing import Any, NamedTuple

import msgspec
from msgspec import Meta

from economics.models.assembly import MODEL_VERSION
from economics.models.registry import AnyScenario, usual_targets
from economics.questions.remarks import remarks, watched
from economics.questions.roots import Root, counts, roots
from economics.scenario.basis import Conventions, basis, unanswered
from economics.scenario.fields import distinct
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Lacking, Plan, finite, status_of
from economics.scenario.reading import Sourced, scenario
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import StatusName
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown
from kernels.language.node import Node


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: a number, or one number a year; null with a status that says why. `roots` of an
    IRR lists every rate above -99 % a year at which the present value is 0.
    """

    value: A[
        float | msgspec.UnsetType | None, is_("of a quantity of one number; null with a status")
    ] = msgspec.UNSET
    values: A[
        tuple[float | None, ...] | msgspec.UnsetType, is_("of a quantity by year, one a year")
    ] = msgspec.UNSET
    index: A[tuple[int, ...] | msgspec.UnsetType, is_("the year of each of the values")] = (
        msgspec.UNSET
    )
    unit: A[str, is_("of value or values")]
    status: A[
        StatusName, is_("ok, partly where only some years have a value, or why there is none")
    ]
    description: A[str, is_("what the quantity is")]
    roots: A[
        tuple[Root, ...] | msgspec.UnsetType,
        is_("of an IRR: all rates at which the present value is 0, the lowest first"),
    ] = msgspec.UNSET


class Quote(msgspec.Struct, frozen=True):
    """A scenario with every default filled in, and what was asked of it."""

    scenario: A[AnyScenario, is_("with every default filled in")]
    quantities: A[dict[str, Quantity], is_("the answers, by the name of the target")]
    notices: A[tuple[str, ...], is_("what the reader should know, in words")]
    conventions: A[Conventions, is_("how time is counted")]
    catalog: A[dict[str, str], is_("version of each kind of catalog rows that the scenario names")]
    model_version: A[str, is_("of the formulas")] = MODEL_VERSION
    sums: A[
        dict[str, dict[str, float]],
        Meta(description="of each total by year its lines: 1 if added to it, -1 if taken from it"),
    ] = {}
    unanswered: A[
        dict[str, tuple[str, ...]],
        Meta(description="usual quantities that need fields that are not stated, with those"),
    ] = {}


def quote(
    tables: Mapping[str, Any] | About | Sourced, targets: Iterable[str] | None = None
) -> Quote:
    """Answer `targets` (default: of the usual ones those that the scenario states enough for) for
    one scenario. Errors: Problem.
    """
    sourced = scenario(tables)
    if targets is None:
        return quote_stated(sourced, usual_targets(sourced.scenario))
    return _quote(sourced, Inputs.of(sourced), distinct(targets), {})


def quote_stated(sourced: Sourced, targets: Iterable[str]) -> Quote:
    """Answer those of `targets`, which nobody asked for by name, that the scenario states enough
    for; notices say which fields the others need. Errors: Problem, where there is not one.
    """
    inputs = Inputs.of(sourced)
    return _quote(sourced, inputs, *inputs.stated(distinct(targets)))


def _quote(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...], lacking: Lacking) -> Quote:
    plan = inputs.plan(targets)
    seen = inputs.kept(plan, _seen)
    values = inputs.compute(seen)
    more = (*unanswered(lacking), *remarks(sourced.scenario, inputs, values))
    rests = basis(sourced, inputs, plan.targets, more)
    listed = roots(inputs, plan, values)
    return Quote(
        rests.scenario,
        _answers(inputs.kept(plan, _asked), plan, values, listed),
        rests.notices,
        rests.conventions,
        rests.catalog,
        sums=plan.sums,
        unanswered=dict(lacking),
    )


def _seen(inputs: Inputs, plan: Plan) -> Plan:
    """The plan of all that an answer looks at."""
    return inputs.plan(distinct((*plan.targets, *counts(plan), *watched(inputs, plan))))


class Asked(NamedTuple):
    """A target, and what is said of it whatever its value."""

    name: str
    first_year: int | None
    missing: str | None
    unit: str
    description: str


def _asked(_: Inputs, plan: Plan) -> tuple[Asked, ...]:
    return tuple(_described(target, plan.nodes.get(target)) for target in plan.targets)


def _described(target: str, one: Node | None) -> Asked:
    doc = " ".join((one.doc if one else "A field of the scenario.").split())
    first, missing = (one.first_year, one.missing) if one else (None, None)
    return Asked(target, first, missing, unit_shown(target), doc)


def _answers(
    asked: Iterable[Asked],
    plan: Plan,
    values: Mapping[str, Any],
    lists: Mapping[str, tuple[Root, ...]],
) -> dict[str, Quantity]:
    found = {}
    for one in asked:
        name, first_year, _, unit, description = one
        value = values[name]
        if first_year is None and type(value) is float and value - value == 0.0:
            found[name] = Quantity(
                value=value,
                unit=unit,
                status="ok",
                description=description,
                roots=lists.get(name, msgspec.UNSET),
            )
        else:
            found[name] = _answer(one, plan, values, lists)
    return found


def _answer(
    asked: Asked,
    plan: Plan,
    values: Mapping[str, Any],
    lists: Mapping[str, tuple[Root, ...]],
) -> Quantity:
    target, first_year, missing, unit, description = asked
    value = values[target]
    if first_year is not None:
        listed = tuple(finite(v) for v in value.values)
        status = "ok" if None not in listed else "partly"
        if not any(v is not None for v in listed):
            status = missing or status_of(target, plan.nodes, values)
        index = tuple(range(first_year, first_year + len(listed)))
        return Quantity(
            values=listed, index=index, unit=unit, status=status, description=description
        )
    if not isinstance(value, float | int):
        raise Problem("targets", target, "a quantity of one number or by year, not one by period")
    found = finite(value)
    return Quantity(
        value=found,
        unit=unit,
        status="ok" if found is not None else status_of(target, plan.nodes, values),
        description=description,
        roots=lists.get(target, msgspec.UNSET),
    )
