"""API keys of a service that runs."""

import hashlib
import time

import pytest
import web

from service.web.keys import LOOK_SECONDS, Keys
from service.web.problems import NoKey

HASH = hashlib.sha256(b"secret").hexdigest()


def written(tmp_path, text):
    path = tmp_path / "keys"
    path.write_text(text)
    return str(path)


def allows(known, authorization):
    try:
        return bool(known.key(authorization))
    except NoKey:
        return False


@pytest.mark.parametrize("text", [f"laptop {HASH}\n", f"other {'0' * 64}\n{HASH}\n"])
def test_a_known_key_is_allowed(tmp_path, text):
    known = Keys(written(tmp_path, text))
    assert allows(known, "Bearer secret")
    assert allows(known, "bearer  secret ")
    for other in (
        "Bearer Secret",
        "secret",
        "",
        "Bearer",
        f"Bearer {HASH}",
        "Basic secret",
        "Bearer s\u00e9cret",
    ):
        assert not allows(known, other)


def test_a_key_that_has_expired_is_told_to_who_has_it_and_to_nobody_else(tmp_path):
    path = written(tmp_path, f"old {HASH} expires=2020-01-31\nlaptop {'0' * 64}\n")
    with web.client(api_keys_file=path) as found:
        expired = found.get("/v1/catalog", headers={"authorization": "Bearer secret"})
        details = web.problem(expired, 401, "no-key")
        assert "expired" in details["detail"]
        assert 'error="invalid_token"' in expired.headers["www-authenticate"]
        unknown = found.get("/v1/catalog", headers={"authorization": "Bearer another"})
        assert "expired" not in web.problem(unknown, 401, "no-key")["detail"]
        for text in (expired.text, unknown.text):
            assert "old" not in text
            assert "laptop" not in text


@pytest.mark.parametrize(
    ("sent", "said", "error"),
    [
        (None, "no key came with the request; send the header", ""),
        ("secret", "Authorization has no key; send the header", ""),
        ("Basic secret", "Authorization has no key; send the header", ""),
        ("Bearer another", "the key is not known here; send the header", "invalid_token"),
    ],
)
def test_who_sends_no_key_and_who_sends_a_wrong_one_are_told_so(tmp_path, sent, said, error):
    with web.client(api_keys_file=written(tmp_path, f"laptop {HASH}\n")) as found:
        answer = found.get("/v1/catalog", headers={"authorization": sent} if sent else {})
    detail = web.problem(answer, 401, "no-key")["detail"]
    assert detail.startswith(said)
    assert "'Authorization: Bearer KEY'" in detail
    assert (error in answer.headers["www-authenticate"]) if error else "secret" not in answer.text


def test_a_key_expires_while_the_service_runs(tmp_path, monkeypatch):
    known = Keys(written(tmp_path, f"old {HASH} expires=2027-01-31"))
    end = known.known[0].end
    monkeypatch.setattr(time, "time", lambda: end - 0.001)
    assert known.key("Bearer secret").name == "old"
    monkeypatch.setattr(time, "time", lambda: end)
    with pytest.raises(NoKey, match="expired"):
        known.key("Bearer secret")


def test_every_hash_is_compared_whichever_it_is(tmp_path, monkeypatch):
    lines = "".join(f"k{at} {hashlib.sha256(str(at).encode()).hexdigest()}\n" for at in range(9))
    known, compared = Keys(written(tmp_path, lines)), []
    monkeypatch.setattr("hmac.compare_digest", lambda a, b: compared.append(b) or a == b)
    for token in ("0", "8", "none"):
        compared.clear()
        assert allows(known, f"Bearer {token}") == (token != "none")
        assert len(compared) == 9


def test_a_file_that_changes_is_read_anew(tmp_path, monkeypatch, caplog):
    path, now = written(tmp_path, HASH), time.monotonic()
    known = Keys(path)
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def after_a_while():
        nonlocal now
        now += LOOK_SECONDS

    other = hashlib.sha256(b"other").hexdigest()
    after_a_while()
    assert allows(known, "Bearer secret")
    written(tmp_path, f"# the first one is taken back\n{other}\n")
    after_a_while()
    assert allows(known, "Bearer other")
    assert not allows(known, "Bearer secret")
    for broken in ("", "short"):
        written(tmp_path, broken)
        after_a_while()
        assert allows(known, "Bearer other")
        assert "the keys stay as they were" in caplog.text
        assert (known.reloads, known.failures) == (1, 1 + (broken == "short"))
        caplog.clear()
    (tmp_path / "keys").unlink()
    after_a_while()
    assert allows(known, "Bearer other")
    written(tmp_path, f"{HASH}\n{other}")
    after_a_while()
    assert allows(known, "Bearer secret")
