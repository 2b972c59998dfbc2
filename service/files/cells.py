"""Tables of cells as plain lists, for formats that have no columns of their own; and back."""

from typing import Annotated as A
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, Struct
from msgspec.structs import replace

from economics.scenario.basis import Basis
from economics.sweeps.answers import Column, DeviceUsed, Engine, Table, Why
from kernels.grids.crossings import STATUSES

STATUS, COUNTED = "_status", "_crossings"  # how names of columns of a frontier end


class CellColumn(Struct, frozen=True):
    """One value a cell, row-major (the last axis runs fastest); null where there is none."""

    unit: A[str, Meta(description="of its values")]
    description: A[str, Meta(description="what the column is")]
    values: A[list[float | str | None], Meta(description="one a cell")]


class CellTable(Struct, frozen=True, kw_only=True):
    """Every cell of a sweep: a column for each axis and each target, and `<target>_status` where
    some cell has no value.
    """

    axes: A[tuple[str, ...], Meta(description="names of the columns that vary, the slowest first")]
    shape: A[tuple[int, ...], Meta(description="how many values each axis has")]
    columns: A[dict[str, CellColumn], Meta(description="by name: axes, targets and statuses")]
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    basis: A[Basis, Meta(description="the scenario that the axes change")]


def cells(table: Table) -> CellTable:
    """A table with its columns as lists; a cell without a value is None."""
    columns = {
        name: CellColumn(column.unit, column.description, values_of(column))
        for name, column in table.columns.items()
    }
    backend, why, device = table.backend, table.why, table.device
    return CellTable(
        axes=table.axes,
        shape=table.shape,
        columns=columns,
        backend=backend,
        why=why,
        device=device,
        basis=table.basis,
    )


def values_of(column: Column) -> list[Any]:
    """The values of a column in row-major order, places in categories as their words."""
    values: Any = column.values.reshape(-1)
    if column.categories:
        values = np.asarray(column.categories, dtype=object)[values]
    elif values.dtype.kind == "f" and not np.isfinite(values).all():
        values = np.where(np.isfinite(values), values, None)
    found: list[Any] = values.tolist()
    return found


class _Column(CellColumn, frozen=True):
    values: list[Any]  # whole numbers as they are


class _Cells(CellTable, frozen=True, kw_only=True):
    columns: dict[str, _Column]  # type: ignore[assignment]


def table(body: bytes) -> Table:
    """The table that lists of JSON were made of. Errors: MsgspecError."""
    found = msgspec.json.decode(body, type=_Cells)
    columns = {}
    for name, one in found.columns.items():
        values, categories = _array(one.values)
        columns[name] = Column(
            values.reshape(found.shape), one.unit, one.description, tuple(categories)
        )
    return Table(
        axes=found.axes,
        shape=found.shape,
        columns=columns,
        backend=found.backend,
        why=found.why,
        device=found.device,
        basis=found.basis,
    )


def frontier(body: bytes) -> Table:
    """The same of a frontier, whose statuses are all that there can be: so its columns are of the
    same types whichever they have. Errors: MsgspecError.
    """
    found = table(body)
    return replace(
        found, columns={name: _of_line(name, one) for name, one in found.columns.items()}
    )


def _of_line(name: str, column: Column) -> Column:
    """A column of a frontier as it is computed."""
    if name.endswith(COUNTED):
        return replace(column, values=column.values.astype(np.int32))
    if not (name.endswith(STATUS) and {*column.categories} <= {*STATUSES}):
        return column
    codes = np.array([STATUSES.index(word) for word in column.categories], dtype=np.int8)
    return replace(column, values=codes[column.values], categories=STATUSES)


def _array(values: list[Any]) -> tuple[Any, list[str]]:
    """The values of a column, and the words whose places they are where they are words."""
    if any(isinstance(value, str) for value in values):
        places = {word: at for at, word in enumerate(dict.fromkeys(values))}
        return np.array([places[word] for word in values], dtype=np.int32), list(places)
    whole = all(isinstance(value, int) for value in values)
    return np.array(values, dtype=np.int64 if whole else np.float64), []
