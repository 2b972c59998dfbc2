"""Files of API keys."""

import hashlib
import time

import pytest

from economics import Problem
from service.web.keys import LOOK_SECONDS, Keys, hashes

HASH = hashlib.sha256(b"secret").hexdigest()


def written(tmp_path, text):
    path = tmp_path / "keys"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "text", [HASH, f"# all\n\n{HASH.upper()}  -  laptop # mine\n", f"{'0' * 64}\n{HASH}\n"]
)
def test_a_known_key_is_allowed(tmp_path, text):
    known = Keys(written(tmp_path, text))
    assert known.allow("Bearer secret")
    assert known.allow("bearer  secret ")
    for other in (
        "Bearer Secret",
        "secret",
        "",
        "Bearer",
        f"Bearer {HASH}",
        "Basic secret",
        "Bearer s\u00e9cret",
    ):
        assert not known.allow(other)


@pytest.mark.parametrize("text", ["", "# nobody\n", "secret", HASH[:-1], f"{HASH}\nshort"])
def test_a_file_without_good_hashes_is_refused(tmp_path, text):
    with pytest.raises(Problem, match="SHA-256") as caught:
        hashes(written(tmp_path, text))
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(Problem, match="can be read"):
        hashes(str(tmp_path))
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Problem, match="UTF-8"):
        hashes(str(path))


def test_a_file_that_changes_is_read_anew(tmp_path, monkeypatch, caplog):
    path, now = written(tmp_path, HASH), time.monotonic()
    known = Keys(path)
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def after_a_while():
        nonlocal now
        now += LOOK_SECONDS

    other = hashlib.sha256(b"other").hexdigest()
    after_a_while()
    assert known.allow("Bearer secret")
    written(tmp_path, f"# the first one is taken back\n{other}\n")
    after_a_while()
    assert known.allow("Bearer other")
    assert not known.allow("Bearer secret")
    for broken in ("", "short"):
        written(tmp_path, broken)
        after_a_while()
        assert known.allow("Bearer other")
        assert "the keys stay as they were" in caplog.text
        caplog.clear()
    (tmp_path / "keys").unlink()
    after_a_while()
    assert known.allow("Bearer other")
    written(tmp_path, f"{HASH}\n{other}")
    after_a_while()
    assert known.allow("Bearer secret")
