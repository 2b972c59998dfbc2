"""The outermost layer."""

import hashlib
import re

import anyio
import pytest
import web

from service.settings import Settings
from service.web.middleware import Front

KEY = "correct horse battery staple"


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.fixture
def guarded(tmp_path):
    path = tmp_path / "keys"
    another, own = (hashlib.sha256(key).hexdigest() for key in (b"another", KEY.encode()))
    path.write_text(f"# ours\n{another}\n{own}  laptop\n")
    with web.client(api_keys_file=str(path)) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/v1/catalog", "/v1/nothing", "/v1/quotes", "/health/live", "/schema"]
)
def test_every_answer_is_guarded_and_has_an_id(found, path):
    headers = found.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert "access-control-allow-origin" not in headers


def test_a_good_id_comes_back_and_a_bad_one_does_not(found):
    assert (
        found.get("/health/live", headers={"x-request-id": "a-1.b_2~3"}).headers["x-request-id"]
        == "a-1.b_2~3"
    )
    for bad in ("", "a b", "x" * 129, "<script>", "a\u00e9".encode()):
        assert re.fullmatch(
            "[0-9a-f]{32}",
            found.get("/health/live", headers={"x-request-id": bad}).headers["x-request-id"],
        )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/catalog",
        "/v1/catalog/accelerators/hgx-h100",
        "/health/ready",
        "/schema/openapi.json",
        "/v1/nothing",
    ],
)
def test_head_is_get_without_a_body(found, path):
    plain = {"accept-encoding": "identity"}
    packed = found.get(path).headers["content-length"]
    assert found.head(path).headers["content-length"] == packed
    whole, bare = found.get(path, headers=plain), found.head(path, headers=plain)
    assert bare.status_code == whole.status_code
    assert bare.content == b""
    assert (
        bare.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))
    )


def test_a_key_is_asked_for(guarded):
    for sent in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": KEY},
        {"authorization": f"Basic {KEY}"},
        {"authorization": "Bearer "},
    ):
        response = guarded.get("/v1/catalog", headers=sent)
        web.problem(response, 401, "no-key")
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.headers["x-content-type-options"] == "nosniff"


def test_a_key_opens_everything_and_probes_need_none(guarded):
    assert guarded.get("/v1/catalog", headers={"authorization": f"Bearer {KEY}"}).status_code == 200
    assert guarded.get("/v1/catalog", headers={"authorization": f"bearer {KEY}"}).status_code == 200
    assert guarded.get("/health/live").status_code == 200
    assert guarded.head("/v1/catalog").status_code == 401


def test_behind_keys_nothing_is_for_a_shared_cache(guarded, found):
    assert (
        "private"
        in guarded.get("/v1/catalog", headers={"authorization": f"Bearer {KEY}"}).headers[
            "cache-control"
        ]
    )
    assert "public" in found.get("/v1/catalog").headers["cache-control"]


def test_options_allow_head_where_there_is_get(found):
    assert found.options("/v1/catalog").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_fault_is_logged_with_the_id_of_its_request(found, monkeypatch, caplog):
    monkeypatch.setattr("economics.quote", lambda *_: 1 / 0)
    web.problem(found.get("/health/ready", headers={"x-request-id": "mine"}), 500, "fault")
    (record,) = [one for one in caplog.records if one.exc_info]
    assert record.request_id == "mine"


@pytest.mark.parametrize("begun", [False, True])
def test_what_an_application_fails_at_is_a_problem_where_nothing_was_said(begun, caplog):
    start = {"type": "http.response.start", "status": 200, "headers": []}
    sent = []

    async def fails(scope, receive, send):
        if begun:
            await send(start)
        raise RuntimeError("inside")

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    front = Front(fails, Settings(access_log=0.0))
    if begun:
        with pytest.raises(RuntimeError):
            anyio.run(front, scope, None, send)
        assert sent == [start]
    else:
        anyio.run(front, scope, None, send)
        assert sent[0]["status"] == 500
        assert b"inside" not in sent[1]["body"]
        assert "RuntimeError" in caplog.text
    assert front.metrics.snapshot().figures["rackrate_requests_total"]
