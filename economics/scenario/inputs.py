"""From a checked scenario to what the model runs on: choices that pick formulas, numbers by their
flat names, a plan, a calendar.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from economics.extensions.contract.names import tranche_values
from economics.extensions.extension import Extension, Life
from economics.extensions.extensions import EXTENSIONS
from economics.models.assembly import CONSTANTS, is_public, public_names
from economics.models.registry import MODELS, graph, model_of
from economics.records.finance import Finance, tax_instalments
from economics.scenario.checking import checked
from economics.scenario.durations import check_periods, check_whole_years
from economics.scenario.fields import GIVEN, field_paths, flat, methods, names_of, with_swept
from economics.scenario.paths import check_paths
from economics.scenario.plan import Lacking, Plan, compute, lacking, plan_of
from economics.scenario.reading import Sourced
from economics.scenario.shapes import Computing, Shape, Values, computing_alike, kept_of, shape_of
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.values import all_values, greatest_sum
from kernels.language.timeline import Calendar

CAPITAL = {"equipment_price_usd_per_rack", "it_capex_usd_per_rack"}
DEBTS = ("debt_usd_per_rack", "debt_usd")
T = TypeVar("T")


class Inputs(Struct, frozen=True, dict=True):
    """A scenario as the graph takes it."""

    choices: Mapping[str, str]
    values: Mapping[str, Any]
    periods_per_year: int
    computed: tuple[str, ...] = ()  # quantities that are given in place of their formulas
    tax_instalments_per_year: int = 1
    shape: Shape | None = None

    @classmethod
    def of(cls, sourced: Sourced, swept: Mapping[str, Any] | None = None) -> "Inputs":
        """Flat values of a scenario; `swept` ones (numbers, or arrays on their own axes) stand for
        the scenario's, those of `given.NAME` for what is computed.
        """
        return cls._read(sourced, swept) if swept else sourced.kept(cls._alike)

    @classmethod
    def _alike(cls, sourced: Sourced) -> "Inputs":
        """The same, by the first scenario of its shape."""
        if sourced.scenario.given:
            return cls._read(sourced)
        shape, numbers = shape_of(sourced.scenario)
        first: Inputs | None = shape.inputs
        if first is None:
            first = cls._read(sourced, shape=shape)
            shape.keep(first, [one.check for one in _chosen(first.choices)])
        choices, values = first.choices, Values(shape, numbers)
        for check in shape.checks:  # all else is the same in all scenarios of a shape
            check(values, {}, choices)
        periods, parts = first.periods_per_year, first.tax_instalments_per_year
        return cls(choices, values, periods, (), parts, shape)

    @classmethod
    def _read(
        cls,
        sourced: Sourced,
        swept: Mapping[str, Any] | None = None,
        shape: Shape | None = None,
    ) -> "Inputs":
        """The same, from the tables."""
        record = sourced.scenario
        given = {name: float(value) for name, value in record.given.items()}
        for name in [name for name in swept or {} if name.startswith(GIVEN)]:
            given[flat(name)] = (swept or {})[name]
        swept = {flat(name): value for name, value in (swept or {}).items()}
        model, finance = model_of(record), getattr(record, "finance", None)
        values: dict[str, Any] = dict(CONSTANTS)
        for table in model.tables:
            holder = getattr(record, table)
            for field in names_of(holder.__class__, "number", "path"):
                value = getattr(holder, field)
                if value is not None:
                    values[field] = value if isinstance(value, tuple) else float(value)
        if finance is not None:
            values |= _of_debt(finance, values, swept, given)
        for name, method in methods(record).items():
            if method is not None:
                values[name] = with_swept(method, f"{name}_", swept)
        values.update(tranche_values(record))
        values.update({**given, **swept})
        periods = finance.periods_per_year if finance is not None else 1
        values["periods_per_year"] = float(periods)
        if "price_path_usd_per_gpu_hour" in values:
            for name in ("price_decline_per_year", "rental_price_usd_per_gpu_hour"):
                if name in swept:
                    raise Problem(
                        name,
                        "varied",
                        "a fixed field: revenue.price_path_usd_per_gpu_hour states the price of"
                        " every year",
                    )
                values.pop(name, None)
        choices = model.choices(record, swept)
        instalments = tax_instalments(finance) if finance is not None else 1
        inputs = cls(choices, values, periods, tuple(given), instalments, shape)
        inputs._check()
        return inputs

    @property
    def model(self) -> str:
        """The name of the scenario's model."""
        return self.choices.get("model", "rack")

    def _check(self) -> None:
        given = {name: self.values[name] for name in self.computed}
        for name, value in given.items():
            self._check_given(name, value)
        for one in _chosen(self.choices):
            one.check(self.values, given, self.choices)
        owed = _owed(given)
        if owed and "debt_rate_per_year" not in self.values:
            expected = f"a rate, because there is debt (given.{owed})"
            raise Problem("finance.debt_rate_per_year", None, expected)
        if self.model == "rack" and not CAPITAL & set(given):
            self._check_price()

    def choosing(self, name: str, option: str) -> "Inputs":
        """The same numbers where another option is chosen."""
        shape = self.shape and self.shape.beside(name, option)
        other = replace(self, choices={**self.choices, name: option}, shape=shape)
        if shape and not shape.inputs:
            shape.inputs = other
        return other

    def _check_given(self, name: str, value: Any) -> None:
        nodes, paths, path = graph(self.choices).nodes, field_paths(self.model), f"given.{name}"
        if name in paths:
            raise Problem(path, value, f"a computed quantity; this is a field, {paths[name]}")
        if name not in nodes or nodes[name].first_year is not None or not is_public(name, nodes):
            known = [one for one in public_names(nodes) if nodes[one].first_year is None]
            raise UnknownProblem(path, name, "quantity of one number", known)
        if (least := min(all_values(value))) < 0.0 and not nodes[name].signed:
            raise Problem(path, least, "a number of at least 0")

    def _check_price(self) -> None:
        names = ("gpu_price_usd_per_gpu", "server_price_usd_per_rack")
        if greatest_sum(-1.0 * self.values.get(name, 0.0) for name in names) == 0.0:
            raise Problem(
                "hardware.gpu_price_usd_per_gpu",
                0.0,
                "a price above 0 here or in hardware.server_price_usd_per_rack",
            )

    @cached_property
    def _key(self) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
        """What plans are kept by: the choices, and which names have values."""
        first: Inputs | None = self.shape.inputs if self.shape else None
        if first is not None and first is not self:
            return first._key
        return tuple(sorted(self.choices.items())), frozenset(self.values)

    def plan(self, targets: Iterable[str]) -> Plan:
        """The plan for targets. Errors: UnknownProblem for a target, MissingProblem for a field
        that one needs.
        """
        choices, names = self._key
        return plan_of(choices, tuple(targets), names)

    def kept(self, plan: Plan, work: "Callable[[Inputs, Plan], T]") -> T:
        """What `work` gives of a plan, which is the same for all scenarios of a shape: once for all
        of them.
        """
        if self.shape is None:
            return work(self, plan)
        found = kept_of(self.shape, plan)
        if work not in found:
            found[work] = work(self, plan)
        return found[work]  # type: ignore[no-any-return]

    def plan_for(self, target: str) -> Plan:
        """The plan for the one target of a question. Errors: Problem, said of that target."""
        checked(target, str, "target")
        try:
            return self.plan([target])
        except UnknownProblem as problem:
            raise Problem("target", problem.value, problem.expected) from None

    def lacking(self, targets: Iterable[str]) -> Lacking:
        """The targets that need fields that are not stated, each with the paths of those. Errors:
        UnknownProblem for a target.
        """
        choices, names = self._key
        return lacking(choices, tuple(targets), names)

    def stated(self, targets: tuple[str, ...]) -> tuple[tuple[str, ...], Lacking]:
        """Those of usual targets that the scenario states enough for (all, where it does for none),
        and what the others lack. Errors: UnknownProblem for a target.
        """
        lacks = self.lacking(targets)
        return tuple(target for target in targets if target not in lacks) or targets, lacks

    def given(self, plan: Plan) -> dict[str, Any]:
        """The values that a plan runs on, with its calendar. Errors: Problem where a life or a
        tenor does not fit the periods.
        """
        if not plan.over_time:
            return dict(self.values)
        return {**self.values, "calendar": self.kept(plan, Inputs._calendar)}

    def compute(self, plan: Plan) -> dict[str, Any]:
        """The targets of a plan by floats, with their statuses. Errors: Problem, NoAnswer."""
        return self.computing(plan)(self)

    def computing(self, plan: Plan) -> Computing:
        """What computes a plan for all scenarios of the shape, or where there is none for this."""
        if self.shape is None:
            return lambda own: compute(plan, own.given(plan))
        return self.kept(plan, computing_alike)

    def _calendar(self, plan: Plan) -> Calendar:
        """The periods of a plan; lives and tenors are the same in all scenarios of a shape."""
        model, m = MODELS[self.model], self.periods_per_year
        if model.life is None:
            return Calendar(model.years(self.values), m)
        lives, where = all_values(self.values[model.life]), field_paths(self.model)[model.life]
        check_periods(where, lives, m)
        if "due_factor_by_period" in plan.names and "debt_tenor_years" in self.values:
            self._within_life("finance.debt_tenor_years", "debt_tenor_years")
        own = [life for one in EXTENSIONS for life in one.lives(self.choices)]
        for life in own:
            self._check_life(life, plan)
        partial = [life for life in lives if abs(life - round(life)) > 1e-9]
        if asked := plan.in_whole_years:
            check_whole_years(where, partial, min(asked))
        delays = next((self._years(life.name) for life in own if life.delays), (0.0,))
        begins = tuple(sorted({round(years * m) for years in delays}))
        parts = self.tax_instalments_per_year
        calendar = Calendar(round(max(lives) * m), m, not partial, begins, parts)
        check_paths(self.values, self.model, plan.needs, calendar)
        return calendar

    def _years(self, name: str) -> tuple[float, ...]:
        return all_values(self.values.get(name, 0.0))

    def _check_life(self, life: Life, plan: Plan) -> None:
        if life.name not in self.values or life.needed_by not in plan.names | plan.needs:
            return
        if life.within_life:
            self._within_life(life.path, life.name)
        else:
            years = self._years(life.name)
            check_periods(
                life.path,
                tuple(filter(None, years)) if life.delays else years,
                self.periods_per_year,
            )

    def _within_life(self, where: str, name: str) -> None:
        years, life = self._years(name), MODELS[self.model].life or ""
        check_periods(where, years, self.periods_per_year)
        if greatest_sum((self.values[name], -1.0 * self.values[life])) > 0.0:
            shown = life.removesuffix("_years").replace("_", " ")
            raise Problem(
                where,
                max(years),
                f"at most the {shown} (from {min(self._years(life)):g} years)",
            )


def _chosen(choices: Mapping[str, str]) -> list[Extension]:
    return [one for one in EXTENSIONS if one.is_chosen(choices)]


def _owed(given: Mapping[str, Any]) -> str | None:
    """The debt that is given, where there is any in some cell."""
    return next((name for name in DEBTS if any(all_values(given.get(name, 0.0)))), None)


def _of_debt(
    finance: Finance,
    values: Mapping[str, Any],
    swept: Mapping[str, Any],
    given: Mapping[str, Any],
) -> dict[str, float]:
    """What stands for the debt's share and rate where they are not stated."""
    found = {}
    if "debt_fraction" not in values:
        found["debt_fraction"] = 1.0 if finance.amortisation == "sculpted" else 0.0
    owes = finance.debt_fraction or "debt_fraction" in swept or _owed(given)
    if finance.debt_rate_per_year is None and not owes:
        found["debt_rate_per_year"] = 0.0
    return found
