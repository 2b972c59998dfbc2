"""What the head of a request says of a job: that one is preferred (`Prefer: respond-async`,
RFC 7240), and by which key a second request is known as the same (`Idempotency-Key`).
"""

import re

from litestar.datastructures import Headers

from service.web.problems import BadRequest, FieldError

ASYNC = "respond-async"
PREFER, KEY = "Prefer", "Idempotency-Key"
APPLIED = {"Preference-Applied": ASYNC}
LONGEST_KEY = 255
KNOWN = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")  # printable ASCII without spaces


def prefers_job(headers: Headers) -> bool:
    """Whether a client would rather have a job than wait for its answer."""
    return any(
        one.partition(";")[0].partition("=")[0].strip().lower() == ASYNC
        for said in headers.getall(PREFER, [])
        for one in said.split(",")
    )


def idempotency_key(headers: Headers) -> str | None:
    """The key of a request; None where it has none. Errors: BadRequest."""
    key = headers.get(KEY)
    if key is None or KNOWN.fullmatch(key):
        return key
    expected = f"1 to {LONGEST_KEY} printable ASCII characters without spaces"
    raise BadRequest(f"{KEY}: expected {expected}", (FieldError(KEY, key[:100], expected),))
