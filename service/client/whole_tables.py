"""Columns over many cells or rows, as the records that they are where they are computed."""

from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from economics.scenario.basis import Basis
from economics.sweeps.answers import Column, Table
from economics.sweeps.batch import Batch, BatchColumn
from service.client.replies import Told, decoded, row_problem
from service.files.cells import CellColumn, CellTable


class _RowProblem(Struct, frozen=True):
    row: int
    problem: Told


class _Columns(Struct, frozen=True):
    quantities: dict[str, BatchColumn]
    problems: tuple[_RowProblem, ...]
    unanswered: dict[str, tuple[str, ...]]
    basis: Basis


class _Column(CellColumn, frozen=True):
    values: list[Any]  # whole numbers as they are


class _Cells(CellTable, frozen=True, kw_only=True):
    columns: dict[str, _Column]  # type: ignore[assignment]


OK = ("ok",)  # the only status of a target that has a value in every cell


def cells(body: bytes) -> Table:
    """A table of cells. Errors: MsgspecError."""
    found = table(body)
    columns = {
        name: one
        if name in found.axes or name.endswith("_status")
        else replace(one, statuses=_statuses(name, found))
        for name, one in found.columns.items()
    }
    return replace(found, columns=columns)


def _statuses(target: str, found: Table) -> tuple[str, ...]:
    """The statuses of a target, as far as an answer tells."""
    status = found.columns.get(f"{target}_status")
    return OK if status is None else status.categories


def table(body: bytes) -> Table:
    """A table. Errors: MsgspecError."""
    found = decoded(body, _Cells)
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


def _array(values: list[Any]) -> tuple[Any, list[str]]:
    """The values of a column, and the words whose places they are where they are words."""
    if any(isinstance(value, str) for value in values):
        places = {word: at for at, word in enumerate(dict.fromkeys(values))}
        return np.array([places[word] for word in values], dtype=np.int16), list(places)
    whole = all(isinstance(value, int) for value in values)
    return np.array(values, dtype=np.int64 if whole else np.float64), []


def batch(body: bytes) -> Batch:
    """Quantities of many scenarios as columns. Errors: MsgspecError."""
    found = decoded(body, _Columns)
    problems = {one.row: row_problem(one.problem) for one in found.problems}
    return Batch(found.quantities, problems, found.unanswered, found.basis)
