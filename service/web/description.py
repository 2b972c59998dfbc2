"""The description of the service for programs: OpenAPI 3.1."""

import asyncio
from typing import Any

from litestar import Response, get

from service.web.openapi import document
from service.web.responses import AnyRequest, lasting_answer


@get(["/schema", "/schema/openapi.json"], include_in_schema=False)
async def openapi(request: AnyRequest) -> Response[dict[str, Any]]:
    """The OpenAPI document; made in a thread, for the first time takes a moment."""
    return lasting_answer(await asyncio.to_thread(document), request)


ROUTES = (openapi,)
