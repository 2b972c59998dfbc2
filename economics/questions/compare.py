"""Scenarios side by side: which inputs differ, what each answers, and the bridge from one answer to
another, input by input.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum
from typing import Annotated as A
from typing import Any, Literal

import msgspec
from msgspec import Meta, Struct

from economics.models.registry import usual_targets
from economics.questions.quote import Quantity, Quote, quote
from economics.scenario.basis import Basis, unanswered
from economics.scenario.differences import Leaves, differing, leaves, moved, tables, together
from economics.scenario.fields import distinct
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Lacking
from economics.scenario.reading import Sourced, scenario
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import StatusName, TargetName
from economics.vocabulary.problems import NoAnswer, Problem, UnknownField, all_of, as_one
from economics.vocabulary.units import UnitError, unit_shown, unit_text

MOST_SCENARIOS = 16
BRIDGED = ("npv_usd_per_rack", "npv_usd")
ORDER = (
    "a bridge depends on its order: each step changes its fields after all steps before it, in the"
    " order in which the inputs are listed"
)
Beat = Callable[[], None]


class Difference(Struct, frozen=True, kw_only=True):
    """A field that is not the same in all scenarios; null where it is not stated, or where a
    scenario's kind has no such field.
    """

    path: A[str, is_("dotted path of the field")]
    unit: A[str | None, is_("of its values; null where they are no numbers")]
    values: A[tuple[Any, ...], is_("one a scenario")]


class Change(Struct, frozen=True, kw_only=True):
    """One step of a bridge: what changing some fields adds to the target."""

    fields: A[
        tuple[str, ...],
        Meta(
            description=(
                "one field, or several that cannot change one at a time, or between whose changes"
                " the target has no value"
            )
        ),
    ]
    change: A[float, is_("what they add to the target")]
    after: A[float, Meta(description="the target when all fields up to here have changed")]


class Bridge(Struct, frozen=True, kw_only=True):
    """How a target comes from its value in one scenario to that in another."""

    target: A[TargetName, is_("what the bridge explains")]
    unit: A[str, is_("of the target")]
    start: A[str, is_("name of the scenario that it comes from")]
    end: A[str, is_("name of the scenario that it leads to")]
    at_start: A[float | None, is_("the target there; null with a status")]
    at_end: A[float | None, is_("the target there; null with a status")]
    status: A[
        Literal["ok", "no_value"],
        Meta(description="no_value where the target has none in one of the two"),
    ]
    status_at_start: A[StatusName, is_("of the target, ok or why it has no value")]
    status_at_end: A[StatusName, is_("of the target, ok or why it has no value")]
    changes: A[tuple[Change, ...], is_("the steps, in order")] = ()
    sum_error: A[float | None, Meta(description="the sum of all changes less the difference")] = (
        None
    )
    note: A[str, is_("what the order of the steps means")] = ORDER


class Comparison(Struct, frozen=True):
    """Some scenarios side by side."""

    names: A[tuple[str, ...], is_("what the scenarios are called")]
    inputs: A[tuple[Difference, ...], is_("the fields that are not the same in all")]
    outputs: A[
        dict[str, tuple[Quantity, ...]],
        Meta(description="of each target its answer in each scenario"),
    ]
    bridges: A[tuple[Bridge, ...], Meta(description="from the first scenario to each other one")]
    bases: A[tuple[Basis, ...], is_("what each scenario's answers rest on")]


def compare(
    scenarios: Sequence[Mapping[str, Any] | About | Sourced],
    targets: Iterable[str] | None = None,
    bridge: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compare two or more scenarios of one model by `targets` (default: the usual ones that all
    have).

    `bridge` is the target that bridges explain (default: NPV, or the first target of one number;
    without one there are none). `progress(done, more)` between steps may raise to stop. Errors:
    Problem, with the scenario's place; NoAnswer.
    """
    if not 2 <= len(scenarios) <= MOST_SCENARIOS:
        raise Problem("scenarios", len(scenarios), f"2 to {MOST_SCENARIOS} scenarios")
    found = all_of(lambda at: placed(at, scenario, scenarios[at]), range(len(scenarios)))
    fields = [leaves(one) for one in found]
    if len({one.get("model") for one in fields}) > 1:
        raise Problem(
            "scenarios", [str(one.get("model")) for one in fields], "scenarios of one model"
        )
    asked, more = _usual(found) if targets is None else (distinct(targets), [()] * len(found))
    quotes = [placed(at, quote, one, asked) for at, one in enumerate(found)]
    called, target = _called(found), bridge or _default(quotes[0])
    steps = itertools.count(1)

    def beat() -> None:
        if progress is not None:
            done = next(steps)
            progress(done, done + 1)

    differences = tuple(_difference(path, fields) for path in differing(fields))
    return Comparison(
        called,
        tuple(one for one in differences if any(value != one.values[0] for value in one.values)),
        {name: tuple(one.quantities[name] for one in quotes) for name in quotes[0].quantities},
        _bridges(target, called, found, fields, beat) if target else (),
        tuple(
            Basis(one.scenario, one.conventions, (*one.notices, *said), one.catalog)
            for one, said in zip(quotes, more, strict=True)
        ),
    )


def placed(at: int, ask: Any, *what: Any) -> Any:
    """The answer to a question about one scenario. Errors: Problem whose path begins with the
    scenario's place.
    """
    try:
        return ask(*what)
    except Problem as problem:
        raise as_one(_of_place(at, one) for one in problem.each) from None


def _of_place(at: int, problem: Problem) -> Problem:
    """A problem of the scenario at a place."""
    if problem.where in ("targets", "bridge"):
        expected = f"{problem.expected}; asked of scenarios[{at}]"
        return Problem(problem.where, problem.value, expected)
    whole = problem.where == "scenario" and not isinstance(problem, UnknownField)
    inside = "" if whole else f".{problem.where}"
    return Problem(f"scenarios[{at}]{inside}", problem.value, problem.expected)


def _usual(found: Sequence[Sourced]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The usual targets that all have and state enough for, in the order of the first; and of each
    scenario what it does not state enough for, in words.
    """
    first, *others = (usual_targets(one.scenario) for one in found)
    usual = tuple(target for target in first if all(target in other for other in others))
    lacking = [placed(at, _lacking, one, usual) for at, one in enumerate(found)]
    stated = tuple(target for target in usual if not any(target in one for one in lacking))
    return stated or usual, list(map(unanswered, lacking))


def _lacking(one: Sourced, targets: tuple[str, ...]) -> Lacking:
    return Inputs.of(one).lacking(targets)


def _default(first: Quote) -> str | None:
    """The NPV where it is asked for, else the first target of one number."""
    single = [target for target, one in first.quantities.items() if one.value is not msgspec.UNSET]
    return next((target for target in (*BRIDGED, *single) if target in single), None)


def _called(found: Sequence[Sourced]) -> tuple[str, ...]:
    """What scenarios are called: by their names, with a letter where two are called the same."""
    letters = [chr(ord("A") + at) for at in range(len(found))]
    called = [one.scenario.name or letter for one, letter in zip(found, letters, strict=True)]
    return tuple(
        name if called.count(name) == 1 else f"{name} ({letter})"
        for name, letter in zip(called, letters, strict=True)
    )


def _difference(path: str, fields: Sequence[Leaves]) -> Difference:
    name = path.split(".")[-1]
    try:
        unit = (
            unit_text(name)
            if any(isinstance(one.get(path), int | float | list | tuple) for one in fields)
            else None
        )
    except UnitError:
        unit = None
    return Difference(path=path, unit=unit, values=tuple(one.get(path) for one in fields))


def _one(at: int, what: Any, target: str) -> Quantity:
    """The one number that a target is. Errors: Problem if there is none of the name, or one by
    year.
    """
    return placed(at, _single, what, target)  # type: ignore[no-any-return]


def _single(what: Any, target: str) -> Quantity:
    try:
        (found,) = quote(what, (target,)).quantities.values()
    except Problem as problem:
        if problem.where == "targets":
            raise Problem("bridge", target, problem.expected) from None
        raise
    if found.value is msgspec.UNSET:
        raise Problem("bridge", target, f"one number: {target}[1] is that of year 1")
    return found


def _bridges(
    target: str,
    names: Sequence[str],
    found: Sequence[Sourced],
    fields: Sequence[Leaves],
    beat: Beat,
) -> tuple[Bridge, ...]:
    """From the first scenario to each other one."""
    values = [_one(at, one, target) for at, one in enumerate(found)]
    ends = range(1, len(found))
    return tuple(
        _bridge(target, (names[0], names[at]), (values[0], values[at]), fields[0], fields[at], beat)
        for at in ends
    )


def _bridge(
    target: str,
    names: tuple[str, str],
    ends: tuple[Quantity, Quantity],
    a: Leaves,
    b: Leaves,
    beat: Beat,
) -> Bridge:
    """The steps from one scenario to another; fields that leave no scenario, or no value, on the
    way change with those after them.
    """
    start, end = _number(ends[0]), _number(ends[1])
    about: dict[str, Any] = {
        "target": target,
        "unit": unit_shown(target),
        "start": names[0],
        "end": names[1],
        "at_start": start,
        "at_end": end,
        "status_at_start": ends[0].status,
        "status_at_end": ends[1].status,
    }
    if start is None or end is None:
        return Bridge(status="no_value", **about)
    groups, changes, waiting, now, value = (
        together(a, b),
        list[Change](),
        tuple[str, ...](),
        a,
        start,
    )
    for at, paths in enumerate(groups, 1):
        beat()
        waiting, now = (
            (*waiting, *(path for path in paths if a.get(path) != b.get(path))),
            moved(now, b, paths),
        )
        after = end if at == len(groups) else _between(now, target)
        if after is not None:
            changes.append(Change(fields=waiting, change=after - value, after=after))
            waiting, value = (), after
    error = fsum([*(one.change for one in changes), start, -end])
    return Bridge(status="ok", changes=tuple(changes), sum_error=error, **about)


def _number(one: Quantity) -> float | None:
    """The value of a quantity of one number."""
    return None if one.value is msgspec.UNSET else one.value


def _between(now: Leaves, target: str) -> float | None:
    """The target of a scenario on the way; None where it is none, or has no value."""
    try:
        return _number(_single(tables(now), target))
    except (Problem, NoAnswer):
        return None
