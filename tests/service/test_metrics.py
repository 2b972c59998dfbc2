"""What is counted, asked over HTTP."""

import os
import time

import prometheus
import pytest
import web

from economics.models.assembly import MODEL_VERSION
from service.version import version
from service.web.front.metrics import FAMILIES, Metrics, resident_bytes


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def asked(found):
    return found.get("/metrics").text


def test_requests_are_counted_by_route_method_and_status(found):
    def count(**labels):
        return prometheus.value(asked(found), "rackrate_requests_total", **labels)

    found.get("/v1/catalog/accelerators")
    before = count(route="/v1/catalog/{kind}")
    found.get("/v1/catalog/accelerators")
    found.get("/v1/catalog/facilities")
    assert count(route="/v1/catalog/{kind}", method="GET", status="200") == before + 2
    found.get("/v1/catalog/nothing")
    assert count(route="/v1/catalog/{kind}", status="404") == 1
    for path in ("/v1/made-up-1", "/v1/made-up-2"):
        found.get(path)
    assert count(route="", status="404") == 2
    found.head("/v1/catalog")
    assert count(method="HEAD") == 1
    found.request("BREW", "/v1/catalog")
    assert count(method="other") == 1


def test_a_quote_by_the_short_way_has_its_route_and_its_time(found):
    assert found.post("/v1/quotes", json={"scenario": "hgx-h100"}).status_code == 200
    text = asked(found)
    assert prometheus.value(text, "rackrate_request_seconds_count", route="/v1/quotes") == 1
    assert 0.0 < prometheus.value(text, "rackrate_request_seconds_sum", route="/v1/quotes") < 10.0


def test_cells_are_counted_when_they_have_been_computed(found):
    assert found.post("/v1/sweeps", json=web.SWEEP | {"axes": web.SWEEP["axes"][:1]}).is_success
    refused = {**web.SWEEP, "targets": ["nothing"]}
    assert found.post("/v1/sweeps", json=refused).status_code == 422
    batch = {"kind": "rows", "scenarios": ["hgx-h100"] * 3, "targets": ["npv_usd_per_rack"]}
    assert found.post("/v1/quotes/batch", json=batch).is_success
    text = asked(found)
    assert prometheus.value(text, "rackrate_cells_total", route="/v1/sweeps") == 10_000
    assert prometheus.value(text, "rackrate_cells_total", route="/v1/quotes/batch") == 3
    assert prometheus.value(text, "rackrate_work_in_progress", route="/v1/sweeps") == 0
    assert prometheus.value(text, "rackrate_workers_busy") == 0
    assert prometheus.value(text, "rackrate_work_waiting") == 0
    assert prometheus.value(text, "rackrate_workers") == 2


def test_what_runs_is_told(found):
    text = asked(found)
    own = {"process": str(os.getpid())}
    built = {"version": version(), "model_version": MODEL_VERSION}
    assert prometheus.value(text, "rackrate_build_info", **own, **built) == 1
    assert prometheus.value(text, "process_resident_memory_bytes", **own) > 2**20
    assert 0.0 <= time.time() - prometheus.value(text, "process_start_time_seconds") < 600.0
    assert prometheus.value(text, "process_cpu_seconds_total") > 0.0
    assert prometheus.value(text, "rackrate_connections", **own) == 0


def test_it_is_text_that_nobody_keeps(found):
    answer = found.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert found.head("/metrics").status_code == 200
    web.problem(found.post("/metrics"), 405, "wrong-method")


def test_a_method_that_nobody_knows_and_a_slow_request_have_their_places():
    metrics = Metrics()
    metrics.observe("/a", "X" * 50, 200, 1e6)
    figures = metrics.snapshot().figures
    assert figures["rackrate_requests_total"] == [(("/a", "other", "200"), [1])]
    (_, numbers), *more = figures["rackrate_request_seconds"]
    assert not more
    assert numbers[-2:] == [1, 1e6]


def test_memory_is_that_of_this_process():
    before = resident_bytes()
    held = bytearray(b"x") * 2**27
    assert len(held) // 2 < resident_bytes() - before
    assert {one.name for one in FAMILIES} >= set(Metrics().snapshot().figures)
