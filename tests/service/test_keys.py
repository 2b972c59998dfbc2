"""Files of API keys."""

import hashlib

import pytest

from economics import Problem
from service.web.keys import keys

HASH = hashlib.sha256(b"secret").hexdigest()


def written(tmp_path, text):
    path = tmp_path / "keys"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "text", [HASH, f"# all\n\n{HASH.upper()}  -  laptop # mine\n", f"{'0' * 64}\n{HASH}\n"]
)
def test_a_known_key_is_allowed(tmp_path, text):
    known = keys(written(tmp_path, text))
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
        keys(written(tmp_path, text))
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(Problem, match="can be read"):
        keys(str(tmp_path))
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Problem, match="UTF-8"):
        keys(str(path))
