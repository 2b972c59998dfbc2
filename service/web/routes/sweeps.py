"""Sweeps of many scenarios."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from economics import Reduced
from service.files.cells import CellTable
from service.settings import Settings
from service.web.problems import OK
from service.web.responses import AnyRequest
from service.web.schema import SweepRequest
from service.web.sweep_limits import swept
from service.web.workers import Workers


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
    return await workers.run(swept, data, settings, request)


ROUTES = (sweeps,)
