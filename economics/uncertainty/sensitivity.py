"""Sensitivity: how far each input alone moves a target (tornado), and how much of its variance each
one stands for (Sobol indices).
"""

import time
from collections.abc import Mapping
from typing import Annotated as A
from typing import Any

import numpy as np
from msgspec import UNSET, Meta, Struct
from numpy.typing import NDArray

from economics.models.registry import name_of
from economics.questions.quote import finite, status_of
from economics.questions.solve import is_life
from economics.scenario.basis import Basis
from economics.scenario.fields import bounds, field_type, is_whole, known_fields, path_of
from economics.scenario.inputs import Inputs, Plan, computed
from economics.scenario.reading import Sourced, checked, scenario
from economics.sweeps import cells
from economics.sweeps.answers import DeviceUsed, Engine, Why
from economics.sweeps.axes import check_draws
from economics.sweeps.distributions import (
    MOST_NUMBERS,
    Distribution,
    Drawn,
    Uniform,
    at,
    check_fields,
    correlations,
    ends,
)
from economics.sweeps.reductions import Cells, Progress, described
from economics.sweeps.sweep import engine_name, ready
from economics.uncertainty.simulate import AXIS, draws_of, job, known_parts
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown
from kernels.grids import estimates, sampling
from kernels.grids.estimates import Estimate
from kernels.trace.grid import Axis, Grid

PARTS = ("scenario", "target", "draws", "by_fraction", "backend")
BY_FRACTION = 0.1
FLAT = (
    "no Sobol indices: the target does not vary over the draws, or has a value in fewer than two"
    " rows of them"
)
COUNT = 4096  # rows of the draws of which none is stated
ByFraction = A[float, Meta(gt=0.0, le=1.0)]
Values = NDArray[np.float64]


class Bar(Struct, frozen=True, kw_only=True):
    """A target with one input at its low and at its high and all others at the scenario's own
    values; null with a status.
    """

    field: str
    unit: str
    base: A[float | None, Meta(description="the scenario's own value of the input")]
    low: A[float, Meta(description="of the input")]
    high: A[float, Meta(description="of the input")]
    at_low: A[float | None, Meta(description="of the target")]
    at_high: A[float | None, Meta(description="of the target")]
    status_at_low: str
    status_at_high: str
    swing: A[float | None, Meta(description="how far the two lie apart")]


class Index(Struct, frozen=True, kw_only=True):
    """Which share of the target's variance goes with an input: alone (first order), and together
    with others (total).
    """

    field: str
    first_order: Estimate
    total_order: Estimate


class Sensitivity(Struct, frozen=True, kw_only=True):
    """A target's inputs, those that matter most first; every interval is one of 95 %."""

    target: str
    unit: str
    description: str
    value: float | None
    status: str
    bars: tuple[Bar, ...]
    indices: tuple[Index, ...]
    evaluations: int
    missing: A[
        int,
        Meta(
            description=(
                "rows of draws that are left out of the indices, for the target has no value in one"
                " of them"
            )
        ),
    ]
    draws: Drawn
    notes: tuple[str, ...]
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: float
    basis: Basis


def sensitivity(
    spec: Mapping[str, Any],
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Rank a target's inputs: scenario, target, draws, by_fraction, backend.

    Without draws every stated number on which the target depends goes a tenth (`by_fraction`) down
    and up. Errors: Problem, NoAnswer, BackendError.
    """
    began = time.perf_counter()
    known_parts(spec, PARTS, "a question of sensitivity")
    name = engine_name(spec.get("backend", "auto") if backend is None else backend)
    sourced, target = scenario(spec.get("scenario", {})), checked(spec.get("target"), str, "target")
    value, status = _evaluated(sourced, target, {})
    if spec.get("draws") is None:
        how, notes = _around(
            sourced,
            target,
            checked(spec.get("by_fraction", BY_FRACTION), ByFraction, "by_fraction"),
        )
    elif "by_fraction" in spec:
        raise Problem(
            "by_fraction",
            spec["by_fraction"],
            "nothing beside draws, which state how far each input goes",
        )
    else:
        how, notes = draws_of(spec), ()
    rows = _rows(how, sourced)
    prepared = ready(
        sourced, Grid((Axis(AXIS, rows, numbered=True),)), (target,), Cells(), name, threads
    )
    bars = [_bar(sourced, target, field, *ends(one)) for field, one in how.fields.items()]
    table = cells.cells(job(prepared, progress))
    indices, missing, more = _indices(how, table.columns[target].values)
    return Sensitivity(
        target=target,
        unit=unit_shown(target),
        description=described(prepared.of(target), target),
        value=value,
        status=status,
        bars=tuple(
            sorted(bars, key=lambda bar: (bar.swing is None, -(bar.swing or 0.0), bar.field))
        ),
        indices=indices,
        evaluations=prepared.grid.size + 2 * len(bars) + 1,
        missing=missing,
        draws=how,
        notes=(*notes, *more),
        backend=table.backend,
        why=table.why,
        device=table.device,
        seconds=time.perf_counter() - began,
        basis=table.basis,
    )


def _plan(
    sourced: Sourced, target: str, changes: Mapping[str, float]
) -> tuple[Plan, dict[str, Any]]:
    inputs = Inputs.of(sourced, changes)
    plan = inputs.plan([target])
    return plan, inputs.given(plan)


def _evaluated(
    sourced: Sourced, target: str, changes: Mapping[str, float]
) -> tuple[float | None, str]:
    """A target of the scenario with some fields changed, by floats, and its status. Errors:
    Problem, NoAnswer.
    """
    plan, given = _plan(sourced, target, changes)
    node = plan.nodes.get(target)
    if node is not None and node.first_year is not None:
        raise Problem("target", target, f"one number: {target}[1] is that of year 1")
    values = computed(plan, given)
    value = finite(values[target])
    return value, "ok" if value is not None else status_of(target, plan.nodes, values)


def _bar(sourced: Sourced, target: str, field: str, low: float, high: float) -> Bar:
    (at_low, status_at_low), (at_high, status_at_high) = (
        _evaluated(sourced, target, {field: end}) for end in (low, high)
    )
    base = Inputs.of(sourced).values.get(field)
    return Bar(
        field=field,
        unit=unit_shown(field),
        base=base,
        low=low,
        high=high,
        at_low=at_low,
        at_high=at_high,
        status_at_low=status_at_low,
        status_at_high=status_at_high,
        swing=None if at_low is None or at_high is None else abs(at_high - at_low),
    )


def _around(sourced: Sourced, target: str, by_fraction: float) -> tuple[Drawn, tuple[str, ...]]:
    """Every stated number on which a target depends, from a share below to a share above it; and
    which are left as they are.
    """
    plan, given = _plan(sourced, target, {})
    model = name_of(sourced.scenario)
    stated = {
        field
        for field in plan.needs & known_fields(sourced.scenario)
        if path_of(field, model) in sourced.stated
    }
    found, left = dict[str, Distribution](), []
    for field in sorted(stated):
        value, wanted = given[field], field_type(field, sourced.scenario)
        if (
            is_whole(wanted) or is_life(field) or field.endswith("].hours_fraction")
        ):  # of several tranches: together 1
            left.append(field)
            continue
        least, most = bounds(wanted)
        one = Uniform(
            low=max(least, value - by_fraction * abs(value)),
            high=min(most, value + by_fraction * abs(value)),
        )
        if one.low < one.high and _goes(sourced, target, field, one):
            found[field] = one
        elif value:
            left.append(field)
    if not found:
        raise Problem(
            "draws",
            None,
            f"fields and their distributions, for {target} depends on no stated number that can"
            " vary by itself",
        )
    count = min(COUNT, 1 << _most_rows(len(found)).bit_length() - 1)
    return Drawn(fields=found, count=count), (
        (f"left as they are: {', '.join(left)}",) if left else ()
    )


def _goes(sourced: Sourced, target: str, field: str, one: Uniform) -> bool:
    """Whether a field may have the ends of its range in this scenario."""
    try:
        for end in (one.low, one.high):
            _plan(sourced, target, {field: end})
    except Problem:
        return False
    return True


def _rows(how: Drawn, sourced: Sourced) -> dict[str, Values]:
    """The values of each field in all rows: of one matrix of draws, of another, and of the first
    with one column of the other, in turn.
    """
    names = sorted(how.fields)
    if how.count > _most_rows(len(names)):
        expected = (
            f"at most {_most_rows(len(names))} with {len(names)} fields: {len(names) + 2}"
            " evaluations for each"
        )
        raise Problem("draws.count", how.count, expected)
    check_fields(how, "draws")
    correlations(how, names, "draws")
    ranks = sampling.points(how.method, how.count, 2 * len(names), how.seed)
    found = {}
    for place, field in enumerate(names):
        one, other = (at(how.fields[field], ranks[part]) for part in (place, len(names) + place))
        check_draws({field: how.fields[field]}, {field: one}, "draws", sourced)
        found[field] = np.concatenate(
            [one, other, *(other if place == mixed else one for mixed in range(len(names)))]
        )
    return found


def _most_rows(fields: int) -> int:
    """How many rows of draws there may be: each has a number for every field in as many evaluations
    as there are fields, and two more.
    """
    return MOST_NUMBERS // (fields * (fields + 2))


def _indices(how: Drawn, values: Values) -> tuple[tuple[Index, ...], int, tuple[str, ...]]:
    """Indices of the fields, how many rows are left out, and what is to be said."""
    if how.correlations:
        return (
            (),
            0,
            (
                (
                    "no Sobol indices: they are of inputs that do not depend on each other, and"
                    " some are correlated"
                ),
            ),
        )
    names = sorted(how.fields)
    table = values.reshape(len(names) + 2, how.count)
    sound: NDArray[np.bool_] = np.isfinite(table).all(axis=0)  # type: ignore[assignment]
    made = []
    for place, field in enumerate(names):
        orders = _orders(table, sound, 2 + place)
        if orders is None:
            return (), int((~sound).sum()), (FLAT,)
        made.append(Index(field=field, first_order=orders[0], total_order=orders[1]))
    made.sort(key=lambda index: (-index.total_order.value, index.field))
    return tuple(made), int((~sound).sum()), ()


def _orders(table: Values, sound: NDArray[np.bool_], row: int) -> tuple[Estimate, Estimate] | None:
    """First and total order of the input whose mixed values are in a row of the table, with
    intervals from the blocks.
    """
    whole = _order(table[:, sound], row)
    if whole is None:
        return None
    parts = [
        _order(table[:, block][:, sound[block]], row) for block in estimates.blocks(table.shape[1])
    ]
    first, total = ([None if one is None else one[kind] for one in parts] for kind in (0, 1))
    return estimates.block_estimate(whole[0], first), estimates.block_estimate(whole[1], total)


def _order(table: Values, row: int) -> tuple[float, float] | None:
    """First and total order by some rows of draws; None of a single one, which is too few to tell
    them by.
    """
    return estimates.first_and_total(table[0], table[1], table[row]) if table.shape[1] > 1 else None
