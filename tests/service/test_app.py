"""The application as a server runs it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("RACKRATE_")
    }
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(f"{base}/health/ready", server)
            body = json.dumps(
                {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
            ).encode()
            request = urllib.request.Request(
                f"{base}/v1/quotes", body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=10) as response:
                found = json.load(response)
            assert found["quantities"]["npv_usd_per_rack"]["value"] == pytest.approx(964_535.658394)
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                for method in ("HEAD", "GET", "HEAD", "GET"):
                    connection.request(method, "/v1/catalog")
                    answer = connection.getresponse()
                    assert (answer.status, bool(answer.read())) == (200, method == "GET")
        finally:
            server.terminate()
            _, said = server.communicate(timeout=20)
    assert b"Traceback" not in said


def wait_for(address, server):
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None, server.stderr.read()
            time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.mark.alone
def test_work_of_clients_that_left_keeps_nobody_waiting():
    with server.running() as running:
        assert running.ask("POST", "/v1/solve", web.SOLVE)[0] == 200  # a process is there
        sockets = [running.send("/v1/sweeps", web.SWEEP) for _ in range(8)]
        time.sleep(1.0)
        for one in sockets:
            one.close()
        began = time.monotonic()
        assert running.ask("POST", "/v1/solve", web.SOLVE)[0] == 200
        assert time.monotonic() - began < 2.0
