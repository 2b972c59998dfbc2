"""What the service says on standard error besides its access log: one line of JSON each time."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import Any

from service.standard_error import LINES


class JsonLines(logging.Formatter):
    """A record as a line: time in UTC, level, logger, what is said, the id of the request that it
    is about, and where a fault was met.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {
            "time": f"{time[:-6]}Z",
            "level": record.levelname.lower(),
            "logger": record.name.removesuffix(".error"),  # uvicorn's name for all that it says
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", ""):
            said["request_id"] = request_id
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)


class StandardError(logging.Handler):
    """Writes records to standard error, and never holds up an event loop for that."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say a record."""
        line = f"{self.format(record)}\n".encode()
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            LINES.say_now(line)
        else:
            LINES.say(line)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": f"{__name__}.{JsonLines.__name__}"}},
    "handlers": {"stderr": {"()": f"{__name__}.{StandardError.__name__}", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"uvicorn": {"level": "INFO"}, "uvicorn.access": {"level": "WARNING"}},
}
