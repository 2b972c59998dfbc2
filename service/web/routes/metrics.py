"""The service's metrics, for Prometheus."""

from litestar import Response, get

from service.web.front.exchange import EXCHANGE
from service.web.front.exposition import MEDIA_TYPE
from service.web.responses import AnyRequest


@get("/metrics", include_in_schema=False)
async def metrics(request: AnyRequest) -> Response[str]:
    """Those of all processes, as text."""
    text = request.scope["state"][EXCHANGE].shared.text()
    return Response(text, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


ROUTES = (metrics,)
