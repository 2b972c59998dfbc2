"""Jobs of a service as users start it, of which processes are ended while it computes."""

import os
import signal
import time

import chaos
import jobs_over_http
import msgspec
import pytest
import server

pytestmark = [pytest.mark.alone, pytest.mark.slow]
PRICES = {"field": "rental_price_usd_per_gpu_hour", "kind": "linspace", "start": 0.5, "stop": 5.0}
LOADS = {"field": "utilisation", "kind": "linspace", "start": 0.2, "stop": 1.0}
PARTS = 96  # more than are done meanwhile on any machine
SWEEP = {
    "scenario": "reference-project",
    "axes": [{**PRICES, "count": PARTS}, {**LOADS, "count": 250_000}],
    "targets": ["npv_usd_per_rack", "breakeven_utilisation"],
}
ORPHAN_SECONDS = 2.0
GRACE_SECONDS = 20


@pytest.fixture
def services(tmp_path, monkeypatch):
    """Starts services of the same data, and the mark of all that they start."""
    monkeypatch.setenv(chaos.MARK, mark := os.urandom(8).hex())
    own = {"data": tmp_path, "drain_seconds": 0, "grace_seconds": GRACE_SECONDS}
    return lambda count: server.running("--processes", f"{count}", **own), mark


def asked(service, where):
    """A job, as whichever process answers."""
    status, _, body = service.ask("GET", where)
    assert status == 200
    return msgspec.json.decode(body)


def driving(service):
    """The process that has workers for jobs."""
    found = chaos.children(service.process.pid) | {service.process.pid}
    return [one for one in found if any(map(computes, chaos.children(one)))]


def computes(number):
    """Whether a process is a worker for jobs."""
    return b"service.jobs" in chaos.command(number)


def gone_on(kept, more):
    """Wait until so many more parts are finished."""
    done = len(kept.finished())
    chaos.until(lambda: len(kept.finished()) >= done + more)


def test_a_job_goes_on_whichever_process_is_killed(services, tmp_path):
    begin, mark = services
    with begin(3) as service:
        where = service.ask("POST", "/v1/sweeps", SWEEP, **jobs_over_http.ASYNC)[1]["Location"]
        kept = chaos.Kept(tmp_path, where.rpartition("/")[2])
        gone_on(kept, 2)
        (first,) = driving(service)
        os.kill(first, signal.SIGKILL)  # the one that drives: another process takes over
        chaos.until(lambda: not chaos.runs(first))
        finished = kept.finished()
        chaos.until(lambda: driving(service) not in ([], [first]))
        gone_on(kept, 2)
        assert asked(service, where)["state"] == "running"
        for one in chaos.children(driving(service)[0]):
            os.kill(one, signal.SIGKILL)  # its worker
        gone_on(kept, 2)
        service.process.kill()  # the one that has started all others
        chaos.until(lambda: not chaos.marked(mark), ORPHAN_SECONDS)
    with begin(1) as service:
        gone_on(kept, 2)
        began = time.monotonic()
        assert service.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < GRACE_SECONDS
        chaos.until(lambda: not chaos.marked(mark), ORPHAN_SECONDS)
        assert len(kept.finished()) < PARTS
    with begin(1) as service:
        chaos.until(lambda: asked(service, where)["state"] == "done", 120.0)
        assert finished.items() <= kept.finished().items()
        again = service.ask("POST", "/v1/sweeps", SWEEP, **jobs_over_http.ASYNC)[1]["Location"]
        chaos.until(lambda: asked(service, again)["state"] == "done", 120.0)
        other = chaos.Kept(tmp_path, again.rpartition("/")[2])
        assert kept.contents() == other.contents()
        results = [service.ask("GET", f"{one}/result?format=parquet") for one in (where, again)]
        assert results[0][0] == 200
        assert results[0][2] == results[1][2]
