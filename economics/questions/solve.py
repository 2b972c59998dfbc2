"""Which value of a field makes a target what is wanted: all roots that samples can see, refined to
the last bit, and what the target does where there is none.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated as A
from typing import Any

import msgspec

from economics.models.registry import status_words
from economics.scenario.basis import Basis, basis
from economics.scenario.checking import checked
from economics.scenario.fields import field_type, flat, is_life, is_whole, meant_by, search_bounds
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan, compute, side_of, status_of
from economics.scenario.reading import DEPRECIATION, Sourced, scenario
from economics.vocabulary.bounds import between_words
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import FieldName, StatusName, TargetName
from economics.vocabulary.problems import NoAnswer, Problem, UnknownProblem
from economics.vocabulary.units import percent_meant, unit_shown, unit_text, value_text
from kernels.language.root_search import FINER, SAMPLES, Found, Look, search

MOST_TOLD = 4  # of the parts of the bracket where the target has no value


class StatusSpan(msgspec.Struct, frozen=True):
    """A part of the bracket in which the target has one status: "ok" where it has a value."""

    low: A[float, is_("where the part begins")]
    high: A[float, is_("where the part ends")]
    status: A[StatusName, is_("of the target throughout")]


class Solution(msgspec.Struct, frozen=True, kw_only=True):
    """All values found at which the target has the wanted value, and the stretches throughout which
    it has it; the places where it passes it in a jump; the least and the greatest value that it
    takes, and its statuses, over the bracket; the reason where it has the wanted value nowhere.
    """

    unknown: A[FieldName, is_("the field that was looked for")]
    unit: A[str, is_("of the field")]
    target: A[TargetName, is_("what should have the wanted value")]
    value: A[float, is_("the wanted value")]
    target_unit: A[str, is_("of the target")]
    between: A[tuple[float, float], is_("where it was looked")]
    roots: A[tuple[float, ...], is_("values of the field at which the target has the wanted value")]
    stretches: A[tuple[tuple[float, float], ...], is_("from where to where it has it throughout")]
    jumps: A[tuple[float, ...], is_("where it passes it without having it")]
    reach: A[tuple[float, float], is_("the least and the greatest value of the target")]
    statuses: A[tuple[StatusSpan, ...], is_("of the target, part by part of the bracket")]
    samples: A[int, is_("how many values of the field were looked at")]
    valued: A[int, is_("at how many of them the target has a value")]
    reason: A[str | None, is_("why there is no such value; null where there is one")]
    note: A[str, is_("what the reader should know, in words")]
    basis: A[Basis, is_("the scenario in which the field varies")]


def solve(
    tables: Mapping[str, Any] | About | Sourced,
    target: str,
    value: float | str,
    unknown: str,
    between: Sequence[float | str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """All values of `unknown`, a field or `given.NAME` of a computed quantity, at which `target` is
    `value`; `progress(done, more)` between evaluations may raise to stop.

    Errors: Problem; NoAnswer if the target has a value nowhere.
    """
    number = checked(value, float, "value", target)
    if not math.isfinite(number):
        raise Problem("value", value, "a finite number")
    sourced = scenario(tables)
    wanted = field_type(checked(unknown, str, "unknown"), sourced.scenario)
    if wanted is None or is_whole(wanted):
        meant = meant_by(unknown, sourced.scenario)
        real = [name for name in meant if not is_whole(field_type(name, sourced.scenario))]
        what = "real-valued field of this scenario"
        raise UnknownProblem("unknown", unknown, what, meant=real)
    low, high = _bracket(search_bounds(wanted), between, unknown)
    inputs = Inputs.of(sourced, {unknown: high})
    plan = _plan(inputs, target, unknown)
    given = inputs.given(plan)
    asked = itertools.count(1)

    def see(x: float) -> Look:
        if progress is not None:
            done = next(asked)
            progress(done, done + 1)
        name = flat(unknown)
        swept = {name: x} if name in given else Inputs.of(sourced, {unknown: x}).values
        try:
            values = compute(plan, {**given, **swept})
        except NoAnswer:
            return Look(x, math.nan, "out_of_range")
        if math.isfinite(found := values[target]):
            return Look(x, found, "ok")
        side = side_of(target, plan.nodes, values)
        unsided = status_of(target, plan.nodes, values)
        return Look(x, side * math.inf if side else math.nan, unsided)

    found = search(see, number, low, high)
    where = f"{unknown} {_between(unknown, low, high)}"
    if found.reach is None:
        raise NoAnswer(f"{target} has no value for {where}: {'; '.join(_without(found, unknown))}")
    return Solution(
        unknown=unknown,
        unit=unit_text(flat(unknown)),
        target=target,
        value=number,
        target_unit=unit_shown(target),
        between=(low, high),
        roots=found.roots,
        stretches=found.stretches,
        jumps=found.jumps,
        reach=found.reach,
        statuses=tuple(StatusSpan(*span) for span in found.spans),
        samples=found.samples,
        valued=found.valued,
        reason=None if found.roots or found.stretches else _reason(found, target, unknown),
        note="; ".join((_note(found, target, where), *percent_meant(target, number))),
        basis=basis(sourced, inputs, (target,)),
    )


def _bracket(
    bounds: tuple[float, float], between: Sequence[float | str] | None, unknown: str
) -> tuple[float, float]:
    if between is None:
        return bounds
    low, high = checked(between, tuple[float, float], "between", unknown)
    if not (low < high and high - low < math.inf):
        raise Problem("between", between, "a lower and a higher finite number")
    if low < bounds[0] or high > bounds[1]:
        raise Problem(
            "between", between, f"numbers that {unknown} can have, {between_words(*bounds)}"
        )
    return low, high


def _plan(inputs: Inputs, target: str, unknown: str) -> Plan:
    """What is computed for a target. Errors: Problem where it does not take any value of the
    unknown to another number.
    """
    plan = inputs.plan_for(target)
    if target in plan.nodes and plan.nodes[target].first_year is not None:
        raise Problem("target", target, f"one number: {target}[1] is that of year 1")
    if is_life(unknown) and plan.over_time:
        raise Problem(
            "unknown",
            unknown,
            f"a field that need not be whole periods, as {target} asks here; sweep it instead",
        )
    if flat(unknown) not in plan.needs and not any(
        unknown.startswith(f"{name}_") for name in DEPRECIATION if name in plan.needs
    ):
        raise Problem("unknown", unknown, f"a field that {target} depends on in this scenario")
    return plan


def _note(found: Found, target: str, where: str) -> str:
    """What the target takes, and how finely it was looked at."""
    finer = found.samples > SAMPLES
    more = f", {FINER} times as many where the target turns or its status changes" if finer else ""
    said = (
        f"{_taken(found, target)} over {SAMPLES} samples of {where}{more}: roots closer than these"
        " can be missed"
    )
    if found.complete:
        return said
    return f"{said}; the target changes its side too often for all of them to be looked at"


def _taken(found: Found, target: str) -> str:
    """Between which values the target lies."""
    low, high = found.reach or (math.nan, math.nan)
    if high > low:
        return f"{target} goes {_between(target, low, high)}"
    return f"{target} is {value_text(target, low)}"


def _between(name: str, low: float, high: float) -> str:
    return between_words(low, high, partial(value_text, name))


def _reason(found: Found, target: str, unknown: str) -> str:
    """Why the target has the wanted value nowhere: what it is instead."""
    said = [f"{_taken(found, target)} there"]
    said += [f"it passes the value in a jump at {unknown} = {x!r}" for x in found.jumps]
    return "; ".join((*said, *_without(found, unknown)))


def _without(found: Found, unknown: str) -> Iterator[str]:
    """Where the target has no value, and why."""
    words = status_words()
    spans = [span for span in found.spans if span.status != "ok"]
    for span in spans[:MOST_TOLD]:
        why = words.get(span.status, span.status.replace("_", " "))
        yield f"no value {_between(unknown, span.low, span.high)} ({why})"
    if len(spans) > MOST_TOLD:
        yield f"and in {len(spans) - MOST_TOLD} more parts"
