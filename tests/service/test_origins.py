"""Pages of other origins."""

import hashlib

import pytest
import web

OURS, THEIRS = "https://app.example.com", "https://evil.example.com"


@pytest.fixture(scope="module")
def found():
    with web.client(cors_origins=(OURS, "http://localhost:3000")) as client:
        yield client


def test_without_origins_nothing_is_said_of_them():
    with web.client() as plain:
        headers = plain.get("/v1/catalog", headers={"origin": OURS}).headers
    assert not [name for name in headers if name.startswith("access-control")]
    assert "Origin" not in headers["vary"]


@pytest.mark.parametrize("path", ["/v1/catalog", "/v1/nothing", "/health/live"])
def test_a_page_that_is_listed_may_read_answers(found, path):
    headers = found.get(path, headers={"origin": OURS}).headers
    assert headers["access-control-allow-origin"] == OURS
    assert "Origin" in headers["vary"]
    assert {"X-Request-ID", "ETag", "Retry-After"} <= {
        one.strip() for one in headers["access-control-expose-headers"].split(",")
    }
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "origin", [THEIRS, "null", OURS.upper(), OURS + ".evil.com", OURS + "/", "", "*"]
)
def test_another_may_not(found, origin):
    headers = found.get("/v1/catalog", headers={"origin": origin}).headers
    assert "access-control-allow-origin" not in headers
    assert "Origin" in headers["vary"]


def test_a_browser_asks_before_it_sends(found, tmp_path):
    asked = {
        "origin": OURS,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    path = tmp_path / "keys"
    path.write_text(hashlib.sha256(b"mine").hexdigest())
    with web.client(cors_origins=(OURS,), api_keys_file=str(path)) as guarded:
        for one in (found, guarded):
            answer = one.options("/v1/quotes", headers=asked)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["access-control-allow-origin"] == OURS
            assert "POST" in answer.headers["access-control-allow-methods"]
            assert "Authorization" in answer.headers["access-control-allow-headers"]
            assert answer.headers["access-control-max-age"] == "600"
        web.problem(
            guarded.options("/v1/quotes", headers={**asked, "origin": THEIRS}), 401, "no-key"
        )
    other = found.options("/v1/quotes", headers={**asked, "origin": THEIRS})
    assert "access-control-allow-methods" not in other.headers
    assert "allow" in found.options("/v1/quotes", headers={"origin": OURS}).headers
