"""Answers that come in pieces: the bytes of a file as they are, or a stream of Arrow as data
frames, each as soon as its rows are there.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from service.client.failures import Unreachable
from service.files.arrow_messages import END_OF_STREAM, HEAD_BYTES, RECORDS, message

if TYPE_CHECKING:
    import polars


class FileBytes:
    """The bytes of a file as they come."""

    def feed(self, data: bytes) -> tuple[bytes, ...]:
        """What came."""
        return (data,)

    def end(self) -> None:
        """The file is whole."""


class ArrowFrames:
    """The data frames of a stream of Arrow; no more is held than what is not whole as yet."""

    def __init__(self) -> None:
        self._held, self._head, self._over = bytearray(), b"", False

    def feed(self, data: bytes) -> Iterator["polars.DataFrame"]:
        """The frames that are whole with these bytes."""
        import polars

        self._held += data
        while (size := self._size()) is not None:
            found = bytes(self._held[:size])
            del self._held[:size]
            if found == END_OF_STREAM:
                self._over = True
            elif message(found, HEAD_BYTES)[0] == RECORDS:
                yield polars.read_ipc_stream(BytesIO(self._head + found + END_OF_STREAM))
            else:
                self._head += found  # the schema, and the words of its columns

    def _size(self) -> int | None:
        """The length of the next message; None where it is not whole as yet."""
        if len(self._held) < HEAD_BYTES:
            return None
        (length,) = struct.unpack_from("<i", self._held, HEAD_BYTES // 2)
        if not length:
            return HEAD_BYTES
        if len(self._held) < HEAD_BYTES + length:
            return None
        size = HEAD_BYTES + length + message(self._held, HEAD_BYTES)[1]
        return size if len(self._held) >= size else None

    def end(self) -> None:
        """No bytes follow. Errors: Unreachable where the stream is not whole."""
        if not self._over:
            raise Unreachable("the answer broke off before its end")
