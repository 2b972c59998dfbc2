"""What goes from process to process as bytes: errors arrive as they were, with what they hold,
whatever their constructors ask for.
"""

import io
import pickle
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple

READY = b"ready"
BODY, VALUE, ERROR = b"body", b"value", b"error"  # before the bytes of an answer


class Piece(NamedTuple):
    """A piece of work: `work(*arguments, watch)` in so many seconds."""

    number: int
    seconds: float
    work: Callable[..., Any]
    arguments: tuple[Any, ...]


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Errors with a constructor of their own by what they are and hold, others as they say
        themselves, whatever a library has said of all errors; all else as usual.
        """
        kind = type(value)
        if not isinstance(value, BaseException):
            return NotImplemented
        if isinstance(kind.__init__, FunctionType):
            return _error, (kind, value.args, vars(value))
        return value.__reduce__()


def _error(kind: type[BaseException], arguments: tuple[Any, ...], held: dict[str, Any]) -> Any:
    found = kind.__new__(kind, *arguments)
    vars(found).update(held)
    return found


def packed(value: Any) -> bytes:
    """A value as bytes. Errors: whatever hinders that."""
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()


def unpacked(message: bytes) -> Any:
    """A value from the bytes that another process of this program has sent."""
    return pickle.loads(message)  # noqa: S301 - by this program
