"""Lines for who reads slowly, or not at all."""

import json
import os

import prometheus
import pytest
import server

from service.standard_error import Lines


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_lines_come_in_their_order(pipe):
    ours, theirs = pipe
    lines = Lines(theirs)
    for at in range(20):
        lines.say(b"%d\n" % at)
    lines.flush()
    assert os.read(ours, 1000) == b"".join(b"%d\n" % at for at in range(20))
    assert lines.dropped == 0


def test_who_says_something_waits_for_nobody(pipe):
    ours, theirs = pipe
    lines, line = Lines(theirs, 2**18), b"x" * 999 + b"\n"
    for _ in range(500):
        lines.say(line)
    lost = lines.dropped
    assert 150 < lost < 250  # the pipe holds some too
    lines.flush(0.01)
    lines.say_now(line)
    assert lines.dropped == lost + 1
    read = 0
    while read < (500 - lost) * 1000:
        read += len(os.read(ours, 2**16))
    lines.flush()
    lines.say(b"and on\n")
    assert os.read(ours, 1000) == b"and on\n"


def test_what_nobody_can_read_any_more_is_lost():
    ours, theirs = os.pipe()
    os.close(ours)
    lines = Lines(theirs)
    for say in (lines.say, lines.say_now):
        say(b"lost\n")
    lines.flush()
    os.close(theirs)


@pytest.mark.alone
@pytest.mark.parametrize(
    "options", [(), pytest.param(("--processes", "2"), marks=pytest.mark.slow)]
)
def test_a_server_whose_log_nobody_reads_answers_on(options):
    asked = f"GET /{'a' * 500} HTTP/1.1\r\nHost: a\r\n".encode()
    last = asked + b"Connection: close\r\n\r\n"
    with server.running(*options, access_log="all", drain_seconds=0) as running:
        for _ in range(20 * (1 + len(options))):
            assert server.answered(sent_on(running.connect(), (asked + b"\r\n") * 99 + last))
        text = running.ask("GET", "/metrics")[2].decode()
        assert prometheus.value(text, "rackrate_log_lines_dropped_total") > 0
        assert running.end() == 0
    *lines, _ = running.said.splitlines()
    assert len(list(map(json.loads, lines))) > 100


def sent_on(connection, data):
    connection.sendall(data)
    return connection
