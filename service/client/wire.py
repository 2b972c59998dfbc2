"""What httpx is told of a service, and what its errors mean."""

import ssl
from typing import Any
from urllib.parse import urlsplit

from economics import Problem
from service.client.failures import NotInstalled, ServiceError, Unreachable
from service.client.replies import JSON, Call
from service.version import version

KEY = "RACKRATE_API_KEY"
CONNECT_SECONDS = 10.0
EXAMPLE = "an address such as http://127.0.0.1:8000"


def library() -> Any:
    """httpx. Errors: NotInstalled."""
    try:
        import httpx
    except ImportError:
        raise NotInstalled("asking a service needs httpx: pip install 'rackrate[client]'") from None
    return httpx


def address(url: str, where: str = "url") -> str:
    """The address of a service, checked. Errors: Problem."""
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = None
    if not known or parts.query or parts.fragment:
        raise Problem(where, url, EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise Problem(where, "(not shown)", f"{EXAMPLE}, without a name or a password")
    return url.strip().rstrip("/")


def settings(url: str, key: str | None, timeout: float) -> dict[str, Any]:
    """What a client of httpx is made with. Errors: Problem, NotInstalled."""
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise Problem(KEY, "(not shown)", "a key of printable ASCII characters without spaces")
    own = {"Authorization": f"Bearer {key}"} if key else {}
    return {
        "base_url": url,
        "headers": {"User-Agent": f"rackrate/{version()}", **own},
        "timeout": library().Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
    }


def request(call: Call[Any]) -> dict[str, Any]:
    """What a request of httpx is made with."""
    of_body = {"Content-Type": JSON} if call.body is not None else {}
    about = {"Accept": call.accept, **of_body, **dict(call.headers)}
    return {"method": call.method, "url": call.path, "content": call.body, "headers": about}


def lost(error: Exception, url: str) -> ServiceError:
    """Why there is no answer at all, and whether asking again may help."""
    httpx, why = library(), " ".join(str(error).split()) or type(error).__name__
    if _is_tls(error):
        return Unreachable(f"no secure connection to {url}: {why}")
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(f"nobody answers at {url} within {CONNECT_SECONDS:g} seconds", 0.0)
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(f"{url} did not answer in time")
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"nobody answers at {url}: {why}", 0.0)
    return Unreachable(f"the connection to {url} broke off: {why}", 0.0)


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
