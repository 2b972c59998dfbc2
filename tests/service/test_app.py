"""The application as a server runs it."""

import time
from contextlib import closing
from http.client import HTTPConnection

import msgspec
import pytest
import server
import web

from economics import Problem
from kernels.grids import engine_table
from service.settings import Settings
from service.web.app import create_app, create_local_app


def test_the_factory_takes_its_settings_from_the_environment(monkeypatch):
    monkeypatch.setenv("RACKRATE_MAX_INLINE_CELLS", "lots")
    for factory in (create_app, create_local_app):
        with pytest.raises(Problem, match="RACKRATE_MAX_INLINE_CELLS"):
            factory()


def test_the_factory_refuses_what_serve_refuses(monkeypatch):
    with pytest.raises(Problem, match=r"RACKRATE_API_KEYS_FILE .* RACKRATE_WITHOUT_KEYS=1"):
        create_app()
    assert create_local_app()
    monkeypatch.setenv("RACKRATE_WITHOUT_KEYS", "1")
    assert create_app()
    monkeypatch.setattr(engine_table, "find_spec", lambda _: None)
    monkeypatch.setenv("RACKRATE_BACKEND", "jit")
    for factory in (create_app, create_local_app):
        with pytest.raises(
            Problem, match=r"RACKRATE_BACKEND = 'jit': expected an engine that runs"
        ):
            factory()


def test_a_missing_key_file_stops_the_start(tmp_path):
    with pytest.raises(Problem, match="RACKRATE_API_KEYS_FILE"):
        create_app(Settings(api_keys_file=str(tmp_path / "none")))


def test_a_path_without_anything_is_a_problem():
    with web.client() as found:
        for path in (
            "/v1",
            "/v1/nothing",
            "/schema/nothing",
            "/favicon.ico",
            "/v1/%00",
            "/v1/catalog/a/b/c",
        ):
            web.problem(found.get(path), 404, "not-there")


def test_a_server_started_as_users_start_it_answers_and_stops():
    with server.running(drain_seconds=0) as running:
        assert running.ask("GET", "/health/ready")[0] == 200
        asked = {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
        found = msgspec.json.decode(running.ask("POST", "/v1/quotes", asked)[2])
        assert found["quantities"]["npv_usd_per_rack"]["value"] == pytest.approx(964_535.658394)
        with closing(HTTPConnection("127.0.0.1", running.port, timeout=10)) as connection:
            for method in ("HEAD", "GET", "HEAD", "GET"):
                connection.request(method, "/v1/catalog")
                answer = connection.getresponse()
                assert (answer.status, bool(answer.read())) == (200, method == "GET")
        assert running.end() == 0
    assert "Traceback" not in running.said


@pytest.mark.alone
def test_work_of_clients_that_left_keeps_nobody_waiting():
    with server.running() as running:
        assert running.ask("POST", "/v1/solve", web.SOLVE)[0] == 200  # a process is there
        sockets = [running.send("/v1/sweeps", web.SWEEP) for _ in range(8)]
        time.sleep(0.5)
        for one in sockets:
            one.close()
        began = time.monotonic()
        assert running.ask("POST", "/v1/solve", web.SOLVE)[0] == 200
        assert time.monotonic() - began < 2.0
