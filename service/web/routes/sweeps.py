"""Sweeps of many scenarios: refused before anything is computed where they are too large, run in a
worker process and encoded there.
"""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody
from msgspec.structs import replace

import economics
from economics import Reduced, Table
from economics.sweeps.prepared import Progress
from economics.sweeps.spec import SweepSpec
from service.files.cells import CellTable, cells
from service.settings import Settings
from service.web.limits import check_cells, check_memory, engine_problems
from service.web.named_scenarios import asked_tables
from service.web.operations.exchange import take_cells
from service.web.problems import OK
from service.web.responses import AnyRequest, worked_answer
from service.web.schema import SweepRequest
from service.web.workers import Workers

BYTES_OF_A_CELL = 100  # as a number of a list and as text; measured at 70 to 95


def run_sweep(asked: SweepRequest, settings: Settings, watch: Progress) -> CellTable | Reduced:
    """The answer to a sweep. Errors: TooLarge, Problem, NoEngine, and those of the watch."""
    spec = replace(sweep_spec(asked, settings), scenario=asked_tables(asked))
    with engine_problems(spec.backend):
        prepared = economics.prepare(spec)
        encoded = BYTES_OF_A_CELL * prepared.rows * len(prepared.targets)
        check_memory(prepared.bytes + encoded, settings, "cells")
        watch(0, 1)
        found = economics.run(prepared, watch)
    watch(0, 1)
    return cells(found) if isinstance(found, Table) else found


def sweep_spec(asked: SweepRequest, settings: Settings) -> SweepSpec:
    """What is asked of a sweep, but for its scenario."""
    return SweepSpec(
        scenario={},
        axes=asked.axes,
        targets=asked.targets,
        reduce=asked.reduce,
        backend=asked.backend or settings.backend,
    )


@post(
    "/sweeps",
    status_code=OK,
    operation_id="sweep",
    summary="Answer quantities over a grid of scenarios",
)
async def sweeps(
    data: RequestBody[SweepRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    settings: NamedDependency[Settings],
) -> Response[CellTable | Reduced]:
    """All cells as columns, or what a reduction leaves of them."""
    spec = sweep_spec(data, settings)
    check_cells(spec, settings)
    take_cells(request, spec.cells)
    return await worked_answer(workers, request, run_sweep, data, settings)


ROUTES = (sweeps,)
