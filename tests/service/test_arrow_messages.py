"""The messages of a stream of Arrow: what each is, and where it ends."""

import struct
from io import BytesIO

import polars

from service.files.arrow_messages import END_OF_STREAM, HEAD_BYTES, RECORDS, message

SCHEMA, WORDS = 1, 2


def test_the_messages_of_a_stream_one_after_another():
    buffer = BytesIO()
    polars.DataFrame(
        {"x": [1.0, 2.0], "w": polars.Series(["a", "b"], dtype=polars.Enum(["a", "b"]))}
    ).write_ipc_stream(buffer, compat_level=polars.CompatLevel.oldest())
    stream, at, kinds = buffer.getvalue(), 0, []
    while stream[at:] != END_OF_STREAM:
        (length,) = struct.unpack_from("<i", stream, at + 4)
        kind, body = message(stream, at + HEAD_BYTES)
        kinds.append(kind)
        at += HEAD_BYTES + length + body
    assert kinds == [SCHEMA, WORDS, RECORDS]
