"""Traces: the context that a request brings (W3C `traceparent`) is kept and comes back; spans are
sent by OpenTelemetry where the settings ask for them, and only then is it imported.
"""

import os
import re
from typing import Any

from economics import Problem
from service.setting_sources import variable
from service.settings import Settings

TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
NAME = "rackrate"
FAULT = 500


def known_parent(header: bytes) -> bytes:
    """A header `traceparent`; nothing where it is none."""
    return header if TRACEPARENT.fullmatch(header) else b""


def trace_id(parent: bytes) -> str:
    """The trace of a known parent."""
    return parent[3:35].decode()


class Spans:
    """A span for each request, given to a provider of OpenTelemetry."""

    def __init__(self, provider: Any) -> None:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation import tracecontext

        self._provider, self._kind = provider, SpanKind.SERVER
        self._tracer = provider.get_tracer(NAME)
        self._context = tracecontext.TraceContextTextMapPropagator()

    def start(self, parent: bytes, method: str) -> Any:
        """A span that begins now, below its parent."""
        context = self._context.extract({"traceparent": parent.decode()}) if parent else None
        return self._tracer.start_span(method, context=context, kind=self._kind)

    def end(self, span: Any, method: str, route: str, status: int) -> None:
        """It ends, with what OpenTelemetry calls what is known of it."""
        from opentelemetry.trace import StatusCode

        span.update_name(f"{method} {route}" if route else method)
        span.set_attribute("http.request.method", method)
        span.set_attribute("http.response.status_code", status)
        if route:
            span.set_attribute("http.route", route)
        if status >= FAULT:
            span.set_status(StatusCode.ERROR)
        span.end()

    def stop(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()


def parent_of(span: Any) -> bytes:
    """A span as the header `traceparent`."""
    at = span.get_span_context()
    return f"00-{at.trace_id:032x}-{at.span_id:016x}-{int(at.trace_flags):02x}".encode()


def spans(settings: Settings) -> Spans | None:
    """Where the settings ask for spans, what makes them: OTEL_EXPORTER_OTLP_ENDPOINT says where
    they go, and the other variables of OpenTelemetry hold too. Errors: Problem.
    """
    if settings.tracing == "off":
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        needed = "off, or OpenTelemetry: pip install 'rackrate[tracing]'"
        raise Problem(variable("tracing"), settings.tracing, needed) from None
    name = os.environ.get("OTEL_SERVICE_NAME", NAME)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider)
