"""Sensitivity: how far each input alone moves a target (tornado), and how much of its variance each
one stands for (Sobol indices).
"""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated as A
from typing import Any

from msgspec import UNSET, Meta, Struct

from economics.models.reasons import left_out
from economics.scenario.basis import Basis
from economics.scenario.checking import checked
from economics.scenario.reading import Sourced, scenario
from economics.sweeps import cells
from economics.sweeps.answers import DeviceUsed, Engine, Why
from economics.sweeps.distributions import Drawn
from economics.sweeps.prepared import Progress
from economics.sweeps.spec import ABOUT, Cells, check_parts, draws_of
from economics.sweeps.sweep import engine_name, prepare_over
from economics.uncertainty.indices import Index, indices, mixed_rows, most_rows
from economics.uncertainty.simulate import AXIS, job
from economics.uncertainty.tornado import Bar, ranges_around, tornado, value_of
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import StatusName, TargetName
from economics.vocabulary.problems import ExcessProblem
from economics.vocabulary.units import unit_shown
from kernels.trace.grid import Axis, Grid

BY_FRACTION = 0.1
COUNT = 4096  # rows of the draws of which none is stated
ByFraction = A[float, Meta(gt=0.0, le=1.0)]


class SensitivitySpec(Struct, frozen=True, kw_only=True):
    """A question of sensitivity as it is asked, in records; its scenario may be one in tables
    too.
    """

    scenario: Mapping[str, Any] | About | Sourced
    target: str
    draws: Drawn | None = None
    by_fraction: float | None = None
    backend: str = "auto"


class Sensitivity(Struct, frozen=True, kw_only=True):
    """A target's inputs, those that matter most first; every interval is one of 95 %."""

    target: A[TargetName, is_("what was asked about")]
    unit: A[str, is_("of the target")]
    description: A[str, is_("what the target is")]
    value: A[float | None, is_("at the scenario's own values; null with a status")]
    status: A[StatusName, is_("ok, or why there is no value")]
    bars: A[tuple[Bar, ...], is_("each input alone at its low and its high, the longest bar first")]
    indices: A[tuple[Index, ...], is_("shares of the target's variance, the greatest first")]
    evaluations: A[int, is_("how often the target was computed")]
    missing: A[
        dict[str, int],
        Meta(
            description=(
                "how many rows of draws are left out of the indices, for the target has no value in"
                " one of their evaluations: by the status of the first of these"
            )
        ),
    ]
    draws: A[Drawn, is_("what was drawn, and how")]
    notes: A[tuple[str, ...], is_("what the reader should know, in words")]
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: A[float, is_("that it took to compute")]
    basis: A[Basis, is_("the scenario that the inputs change")]


def sensitivity(
    spec: Mapping[str, Any] | SensitivitySpec,
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Rank a target's inputs: scenario, target, draws, by_fraction, backend.

    Without draws every stated number on which the target depends goes a tenth (`by_fraction`) down
    and up. Errors: Problem, NoAnswer, BackendError.
    """
    began = time.perf_counter()
    asked = spec if isinstance(spec, SensitivitySpec) else sensitivity_spec(spec)
    name = engine_name(asked.backend if backend is None else backend)
    sourced, target = scenario(asked.scenario), asked.target
    value, status = value_of(sourced, target, {})
    how, notes = _draws(asked, sourced)
    over = Grid((Axis(AXIS, mixed_rows(how, sourced), numbered=True),))
    prepared = prepare_over(sourced, over, (target,), Cells(), name, threads)
    if progress is not None:
        progress(0, over.size)  # what is drawn may have taken a while
    bars = tornado(sourced, target, how.fields)
    table = cells.cells(job(prepared, progress))
    column = table.columns.get(f"{target}_status")
    found, missing, more = indices(how, table.columns[target].values, column)
    return Sensitivity(
        target=target,
        unit=unit_shown(target),
        description=prepared.description(target),
        value=value,
        status=status,
        bars=bars,
        indices=found,
        evaluations=prepared.grid.size + 2 * len(bars) + 1,
        missing=missing,
        draws=how,
        notes=(*notes, *more, *_left_out(target, bars, missing, how.count)),
        backend=table.backend,
        why=table.why,
        device=table.device,
        seconds=time.perf_counter() - began,
        basis=table.basis,
    )


def _left_out(
    target: str, bars: Sequence[Bar], missing: Mapping[str, int], rows: int
) -> tuple[str, ...]:
    """In words, how many bars and rows of draws have no value."""
    count = sum(bar.swing is None for bar in bars)
    has = "input has" if len(bars) == 1 else "inputs have"
    lines = [f"{count} of {len(bars)} {has} no swing: {target} has no value at the low or high"]
    more = " in some evaluation and are left out of the indices"
    return *(lines if count else []), *left_out(target, missing, rows, "rows of draws", more)


def sensitivity_spec(tables: Mapping[str, Any]) -> SensitivitySpec:
    """A question of sensitivity from the tables of a file. Errors: Problem."""
    check_parts(tables, SensitivitySpec, ABOUT, "a question of sensitivity")
    by_fraction: float | None = (
        checked(tables["by_fraction"], ByFraction, "by_fraction")
        if "by_fraction" in tables
        else None
    )
    return SensitivitySpec(
        scenario=tables.get("scenario", {}),
        target=checked(tables.get("target"), str, "target"),
        draws=None if tables.get("draws") is None else draws_of(tables),
        by_fraction=by_fraction,
        backend=tables.get("backend", "auto"),
    )


def _draws(asked: SensitivitySpec, sourced: Sourced) -> tuple[Drawn, tuple[str, ...]]:
    """What is drawn, and what is to be said of it: as stated, or around the scenario's own numbers.
    Errors: Problem.
    """
    if asked.draws is None:
        share = BY_FRACTION if asked.by_fraction is None else asked.by_fraction
        found, left = ranges_around(sourced, asked.target, share)
        count = min(COUNT, 1 << most_rows(len(found)).bit_length() - 1)
        notes = (f"left as they are: {', '.join(left)}",) if left else ()
        return Drawn(fields=found, count=count), notes
    if asked.by_fraction is not None:
        why = "because draws state how far each input goes"
        raise ExcessProblem("by_fraction", asked.by_fraction, why)
    return asked.draws, ()
