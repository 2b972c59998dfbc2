"""Whether the service lives, and whether it can answer."""

from litestar import Response, get

import economics
from economics.models.assembly import MODEL_VERSION
from service.answers import Health
from service.version import version
from service.web.named_scenarios import scenario_names, shipped_scenario
from service.web.responses import AnyRequest, answer


@get("/health/live", operation_id="live", tags=["Health"], summary="Whether the process answers")
async def live(request: AnyRequest) -> Response[Health]:
    """Nothing is computed."""
    return answer(Health("live", version(), MODEL_VERSION), request)


@get(
    "/health/ready",
    operation_id="ready",
    tags=["Health"],
    summary="Whether a scenario can be answered",
)
async def ready(request: AnyRequest) -> Response[Health]:
    """A shipped scenario is quoted."""
    economics.quote(shipped_scenario(scenario_names()[0]))
    return answer(Health("ready", version(), MODEL_VERSION), request)


ROUTES = (live, ready)
