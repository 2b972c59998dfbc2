"""Connections: what is bounded before there is a request, tried on a server."""

import time

import msgspec
import pytest
import server
import web

HEAD = b"GET /health/live HTTP/1.1\r\nHost: a\r\n"
MOST = 4096
pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def running():
    with server.running(max_connections=8, max_header_bytes=MOST, receive_seconds=1) as found:
        yield found


def said(running, *parts):
    """What is answered to bytes, until the connection is closed."""
    sent = running.connect()
    try:
        for part in parts:
            sent.sendall(part)
    except OSError:
        pass  # it is closed already; what was answered can still be read
    return server.answered(sent)


def problem(answer, status, name):
    """The problem of the last answer; fails if it is another, or has not what all answers have."""
    head, _, body = answer.rpartition(b"\r\n\r\n")
    lines = head.rpartition(b"HTTP/1.1 ")[2].decode().lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert int(lines[0][:3]) == status, answer
    assert headers["content-type"] == web.PROBLEM
    assert headers["content-length"] == str(len(body))
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 32
    assert headers["connection"] == "close"
    details = msgspec.json.decode(body)
    assert details["type"] == f"urn:rackrate:problem:{name}"
    return details


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", HEAD + b"no colon\r\n\r\n", b"A" * 100],
)
def test_what_is_no_http_is_a_problem(running, sent):
    problem(said(running, sent), 400, "bad-request")


@pytest.mark.parametrize(
    "more",
    [
        [b"X: " + b"a" * MOST + b"\r\n\r\n"],
        [b"X: a\r\n" * MOST],
        [b"X: ", *[b"a" * 1024] * 8],
        [b"X", *[b"a" * 1024] * 8],
        [b"X: ", *[b"a" * 2**20] * 40],
    ],
    ids=["one", "many", "value", "name", "40 MiB"],
)
def test_headers_are_bounded_before_they_end(running, more):
    began = time.monotonic()
    details = problem(said(running, HEAD, *more), 431, "headers-too-large")
    assert f"more than {MOST} bytes" in details["detail"]
    assert time.monotonic() - began < 2.0


def test_a_path_is_bounded_too(running):
    problem(said(running, b"GET /", *[b"a" * 1024] * 8), 431, "headers-too-large")


def test_headers_within_the_bound_are_answered(running):
    sent = HEAD + b"X: " + b"a" * (MOST - 100) + b"\r\nConnection: close\r\n\r\n"
    assert said(running, sent).startswith(b"HTTP/1.1 200")
    assert said(running, *(sent[at : at + 512] for at in range(0, len(sent), 512))).startswith(
        b"HTTP/1.1 200"
    )


def test_a_request_that_comes_slowly_is_ended(running):
    post = b"POST /v1/solve HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
    for part in (HEAD, post):
        began = time.monotonic()
        problem(said(running, part), 408, "too-slow")
        assert 0.8 < time.monotonic() - began < 3.0


@pytest.mark.parametrize(
    ("sent", "status"), [(b"", b""), (b"\r\n", b"408"), (HEAD + b"\r\n", b"200")]
)
def test_who_says_nothing_more_is_left(running, sent, status):
    began = time.monotonic()
    assert said(running, sent)[9:12] == status
    assert time.monotonic() - began < 8.0


def test_requests_on_one_connection_are_answered_in_turn(running):
    last = HEAD + b"Connection: close\r\n\r\n"
    assert said(running, (HEAD + b"\r\n") * 3 + last).count(b"HTTP/1.1 200") == 4


def test_idle_connections_keep_nobody_out(running):
    silent = [running.connect() for _ in range(100)]
    for one in silent[:50]:
        one.sendall(HEAD)
    began = time.monotonic()
    assert running.ask("GET", "/health/live")[0] == 200
    assert time.monotonic() - began < 2.0
    for one in silent:
        one.close()


def test_connections_in_use_are_kept_and_one_more_is_told(running):
    slow = {**web.SWEEP, "axes": [{**one, "count": 3000} for one in web.SWEEP["axes"]]}
    busy = [running.send("/v1/sweeps", slow) for _ in range(8)]
    try:
        time.sleep(0.2)
        problem(said(running, HEAD + b"\r\n"), 503, "busy")
    finally:
        for one in busy:
            one.close()


def test_what_follows_a_body_is_bounded_too(running):
    chunked = HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    for more in (b"X: y\r\n" * 8, b"x" * 64):
        problem(said(running, chunked, *[more * 32] * 100), 431, "headers-too-large")


def test_a_large_body_before_another_request_is_not_taken_for_headers(running):
    body = b" " * 3 * MOST
    post = HEAD.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\n" % len(body) + body
    found = said(running, post + HEAD, b"Connection: close\r\n\r\n")
    assert found.count(b"HTTP/1.1 405") == found.count(b"HTTP/1.1 200") == 1
