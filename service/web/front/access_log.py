"""The access log: one line of JSON for a request that has been answered, on standard error."""

import asyncio
import random
from datetime import UTC, datetime
from time import time

import msgspec
from msgspec import Struct

from kernels.language.caches import cached
from service.standard_error import LINES

ALWAYS_FROM = 500  # the status from which a request is logged whatever the share
TOGETHER_SECONDS = 0.1  # lines of so long are written at once
MOST_LINES = 256
LONGEST_PATH = 512


class Line(Struct, frozen=True, omit_defaults=True, tag_field="logger", tag="access"):
    """What is said of a request: never its query, its headers, its body or its key."""

    time: str
    level: str
    method: str
    path: str
    status: int
    duration_ms: float
    bytes: int
    request_id: str
    route: str
    client: str
    key: str = ""
    cells: int = 0
    trace_id: str = ""


class AccessLog:
    """A log that has a share of all requests, and all that went wrong by the service's fault."""

    def __init__(self, share: float) -> None:
        self._share, self._lines = share, list[bytes]()
        self._encode = msgspec.json.Encoder().encode

    def wants(self, status: int) -> bool:
        """Whether a request with this status is logged."""
        share = self._share
        if not 0.0 < share < 1.0:
            return share > 0.0 or status >= ALWAYS_FROM
        return status >= ALWAYS_FROM or random.random() < share  # noqa: S311  no secret

    def write(self, line: Line) -> None:
        """Say a line, with those of the same moment."""
        if not self._lines:
            asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self.flush)
        self._lines.append(self._encode(line))
        if len(self._lines) >= MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Hand on what has been said."""
        lines, self._lines = self._lines, []
        if lines:
            LINES.say(b"\n".join([*lines, b""]))


def level_of(status: int) -> str:
    """How grave it is."""
    return "error" if status >= ALWAYS_FROM else "info"


def now() -> str:
    """The time in UTC, to the millisecond."""
    second, part = divmod(time(), 1.0)
    return f"{_second(second)}.{int(part * 1000.0):03d}Z"


@cached(2)
def _second(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()[:-6]


def plain_path(path: bytes) -> str:
    """A path as it came, of plain characters and not too long, without what was asked of it."""
    return path[:LONGEST_PATH].partition(b"?")[0].decode("ascii", "backslashreplace")
