"""Sweeps of many scenarios: refused before anything is computed where they are too large, computed
and encoded in workers; a large table part by part, while it is sent.
"""

from collections.abc import Sequence

from litestar import HttpMethod, Response, post, route
from litestar.di import NamedDependency
from litestar.params import RequestBody
from msgspec.structs import replace

import economics
from economics import Reduced
from economics.sweeps.parts import PART_VALUES
from economics.sweeps.prepared import Prepared, Progress
from economics.sweeps.spec import Cells, SweepSpec
from service.files.cells import CellTable
from service.settings import Settings
from service.web.asked_specs import grid_spec
from service.web.cell_answers import asked_sweep, encoded, outline
from service.web.front.exchange import take_cells
from service.web.job_desk import JobDesk
from service.web.job_questions import submitted
from service.web.limits import (
    check_cells,
    check_job_cells,
    check_memory,
    engine_problems,
    job_instead,
)
from service.web.named_scenarios import asked_scenario
from service.web.preferences import prefers_job
from service.web.problems import NO_CONTENT, OK
from service.web.responses import TABLES, AnyRequest, asked_format
from service.web.schema import SweepRequest
from service.web.table_answers import FORMS, Outline, cells_response
from service.web.workers import Workers

BYTES_OF_A_CELL = 100  # as a number of a list and as text; measured at 70 to 95


def begin_sweep(
    asked: SweepRequest, settings: Settings, media: str, watch: Progress
) -> bytes | Outline:
    """The answer to a sweep, encoded; of many cells its outline. Errors: TooLarge, Problem,
    NoAnswer, NoEngine, and those of the watch.
    """
    spec = replace(grid_spec(asked, settings), scenario=asked_scenario(asked))
    with engine_problems(spec.backend):
        prepared = economics.prepare(spec)
        check_memory(_needed(spec, prepared), settings, "cells")
        watch(0, 1)
        if _is_large(spec, prepared.targets):
            known = asked_sweep(spec)
            return outline(known, media, watch)
        found = economics.run(prepared, watch)
    watch(0, 1)
    return encoded(found, media)


def _is_large(spec: SweepSpec, targets: Sequence[str]) -> bool:
    """Whether an answer has so many cells that it is made in parts."""
    columns = len(spec.axes) + 2 * len(targets)
    return isinstance(spec.reduce, Cells) and spec.cells * columns > PART_VALUES


def _needed(spec: SweepSpec, prepared: Prepared) -> int:
    """About how much memory an answer takes while it is made."""
    if _is_large(spec, prepared.targets):
        return prepared.tile_bytes
    return prepared.bytes + BYTES_OF_A_CELL * prepared.rows * len(prepared.targets)


@route("/sweeps", http_method=HttpMethod.OPTIONS, status_code=NO_CONTENT, include_in_schema=False)
async def methods() -> Response[None]:
    """What may be asked at a path that two share; the framework says it of the first."""
    return Response(None, headers={"Allow": "GET, OPTIONS, POST"})


@post(
    "/sweeps",
    status_code=OK,
    operation_id="sweep",
    tags=["Sweeps"],
    summary="Answer quantities over a grid of scenarios",
    opt={TABLES: True},
)
async def sweeps(
    data: RequestBody[SweepRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    desk: NamedDependency[JobDesk],
    settings: NamedDependency[Settings],
) -> Response[CellTable | Reduced]:
    """All cells as columns, or what a reduction leaves of them."""
    spec = grid_spec(data, settings)
    if prefers_job(request.headers):
        check_job_cells(spec.cells, settings)
        take_cells(request, spec.cells)
        return await submitted(data, request, workers, desk, settings)
    media = asked_format(request)
    check_cells(spec, settings, media in FORMS)
    if _is_large(spec, spec.targets or ()):
        workers.check_streams()
    take_cells(request, spec.cells)
    with job_instead():
        found = await workers.run(request.receive, begin_sweep, data, settings, media)
    return await cells_response(found, media, workers, request)


ROUTES = (methods, sweeps)
