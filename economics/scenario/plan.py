"""What to evaluate for some targets of a scenario, and its values by floats."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from economics.formulas.statement import sums
from economics.models.assembly import CALENDAR, CONSTANTS, is_public, public_names
from economics.models.registry import MODELS, graph
from economics.scenario.fields import LIVES, path_of
from economics.vocabulary.problems import (
    MOST_AT_ONCE,
    MissingProblem,
    NoAnswer,
    Problem,
    UnknownProblem,
    all_of,
    as_one,
)
from kernels.engines.floats.runner import Alike, Shortcut
from kernels.language.caches import cached
from kernels.language.graph import Graph, Step, UnknownName, run
from kernels.language.node import Listing, Node, status_marks
from kernels.language.verbs import FLOATS

BEYOND_LIFE = {"beyond_life": "beyond the economic life"}
Lacking = Mapping[str, tuple[str, ...]]  # targets, with the paths of fields that they need
Given = Callable[[], Mapping[str, Any]]  # what is given, for where it is looked at
ELEMENT = re.compile(r"^([a-z_]+)\[(0|[1-9][0-9]{0,3})\]$")


@dataclass(frozen=True, eq=False)
class Plan:
    """What to evaluate for some targets, and which checks of time that needs."""

    steps: tuple[Step, ...]
    targets: tuple[str, ...]
    nodes: Mapping[str, Node]
    needs: frozenset[str]
    given: frozenset[str]

    @cached_property
    def over_time(self) -> bool:
        """Whether any step walks periods."""
        return "calendar" in self.needs

    @cached_property
    def names(self) -> frozenset[str]:
        """What is computed on the way."""
        return frozenset(step.name for step in self.steps)

    @cached_property
    def in_whole_years(self) -> list[str]:
        """What is computed on the way that a part of a year would not do for."""
        return [name for name in self.names if self.nodes[name].whole_years]

    @cached_property
    def sums(self) -> dict[str, dict[str, float]]:
        """The totals by year among the targets all of whose lines are targets too: each line with
        1.0 where it adds to the total, -1.0 where it is taken from it.
        """
        asked = {name: self.nodes[name] for name in self.targets if name in self.nodes}
        lines = sums(asked)
        if asked.keys().isdisjoint(lines):
            return {}
        whole = sums(self.nodes)
        return {
            total: own for total, own in lines.items() if total in asked and own == whole[total]
        }

    @cached_property
    def listings(self) -> dict[str, Listing]:
        """The targets that are each one of several numbers."""
        computed = (target for target in self.targets if target in self.names)
        return {name: one for name in computed if (one := self.nodes[name].listing)}

    @cached_property
    def shortcut(self) -> Shortcut:
        """The targets alone, for scenarios that differ in their numbers."""
        needed = sorted(self.needs & {*self.given, "periods_per_year"})
        fixed = {*CONSTANTS, "periods_per_year", *(LIVES if self.over_time else ())}
        return Shortcut(
            self.steps,
            self.targets,
            [n for n in needed if n not in fixed],
            [n for n in needed if n in fixed],
        )


def compute(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """The targets of a plan by floats, with their statuses; all its values where a target has
    neither. Errors: NoAnswer.
    """
    return _within_floats(plan.shortcut, given)


def compute_alike(alike: Alike, floats: Sequence[float], given_now: Given) -> dict[str, Any]:
    """The same for what differs from what was given in single floats alone, each 0 in both or in
    neither. Errors: NoAnswer.
    """
    return _within_floats(alike, floats, given_now)


def interpret(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a plan by floats. Errors: NoAnswer where numbers leave the range of floats."""
    return _within_floats(lambda given: run(plan.steps, given, FLOATS), given)


def _within_floats(values: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    try:
        return values(*given)
    except ArithmeticError as error:
        raise NoAnswer(
            f"the numbers of this scenario leave the range that can be computed ({error})"
        ) from None


@cached(512)
def plan_of(
    choices: tuple[tuple[str, str], ...], targets: tuple[str, ...], given: frozenset[str]
) -> Plan:
    """The plan for targets under some choices, when names have values. Errors: UnknownProblem,
    MissingProblem.
    """
    model, extended = _graph_of(choices, targets)
    try:
        steps = extended.plan(targets, _known(given, model))
    except UnknownName as error:
        raise _explained(error, extended, targets, given, model) from None
    needs = frozenset(n for step in steps for n in step.needs) | frozenset(targets)
    return Plan(steps, targets, extended.nodes, needs, given)


def _graph_of(choices: tuple[tuple[str, str], ...], targets: tuple[str, ...]) -> tuple[str, Graph]:
    """The model and its graph, with single years that are asked for. Errors: UnknownProblem."""
    chosen = dict(choices)
    whole, model = graph(chosen), chosen.get("model", "rack")

    def checked(target: str) -> dict[str, Node]:
        if not is_public(target, whole.nodes):
            known = public_names(whole.nodes)
            raise UnknownProblem("targets", target, _what("quantity", model), known)
        return {target: _element(target, whole, model)} if ELEMENT.match(target) else {}

    years = {name: one for found in all_of(checked, targets) for name, one in found.items()}
    return model, Graph({**whole.nodes, **years})


@cached(512)
def lacking(
    choices: tuple[tuple[str, str], ...], targets: tuple[str, ...], given: frozenset[str]
) -> Lacking:
    """The targets that need fields that are not stated, each with the paths of those. Errors:
    UnknownProblem.
    """
    model, extended = _graph_of(choices, targets)
    needed = {t: tuple(sorted(_missing(extended, [t], {*given}, model))) for t in targets}
    return {target: paths for target, paths in needed.items() if paths}


def _what(kind: str, model: str) -> str:
    """What was looked for, and in which model where that is not the rack."""
    return kind if model == "rack" else f'{kind} of model = "{model}"'


def _explained(
    error: UnknownName, graph: Graph, targets: tuple[str, ...], given: frozenset[str], model: str
) -> Problem:
    known = [name for name in {*graph.nodes, *given} if is_public(name, graph.nodes)]
    several = sorted(name for name in known if name.endswith(f"].{error.name}"))
    if not several and (path := path_of(_field(error.name, model), model)):
        others = _missing(graph, targets, {*given, _field(error.name, model)}, model)
        users = [target for target in targets if _missing(graph, [target], {*given}, model)]
        more = f" and {len(users) - 1} more" if users[1:] else ""
        return MissingProblem(path, f"{users[0]}{more}", others)
    what = _what("quantity", model)
    if error.name in targets and not several:
        strange = [t for t in targets if t not in known and not path_of(_field(t, model), model)]
        return as_one(UnknownProblem("targets", t, what, known) for t in strange[:MOST_AT_ONCE])
    return UnknownProblem("targets", error.name, what, known, meant=several[:3])


def _missing(graph: Graph, targets: Iterable[str], known: set[str], model: str) -> list[str]:
    """The paths of the fields that targets need beside what is known."""
    try:
        graph.plan(targets, _known(known, model))
    except UnknownName as error:
        field = _field(error.name, model)
        path = path_of(field, model)
        return [path, *_missing(graph, targets, {*known, field}, model)] if path else []
    return []


def _known(given: Iterable[str], model: str) -> set[str]:
    """What has a value: what is given, and the calendar where the life that it spans is."""
    known, life = {*given, *CALENDAR}, MODELS[model].life
    return known if life is None or life in known else known - {"calendar"}


def _field(name: str, model: str) -> str:
    """The field without which a name has no value."""
    return MODELS[model].life or name if name == "calendar" else name


def _element(target: str, whole: Graph, model: str) -> Node:
    """One year of a quantity by year, as a quantity of its own."""
    name, year = ELEMENT.match(target).groups()  # type: ignore[union-attr]
    series, life = whole.nodes.get(name), MODELS[model].life
    if series is None or series.first_year is None:
        yearly = [n for n, one in whole.nodes.items() if one.first_year is not None]
        raise UnknownProblem("targets", target, _what("quantity by year", model), yearly)
    if int(year) < series.first_year:
        raise Problem("targets", target, f"a year from {series.first_year}")

    def element(values: Any) -> Any:
        at = int(year) - (series.first_year or 0)
        if at >= len(values.values):
            raise Problem(
                "targets",
                target,
                f"a year up to {len(values.values) - 1 + (series.first_year or 0)}",
            )
        return values.values[at]

    missing = {series.missing: series.words[series.missing]} if series.missing else {}

    def within_life(values: Any, life_years: Any, xp: Any) -> tuple[Any, Any]:
        owned = (life_years > float(year) - 1.0) if int(year) else life_years > 0.0
        value = element(values)
        there = xp.where(value == value, 0.0, 2.0) if missing else 0.0
        return xp.where(owned, value, float("nan")), xp.where(owned, there, 1.0)

    doc = f"Operating year {year}: {series.doc}"
    if life is None:
        return Node(target, element, (name,), doc)
    return Node(
        target,
        within_life,
        (name, life, "xp"),
        doc,
        **status_marks({**BEYOND_LIFE, **missing}),
    )


def finite(value: float) -> float | None:
    """The number, or None where there is none."""
    return value if value - value == 0.0 else None


def status_of(target: str, nodes: Mapping[str, Node], values: Mapping[str, Any]) -> str:
    """Why a quantity has no value: its own status, or that of the first input without one that says
    why.
    """
    one = nodes.get(target)
    if one is None:
        return "undefined"
    code = values.get(f"{target}_status", 0.0)
    if code:
        return one.statuses[int(code)]
    for name in one.needs:
        value = values.get(name)
        if (
            isinstance(value, float)
            and finite(value) is None
            and (why := status_of(name, nodes, values)) != "undefined"
        ):
            return why
    return "undefined"


def side_of(target: str, nodes: Mapping[str, Node], values: Mapping[str, Any]) -> float:
    """On which side of every value a quantity without one lies: 1.0 above, -1.0 below, 0.0 where
    its own status does not say.
    """
    code = int(values.get(f"{target}_status", 0.0))
    return nodes[target].sides[code] if code else 0.0
