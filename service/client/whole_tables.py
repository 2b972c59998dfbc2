"""Columns over many cells or rows, as the records that they are where they are computed."""

from msgspec import Struct
from msgspec.structs import replace

from economics.scenario.basis import Basis
from economics.sweeps.answers import Table
from economics.sweeps.batch import Batch, BatchColumn
from service.client.replies import Told, decoded, row_problem
from service.files.cells import table


class _RowProblem(Struct, frozen=True):
    row: int
    problem: Told


class _Columns(Struct, frozen=True):
    quantities: dict[str, BatchColumn]
    problems: tuple[_RowProblem, ...]
    unanswered: dict[str, tuple[str, ...]]
    basis: Basis


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


def batch(body: bytes) -> Batch:
    """Quantities of many scenarios as columns. Errors: MsgspecError."""
    found = decoded(body, _Columns)
    problems = {one.row: row_problem(one.problem) for one in found.problems}
    return Batch(found.quantities, problems, found.unanswered, found.basis)
