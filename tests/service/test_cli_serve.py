"""`serve`: where it listens, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import server

from kernels.grids import engine_table
from service.cli import serve
from service.settings import Settings


@pytest.fixture
def asked(monkeypatch):
    """What uvicorn was asked to serve; it serves nothing."""
    found = {}

    def config(app, **options):
        found.update(app=app, **options)
        return SimpleNamespace(load=lambda: None)

    monkeypatch.setitem(
        sys.modules,
        "uvicorn",
        SimpleNamespace(Config=config),
    )
    server = SimpleNamespace(Server=lambda *_, **__: SimpleNamespace(run=lambda _: None))
    monkeypatch.setitem(sys.modules, "service.cli.server", server)
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    monkeypatch.setattr(serve, "listening", lambda *_: [])
    monkeypatch.setattr(serve, "keep_what_is_loaded", lambda: found.update(kept=True))
    return found


@pytest.fixture
def taken():
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


KEPT = """
import gc
from service.cli.serve import keep_what_is_loaded
keep_what_is_loaded()
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0])
"""


NEEDED_LATER = """
import sys
from service.cli import serve, server
import uvicorn
connection = "service.web.connection:Connection"
uvicorn.Config("service.web.app:create_local_app", factory=True, http=connection).load()
print(*sys.modules)
"""
LATER = {"distributed", "dask", "polars", "cupy", "mcp", "httpx", "jinja2", "altair", "scipy"}
LATER |= {"llvmlite", "requests", "rich", "xlsxwriter", "prometheus_client", "opentelemetry.trace"}


def test_serve_starts_the_service_on_loopback(rackrate, asked):
    assert rackrate("serve").code == 0
    assert (asked["app"], asked["factory"], asked["host"], asked["port"]) == (
        "service.web.app:create_local_app",
        True,
        "127.0.0.1",
        8000,
    )
    assert rackrate("serve", "--host", "::1", "--port", "9000").code == 0
    assert (asked["host"], asked["port"]) == ("::1", 9000)


def test_what_is_loaded_is_kept_out_of_the_collectors_way(rackrate, asked):
    assert rackrate("serve").code == 0
    assert asked["kept"]
    said = subprocess.run(
        [sys.executable, "-c", KEPT], capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stdout.split() == ["True", str(serve.NEW_OBJECTS)]


def test_a_server_that_starts_imports_nothing_that_is_needed_later():
    said = subprocess.run(
        [sys.executable, "-c", NEEDED_LATER], capture_output=True, text=True, timeout=60, check=True
    )
    assert not LATER & set(said.stdout.split())


def test_serve_is_not_open_to_others_by_accident(rackrate, asked, monkeypatch):
    said = rackrate("serve", "--host", "0.0.0.0")
    assert (said.code, asked) == (2, {})
    assert said.one_line().startswith("host = '0.0.0.0': expected a loopback address")
    monkeypatch.setenv("RACKRATE_WITHOUT_KEYS", "1")
    assert rackrate("serve", "--host", "0.0.0.0").code == 0
    assert (asked["host"], asked["app"]) == ("0.0.0.0", "service.web.app:create_app")


def test_an_engine_that_cannot_run_is_refused_at_start(rackrate, asked, monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda _: None)
    monkeypatch.setenv("RACKRATE_BACKEND", "jit")
    said = rackrate("serve")
    assert (said.code, asked) == (2, {})
    assert said.one_line() == (
        "RACKRATE_BACKEND = 'jit': expected an engine that runs here (llvmlite is not installed:"
        " pip install 'rackrate[jit]'), or auto"
    )


def test_connections_and_the_grace_are_bounded(rackrate, asked, monkeypatch):
    monkeypatch.setenv("RACKRATE_GRACE_SECONDS", "7")
    assert rackrate("serve").code == 0
    assert asked["http"] == "service.web.connection:Connection"
    assert asked["timeout_graceful_shutdown"] == 7


def test_who_is_believed_and_who_writes_the_log(rackrate, asked, monkeypatch):
    assert rackrate("serve").code == 0
    assert (asked["proxy_headers"], asked["access_log"]) == (False, False)
    monkeypatch.setenv("RACKRATE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    assert rackrate("serve").code == 0
    assert (asked["proxy_headers"], asked["forwarded_allow_ips"]) == (True, ["10.0.0.0/8", "::1"])


def test_several_processes_have_a_folder_for_their_metrics(monkeypatch):
    def named():
        return os.environ.get("RACKRATE_METRICS_FOLDER")

    monkeypatch.setenv("RACKRATE_METRICS_FOLDER", "")
    with serve.metrics_folder(1, Settings()):
        assert not named()
    with serve.metrics_folder(2, Settings(metrics_folder="own")):
        assert not named()
    with serve.metrics_folder(2, Settings()):
        made = named()
        assert Path(made).is_dir()
    assert not Path(made).exists()


def test_a_port_in_use_is_said_in_one_line(program, taken):
    said = program("serve", "--port", taken)
    assert (said.code, said.out, said.one_line()) == (
        1,
        "",
        f"cannot listen on 127.0.0.1 port {taken}: Address already in use",
    )


def test_all_addresses_of_a_host_are_listened_on():
    found = serve.listening("localhost", 0)
    hosts = {one.getsockname()[0] for one in found}
    for one in found:
        one.close()
    assert "127.0.0.1" in hosts
    assert hosts <= {"127.0.0.1", "::1"}


def test_an_address_of_another_machine_is_said_in_one_line():
    with pytest.raises(
        serve.ListenProblem,
        match=r"cannot listen on 192\.0\.2\.1 port 0: Cannot assign requested address",
    ):
        serve.listening("192.0.2.1", 0)


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit(0), SystemExit(1), None])
def test_what_was_said_last_is_written_however_it_ends(asked, monkeypatch, end):
    said = []

    def run(_):
        said.append("served")
        if end is not None:
            raise end

    made = SimpleNamespace(Server=lambda *_, **__: SimpleNamespace(run=run))
    monkeypatch.setitem(sys.modules, "service.cli.server", made)
    monkeypatch.setattr(serve.LINES, "flush", lambda: said.append("written"))
    with suppress(KeyboardInterrupt, SystemExit):
        serve.serve(SimpleNamespace(host="127.0.0.1", port=0, processes=1))
    assert said == ["served", "written"]


@pytest.mark.alone
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 0, marks=pytest.mark.slow)],
)
def test_a_signal_ends_it_with_the_code_that_its_help_says(sent, code):
    with server.running(drain_seconds=0) as running:
        assert running.ask("GET", "/health/live")[0] == 200
        assert running.end(sent) == code
    assert "Traceback" not in running.said
    assert "Finished server process" in running.said
