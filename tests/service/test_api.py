"""The routes put together."""

import re

import pytest
import web

from service.settings import Settings
from service.web import examples
from service.web.api import api


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def test_nothing_of_the_frameworks_own_is_served():
    paths = {route.path for route in api(Settings()).routes}
    assert {path for path in paths if not path.startswith("/v1/")} == {
        "/health/live",
        "/health/ready",
        "/metrics",
    }


def test_the_body_limit_is_a_problem_that_states_it(found):
    details = web.problem(web.raw(found, "/v1/quotes", b" " * (2**20 + 1)), 413, "too-large")
    assert "1048576 bytes" in details["detail"]


def test_a_body_without_a_length_is_limited_too(found):
    def chunks():
        for _ in range(33):
            yield b" " * 2**15

    web.problem(
        found.post("/v1/quotes", content=chunks(), headers={"content-type": "application/json"}),
        413,
        "too-large",
    )


@pytest.mark.parametrize("path", sorted({*web.PATHS.values()} - {"/v1/sweeps"}))
def test_a_wrong_method_names_the_right_ones(found, path):
    response = found.get(path)
    web.problem(response, 405, "wrong-method")
    assert response.headers["allow"] == "OPTIONS, POST"


def test_where_get_is_allowed_so_is_head(found):
    response = found.post("/v1/catalog")
    web.problem(response, 405, "wrong-method")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", sorted({route.path for route in api(Settings()).routes}))
def test_whoever_asks_what_is_allowed_hears_the_same(found, path):
    path = re.sub("{.*}", "nothing", path)
    told = found.options(path)
    assert (told.status_code, told.content) == (204, b"")
    assert told.headers["allow"] == found.put(path).headers["allow"]


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "image/*", "application/x-protobuf"]
)
def test_an_answer_that_nobody_wants_is_not_computed(found, accept, monkeypatch):
    for name in ("economics.quote", "service.web.direct.written"):
        monkeypatch.setattr(name, lambda *_: pytest.fail("computed"))
    body = {"scenario": examples.SCENARIO}
    web.problem(
        found.post("/v1/quotes", json=body, headers={"accept": accept}), 406, "not-acceptable"
    )


def test_a_fault_is_logged_and_told_without_its_inside(found, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("the inside")

    monkeypatch.setattr("economics.quote", broken)
    monkeypatch.setattr("service.web.direct.written", broken)
    response = found.post(
        "/v1/quotes", json={"scenario": examples.SCENARIO}, headers={"x-request-id": "ours-1"}
    )
    web.problem(response, 500, "fault")
    assert "inside" not in response.text
    assert "the inside" in caplog.text
    assert "ours-1" in caplog.text
