"""One scenario many times: some of its fields have a value for each row, all rows are answered
together, and what is wrong with a row is told in its place.

Over arrays in one go, as the cells of a sweep are; a row at a time where one of them is refused
only when it is computed, or where numbers leave the range of floats.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated as A
from typing import Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from economics.models.registry import kind_of, usual_targets
from economics.scenario.basis import Basis
from economics.scenario.checking import checked
from economics.scenario.fields import distinct, field_type, is_whole, meant_by
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute, finite, status_of
from economics.scenario.reading import Sourced
from economics.sweeps.prepared import Prepared, Progress
from economics.sweeps.spec import Cells
from economics.sweeps.sweep import prepare_over, run
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import StatusName
from economics.vocabulary.problems import (
    MissingProblem,
    NoAnswer,
    Problem,
    UnknownField,
    all_of,
    as_one,
)
from economics.vocabulary.units import unit_shown
from kernels.grids.engine_table import NUMPY
from kernels.grids.traced_plan import OK, UNDEFINED
from kernels.trace.grid import Axis, Grid

ROW = "row"
REFUSED = "refused"  # of a row that is answered with a problem
Values = Mapping[str, Any]


class BatchColumn(Struct, frozen=True):
    """One quantity in every row: its values, null where there is none, and a status for each."""

    unit: A[str, is_("of its values")]
    description: A[str, is_("what the quantity is")]
    values: A[list[float | None], Meta(description="one a row")]
    statuses: A[
        list[StatusName],
        Meta(description="one a row: ok, why there is no value, or refused: see the problems"),
    ]


class Batch(Struct, frozen=True):
    """All rows by columns, what is wrong with those that are refused, and what they rest on."""

    quantities: dict[str, BatchColumn]
    problems: Mapping[int, Problem | NoAnswer]
    unanswered: Mapping[str, tuple[str, ...]]
    basis: Basis


def batch(
    sourced: Sourced,
    columns: Mapping[str, Sequence[Any]],
    targets: Sequence[str] | None = None,
    watch: Progress | None = None,
) -> Batch:
    """Targets (default: the usual ones of one number that the scenario states enough for) in every
    row of some columns of values by field. `watch(done, rows)` is called between rows that are
    computed one by one, and may raise to stop. Errors: Problem, for what all rows have in common.
    """
    count, problems = _count(columns), dict[int, Problem | NoAnswer]()
    columns_read = all_of(lambda one: _column(*one, sourced, problems), columns.items())
    read = dict(zip(columns, columns_read, strict=True))
    good = [row for row in range(count) if row not in problems]
    if not good:
        raise as_one([one for one in problems.values() if isinstance(one, Problem)][:20])
    kept = {field: np.array([values[row] for row in good]) for field, values in read.items()}
    asked, lacking = _targets(sourced, kept, targets)
    values, statuses = (np.full((len(asked), count), one, object) for one in (None, REFUSED))
    try:
        alone, prepared = _together(sourced, kept, asked, good, values, statuses)
    except (Problem, ArithmeticError) as error:
        if _is_of_all(error):
            raise
        alone, prepared = good, None
    for done, row in enumerate(alone):
        if watch is not None:
            watch(done, len(alone))
        swept = {field: found[row] for field, found in read.items()}
        try:
            values[:, row], statuses[:, row] = _alone(sourced, swept, asked)
        except (Problem, NoAnswer) as error:
            if _is_of_all(error):
                raise
            values[:, row], statuses[:, row], problems[row] = None, REFUSED, error
    answered = next((row for row in good if row not in problems), None)
    if answered is None:
        raise next(iter(problems.values()))
    if prepared is None:
        own = {field: np.array([found[answered]]) for field, found in read.items()}
        prepared = _prepared(sourced, own, asked)
    quantities = {
        target: BatchColumn(
            unit_shown(target),
            prepared.description(target),
            values[at].tolist(),
            statuses[at].tolist(),
        )
        for at, target in enumerate(asked)
    }
    return Batch(quantities, dict(sorted(problems.items())), lacking, prepared.basis)


def _count(columns: Mapping[str, Sequence[Any]]) -> int:
    """How many rows there are. Errors: Problem."""
    lengths = {field: len(values) for field, values in columns.items()}
    if not any(lengths.values()):
        raise Problem("columns", list(columns), "one list of values a field, all of one length")
    first, count = max(lengths.items(), key=lambda one: one[1])
    for field, length in lengths.items():
        if length != count:
            where, expected = f"columns.{field}", f"{count} values, as columns.{first} has"
            raise Problem(where, length, expected, f"{where} has {length}: expected {expected}")
    return count


def _column(
    field: str, stated: Sequence[Any], sourced: Sourced, problems: dict[int, Problem | NoAnswer]
) -> list[float]:
    """The values of a field, NaN in rows that it cannot have, with whose problems. Errors:
    UnknownField.
    """
    wanted = field_type(field, sourced.scenario)
    if wanted is None:
        what, record = f"number of this scenario ({kind_of(sourced.scenario)})", sourced.scenario
        raise UnknownField(f"columns.{field}", field, stated, what, meant=meant_by(field, record))
    try:  # all right, as most are
        return list(map(float, msgspec.convert(stated, list[wanted])))  # type: ignore[valid-type]
    except (msgspec.ValidationError, TypeError):
        whole, found = is_whole(wanted), list[float]()
    for row, value in enumerate(stated):
        where = f"columns.{field}[{row}]"
        try:
            exact = int(value) if whole and isinstance(value, float) and value % 1 == 0 else value
            number = checked(exact, wanted, where)
            if number is None:
                raise Problem(where, None, "a number")
            found.append(float(number))
        except Problem as problem:
            problems.setdefault(row, problem)
            found.append(np.nan)
    return found


def _targets(
    sourced: Sourced, kept: Values, asked: Sequence[str] | None
) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """What is computed, and what is not with the fields that it lacks. Errors: Problem."""
    if asked is not None:
        if not asked:
            raise Problem("targets", [], "at least one quantity")
        return distinct(asked), {}
    inputs = Inputs.of(sourced, {field: float(values[0]) for field, values in kept.items()})
    usual = usual_targets(sourced.scenario)
    return inputs.stated(tuple(one for one in usual if not one.endswith("_by_year")))


def _prepared(sourced: Sourced, kept: Values, targets: tuple[str, ...]) -> Prepared:
    return prepare_over(sourced, Grid((Axis(ROW, kept),)), targets, Cells(), NUMPY.name, 1)


def _together(
    sourced: Sourced,
    kept: Values,
    targets: tuple[str, ...],
    good: list[int],
    values: Any,
    statuses: Any,
) -> tuple[list[int], Prepared]:
    """Fill good rows over arrays; gives those in which floats may have left their range. Errors:
    Problem.
    """
    prepared = _prepared(sourced, kept, targets)
    columns, strange = run(prepared).columns, np.zeros(len(good), dtype=bool)  # type: ignore[union-attr]
    for at, target in enumerate(targets):
        found = columns[target].values
        values[at, good] = np.where(np.isfinite(found), found, None)
        statuses[at, good] = OK
        if f"{target}_status" in columns:
            why = columns[f"{target}_status"]
            words = np.asarray(why.categories, dtype=object)[why.values]
            statuses[at, good] = words
            strange |= words == UNDEFINED
    return [good[at] for at in np.flatnonzero(strange)], prepared


def _alone(
    sourced: Sourced, swept: Mapping[str, float], targets: tuple[str, ...]
) -> tuple[list[float | None], list[str]]:
    """The values and statuses of one row by floats. Errors: Problem, NoAnswer."""
    inputs = Inputs.of(sourced, swept)
    plan = inputs.plan(targets)
    values = compute(plan, inputs.given(plan))
    found = [finite(values[target]) for target in targets]
    return found, [
        OK if value is not None else status_of(target, plan.nodes, values)
        for target, value in zip(targets, found, strict=True)
    ]


def _is_of_all(error: Exception) -> bool:
    """Whether a problem is one of the question, whatever the row."""
    return isinstance(error, MissingProblem) or (
        isinstance(error, Problem) and error.where == "targets"
    )
