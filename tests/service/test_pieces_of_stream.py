"""Answers in pieces, however their bytes are cut: each frame as soon as its rows are there."""

import itertools
from io import BytesIO

import polars
import pytest

from service.client.failures import Unreachable
from service.client.pieces_of_stream import ArrowFrames, FileBytes
from service.files import pieces
from service.files.arrow_messages import END_OF_STREAM

ROWS = polars.DataFrame(
    {
        "x": [0.5, None, 2.0, 3.0, 4.0],
        "word": polars.Series(["ok", "no", "ok", "ok", "no"], dtype=polars.Enum(["ok", "no"])),
    }
)


def stream(rows=ROWS, at_once=2):
    """Rows as a service sends them: a schema, words, and so many rows at once."""
    parts = []
    for start in range(0, rows.height, at_once):
        buffer = BytesIO()
        rows.slice(start, at_once).write_ipc_stream(
            buffer, compat_level=polars.CompatLevel.oldest()
        )
        begin = pieces._records(buffer.getbuffer()) if parts else 0
        parts.append(buffer.getvalue()[begin : -len(END_OF_STREAM)])
    return b"".join((*parts, END_OF_STREAM))


def fed(data, size):
    made = ArrowFrames()
    found = [
        frame
        for start in range(0, len(data), size)
        for frame in made.feed(data[start : start + size])
    ]
    made.end()
    return found


@pytest.mark.parametrize("size", [1, 7, 64, 1_000_000])
def test_the_frames_are_the_rows(size):
    found = fed(stream(), size)
    assert len(found) > 1
    assert polars.concat(found).equals(ROWS, null_equal=True)
    assert found[0].schema == ROWS.schema


def test_a_frame_is_there_before_the_stream_ends():
    made, data = ArrowFrames(), stream()
    first = next(
        frame for start in range(len(data)) for frame in made.feed(data[start : start + 1])
    )
    assert 0 < first.height < ROWS.height


def test_no_more_is_held_than_one_message():
    rows = polars.DataFrame({"x": [float(at) for at in range(100_000)]})
    made, most = ArrowFrames(), 0
    data = stream(rows, 1000)
    for start in range(0, len(data), 4096):
        list(made.feed(data[start : start + 4096]))
        most = max(most, len(made._held) + len(made._head))
    assert most < 3 * (8 * 1000 + 4096)


@pytest.mark.parametrize("cut", [1, len(END_OF_STREAM), 200])
def test_a_stream_that_breaks_off_is_no_whole_one(cut):
    with pytest.raises(Unreachable, match="broke off before its end"):
        fed(stream()[:-cut], 50)


def test_a_file_is_its_bytes():
    made = FileBytes()
    assert [*itertools.chain(*map(made.feed, (b"a", b"bc")))] == [b"a", b"bc"]
    assert made.end() is None
