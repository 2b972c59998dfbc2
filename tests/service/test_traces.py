"""Traces: what a request brings comes back, and spans where they are asked for."""

import builtins
import subprocess
import sys

import pytest
import web
from litestar.testing import TestClient

from economics import Problem
from service.settings import Settings
from service.web.app import create_app
from service.web.front import traces
from service.web.front.traces import Spans, known_parent, spans

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    "header",
    [
        b"",
        PARENT.upper().encode(),
        f"ff-{TRACE}-{SPAN}-01".encode(),
        f"00-{'0' * 32}-{SPAN}-01".encode(),
        f"00-{TRACE}-{'0' * 16}-01".encode(),
        f"{PARENT}-more".encode(),
        PARENT[:-1].encode(),
        f"{PARENT}\n".encode(),
    ],
)
def test_what_is_no_parent_is_left_out(header):
    assert known_parent(header) == b""


def test_a_parent_comes_back():
    with web.client() as found:
        asked = {"traceparent": PARENT}
        assert found.get("/health/live", headers=asked).headers["traceparent"] == PARENT
        assert "traceparent" not in found.get("/health/live", headers={"traceparent": "x"}).headers
        assert "traceparent" not in found.get("/health/live").headers


@pytest.fixture
def traced(monkeypatch):
    """A service, and the spans that it has sent."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    sent, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(sent))
    monkeypatch.setattr("service.web.middleware.spans", lambda _: Spans(provider))
    with TestClient(create_app(Settings(access_log=0.0))) as found:
        yield found, sent


def test_a_request_is_a_span_below_its_parent(traced, monkeypatch):
    found, sent = traced
    answer = found.get("/v1/catalog/accelerators", headers={"traceparent": PARENT})
    found.get("/v1/nothing")
    monkeypatch.setattr("economics.quote", lambda *_: 1 / 0)
    found.get("/health/ready")
    first, unknown, fault = sent.get_finished_spans()
    assert first.name == "GET /v1/catalog/{kind}"
    assert f"{first.context.trace_id:032x}" == TRACE
    assert f"{first.parent.span_id:016x}" == SPAN
    assert answer.headers["traceparent"] == f"00-{TRACE}-{first.context.span_id:016x}-01"
    assert dict(first.attributes) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/v1/catalog/{kind}",
    }
    assert (unknown.name, unknown.parent) == ("GET", None)
    assert first.status.is_ok
    assert not fault.status.is_ok


def test_spans_need_the_extra(monkeypatch):
    assert spans(Settings()) is None
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Problem, match=r"RACKRATE_TRACING = 'otlp': .*rackrate\[tracing\]"):
        spans(Settings(tracing="otlp"))


def test_spans_are_sent_by_otlp(monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "ours")
    made = spans(Settings(tracing="otlp"))
    assert made._provider.resource.attributes["service.name"] == "ours"
    made.stop()
    assert traces.parent_of(made.start(b"", "GET")).startswith(b"00-")


def test_nothing_of_it_is_imported_before():
    code = "import sys; import service.web.front.traces as one; print(one, *sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "service.web.front.traces" in said.stdout
    assert "opentelemetry" not in said.stdout
