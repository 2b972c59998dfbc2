"""The description of the service for people: pages made of the OpenAPI document, with the styles
that they need and no scripts.
"""

import asyncio
from collections.abc import Callable

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from service.web.responses import AnyRequest, lasting

HTML, CSS = "text/html", "text/css"


async def _page(make: Callable[[], bytes], request: AnyRequest) -> Response[bytes]:
    """A page, made in a thread: the first one takes a moment."""
    return lasting(await asyncio.to_thread(make), HTML, request)


@get("/", include_in_schema=False)
async def root() -> Redirect:
    """What a person looks for first."""
    return Redirect("/docs")


@get(["/docs", "/docs/{name:str}"], include_in_schema=False)
async def page(request: AnyRequest, name: FromPath[str] = "index") -> Response[bytes]:
    """The index, and the lists of quantities, fields and problems."""
    from service.web.pages import rendering  # with jinja2, which few requests need

    return await _page(lambda: rendering.page(name), request)


@get("/docs/operations/{name:str}", include_in_schema=False)
async def operation(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """The page of an operation."""
    from service.web.pages import rendering

    return await _page(lambda: rendering.operation_page(name), request)


@get("/docs/records/{name:str}", include_in_schema=False)
async def record(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """The page of a record."""
    from service.web.pages import rendering

    return await _page(lambda: rendering.record_page(name), request)


@get("/docs/style.css", include_in_schema=False)
async def style(request: AnyRequest) -> Response[bytes]:
    """The styles of the pages."""
    from service.web.pages import rendering

    return lasting(rendering.STYLE.read_bytes(), CSS, request)


ROUTES = (root, page, operation, record, style)
