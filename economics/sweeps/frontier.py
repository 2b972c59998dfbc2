"""The frontier of a sweep: for each cell of the other axes, the value of one field at which a
target crosses a level.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from economics.scenario.fields import field_type, flat, is_life, is_whole
from economics.sweeps.answers import Column, Table
from economics.sweeps.axes import Linspace, Logspace, Values
from economics.sweeps.cells import axis_column
from economics.sweeps.prepared import Job, Prepared
from economics.sweeps.spec import Frontier
from economics.vocabulary.header import About
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.units import percent_meant, unit_shown
from kernels.grids import crossings as kernel
from kernels.grids.crossings import Edges, Lines
from kernels.grids.engine_table import NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.grids.narrowing import GAP, NARROW, OK, GapAt, narrow
from kernels.language.root_search import HELD
from kernels.trace.grid import Grid

MOST_VALUES = 10_000  # of the field: all of them lie in one tile
LINES_AT_ONCE = 16_384  # whose crossings are narrowed together
MOST_LINES = 2**28
CROSSED = (OK, kernel.SEVERAL)


def check_axis(reduction: Frontier, axes: Any, over: Grid) -> None:
    """Whether a grid has the axis of a frontier. Errors: Problem."""
    fields = [axis.field for axis in axes if isinstance(axis, Linspace | Logspace | Values)]
    if reduction.field not in fields:
        raise UnknownProblem(
            "reduce.field",
            reduction.field,
            f"field that an axis of its own sweeps ({', '.join(fields) or 'there is none'})",
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
    """How exact the values are, and whether the level was likely meant in percent."""
    exact = (
        f"crossings between neighbouring values, narrowed to {NARROW:g} of their distance"
        if _narrows(reduction.field, evaluation, record)
        else "the first of the axis' values past a crossing, for nothing is computed between them"
    )
    meant = percent_meant(evaluation.targets[0], reduction.level)
    return "; ".join((f"{reduction.field}: {exact}", *meant))


def _narrows(field: str, one: Evaluation, record: About) -> bool:
    """Whether a field can have any value between two of its axis."""
    walked = is_life(field) and "calendar" in one.given
    return flat(field) in one.given and not walked and not is_whole(field_type(field, record))


def frontier(job: Job) -> Table:
    """One row for each cell of the other axes: the field's value, a status and how often the target
    crosses the level.
    """
    prepared, reduction = job.prepared, job.prepared.reduction
    assert isinstance(reduction, Frontier)  # noqa: S101
    one, over = prepared.evaluations[0], prepared.grid
    axis = fields_at(reduction, over)
    values = over.axes[axis].coordinates
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
            tile, one.targets[0], axis, values, reduction.level, lines
        ),
        prepared.threads,
    ):
        done += int(np.prod([part.stop - part.start for part in box]))
        beat(done)
    found = lines.high.copy()
    if _narrows(reduction.field, one, prepared.basis.scenario):
        gap_at = _gaps(one, axis, reduction, lines, lambda: beat(done))
        for edges in _batches(lines.edges):
            kernel.before_edges(gap_at, edges, np.sort(values), lines)
        for start in range(0, lines.code.size, LINES_AT_ONCE):
            some = slice(start, start + LINES_AT_ONCE)
            _narrow(gap_at, some, lines, found, HELD * abs(reduction.level))
            beat(done + min(start + LINES_AT_ONCE, lines.code.size))
    beat(total)
    found[~np.isin(lines.code, CROSSED)] = np.nan
    return _table(prepared, reduction, others, found, lines)


def _sizes(one: Evaluation, axis: int, tile_cells: int | None) -> tuple[int, ...]:
    """The lengths of a tile that is whole along an axis."""
    length = one.grid.shape[axis]
    most = [1 if at == axis else size for at, size in enumerate(one.grid.shape)]
    sizes = list(one.tile_sizes(max(1, (tile_cells or one.tile_cells()) // length), most=most))
    sizes[axis] = length
    return tuple(sizes)


def _batches(edges: list[Edges]) -> Iterator[Edges]:
    """All edges, some at once."""
    if edges:
        every = [np.concatenate(each) for each in zip(*edges, strict=True)]
        for start in range(0, len(every[0]), LINES_AT_ONCE):
            yield Edges(*(each[start : start + LINES_AT_ONCE] for each in every))


def _gaps(
    one: Evaluation, axis: int, reduction: Frontier, lines: Lines, beat: Callable[[], None]
) -> GapAt:
    """What gives the target less the level at values of the field, of lines by their row-major
    number.
    """

    def gap_at(x: Any, line: Any) -> Any:
        beat()
        places = list(np.unravel_index(line, lines.code.shape)) if lines.code.shape else []
        places.insert(axis, np.zeros(len(line), dtype=np.int64))
        there = one.at(places)
        given = {**there.given, flat(reduction.field): x}
        there = replace(there, given=given, engine=NUMPY)
        out = np.empty(len(x))
        for _ in there.over_tiles(
            lambda tile: out.__setitem__(tile.box, kernel.sided(tile, there.targets[0]))
        ):
            pass
        return out - reduction.level

    return gap_at


def _narrow(gap_at: GapAt, some: slice, lines: Lines, found: Any, rounding: float) -> None:
    """Narrow the crossings of some lines; written into `found` and the lines' codes."""
    code = lines.code.reshape(-1)
    chosen = some.start + np.flatnonzero(np.isin(code[some], CROSSED))
    if not chosen.size:
        return
    ends = (getattr(lines, name).reshape(-1)[chosen] for name in kernel.ENDS)
    narrowed = narrow(lambda x, which: gap_at(x, chosen[which]), *ends, rounding=rounding)
    found.reshape(-1)[chosen] = narrowed.at
    kept = (narrowed.code == OK) | ((code[chosen] == kernel.SEVERAL) & (narrowed.code != GAP))
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
