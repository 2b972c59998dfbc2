"""The routes put together, with what they are given: settings and workers."""

from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig

from service.settings import Settings
from service.web import wrong_paths
from service.web.job_desk import JobDesk
from service.web.problems import HANDLERS
from service.web.requests import StrictRequest
from service.web.responses import check_accept
from service.web.routes import (
    batch,
    health,
    jobs,
    metrics,
    questions,
    quotes,
    reference,
    sweeps,
    uncertainty,
)
from service.web.workers import Workers
from service.work.pool import Pool

V1 = (
    *quotes.ROUTES,
    *batch.ROUTES,
    *sweeps.ROUTES,
    *uncertainty.ROUTES,
    *questions.ROUTES,
    *reference.ROUTES,
    *jobs.ROUTES,
)


def api(
    settings: Settings,
    *more: Any,
    pool: Pool | None = None,
    openapi_config: OpenAPIConfig | None = None,
) -> Litestar:
    """The application without its outermost layer; `more` are handlers beside the API's own. Its
    work is done in the processes of a pool; one of its own begins and ends with it.
    """
    workers = Workers(settings, pool or Pool(__name__, settings.workers))
    desk = JobDesk(settings)
    return Litestar(
        route_handlers=[
            Router("/v1", route_handlers=V1, guards=[check_accept]),
            *health.ROUTES,
            *metrics.ROUTES,
            *more,
        ],
        dependencies={
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "workers": Provide(lambda: workers, sync_to_thread=False),
            "desk": Provide(lambda: desk, sync_to_thread=False),
        },
        exception_handlers={**HANDLERS, **wrong_paths.HANDLERS},
        lifespan=[desk.running] if pool else [workers.running, desk.running],
        request_class=StrictRequest,
        state=State({"max_body_items": settings.max_body_items, "workers": workers, "desk": desk}),
        request_max_body_size=settings.max_body_bytes,
        openapi_config=openapi_config,
        logging_config=None,
        debug=False,
    )
