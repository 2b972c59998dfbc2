"""The access log: a line of JSON for each request, or for a share of them."""

import json
import re

import pytest
import web
from litestar.testing import TestClient

from service.settings import Settings
from service.web.app import create_app
from service.web.front import access_log
from service.web.front.access_log import AccessLog, now, plain_path
from service.web.keys import hash_of
from service.web.middleware import _client

ID = {"x-request-id": "mine-1"}


def logged(capfd, ask, **settings):
    """The lines of what somebody asks of a service with these settings."""
    capfd.readouterr()
    made = create_app(Settings(**settings), web.POOL)
    with TestClient(made, raise_server_exceptions=False) as found:
        ask(found)
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_line_says_what_a_request_was(capfd):
    def ask(found):
        found.post("/v1/quotes?secret=1", json={"scenario": "hgx-h100"}, headers=ID)

    (line,) = logged(capfd, ask)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert 0.0 < line.pop("duration_ms") < 10_000.0
    assert line.pop("bytes") > 100
    assert line == {
        "logger": "access",
        "level": "info",
        "method": "POST",
        "path": "/v1/quotes",
        "route": "/v1/quotes",
        "status": 400,  # nothing reads what the query has, and it is not logged
        "request_id": "mine-1",
        "client": "testclient",
    }


def test_it_knows_the_name_of_a_key_and_never_the_key(capfd, tmp_path):
    path, sweep = tmp_path / "keys", {**web.SWEEP, "axes": web.SWEEP["axes"][:1]}
    path.write_text(f"laptop {hash_of('open sesame').hex()}\n")

    def ask(found):
        found.get("/v1/catalog", headers={"authorization": "Bearer open sesame"})
        found.get("/v1/catalog", headers={"authorization": "Bearer wrong-key"})
        found.post("/v1/sweeps", json=sweep, headers={"authorization": "Bearer open sesame"})

    known, unknown, sweep = lines = logged(capfd, ask, api_keys_file=str(path))
    assert (known["key"], known["status"], known["route"]) == ("laptop", 200, "/v1/catalog")
    assert ("key" in unknown, unknown["status"]) == (False, 401)
    assert sweep["cells"] == 10_000
    assert not re.search("sesame|wrong-key|utilisation", json.dumps(lines))


@pytest.mark.parametrize(
    ("share", "statuses"), [(0.0, [500]), (1.0, [200, 500, 404]), (1e-12, [500])]
)
def test_a_share_is_logged_and_every_fault(capfd, monkeypatch, share, statuses):
    def ask(found):
        found.get("/health/live")
        found.get("/health/ready")
        found.get("/nothing")

    monkeypatch.setattr("economics.quote", lambda *_: 1 / 0)
    lines = [one for one in logged(capfd, ask, access_log=share) if one["logger"] == "access"]
    assert [one["status"] for one in lines] == statuses


def test_about_the_share_that_is_asked():
    log = AccessLog(0.25)
    assert 300 < sum(log.wants(200) for _ in range(2000)) < 700


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (b"/v1/a%0Ab", "/v1/a%0Ab"),
        (b"/v1/a?key=secret", "/v1/a"),
        (b"/\xc2\x85\xff", r"/\xc2\x85\xff"),
        (b"/" + b"a" * 5000, "/" + "a" * 511),
    ],
)
def test_a_path_stays_on_its_line(path, said):
    assert plain_path(path) == said


def test_what_is_sent_cannot_write_lines(capfd):
    def ask(found):
        found.get('/v1/a%0A{"level":"error"}', headers={"x-request-id": 'a"b', "user-agent": "\t"})

    (line,) = logged(capfd, ask)
    assert line["status"] == 404
    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])


def test_what_a_proxy_says_of_a_client_is_not_without_end():
    assert _client({"client": ("a" * 5000, 0)}) == "a" * 100
    assert _client({"client": None}) == ""


def test_the_time_is_that_of_utc(monkeypatch):
    for at, said in (
        (0.0, "1970-01-01T00:00:00.000Z"),
        (1_796_083_199.9996, "2026-11-30T23:59:59.999Z"),
    ):
        monkeypatch.setattr(access_log, "time", lambda at=at: at)
        assert now() == said


def test_a_trace_is_kept(capfd):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    def ask(found):
        found.get("/health/live", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})

    assert logged(capfd, ask)[0]["trace_id"] == trace
