"""One scenario's answers by floats: values with unit, status and description."""

from collections.abc import Iterable, Mapping
from typing import Annotated as A
from typing import Any

import msgspec
from msgspec import Meta

from economics.models.assembly import MODEL_VERSION
from economics.models.registry import AnyScenario, usual_targets
from economics.questions.remarks import remarks, watched
from economics.questions.roots import Root, counts, roots
from economics.scenario.basis import Conventions, basis, unanswered
from economics.scenario.fields import distinct
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Lacking, Plan, compute, finite, status_of
from economics.scenario.reading import Sourced, scenario
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import StatusName
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown
from kernels.language.caches import cached


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
    seen = inputs.plan(distinct((*targets, *counts(plan), *watched(inputs, plan))))
    values = compute(seen, inputs.given(seen))
    more = (*unanswered(lacking), *remarks(sourced.scenario, inputs, values))
    rests = basis(sourced, inputs, plan.targets, more)
    listed = roots(inputs, plan, values)
    quantities = {target: _answer(target, plan, values, listed) for target in plan.targets}
    return Quote(
        rests.scenario,
        quantities,
        rests.notices,
        rests.conventions,
        rests.catalog,
        sums=plan.sums,
        unanswered=dict(lacking),
    )


def _answer(
    target: str,
    plan: Plan,
    values: Mapping[str, Any],
    lists: Mapping[str, tuple[Root, ...]],
) -> Quantity:
    one = plan.nodes.get(target)
    described = _described(target, one.doc if one else "A field of the scenario.")
    value = values[target]
    if one is not None and one.first_year is not None:
        listed = tuple(finite(v) for v in value.values)
        status = "ok" if None not in listed else "partly"
        if not any(v is not None for v in listed):
            status = one.missing or status_of(target, plan.nodes, values)
        index = tuple(range(one.first_year, one.first_year + len(listed)))
        return Quantity(values=listed, index=index, status=status, **described)
    if not isinstance(value, float | int):
        raise Problem("targets", target, "a quantity of one number or by year, not one by period")
    return Quantity(
        value=finite(value),
        status="ok" if finite(value) is not None else status_of(target, plan.nodes, values),
        roots=lists.get(target, msgspec.UNSET),
        **described,
    )


@cached(4096)
def _described(target: str, doc: str) -> dict[str, Any]:
    return {"unit": unit_shown(target), "description": " ".join(doc.split())}
