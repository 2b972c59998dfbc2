"""Quotes while others sweep.

A quote of a shipped scenario over HTTP, asked by wrk at one and at 16 connections: of a service
that has nothing else to do, and of one to which two clients send sweeps without pause, IRR of
1,440,000 cells by jit and NPV of 36,000,000 by numpy. The bars are for a quiet machine.
"""

import threading
import time
from contextlib import ExitStack, contextmanager
from functools import cache, partial

import load
import pytest
import server
from turns import Entry, Group, in_turns

QUOTE = {"scenario": "hgx-h100", "targets": ["npv_usd_per_rack"]}
SECONDS = 2
SWEEPS = {"irr_per_year": ("jit", 1200), "npv_usd_per_rack": ("numpy", 6000)}
BARS = {
    (1, "p50"): "bar: under twice idle",
    (1, "p99"): "bar: under 10 ms",
    (16, "p50"): "",
    (16, "p99"): "bar: under twice idle",
}
pytestmark = pytest.mark.skipif(load.MISSING is not None, reason=str(load.MISSING))


@cache
def service():
    """A service that has computed each sweep once."""
    stack = ExitStack()
    running = stack.enter_context(server.running())
    for target in SWEEPS:
        assert running.ask("POST", "/v1/sweeps", sweep(target))[0] == 200
    return stack, running


@pytest.fixture(scope="module", autouse=True)
def _ended():
    yield
    if service.cache_info().currsize:
        service()[0].close()
        service.cache_clear()


def sweep(target):
    """A sweep that is reduced."""
    backend, count = SWEEPS[target]
    ranges = {"utilisation": (0.3, 0.95), "rental_price_usd_per_gpu_hour": (1.5, 4.0)}
    axes = [
        {"kind": "linspace", "field": field, "start": start, "stop": stop, "count": count}
        for field, (start, stop) in ranges.items()
    ]
    asked = {"targets": [target], "reduce": {"kind": "summary"}, "backend": backend}
    return {"scenario": "hgx-h100", "axes": axes, **asked}


@contextmanager
def sweeping(running):
    """While two clients send sweeps."""
    over = threading.Event()

    def send(target):
        while not over.is_set():
            assert running.ask("POST", "/v1/sweeps", sweep(target))[0] == 200

    clients = [threading.Thread(target=send, args=(target,)) for target in SWEEPS]
    for client in clients:
        client.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        over.set()
        for client in clients:
            client.join()


def asked(connections, quantile, busy):
    """The seconds of quotes."""
    _, running = service()
    with sweeping(running) if busy else ExitStack():
        found = load.latencies(running.port, "/v1/quotes", QUOTE, connections, SECONDS)
    return found[quantile == "p99"]


def group(connections, quantile):
    """Idle, and not."""
    words = {"p50": "half of the quotes at most", "p99": "99 of 100 quotes at most"}[quantile]
    made = {name: partial(asked, connections, quantile, bool(name)) for name in ("", "busy")}
    idle = Entry("idle", lambda: made[""], engine="idle", own_clock=True)
    bar = BARS[connections, quantile]
    busy = Entry("two clients sweep", lambda: made["busy"], note=bar, own_clock=True)
    s = "s" if connections > 1 else ""
    return Group(f"{words}, at {connections} connection{s}", (idle, busy))


@pytest.mark.parametrize(("group", "entry"), in_turns(*(group(*one) for one in BARS)))
def test_interference(benchmark, group, entry):
    """Times of quotes."""
    group.replay(benchmark, entry)
