"""One scenario's answers by floats: values with unit, status and description."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from economics.fields import paths_of_inputs
from economics.inputs import Inputs, Plan, computed
from economics.model import MODEL_VERSION
from economics.problems import Problem
from economics.quantity import unit_shown
from economics.scenario import Scenario, Sourced, scenario
from kernels.graph import Node

DEFAULT_TARGETS = (
    *("it_capex_usd_per_rack", "cost_usd_per_rack_year", "cost_usd_per_rack_hour", "cost_usd_per_available_gpu_hour"),
    *("cost_usd_per_gpu_hour", "lcoc_usd_per_gpu_hour", "margin_fraction"),
    *("cash_breakeven_utilisation", "accounting_breakeven_utilisation", "breakeven_utilisation", "headroom_fraction"),
    *("breakeven_price_usd_per_gpu_hour", "npv_usd_per_rack", "irr_per_year", "payback_years", "moic"),
    *("equity_npv_usd_per_rack", "equity_irr_per_year", "equity_breakeven_utilisation", "min_dscr"),
)


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: a number, or one number a year; null with a status that says why."""

    value: float | msgspec.UnsetType | None = msgspec.UNSET
    values: tuple[float | None, ...] | msgspec.UnsetType = msgspec.UNSET
    index: tuple[int, ...] | msgspec.UnsetType = msgspec.UNSET
    unit: str
    status: str
    description: str


class Conventions(msgspec.Struct, frozen=True):
    """How time is counted."""

    periods_per_year: int
    timing: str
    hour_per_year: float = 8760.0


class Quote(msgspec.Struct, frozen=True):
    """A scenario with every default filled in, and what was asked of it."""

    scenario: Scenario
    quantities: dict[str, Quantity]
    notices: tuple[str, ...]
    conventions: Conventions
    model_version: str = MODEL_VERSION


def quote(tables: Mapping[str, Any] | Scenario | Sourced, targets: Iterable[str] | None = None) -> Quote:
    """Answer `targets` (default: the usual ones) for one scenario. Errors: Problem."""
    sourced = scenario(tables)
    inputs = Inputs.of(sourced)
    plan = inputs.plan(distinct(DEFAULT_TARGETS if targets is None else targets))
    values = computed(plan, inputs.given(plan))
    quantities = {target: _answer(target, plan, values) for target in plan.targets}
    finance = sourced.scenario.finance
    filled = with_defaults(sourced.scenario)
    return Quote(filled, quantities, notices(sourced, inputs, plan.targets), Conventions(finance.periods_per_year, finance.timing))


def distinct(targets: Iterable[str]) -> tuple[str, ...]:
    """Targets in their order, each once. Errors: Problem."""
    if isinstance(targets, str):
        raise Problem("targets", targets, "a list of names")
    return tuple(dict.fromkeys(targets))


def with_defaults(record: Scenario) -> Scenario:
    """The scenario with the defaults that depend on other fields written out."""
    finance, hardware = record.finance, record.hardware
    sculpted = finance.amortisation == "sculpted"
    changed = {
        "cost_of_equity_per_year": finance.wacc_per_year if finance.cost_of_equity_per_year is None else finance.cost_of_equity_per_year,
        "debt_fraction": (1.0 if sculpted else 0.0) if finance.debt_fraction is None else finance.debt_fraction,
        "debt_tenor_years": hardware.economic_life_years if finance.debt_tenor_years is None else finance.debt_tenor_years,
    }
    return msgspec.structs.replace(record, finance=msgspec.structs.replace(finance, **changed))


def notices(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...]) -> tuple[str, ...]:
    """What the reader of an answer should know: defaults that matter, what is set aside, and what `given` does not reach."""
    record, finance, revenue, said = sourced.scenario, sourced.scenario.finance, sourced.scenario.revenue, []
    sculpted = finance.amortisation == "sculpted" and finance.debt_fraction is None
    if (finance.debt_fraction or sculpted or record.given.get("debt_usd_per_rack")) and finance.cost_of_equity_per_year is None:
        said.append("finance.cost_of_equity_per_year is not stated: the WACC stands for it, though there is debt")
    if revenue.price_path_usd_per_gpu_hour is not None and revenue.rental_price_usd_per_gpu_hour is not None:
        said.append("revenue.rental_price_usd_per_gpu_hour is ignored: price_path_usd_per_gpu_hour states the price of every year")
    if record.given:
        said += _about_given(sourced, inputs, targets)
    return tuple(said)


def _about_given(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...]) -> list[str]:
    """Stated fields that given quantities make idle, and targets that a given quantity does not reach though its inputs do."""
    given, said = sourced.scenario.given, []
    stated = {name: path for name, path in paths_of_inputs().items() if any(p == path or p.startswith(f"{path}.") for p in sourced.stated)}
    bare = {**dict.fromkeys(paths_of_inputs(), 0.0), **{name: value for name, value in inputs.values.items() if name not in given}}
    without = Inputs(inputs.choices, bare, inputs.periods_per_year)
    needed, still = without.plan(targets).needs, inputs.plan(targets).needs
    said += [f"{path} is ignored: {', '.join(given)} is given" for name, path in sorted(stated.items()) if name in needed - still]
    for name in given:
        behind = without.plan([name]).needs & set(stated)
        missed = [t for t in targets if name not in inputs.plan([t]).needs and behind & without.plan([t]).needs]
        if missed:
            said.append(f"given.{name} does not reach {', '.join(missed)}: computed from what stands behind it")
    return said


def _answer(target: str, plan: Plan, values: Mapping[str, Any]) -> Quantity:
    one = plan.nodes.get(target)
    doc = one.doc if one else "A field of the scenario."
    described: dict[str, Any] = {"unit": unit_shown(target), "description": " ".join(doc.split())}
    value = values[target]
    if one is not None and one.first_year is not None:
        listed = tuple(finite(v) for v in value.values)
        status = "ok" if None not in listed else "partly"
        index = tuple(range(one.first_year, one.first_year + len(listed)))
        return Quantity(values=listed, index=index, status=status, **described)
    if not isinstance(value, float | int):
        raise Problem("targets", target, "a quantity of one number or by year, not an inner series")
    return Quantity(value=finite(value), status="ok" if finite(value) is not None else status_of(target, plan.nodes, values), **described)


def finite(value: float) -> float | None:
    """The number, or None where there is none."""
    return value if value - value == 0.0 else None


def status_of(target: str, nodes: Mapping[str, Node], values: Mapping[str, Any]) -> str:
    """Why a quantity has no value: its own status, or that of the first input that has none."""
    one = nodes.get(target)
    if one is None:
        return "undefined"
    code = values.get(f"{target}_status", 0.0)
    if code:
        return one.statuses[int(code)]
    for name in one.needs:
        value = values.get(name)
        if isinstance(value, float) and finite(value) is None:
            return status_of(name, nodes, values)
    return "undefined"
