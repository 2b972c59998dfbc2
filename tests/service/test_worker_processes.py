"""Worker processes of a service as users start it."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import server
import web

pytestmark = pytest.mark.alone
LONG = {**web.SWEEP, "axes": [{**one, "count": 14_000} for one in web.SWEEP["axes"]]}


def workers(running):
    """The worker processes of a service that do something, or have done."""
    return psutil.Process(running.process.pid).children()


def until(true):
    """Wait for what becomes true soon."""
    for _ in range(1000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not become true")


def at_work(running):
    """The worker process of a service, as soon as it computes."""
    until(lambda: workers(running))
    (worker,) = workers(running)
    until(lambda: worker.cpu_times().user > 0.8)
    return worker


def test_a_worker_fails_its_request_only_and_does_not_outlive_a_service_that_is_killed():
    with server.running(workers=1) as running, ThreadPoolExecutor(2) as clients:
        asked = clients.submit(running.ask, "POST", "/v1/sweeps", LONG)
        worker = at_work(running)
        next_asked = clients.submit(running.ask, "POST", "/v1/solve", web.SOLVE)
        os.kill(worker.pid, signal.SIGKILL)
        status, headers, body = asked.result(60)
        assert (status, headers["content-type"]) == (503, web.PROBLEM)
        assert b"urn:rackrate:problem:work-lost" in body
        assert b"ended (signal 9) before the work was done" in body
        assert next_asked.result(60)[0] == 200
        with running.send("/v1/sweeps", LONG):
            other = at_work(running)
            assert other.pid != worker.pid
            running.process.kill()
            _, alive = psutil.wait_procs([other], 2.0)
    assert not alive
