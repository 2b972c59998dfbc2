"""Tools for agents: a request is checked as every one is, then answered in their own protocol."""

import asyncio
from functools import partial

from litestar import Response, post
from litestar.di import NamedDependency

from service.settings import Settings
from service.web.agents.answering import answering, protocol
from service.web.agents.callers import check_caller
from service.web.formats import JSON, body_format
from service.web.front.exchange import take_cells
from service.web.problems import UnsupportedBody
from service.web.requests import decode
from service.web.responses import AnyRequest
from service.web.workers import Workers


@post("/mcp", include_in_schema=False)
async def agents(
    request: AnyRequest, workers: NamedDependency[Workers], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """One message of an agent, and the answer to it. Errors: WrongHost, WrongOrigin, NotInstalled,
    UnsupportedBody, BadBody, TooLarge.
    """
    host, origin = (request.headers.get(name, "") for name in ("host", "origin"))
    check_caller(host, origin, settings)
    if body_format(request.headers.get("content-type")) != JSON:
        raise UnsupportedBody(f"agents speak {JSON}", headers={"Accept-Post": JSON})
    body = await request.body()
    decode(body, JSON, settings.max_body_items)
    spoken_by = await asyncio.to_thread(protocol)
    base, take = f"{request.scope['scheme']}://{host}", partial(take_cells, request)
    work = answering(base, settings, workers, request.receive, take)
    status, media, answer = await spoken_by.speak(request.scope, body, request.receive, work)
    return Response(answer, status_code=status, media_type=media)


ROUTES = (agents,)
