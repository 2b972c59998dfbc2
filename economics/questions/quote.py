"""One scenario's answers by floats: values with unit, status and description."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated as A
from typing import Any, NamedTuple

import msgspec
from msgspec import Meta

from economics.models.assembly import MODEL_VERSION
from economics.models.registry import AnyScenario, usual_targets
from economics.questions.remarks import remarks, watched
from economics.questions.roots import Root, counts, roots
from economics.scenario.basis import Basis, Conventions, basis, unanswered
from economics.scenario.fields import distinct
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Lacking, Plan, finite, status_of
from economics.scenario.reading import Sourced, scenario
from economics.scenario.shapes import Computing
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
    return worked(scenario(tables), targets).quote()


def quote_stated(sourced: Sourced, targets: Iterable[str]) -> Quote:
    """Answer those of `targets`, which nobody asked for by name, that the scenario states enough
    for; notices say which fields the others need. Errors: Problem, where there is not one.
    """
    inputs = Inputs.of(sourced)
    return work(sourced, inputs, *inputs.stated(distinct(targets))).quote()


class Work(NamedTuple):
    """What an answer says, before it is put into words."""

    basis: Basis
    inputs: Inputs
    plan: Plan
    values: Mapping[str, Any]
    roots: Mapping[str, tuple[Root, ...]]
    lacking: Lacking

    def quantities(self) -> Iterator[tuple["Asked", Any, str]]:
        """What is asked with its number, None where there is none, or its numbers by year, and its
        status. Errors: Problem.
        """
        for one in self.inputs.kept(self.plan, asked):
            value = self.values[one.name]
            if one.first_year is None and type(value) is float and value - value == 0.0:
                yield one, value, "ok"
            else:
                yield one, *_without(one, value, self.plan, self.values)

    def quote(self) -> Quote:
        """The answer. Errors: Problem."""
        return Quote(
            self.basis.scenario,
            {found[0].name: self._quantity(*found) for found in self.quantities()},
            self.basis.notices,
            self.basis.conventions,
            self.basis.catalog,
            sums=self.plan.sums,
            unanswered=dict(self.lacking),
        )

    def _quantity(self, one: "Asked", value: Any, status: str) -> Quantity:
        about: dict[str, Any] = {
            "unit": one.unit,
            "status": status,
            "description": one.description,
        }
        if one.first_year is not None:
            return Quantity(values=value, index=one.years(value), **about)
        return Quantity(value=value, roots=self.roots.get(one.name, msgspec.UNSET), **about)


def worked(sourced: Sourced, targets: Iterable[str] | None) -> Work:
    """What there is to answer to targets (default: as of a quote). Errors: Problem."""
    inputs = Inputs.of(sourced)
    if targets is None:
        return work(sourced, inputs, *inputs.stated(distinct(usual_targets(sourced.scenario))))
    return work(sourced, inputs, distinct(targets), {})


def work(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...], lacking: Lacking) -> Work:
    """What there is to answer to targets, and what is not answered. Errors: Problem."""
    plan = inputs.plan(targets)
    values = look_at(inputs, plan)(inputs)
    more = (*unanswered(lacking), *remarks(sourced.scenario, inputs, values))
    rests = basis(sourced, inputs, plan.targets, more)
    return Work(rests, inputs, plan, values, roots(inputs, plan, values), lacking)


def look_at(inputs: Inputs, plan: Plan) -> Computing:
    """What computes all that an answer looks at."""
    return inputs.computing(inputs.kept(plan, _seen))


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

    def years(self, values: Sequence[Any]) -> tuple[int, ...]:
        """The year of each of its values."""
        first = self.first_year or 0
        return tuple(range(first, first + len(values)))


def asked(_: Inputs, plan: Plan) -> tuple[Asked, ...]:
    """The targets of a plan."""
    return tuple(_described(target, plan.nodes.get(target)) for target in plan.targets)


def _described(target: str, one: Node | None) -> Asked:
    doc = " ".join((one.doc if one else "A field of the scenario.").split())
    first, missing = (one.first_year, one.missing) if one else (None, None)
    return Asked(target, first, missing, unit_shown(target), doc)


def _without(one: Asked, value: Any, plan: Plan, values: Mapping[str, Any]) -> tuple[Any, str]:
    """Numbers by year, or what is no finite float, and the status. Errors: Problem."""
    if one.first_year is not None:
        listed = tuple(finite(v) for v in value.values)
        if not any(v is not None for v in listed):
            return listed, one.missing or status_of(one.name, plan.nodes, values)
        return listed, "ok" if None not in listed else "partly"
    if not isinstance(value, float | int):
        raise Problem("targets", one.name, "a quantity of one number or by year, not one by period")
    found = finite(value)
    return found, "ok" if found is not None else status_of(one.name, plan.nodes, values)
