"""An answer goes out in as few pieces as may be, and as uvicorn writes it itself."""

import asyncio
from types import SimpleNamespace

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from service.web.heads import TOGETHER, Writing, line

HEADERS = [(b"Content-Type", b"text/plain"), (b"x-more", b"a: b")]
WHOLE = [*HEADERS, (b"content-length", b"5")]


class Sink(SimpleNamespace):
    """A transport that keeps what is written."""

    def __init__(self):
        super().__init__(pieces=[], closed=False, write=lambda data: self.pieces.append(data))

    def close(self):
        self.closed = True


def cycle_to(sink, method="GET", keep_alive=True):
    about = {"scope": {"method": method}, "logger": None, "access_logger": None}
    return RequestResponseCycle(
        **about,
        transport=sink,
        flow=FlowControl(sink),
        access_log=False,
        default_headers=[(b"date", b"today")],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: None,
    )


def written(by, messages, **about):
    """What is written, whether the connection is closed then, and the cycle."""

    async def main():
        cycle = cycle_to(sink, **about)
        send = by(cycle)
        for message in messages:
            await send(message)
        return cycle

    sink = Sink()
    cycle = asyncio.run(main())
    return sink.pieces, sink.closed, cycle


def answer(headers, *bodies, status=200):
    yield {"type": "http.response.start", "status": status, "headers": headers}
    for body in bodies[:-1]:
        yield {"type": "http.response.body", "body": body, "more_body": True}
    yield {"type": "http.response.body", "body": bodies[-1], "more_body": False}


@pytest.mark.parametrize(
    ("headers", "bodies", "status", "about"),
    [
        (WHOLE, [b"12345"], 200, {}),
        (WHOLE, [b"12", b"", b"345"], 200, {}),
        (HEADERS, [b"12", b"", b"345", b""], 200, {}),
        (HEADERS, [b""], 200, {}),
        (HEADERS, [b""], 304, {}),
        (HEADERS, [b""], 204, {"keep_alive": False}),
        (WHOLE, [b""], 200, {"method": "HEAD"}),
        (WHOLE, [b"12345"], 200, {"keep_alive": False}),
        ([*WHOLE, (b"connection", b"close")], [b"12345"], 200, {}),
        ([(b"content-length", b"70000")], [b"1" * 70_000], 200, {}),
    ],
)
def test_it_is_written_as_uvicorn_writes_it(headers, bodies, status, about):
    pieces, closed, cycle = written(Writing, answer(headers, *bodies, status=status), **about)
    theirs, closed_too, other = written(
        lambda cycle: cycle.send, answer(headers, *bodies, status=status), **about
    )
    assert b"".join(pieces) == b"".join(theirs)
    assert (closed, cycle.response_complete) == (closed_too, other.response_complete)
    assert cycle.keep_alive is other.keep_alive


def test_the_head_goes_with_the_first_of_the_body_unless_that_is_long():
    assert len(written(Writing, answer(WHOLE, b"12345"))[0]) == 1
    long = [(b"content-length", str(TOGETHER + 1).encode())]
    assert len(written(Writing, answer(long, b"1" * (TOGETHER + 1)))[0]) == 2


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        (answer([(b"a\r\nb", b"c")], b""), "no header can be"),
        (answer([(b"a", b"c\r\nb: c")], b""), "no header can be"),
        (answer([(b"a b", b"c")], b""), "no header can be"),
        (answer(WHOLE, b"123456"), "longer"),
        (answer(WHOLE, b"1234"), "shorter"),
        ([*answer(WHOLE, b"12345")] * 2, "no place"),
        ([*answer(WHOLE, b"12345"), [*answer(WHOLE, b"12345")][1]], "complete already"),
        ([{"type": "http.response.body"}], "no place"),
        ([{"type": "http.response.trailers"}], "no place"),
    ],
)
def test_what_would_be_no_answer_is_refused(messages, why):
    with pytest.raises(RuntimeError, match=why):
        written(Writing, messages)


def test_nothing_is_written_to_who_has_left():
    def left(cycle):
        cycle.disconnected = True
        return Writing(cycle)

    assert written(left, answer(WHOLE, b"12345"))[0] == []


def test_a_line_is_made_once():
    assert line((b"X-A", b"b")) == b"x-a: b\r\n"
    assert line((b"X-A", b"b")) is line((b"X-A", b"b"))
