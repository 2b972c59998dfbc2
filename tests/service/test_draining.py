"""How a service ends: not ready first; then what has been asked; no work that was abandoned."""

import signal
import time

import pytest
import server
import web

pytestmark = pytest.mark.alone


def test_it_is_not_ready_first_and_loses_nothing_that_is_asked():
    with server.running(drain_seconds=2) as running:
        assert running.ask("GET", "/health/ready")[0] == 200
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        status, headers, body = running.ask("GET", "/health/ready")
        assert (status, headers["content-type"]) == (503, web.PROBLEM)
        assert b"urn:rackrate:problem:ending" in body
        assert running.ask("GET", "/health/live")[0] == 200
        began, found = time.monotonic(), []
        while time.monotonic() - began < 0.7:
            found.append(running.ask("POST", "/v1/solve", web.SOLVE)[0])
        assert set(found) == {200}
        assert running.process.wait(10) == 0


def test_what_has_been_asked_is_answered_and_a_second_signal_skips_the_wait():
    with server.running(drain_seconds=600, grace_seconds=60) as running:
        some = {**web.SWEEP, "axes": [{**one, "count": 2500} for one in web.SWEEP["axes"]]}
        asked = [running.send("/v1/sweeps", some) for _ in range(3)]
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        running.process.send_signal(signal.SIGTERM)
        assert [server.answered(one)[9:12] for one in asked] == [b"200"] * 3
        assert running.process.wait(10) == 0


def test_the_grace_has_an_end_and_abandoned_work_does_not_count():
    with server.running(drain_seconds=0, grace_seconds=1) as running:
        many = {**web.SWEEP, "axes": [{**one, "count": 14_000} for one in web.SWEEP["axes"]]}
        left, waits = (running.send("/v1/sweeps", many) for _ in range(2))
        time.sleep(0.5)
        left.close()
        began = time.monotonic()
        assert running.end() == 0
        assert time.monotonic() - began < 4.0
        answer = server.answered(waits)
    assert answer[9:12] == b"503"
    assert b"urn:rackrate:problem:ending" in answer
    assert "Traceback" not in running.said
