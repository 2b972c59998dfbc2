"""The frontier of a sweep: for each cell of the other axes, the value of one field at which a
target crosses a level.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from economics.scenario.fields import field_type, is_life, is_whole
from economics.sweeps.answers import Column, Table
from economics.sweeps.axes import Linspace, Logspace, Values
from economics.sweeps.cells import axis_column
from economics.sweeps.prepared import Job, Prepared
from economics.sweeps.spec import Frontier
from economics.vocabulary.header import About
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.units import unit_shown
from kernels.grids import crossings as kernel
from kernels.grids.crossings import Lines
from kernels.grids.engine_table import NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.trace.grid import Grid

MOST_VALUES = 10_000  # of the field: all of them lie in one tile
LINES_AT_ONCE = 16_384  # whose crossings are narrowed together
MOST_LINES = 2**28


def check_axis(reduction: Frontier, axes: Any, over: Grid) -> None:
    """Whether a grid has the axis of a frontier. Errors: Problem."""
    fields = [axis.field for axis in axes if isinstance(axis, Linspace | Logspace | Values)]
    if reduction.field not in fields:
        raise UnknownProblem(
            "reduce.field",
            reduction.field,
            "field that an axis of its own sweeps",
            fields,
        )
    length = len(over.axes[fields_at(reduction, over)])
    if not 2 <= length <= MOST_VALUES:
        raise Problem(
            "reduce.field",
            f"{reduction.field}: {length} values",
            f"2 to {MOST_VALUES} values, to find crossings between",
        )
    if over.size // length > MOST_LINES:
        raise Problem(
            "axes", over.size // length, f"at most {MOST_LINES} cells beside {reduction.field}"
        )


def fields_at(reduction: Frontier, over: Grid) -> int:
    """The place of the frontier's axis."""
    return next(at for at, axis in enumerate(over.axes) if axis.name == reduction.field)


def check_needed(reduction: Frontier, evaluation: Evaluation) -> None:
    """Whether the target depends on the field. Errors: Problem."""
    if fields_at(reduction, evaluation.grid) not in evaluation.needed_axes:
        raise Problem(
            "reduce.field",
            reduction.field,
            f"a field that {evaluation.targets[0]} depends on in this scenario",
        )


def notice(reduction: Frontier, evaluation: Evaluation, record: About) -> str:
    """How exact the values are."""
    if _narrows(reduction.field, evaluation, record):
        return (
            f"{reduction.field}: crossings between neighbouring values, narrowed to"
            f" {kernel.NARROW:g} of their distance"
        )
    return (
        f"{reduction.field}: the first of the axis' values past a crossing, for nothing is computed"
        " between them"
    )


def _narrows(field: str, one: Evaluation, record: About) -> bool:
    """Whether a field can have any value between two of its axis."""
    walked = is_life(field) and "calendar" in one.given
    return field in one.given and not walked and not is_whole(field_type(field, record))


def frontier(job: Job) -> Table:
    """One row for each cell of the other axes: the field's value, a status and how often the target
    crosses the level.
    """
    prepared, reduction = job.prepared, job.prepared.reduction
    assert isinstance(reduction, Frontier)  # noqa: S101
    one, over = prepared.evaluations[0], prepared.grid
    axis = fields_at(reduction, over)
    order = np.argsort(over.axes[axis].coordinates, kind="stable")
    others = [at for at in range(len(over.axes)) if at != axis]
    lines = Lines.empty(tuple(over.shape[at] if at in one.needed_axes else 1 for at in others))
    total, sizes = over.size + lines.code.size, _sizes(one, axis, job.tile_cells)

    def beat(done: int) -> None:
        if job.progress is not None:
            job.progress(done, total)

    done = 0
    for box, _ in one.tiles(sizes).over(
        over.whole,
        lambda tile: kernel.first_crossings(
            tile, one.targets[0], axis, order, reduction.level, lines
        ),
        prepared.threads,
    ):
        done += int(np.prod([part.stop - part.start for part in box]))
        beat(done)
    values = over.axes[axis].coordinates[order]
    found = np.array(values[np.minimum(lines.place + 1, len(values) - 1)])
    crossed = (lines.code == kernel.OK) | (lines.code == kernel.SEVERAL)
    if _narrows(reduction.field, one, prepared.basis.scenario):
        for start in range(0, lines.code.size, LINES_AT_ONCE):
            chosen = start + np.flatnonzero(crossed.reshape(-1)[start : start + LINES_AT_ONCE])
            if chosen.size:
                _narrow(
                    one,
                    axis,
                    order,
                    lines,
                    chosen,
                    found,
                    reduction,
                    lambda: beat(done + start),  # noqa: B023  called at once
                )
            beat(done + min(start + LINES_AT_ONCE, lines.code.size))
    beat(total)
    found[~crossed] = np.nan
    return _table(prepared, reduction, others, found, lines)


def _sizes(one: Evaluation, axis: int, tile_cells: int | None) -> tuple[int, ...]:
    """The lengths of a tile that is whole along an axis."""
    length = one.grid.shape[axis]
    most = [1 if at == axis else size for at, size in enumerate(one.grid.shape)]
    sizes = list(one.tile_sizes(max(1, (tile_cells or one.tile_cells()) // length), most=most))
    sizes[axis] = length
    return tuple(sizes)


def _narrow(
    one: Evaluation,
    axis: int,
    order: Any,
    lines: Lines,
    chosen: Any,
    found: Any,
    reduction: Frontier,
    beat: Callable[[], None],
) -> None:
    """Narrow the crossings of some lines, by their row-major numbers; written into `found` and the
    lines' codes.
    """
    place = lines.place.reshape(-1)[chosen]
    places = list(np.unravel_index(chosen, lines.code.shape)) if lines.code.shape else []
    places.insert(axis, order[place])
    values = one.grid.axes[axis].coordinates[order]

    def gap_at(x: Any, which: Any) -> Any:
        beat()
        there = one.at([at[which] for at in places])
        there = replace(there, given={**there.given, reduction.field: x}, engine=NUMPY)
        out = np.empty(len(x))
        for _ in there.over_tiles(
            lambda tile: out.__setitem__(tile.box, tile.own(there.targets[0]))
        ):
            pass
        return out - reduction.level

    ends = (
        values[place],
        values[place + 1],
        lines.before.reshape(-1)[chosen],
        lines.after.reshape(-1)[chosen],
    )
    narrowed = kernel.narrow(gap_at, *ends)
    found.reshape(-1)[chosen] = narrowed.at
    code = lines.code.reshape(-1)
    kept = (narrowed.code == kernel.OK) | (
        (code[chosen] == kernel.SEVERAL) & (narrowed.code != kernel.GAP)
    )
    code[chosen] = np.where(kept, code[chosen], narrowed.code)


def _table(
    prepared: Prepared, reduction: Frontier, others: list[int], found: Any, lines: Lines
) -> Table:
    over, field, target = prepared.grid, reduction.field, prepared.targets[0]
    rest = Grid(tuple(over.axes[at] for at in others))
    columns = {axis.name: axis_column(axis, at, 0, rest.shape) for at, axis in enumerate(rest.axes)}
    shape, level = rest.shape, f"{reduction.level!r}".removesuffix(".0") + f" {unit_shown(target)}"
    about = f"Value of {field} at which {target} crosses {level}."
    columns[field] = Column(np.broadcast_to(found, shape), unit_shown(field), about)
    whether = f"Whether {target} crosses {level}, and how; at the level counts as above."
    columns[f"{field}_status"] = Column(
        np.broadcast_to(lines.code, shape), "1", whether, kernel.STATUSES
    )
    columns[f"{field}_crossings"] = Column(
        np.broadcast_to(lines.count, shape),
        "1",
        f"How often {target} crosses {level} over the axis.",
    )
    names = tuple(axis.name for axis in rest.axes)
    backend, why, device = prepared.backend, prepared.why, prepared.device
    return Table(
        axes=names,
        shape=shape,
        columns=columns,
        backend=backend,
        why=why,
        device=device,
        basis=prepared.basis,
    )
