"""Which value of a field makes a target what is wanted: all roots that samples can see, refined to
the last bit.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from economics.scenario.basis import Basis, basis
from economics.scenario.fields import field_type, is_life, is_whole, known_fields, search_bounds
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute
from economics.scenario.reading import DEPRECIATION, Sourced, scenario
from economics.vocabulary.header import About
from economics.vocabulary.problems import NoAnswer, Problem, UnknownProblem
from economics.vocabulary.units import unit_shown, unit_text
from kernels.language.roots import SAMPLES, roots_between


class Solution(msgspec.Struct, frozen=True, kw_only=True):
    """All values found at which the target has the wanted value."""

    unknown: str
    unit: str
    target: str
    value: float
    target_unit: str
    between: tuple[float, float]
    roots: tuple[float, ...]
    samples: int
    valued: int
    note: str
    basis: Basis


def solve(
    tables: Mapping[str, Any] | About | Sourced,
    target: str,
    value: float,
    unknown: str,
    between: tuple[float, float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """All values of the field `unknown` at which `target` is `value`; `progress(done, more)`
    between evaluations may raise to stop.

    Errors: Problem; NoAnswer if the target has a value nowhere.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or value - value != 0.0:
        raise Problem("value", value, "a finite number")
    sourced = scenario(tables)
    wanted = field_type(unknown, sourced.scenario)
    if wanted is None or is_whole(wanted):
        real = [
            name
            for name in known_fields(sourced.scenario)
            if not is_whole(field_type(name, sourced.scenario))
        ]
        raise UnknownProblem("unknown", unknown, "real-valued field of this scenario", real)
    low, high = _bracket(search_bounds(wanted), between, unknown)
    inputs = Inputs.of(sourced, {unknown: high})
    plan = inputs.plan([target])
    if target in plan.nodes and plan.nodes[target].first_year is not None:
        raise Problem("target", target, f"one number: {target}[1] is that of year 1")
    if is_life(unknown) and plan.over_time:
        raise Problem(
            "unknown",
            unknown,
            f"a field that need not be whole periods, as {target} asks here; sweep it instead",
        )
    if unknown not in plan.needs and not any(
        unknown.startswith(f"{name}_") for name in DEPRECIATION if name in plan.needs
    ):
        raise Problem("unknown", unknown, f"a field that {target} depends on in this scenario")
    given = inputs.given(plan)

    asked = itertools.count(1)

    def gap(x: float) -> float:
        if progress is not None:
            done = next(asked)
            progress(done, done + 1)
        swept = Inputs.of(sourced, {unknown: x}).values if unknown not in given else {unknown: x}
        try:
            found: float = compute(plan, {**given, **swept})[target] - value
        except NoAnswer:
            return float("nan")
        return found

    found = roots_between(gap, low, high)
    if not found.valued:
        raise NoAnswer(f"{target} has no value anywhere between {unknown} = {low:g} and {high:g}")
    note = (
        f"{SAMPLES} samples between {low:g} and {high:g}: roots closer than these can be missed; a"
        " stretch of roots is given by its ends"
    )
    return Solution(
        unknown=unknown,
        unit=unit_text(unknown),
        target=target,
        value=float(value),
        target_unit=unit_shown(target),
        between=(low, high),
        roots=found.roots,
        samples=SAMPLES,
        valued=found.valued,
        note=note,
        basis=basis(sourced, inputs, (target,)),
    )


def _bracket(
    bounds: tuple[float, float], between: tuple[float, float] | None, unknown: str
) -> tuple[float, float]:
    if between is None:
        return bounds
    low, high = map(float, between)
    if not (low < high and high - low < float("inf")):
        raise Problem("between", between, "a lower and a higher finite number")
    if low < bounds[0] or high > bounds[1]:
        raise Problem(
            "between", between, f"numbers that {unknown} can have, {bounds[0]:g} to {bounds[1]:g}"
        )
    return low, high
