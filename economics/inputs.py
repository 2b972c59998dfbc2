"""From a checked scenario to what the model runs on: choices that pick formulas, numbers by their flat names, a plan, a calendar."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import msgspec

from economics.depreciation import kind_of
from economics.fields import TEXT, field_paths
from economics.model import CALENDAR, CONSTANTS, graph, is_public
from economics.problems import MissingProblem, NoAnswer, Problem, UnknownProblem
from economics.scenario import DEPRECIATION, Sourced
from economics.tables import TABLES
from kernels.backend import FLOATS
from kernels.graph import Graph, Node, Step, UnknownName, near, run
from kernels.shortcut import Shortcut
from kernels.timeline import Calendar

NEED_WHOLE_YEARS = {
    *("book_value_usd_per_rack", "book_depreciation_usd_per_rack_year", "tax_value_usd_per_rack", "tax_depreciation_usd_per_rack_year"),
    *("economic_value_usd_per_rack", "economic_depreciation_usd_per_rack_year", "impairment_gap_usd_per_rack"),
}
MAY_BE_NEGATIVE = ("npv_", "margin", "headroom", "taxable", "gain", "write_off", "irr_", "cost_of_equity")
ELEMENT = re.compile(r"^([a-z_]+)\[(0|[1-9][0-9]{0,3})\]$")
MOST_PERIODS = 1200
LIVES = ("economic_life_years", "debt_tenor_years")  # what says how many periods there are, and which of them are zero


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
    def shortcut(self) -> Shortcut:
        """The targets alone, for scenarios that differ in their numbers."""
        needed = sorted(self.needs & {*self.given, "periods_per_year"})
        fixed = {*CONSTANTS, "periods_per_year", *(LIVES if self.over_time else ())}
        return Shortcut(self.steps, self.targets, [n for n in needed if n not in fixed], [n for n in needed if n in fixed])


@dataclass(frozen=True)
class Inputs:
    """A scenario as the graph takes it."""

    choices: Mapping[str, str]
    values: Mapping[str, Any]
    periods_per_year: int

    @classmethod
    def of(cls, sourced: Sourced, swept: Mapping[str, Any] | None = None) -> "Inputs":
        """Flat values of a scenario; `swept` ones (numbers, or arrays on their own axes) stand for the scenario's."""
        swept = dict(swept or {})
        record = sourced.scenario
        finance = record.finance
        values: dict[str, Any] = dict(CONSTANTS)
        for table in TABLES:
            holder = getattr(record, table)
            for field in _numbers(holder.__struct_fields__):
                value = getattr(holder, field)
                if value is not None:
                    values[field] = value if isinstance(value, tuple) else float(value)
        values.setdefault("debt_fraction", 1.0 if finance.amortisation == "sculpted" else 0.0)
        owes = finance.debt_fraction or "debt_fraction" in swept or record.given.get("debt_usd_per_rack")
        if finance.debt_rate_per_year is None and not owes:
            values["debt_rate_per_year"] = 0.0
        for name in DEPRECIATION:
            if getattr(finance, name) is not None:
                values[name] = _with_swept(getattr(finance, name), f"{name}_", swept)
        values.update({name: float(value) for name, value in record.given.items()}, **swept)
        values["periods_per_year"] = float(finance.periods_per_year)
        path = "price_path_usd_per_gpu_hour" in values
        choices = {
            "facility": record.facility.__struct_config__.tag,
            "price": "path" if path else "decline",
            **{name: getattr(finance, name) for name in ("loss_treatment", "amortisation", "basis_at_disposal", "timing")},
            **{name: kind_of(getattr(finance, name)) for name in DEPRECIATION},
        }
        if path:
            for name in ("price_decline_per_year", "rental_price_usd_per_gpu_hour"):
                if name in swept:
                    raise Problem(name, "varied", "a fixed field: revenue.price_path_usd_per_gpu_hour states the price of every year")
                values.pop(name, None)
        inputs = cls(choices, values, finance.periods_per_year)
        inputs._checked(sourced)
        return inputs

    def _checked(self, sourced: Sourced) -> None:
        known, given = graph(self.choices).nodes, sourced.scenario.given
        for name, value in given.items():
            if name in field_paths():
                raise Problem(f"given.{name}", value, f"a computed quantity; this is a field, {field_paths()[name]}")
            if name not in known or known[name].first_year is not None or not is_public(name):
                raise UnknownProblem(f"given.{name}", name, "quantity of one number", near(name, filter(is_public, known)))
            if value < 0.0 and not any(word in name for word in MAY_BE_NEGATIVE):
                raise Problem(f"given.{name}", value, "a number of at least 0")
        if given.get("debt_usd_per_rack") and "debt_rate_per_year" not in self.values:
            raise Problem("finance.debt_rate_per_year", None, "a rate, for there is debt (given.debt_usd_per_rack)")
        if not {"equipment_price_usd_per_rack", "it_capex_usd_per_rack"} & set(given):
            bought = (self.values.get("gpu_price_usd_per_gpu", 0.0), self.values.get("server_price_usd_per_rack", 0.0))
            if _any((bought[0] == 0.0) & (bought[1] == 0.0)):
                where = "hardware.gpu_price_usd_per_gpu"
                raise Problem(where, 0.0, "a price above 0 here or in hardware.server_price_usd_per_rack")

    def plan(self, targets: Iterable[str]) -> Plan:
        """The plan for targets. Errors: UnknownProblem for a target, MissingProblem for a field that one needs."""
        choices = tuple(sorted(self.choices.items()))
        return _plan(choices, tuple(targets), frozenset(self.values))

    def given(self, plan: Plan) -> dict[str, Any]:
        """The values that a plan runs on, with its calendar. Errors: Problem where a life or a tenor does not fit the periods."""
        if not plan.over_time:
            return dict(self.values)
        m, lives = self.periods_per_year, _all(self.values["economic_life_years"])
        self._fits("hardware.economic_life_years", lives, m)
        if "due_factor_by_period" in plan.names and "debt_tenor_years" in self.values:
            tenors = _all(self.values["debt_tenor_years"])
            self._fits("finance.debt_tenor_years", tenors, m)
            if _any(self.values["debt_tenor_years"] > self.values["economic_life_years"]):
                raise Problem("finance.debt_tenor_years", max(tenors), f"at most the economic life (from {min(lives):g} years)")
        partial = [life for life in lives if abs(life - round(life)) > 1e-9]
        if partial and (asked := NEED_WHOLE_YEARS & plan.names):
            raise Problem("hardware.economic_life_years", partial[0], f"whole years, needed by {min(asked)}")
        return {**self.values, "calendar": Calendar(round(max(lives) * m), m, not partial)}

    @staticmethod
    def _fits(where: str, years: tuple[float, ...], periods_per_year: int) -> None:
        for one in years:
            periods = one * periods_per_year
            if abs(periods - round(periods)) > 1e-6 or periods < 0.5:
                raise Problem(where, one, f"whole periods of 1/{periods_per_year} year (finance.periods_per_year = {periods_per_year})")
            if periods > MOST_PERIODS:
                raise Problem(where, one, f"at most {MOST_PERIODS} periods")


def computed(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """The targets of a plan by floats, with their statuses; all its values where a target has neither. Errors: NoAnswer."""
    return _within_floats(plan.shortcut, given)


def interpreted(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a plan by floats. Errors: NoAnswer where numbers leave the range of floats."""
    return _within_floats(lambda given: run(plan.steps, given, FLOATS), given)


def _within_floats(values: Callable[[Mapping[str, Any]], dict[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return values(given)
    except ArithmeticError as error:
        raise NoAnswer(f"the numbers of this scenario leave the range that can be computed ({error})") from None


@cache
def _numbers(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are numbers, or a path of them."""
    return tuple(field for field in fields if field not in TEXT and field not in DEPRECIATION)


def _any(condition: Any) -> bool:
    return bool(condition.any()) if hasattr(condition, "any") else bool(condition)


def _all(value: Any) -> tuple[float, ...]:
    """The values there are, each once."""
    return tuple(dict.fromkeys(value.ravel().tolist())) if hasattr(value, "ravel") else (float(value),)


def _with_swept(method: Any, prefix: str, swept: dict[str, Any]) -> Any:
    """A depreciation method with the swept values of its own fields, which are taken out of `swept`."""
    changed = {}
    for field in method.__struct_fields__:
        inner = getattr(method, field)
        if isinstance(inner, msgspec.Struct):
            changed[field] = _with_swept(inner, f"{prefix}{field}_", swept)
        elif prefix + field in swept:
            changed[field] = swept.pop(prefix + field)
    return msgspec.structs.replace(method, **changed) if changed else method


@lru_cache(maxsize=512)
def _plan(choices: tuple[tuple[str, str], ...], targets: tuple[str, ...], given: frozenset[str]) -> Plan:
    whole = graph(dict(choices))
    for target in targets:
        if not is_public(target):
            raise UnknownProblem("targets", target, "quantity", near(target, filter(is_public, whole.nodes)))
    extended = Graph({**whole.nodes, **{t: _element(t, whole) for t in targets if ELEMENT.match(t)}})
    try:
        steps = extended.plan(targets, {*given, *CALENDAR})
    except UnknownName as error:
        raise _explained(error, whole, given) from None
    needs = frozenset(n for step in steps for n in step.needs) | frozenset(targets)
    return Plan(steps, targets, extended.nodes, needs, given)


def _explained(error: UnknownName, whole: Graph, given: frozenset[str]) -> Problem:
    if error.name in field_paths():
        return MissingProblem(field_paths()[error.name], error.user or "the request")
    return UnknownProblem("targets", error.name, "quantity", near(error.name, filter(is_public, {*whole.nodes, *given})))


def _element(target: str, whole: Graph) -> Node:
    """One year of a quantity by year, as a quantity of its own."""
    name, year = ELEMENT.match(target).groups()  # type: ignore[union-attr]
    series = whole.nodes.get(name)
    if series is None or series.first_year is None:
        yearly = [n for n, one in whole.nodes.items() if one.first_year is not None]
        raise UnknownProblem("targets", target, "quantity by year", near(name, yearly))
    if int(year) < series.first_year:
        raise Problem("targets", target, f"a year from {series.first_year}")

    def pick(values: Any, economic_life_years: Any, xp: Any) -> tuple[Any, Any]:
        at = int(year) - (series.first_year or 0)
        if at >= len(values.values):
            raise Problem("targets", target, f"a year up to {len(values.values) - 1 + (series.first_year or 0)}")
        owned = (economic_life_years > float(year) - 1.0) if int(year) else economic_life_years > 0.0
        return xp.where(owned, values.values[at], float("nan")), xp.where(owned, 0.0, 1.0)

    doc = f"Operating year {year}: {series.doc}"
    return Node(target, pick, (name, "economic_life_years", "xp"), doc, statuses=("ok", "beyond_life"))
