"""Paths at which there is nothing, and methods that a path does not take, in words."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.exceptions import MethodNotAllowedException, NotFoundException

from kernels.language.spelling import near
from service.web.problems import respond

LONGEST_PATH = 100  # characters of one for which a near one is looked for
ASIDE = "OPTIONS"  # a method that every path takes
AnyRequest = Request[Any, Any, Any]


def nothing_there(request: AnyRequest, error: NotFoundException) -> Response[bytes]:
    """The response where nothing is, with the paths that may be meant."""
    path = request.scope["path"]
    short = path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}..."
    known = [route.path_format for route in request.app.routes]
    meant = near(path, known) if len(path) <= LONGEST_PATH else ()
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ";"
    error.detail = f"nothing is at {short!r}{hint} /docs lists all paths"
    return respond(request, error)


def wrong_method(request: AnyRequest, error: MethodNotAllowedException) -> Response[bytes]:
    """The response to a method that a path does not take, with those that it takes."""
    allowed = Headers(error.headers or {}).get("allow", "").split(",")
    taken = " or ".join(sorted({one.strip() for one in allowed} - {ASIDE, ""}))
    error.detail = f"{request.method} of {request.scope['path']}: expected {taken}"
    return respond(request, error)


HANDLERS: dict[int | type[Exception], Any] = {
    NotFoundException: nothing_there,
    MethodNotAllowedException: wrong_method,
}
