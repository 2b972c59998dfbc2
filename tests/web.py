"""The HTTP service in process: clients, and what every answer must have."""

import atexit

import msgspec
from litestar.testing import TestClient

from service.settings import Settings
from service.web.app import create_app
from service.work.pool import Pool

MSGPACK = "application/msgpack"
PROBLEM = "application/problem+json"
POOL = Pool("service.web.api", 2)  # for all services of a session: processes take a while to start
atexit.register(POOL.close)
PATHS = {
    "quote": "/v1/quotes",
    "batch": "/v1/quotes/batch",
    "breakeven": "/v1/breakeven",
    "depreciation": "/v1/depreciation",
    "cashflow": "/v1/cashflows",
    "sweep": "/v1/sweeps",
    "simulate": "/v1/simulations",
    "sensitivity": "/v1/sensitivity",
    "solve": "/v1/solve",
    "explain": "/v1/explain",
    "compare": "/v1/comparisons",
}

SOLVE = {
    "scenario": "reference-project",
    "target": "npv_usd_per_rack",
    "value": 0.0,
    "unknown": "utilisation",
}

AXIS = {"kind": "linspace", "start": 0.1, "stop": 0.9}
SWEEP = {
    "scenario": "reference-project",
    "axes": [{**AXIS, "field": one, "count": 10_000} for one in ("utilisation", "wacc_per_year")],
    "targets": ["npv_usd_per_rack"],
    "reduce": {"kind": "summary"},
    "backend": "numpy",
}


def client(access_log=0.0, **settings):
    """A client of a service with these settings; errors of the service are answers, as over a
    network.
    """
    made = create_app(Settings(access_log=access_log, **settings), POOL)
    return TestClient(made, raise_server_exceptions=False)


def problem(response, status, name):
    """The problem that a response states; fails if it is another."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    details = msgspec.json.decode(response.content)
    assert details["status"] == status
    assert details["type"] == f"urn:rackrate:problem:{name}"
    assert details["title"]
    assert details["detail"]
    return details


def raw(found, path, body, media="application/json"):
    """Send bytes as they are."""
    return found.post(path, content=body, headers={"content-type": media})
