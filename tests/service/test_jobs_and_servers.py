"""Jobs of a service as users start it: one of its processes drives them, and they go on with the
next service.
"""

import time

import jobs_over_http
import msgspec
import psutil
import pytest
import server

pytestmark = pytest.mark.alone
FOLLOW = "GET %s/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"


def until(running, where, true):
    for _ in range(1200):
        found = msgspec.json.decode(running.ask("GET", where)[2])
        if true(found):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_job_outlives_its_service_which_ends_though_somebody_follows_it(tmp_path):
    settings = {"data": tmp_path, "drain_seconds": 0, "grace_seconds": 20}
    full = {"min_free_bytes": 2**50}
    with server.running("--processes", "2", **settings, **full) as first:
        headers = first.ask("POST", "/v1/sweeps", jobs_over_http.CELLS, **jobs_over_http.ASYNC)[1]
        where = headers["Location"]
        with first.connect() as listening:
            listening.sendall((FOLLOW % where).encode())
            until(first, where, lambda one: one["waiting"])
            assert first.ask("GET", f"{where}/result")[0] == 409
            processes = psutil.Process(first.process.pid).children(recursive=True)
            began = time.monotonic()
            assert first.end() == 0
            assert time.monotonic() - began < 15.0
            told = server.answered(listening)
    assert b"bytes of disk are free" in told
    assert b"event: end" not in told
    assert told.endswith(b"0\r\n\r\n")
    _, alive = psutil.wait_procs(processes, 2.0)
    assert not alive
    with server.running(**settings) as second:
        assert until(second, where, lambda one: one["state"] == "done")["waiting"] is None
        status, _, body = second.ask("GET", f"{where}/result?format=parquet")
        assert (status, body[-4:]) == (200, b"PAR1")
