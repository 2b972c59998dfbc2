"""The messages of a stream of Arrow: eight bytes of head (a mark, and the length of what is said of
a message), what is said of it, and its body.
"""

import struct
from typing import Any

HEAD_BYTES = 8
END_OF_STREAM = b"\xff\xff\xff\xff\0\0\0\0"
RECORDS = 3  # the kind of a message that has rows


def message(stream: Any, at: int) -> tuple[int, int]:
    """The kind of a message and the length of its body, by what is said of it at a place of a
    stream: fields 1 and 3 of a flat buffer.
    """
    table = at + struct.unpack_from("<I", stream, at)[0]
    fields = table - struct.unpack_from("<i", stream, table)[0]
    size, _, _, kind, _, body = struct.unpack_from("<6H", stream, fields)
    has_body = size >= 12 and body
    length = struct.unpack_from("<q", stream, table + body)[0] if has_body else 0
    return stream[table + kind], length
