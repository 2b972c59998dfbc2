"""Sweeps over HTTP: refused before anything is computed where they are too large, run in a thread
and encoded there.
"""

from math import prod

from litestar import Response

import economics
from economics import Reduced, Table
from economics.sweeps.axes import AnyAxis, Rows, Values
from economics.sweeps.reductions import Cells, Frontier
from kernels.language.verbs import BackendError
from service.files.cells import CellTable, cells
from service.settings import Settings
from service.web.named_scenarios import tables
from service.web.problems import FieldError, NoEngine, TooLarge
from service.web.responses import AnyRequest, answer
from service.web.schema import SweepRequest
from service.web.workers import deadline

BYTES_OF_A_CELL = 100  # as a number of a list and as text; measured at 70 to 95


def swept(
    asked: SweepRequest, settings: Settings, request: AnyRequest
) -> Response[CellTable | Reduced]:
    """The answer to a sweep. Errors: TooLarge, Problem, NoEngine."""
    check_cells(asked, settings)
    backend = settings.backend if asked.backend is None else asked.backend
    try:
        found = _found(asked, backend, settings)
    except BackendError as error:
        raise NoEngine(
            str(error), (FieldError("backend", backend, "an engine that runs here, or auto"),)
        ) from None
    return answer(cells(found) if isinstance(found, Table) else found, request)


def _found(asked: SweepRequest, backend: str, settings: Settings) -> Table | Reduced:
    spec = {
        "scenario": tables(asked.scenario),
        "axes": asked.axes,
        "reduce": asked.reduce,
        "backend": backend,
    }
    prepared = economics.prepare(
        {**spec, "targets": asked.targets} if asked.targets is not None else spec
    )
    encoded = BYTES_OF_A_CELL * prepared.rows * len(prepared.targets)
    if prepared.bytes + encoded > settings.max_sweep_bytes:
        raise _too_large(
            "targets",
            prepared.bytes + encoded,
            settings.max_sweep_bytes,
            "bytes of memory",
            "ask for fewer targets or cells",
        )
    return economics.run(prepared, deadline(settings.max_seconds))


def check_cells(asked: SweepRequest, settings: Settings) -> None:
    """Whether a sweep has no more cells than the settings allow. Errors: TooLarge."""
    count = prod(map(_count, asked.axes))
    if (rows := _rows(asked, count)) > settings.max_inline_cells:
        hint = 'ask for a reduction such as {"kind": "summary"} or {"kind": "top"}'
        raise _too_large("axes", rows, settings.max_inline_cells, "cells in an answer", hint)
    if count > settings.max_sweep_cells:
        raise _too_large(
            "axes", count, settings.max_sweep_cells, "cells in a request", "ask for fewer"
        )


def _rows(asked: SweepRequest, count: int) -> int:
    """How many cells the answer lists."""
    if isinstance(asked.reduce, Frontier):
        field = asked.reduce.field
        return count // max(
            [
                _count(axis)
                for axis in asked.axes
                if getattr(axis, "field", None) == field and _count(axis)
            ],
            default=1,
        )
    return count if isinstance(asked.reduce, Cells) else 0


def _count(axis: AnyAxis) -> int:
    if isinstance(axis, Rows):
        return max(map(len, axis.fields.values()), default=0)
    return len(axis.values) if isinstance(axis, Values) else axis.count


def _too_large(path: str, found: int, limit: int, what: str, hint: str) -> TooLarge:
    detail = f"{found} {what} were asked for, at most {limit} are given; {hint}"
    return TooLarge(detail, (FieldError(path, found, f"at most {limit} {what}"),))
