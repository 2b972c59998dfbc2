"""Web pages of other origins that may ask (CORS): those that the settings list, to the letter."""

from collections.abc import Mapping

PREFLIGHT_SECONDS = b"600"
METHODS = b"GET, HEAD, POST, DELETE"
SENT = (
    *("Authorization", "Content-Type", "Accept", "If-None-Match", "Idempotency-Key", "Prefer"),
    *("Last-Event-ID", "X-Request-ID", "traceparent"),
)
SEEN = (
    *("X-Request-ID", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "Location"),
    *("Preference-Applied", "Content-Disposition", "traceparent"),
)
Headers = list[tuple[bytes, bytes]]


class Origins:
    """The origins that may ask."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = {one.encode() for one in allowed}

    def headers(self, asked: Mapping[bytes, bytes]) -> Headers:
        """What an answer says to the page that asked for it."""
        varies, origin = [(b"vary", b"Origin")], asked.get(b"origin")
        if origin not in self.allowed:
            return varies
        seen = ", ".join(SEEN).encode()
        return [
            *varies,
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", seen),
        ]

    def preflight(self, asked: Mapping[bytes, bytes]) -> Headers | None:
        """The answer to a browser that asks whether a page may ask; None where nobody does."""
        if asked.get(b"origin") not in self.allowed:
            return None
        if b"access-control-request-method" not in asked:
            return None
        return [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", ", ".join(SENT).encode()),
            (b"access-control-max-age", PREFLIGHT_SECONDS),
        ]
