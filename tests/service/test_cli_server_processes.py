"""Several server processes on one port."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import msgspec
import prometheus
import pytest
import server
import web

from service.cli import server_processes
from service.cli.server_processes import NOT_STARTED, Processes

QUOTE = {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
pytestmark = pytest.mark.alone


def children(process):
    """The processes that a process has started, but for those that have ended."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return {int(one) for one in found if runs(int(one))}


def runs(process):
    """Whether it is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(true):
    """Wait for what becomes true soon."""
    for _ in range(500):
        if found := true():
            return found
        time.sleep(0.02)
    pytest.fail("it did not become true")


def quoted(running):
    """Whether a quote is answered, by whichever process."""
    return running.ask("POST", "/v1/quotes", QUOTE)[0] == 200


@contextmanager
def three_started():
    """A server of three processes, and these."""
    with server.running("--processes", "3", drain_seconds=0.5) as running:
        yield running, three_of(running)


def three_of(running):
    return until(lambda: len(found := children(running.process.pid)) == 3 and found)


@pytest.fixture(scope="module")
def lasting():
    """A server of three processes that no test ends."""
    with three_started() as (running, _):
        yield running


@pytest.fixture
def three():
    """A server of three processes that a test ends, and these."""
    with three_started() as found:
        yield found


def test_they_answer_on_one_port_and_share_what_is_loaded(lasting):
    own = three_of(lasting)
    with server.several(lasting, 24) as connections:
        for one in connections:
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
        assert {one.recv(65536)[9:12] for one in connections} == {b"200"}
        assert sum(descriptors(one) for one in own) >= 24
    assert sum(map(own_kib, own)) < 3 * 50_000


def descriptors(process):
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def own_kib(process):
    """Memory that is not shared with others, in proportion."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def test_one_that_dies_is_replaced_and_the_others_answer(lasting):
    own = three_of(lasting)
    dead = min(own)
    os.kill(dead, signal.SIGKILL)
    assert all(quoted(lasting) for _ in range(5))
    assert own - three_of(lasting) == {dead}
    assert quoted(lasting)


def test_whichever_is_asked_tells_the_metrics_of_all(lasting):
    own = {str(one) for one in three_of(lasting)}
    assert quoted(lasting)

    def asked():
        text = lasting.ask("GET", "/metrics")[2].decode()
        found = prometheus.samples(text)
        told = {dict(labels).get("process") for _, labels in found} - {None}
        name = "rackrate_request_seconds_count", frozenset({("route", "/v1/quotes")})
        return told == own and found.get(name, 0)

    before = until(asked)
    assert all(quoted(lasting) for _ in range(12))
    until(lambda: {asked() for _ in range(6)} == {before + 12})


def test_sighup_puts_new_ones_in_the_place_of_all(lasting):
    own = three_of(lasting)
    slow = lasting.send("/v1/quotes", QUOTE, last=9)
    time.sleep(0.3)
    lasting.process.send_signal(signal.SIGHUP)
    assert all(quoted(lasting) for _ in range(10))
    slow.sendall(msgspec.json.encode(QUOTE)[-9:])
    assert server.answered(slow)[9:12] == b"200"
    until(lambda: not any(map(runs, own)))
    assert len(three_of(lasting)) == 3
    assert lasting.ask("GET", "/health/ready")[0] == 200


def test_sigterm_is_said_by_readiness_first_and_ends_all(three):
    running, own = three
    running.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    status, headers, _ = running.ask("GET", "/health/ready")
    assert (status, headers["content-type"]) == (503, web.PROBLEM)
    assert quoted(running)
    assert running.process.wait(10) == 0
    assert not any(map(runs, own))


@pytest.mark.slow
def test_sigint_ends_all_at_once(three):
    running, own = three
    assert running.end(signal.SIGINT) == 130
    assert not any(map(runs, own))
    assert "Traceback" not in running.said


@pytest.mark.slow
def test_a_second_sigterm_skips_the_wait():
    with server.running("--processes", "2", drain_seconds=600) as running:
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0


@pytest.mark.slow
def test_no_orphan_is_left_where_the_first_one_is_killed(three):
    running, own = three
    running.process.kill()
    running.process.wait()
    until(lambda: not any(map(runs, own)))


def test_what_cannot_begin_is_not_begun_again():
    with pytest.raises(SystemExit) as stop:
        Processes(2, lambda: os._exit(NOT_STARTED)).run()
    assert stop.value.code == NOT_STARTED


def test_one_that_dies_at_once_is_replaced_after_a_pause(monkeypatch):
    begun, told = time.monotonic(), os.pipe()

    def serve():
        os.write(told[1], b"x")
        if time.monotonic() - begun < 0.5:
            os._exit(9)
        os.kill(os.getppid(), signal.SIGTERM)
        time.sleep(60)

    Processes(1, serve).run()
    assert time.monotonic() - begun > server_processes.PAUSE_SECONDS
    assert os.read(told[0], 9) == b"xx"


def test_one_that_does_not_end_is_killed():
    begun = time.monotonic()

    def serve():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.kill(os.getppid(), signal.SIGTERM)
        time.sleep(600)

    Processes(1, serve, end_seconds=1).run()
    assert time.monotonic() - begun < 60.0
    assert signal.alarm(0) == 0


def test_the_help_tells_them_from_workers():
    said = subprocess.run(
        [*server.PROGRAM, "serve", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "--processes N, --workers N" in said.replace("\n", " ")
    assert "RACKRATE_WORKERS" in said
