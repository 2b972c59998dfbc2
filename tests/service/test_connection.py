"""Connections: what is bounded before there is a request, tried on a server."""

import time
from contextlib import suppress
from pathlib import Path

import msgspec
import prometheus
import psutil
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


def begun(running, part):
    """A connection on which this has been sent."""
    sent = running.connect()
    sent.sendall(part)
    return sent


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


def test_who_says_no_more_is_left_in_time(running):
    """After nothing, half a request, or a request and half of another; what came first is told."""
    post = b" HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
    solve, refused = b"POST /v1/solve" + post, b"POST /health/live" + post
    parts = (HEAD, solve, HEAD + b"\r\n" + solve, b"", b"\r\n", refused)
    began, asked = time.monotonic(), [begun(running, one) for one in parts]
    slow, slow_too, *others = map(server.answered, asked)
    assert 0.8 < time.monotonic() - began < 3.0
    for one in (slow, slow_too):
        problem(one, 408, "too-slow")
    assert [statuses(one) for one in others] == [[200, 408], [], [408], [405]]


@pytest.mark.slow
def test_who_says_nothing_more_is_left(running):
    began = time.monotonic()
    assert said(running, HEAD + b"\r\n")[9:12] == b"200"
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


def test_what_is_no_request_is_counted_too(running):
    def count():
        text = running.ask("GET", "/metrics")[2].decode()
        return prometheus.value(text, "rackrate_requests_total", method="", status="400")

    problem(said(running, b"\x16\x03\x01"), 400, "bad-request")
    before = count()
    problem(said(running, b"\x16\x03\x01"), 400, "bad-request")
    assert count() == before + 1
    held = running.connect()
    text = running.ask("GET", "/metrics")[2].decode()
    assert prometheus.value(text, "rackrate_connections") >= 2
    held.close()


def test_what_follows_a_body_is_bounded_too(running):
    chunked = HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    for more in (b"X: y\r\n" * 8, b"x" * 64):  # before the request is answered
        problem(said(running, chunked + more * 3200), 431, "headers-too-large")


def test_a_large_body_before_another_request_is_not_taken_for_headers(running):
    body = b" " * 3 * MOST
    post = HEAD.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\n" % len(body) + body
    found = said(running, post + HEAD, b"Connection: close\r\n\r\n")
    assert found.count(b"HTTP/1.1 405") == found.count(b"HTTP/1.1 200") == 1


def statuses(answer):
    """The statuses of all answers, in their order."""
    return [int(one[:3]) for one in answer.split(b"HTTP/1.1 ")[1:]]


def long_question(running, count, then=b""):
    """A sweep that takes its time, and what is sent right after it."""
    fields = ("utilisation", "rental_price_usd_per_gpu_hour")
    axes = [{**web.SWEEP["axes"][0], "field": one, "count": count} for one in fields]
    slow = {"axes": axes, "targets": ["irr_per_year"]}  # which is searched for in each cell
    asked = running.send("/v1/sweeps", {**web.SWEEP, **slow})
    asked.sendall(then)
    return asked


def test_what_is_wrong_is_said_after_the_answers_to_what_came_before(running):
    good, ids = HEAD + b"\r\n", b"X-Request-ID: first\r\n\r\n"
    for bad, status in ((b"no HTTP\r\n\r\n", 400), (HEAD + b"X: " + b"y" * MOST, 431)):
        answer = said(running, HEAD + ids + good + bad)
        assert statuses(answer) == [200, 200, status]
        assert answer.index(b"x-request-id: first") < answer.index(b"HTTP/1.1 4")


def test_many_requests_at_once_wait_for_their_turn(running):
    last = HEAD + b"Connection: close\r\n\r\n"
    asked = running.connect()
    asked.sendall((HEAD + b"\r\n") * 3000 + last)
    assert statuses(server.answered(asked)) == [200] * 3001


def test_who_sends_more_than_is_answered_takes_no_memory(running):
    before = kib(running)
    asked = long_question(running, 14_000)
    asked.settimeout(0.5)
    sent = 0
    try:
        while sent < 2**26:
            sent += asked.send((HEAD + b"\r\n") * 500)
    except TimeoutError:
        pass
    asked.close()
    assert sent < 2**25
    assert kib(running) - before < 64 * 1024


def kib(running):
    """Memory of a server."""
    lines = Path(f"/proc/{running.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.mark.slow
@pytest.mark.parametrize("then", [b"", HEAD + b"\r\n", (HEAD + b"\r\n") * 1_000], ids=len)
def test_work_stops_when_its_client_leaves(running, then):
    asked = [long_question(running, 14_000, then) for _ in range(2)]
    time.sleep(0.5)
    assert measured(running, "rackrate_workers_busy") == 2
    done = measured(running, "rackrate_cells_total")
    for one in asked:
        one.close()
    began = time.monotonic()
    while measured(running, "rackrate_workers_busy"):
        assert time.monotonic() - began < 15.0
    assert measured(running, "rackrate_cells_total") == done


def measured(running, name):
    """What a server says of itself; nothing of what it never counted."""
    text = running.ask("GET", "/metrics")[2].decode()
    return prometheus.value(text, name) if f"\n{name}" in text else 0


def test_no_other_protocol_is_spoken_and_the_answer_ends_the_connection(running):
    for protocol in (b"h2c", b"websocket"):
        upgrade = b"Connection: upgrade\r\nUpgrade: " + protocol + b"\r\n\r\n"
        began = time.monotonic()
        answer = said(running, HEAD + upgrade)
        assert statuses(answer) == [200]
        assert b"connection: close" in answer
        assert time.monotonic() - began < 1.0


def test_an_answer_reaches_who_still_sends(running):
    long = 2**22
    head = b"POST /v1/quotes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % long
    for _ in range(10):
        problem(said(running, head, *[b" " * 2**16] * (long // 2**16)), 413, "too-large")


def test_a_refusal_of_head_has_no_body(running):
    answer = said(running, b"HEAD /%zz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n")
    assert statuses(answer) == [400]
    assert answer.endswith(b"\r\n\r\n")


def sockets(running):
    """Connections of a server, and where it listens; not those to its workers."""
    return len(psutil.Process(running.process.pid).net_connections("tcp"))


@pytest.mark.slow
def test_who_takes_nothing_of_an_answer_is_left():
    with server.running(stall_seconds=1) as found:
        assert found.ask("GET", "/v1/quantities")[0] == 200
        idle, asked = sockets(found), [found.connect() for _ in range(5)]
        for one in asked:
            one.sendall(b"GET /v1/quantities HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
        began = time.monotonic()
        while sockets(found) < idle + 5:
            assert time.monotonic() - began < 15.0
        while sockets(found) > idle and time.monotonic() - began < 15.0:
            time.sleep(0.1)
        assert time.monotonic() - began > 0.9
        assert sockets(found) <= idle
        for one in asked:
            with suppress(ConnectionResetError):
                assert server.answered(one).count(b"HTTP/1.1 200") < 100


@pytest.mark.slow
def test_who_takes_it_slowly_is_waited_for():
    ask = b"GET /v1/quantities HTTP/1.1\r\nHost: a\r\n"
    with server.running(stall_seconds=1) as found, found.connect() as asked:
        asked.sendall((ask + b"\r\n") * 29 + ask + b"Connection: close\r\n\r\n")
        parts = []
        while part := asked.recv(2**16):
            parts.append(part)
            time.sleep(0.1)
        assert statuses(b"".join(parts)) == [200] * 30
