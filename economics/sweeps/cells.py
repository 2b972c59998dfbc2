"""The cells of a sweep as one table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from economics.sweeps.answers import Column, Table
from economics.sweeps.axes import MOST_AXES
from economics.sweeps.prepared import Job, Prepared
from economics.vocabulary.problems import Problem, UnknownProblem
from economics.vocabulary.units import unit_shown
from kernels.grids import reductions
from kernels.language.caches import cached
from kernels.trace.grid import Axis, Box, aligned_array, lengths

MOST_CELLS_IN_MEMORY = 2**31
Filled = dict[str, tuple[Any, Any]]  # of each target: its values, and its statuses as codes


def cells(job: Job, out: Mapping[str, Any] | None = None) -> Table:
    """The whole table, with targets in the arrays that `out` has for them. Errors: Problem where
    it, or one of them, does not fit.
    """
    over = job.prepared.grid
    if over.size > MOST_CELLS_IN_MEMORY:
        raise Problem(
            "axes",
            over.size,
            f"at most {MOST_CELLS_IN_MEMORY} cells as one table; a reduction takes any number",
        )
    for name, array in (out or {}).items():
        _check_out(name, array, job.prepared)
    filled, lacking = dict[str, tuple[Any, Any]](), set[str]()
    for one in job.prepared.evaluations:
        values, codes = value_columns(one.targets, over.shape, out)
        lacking |= job.total(
            one,
            lambda tile: reductions.fill(tile, tile.targets, values, codes),  # noqa: B023
            set.union,
        )
        filled.update(paired(values, codes))
    return table_of(job.prepared, over.whole, filled, lacking)


def _check_out(name: str, array: Any, prepared: Prepared) -> None:
    if name not in prepared.targets:
        raise UnknownProblem(f"out.{name}", name, "target of the sweep", prepared.targets)
    if (
        not isinstance(array, np.ndarray)
        or array.shape != prepared.grid.shape
        or array.dtype != float
        or not array.flags.writeable
    ):
        found = (
            f"{array.dtype} {array.shape}"
            if isinstance(array, np.ndarray)
            else type(array).__name__
        )
        raise Problem(f"out.{name}", found, f"a writable array of float64 {prepared.grid.shape}")


def value_columns(
    targets: Sequence[str], shape: Sequence[int], out: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays over a shape for the values of each target (or those that `out` has) and its
    statuses.
    """
    values = {
        target: out[target] if out and target in out else aligned_array(shape) for target in targets
    }
    return values, {target: np.zeros(shape, dtype=np.int16) for target in targets}


def paired(values: dict[str, Any], codes: dict[str, Any]) -> Filled:
    """Values and statuses of each target beside each other."""
    return {target: (values[target], codes[target]) for target in values}


def table_of(prepared: Prepared, box: Box, filled: Filled, lacking: set[str]) -> Table:
    """The table of a box of the grid; a target has a status where it is among those that lack a
    value.
    """
    over, shape = prepared.grid, lengths(box)
    columns = {
        axis.name: axis_column(axis, at, box[at].start, shape) for at, axis in enumerate(over.axes)
    }
    for target in prepared.targets:
        names, (values, codes) = prepared.of(target).status_names, filled[target]
        about = prepared.description(target)
        columns[target] = Column(values, unit_shown(target), about, statuses=names)
        if target in lacking:
            columns[f"{target}_status"] = _status(target, codes, names)
    return table_with(prepared, shape, columns)


def table_with(prepared: Prepared, shape: tuple[int, ...], columns: dict[str, Column]) -> Table:
    """A table of a sweep with such columns."""
    backend, why, device = prepared.backend, prepared.why, prepared.device
    return Table(
        axes=tuple(axis.name for axis in prepared.grid.axes),
        shape=shape,
        columns=columns,
        backend=backend,
        why=why,
        device=device,
        basis=prepared.basis,
    )


def lacking_targets(job: Job) -> set[str]:
    """The targets that have no value in some cell."""
    return set[str]().union(
        *(
            job.total(
                one,
                lambda tile: {t for t in tile.targets if not np.isfinite(tile.own(t)).all()},
                set.union,
            )
            for one in job.prepared.evaluations
        )
    )


def complete(table: Table) -> Table:
    """A table with a status for every target, as parts and files have it: which columns there are
    does not hang on the values.
    """
    columns = dict[str, Column]()
    for name, column in table.columns.items():
        columns[name] = column
        if column.statuses:
            status = f"{name}_status"
            there = table.columns.get(status)
            columns[status] = there or _all_ok(name, column.statuses, table.shape)
    return replace(table, columns=columns)


@cached(64)
def _all_ok(target: str, statuses: tuple[str, ...], shape: tuple[int, ...]) -> Column:
    """The status of a target that has a value in every cell; the same column for the same shape."""
    return _status(target, np.broadcast_to(np.int16(0), shape), statuses)


def _status(target: str, codes: Any, statuses: tuple[str, ...]) -> Column:
    return Column(codes, "1", f"Why a cell of {target} has no value.", statuses)


@cached(MOST_AXES)
def axis_column(axis: Axis, at: int, start: int, shape: tuple[int, ...]) -> Column:
    """The column of an axis; the same one for blocks in which it is the same, so that those who
    encode it need not look.
    """
    words = axis.labels if axis.labels is not None else ()
    along = (np.arange(len(axis), dtype=np.int32) if words else axis.coordinates)[
        start : start + shape[at]
    ]
    values = np.broadcast_to(
        along.reshape([-1 if place == at else 1 for place in range(len(shape))]), shape
    )
    return Column(values, unit_shown(axis.name), f"Axis {at + 1} of {len(shape)}.", words)
