"""Lines of files of API keys."""

from datetime import UTC, date, datetime

import pytest

from economics import Problem
from service.files.key_files import Key, hash_of, line_of, read_keys

HASH = hash_of("secret").hex()


@pytest.fixture
def read(tmp_path):
    """The keys of a file with this text."""

    def keys(text):
        path = tmp_path / "keys"
        path.write_text(text)
        return read_keys(str(path))

    return keys


def test_a_line_names_a_key_and_says_what_it_may(read):
    rates = "requests_per_second=5 cells_per_second=1e6"
    text = f"# ours\nlap.top {HASH} expires=2027-01-31 {rates} # a\n"
    assert read(text) == (Key("lap.top", hash_of("secret"), date(2027, 1, 31), 5.0, 1e6),)
    assert read(f"a {HASH.upper()}\nb {'0' * 64}") == (
        Key("a", hash_of("secret")),
        Key("b", bytes(32)),
    )


@pytest.mark.parametrize(
    "text", [HASH, f"# all\n\n{HASH.upper()}  -  laptop # mine\n", f"{HASH}  file with spaces"]
)
def test_a_bare_hash_is_a_key_too(read, text):
    assert read(text) == (Key(f"key-{HASH[:8]}", hash_of("secret")),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("secret", "a name and a SHA-256 hash"),
        (HASH[:-1], "a name and a SHA-256 hash"),
        (f"a {HASH[:-1]}", "a name and a SHA-256 hash"),
        (f"-a {HASH}", "a name and a SHA-256 hash"),
        (f"{'a' * 65} {HASH}", "a name and a SHA-256 hash"),
        (f"a {HASH} expires=31.1.2027", "such as 2027-01-31"),
        (f"a {HASH} expires=2027-02-30", "such as 2027-01-31"),
        (f"a {HASH} cells_per_second=lots", "a number a second"),
        (f"a {HASH} cells_per_second=nan", "a number a second"),
        (f"a {HASH} requests_per_second=-1", "a number a second"),
        (f"a {HASH} expire=2027-01-31", "did you mean expires"),
        ("", "at least one SHA-256 hash"),
    ],
)
def test_a_line_that_says_something_else_is_refused_without_what_it_says(read, line, said):
    with pytest.raises(Problem, match="RACKRATE_API_KEYS_FILE") as caught:
        read(f"# first\n{line}\n")
    assert said in str(caught.value)
    assert "line 2" in str(caught.value) or not line
    assert "secret" not in str(caught.value)
    assert HASH not in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(Problem, match="can be read"):
        read_keys(str(tmp_path))
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Problem, match="UTF-8"):
        read_keys(str(path))


def test_a_key_is_good_to_the_end_of_its_last_day():
    key = Key("a", b"", date(2027, 1, 31))
    assert key.end == datetime(2027, 2, 1, tzinfo=UTC).timestamp()
    assert Key("a", b"").end == float("inf")


def test_a_line_is_read_as_it_was_written(read):
    for key in (Key("a", hash_of("x")), Key("b.c", hash_of("y"), date(2030, 12, 1))):
        assert read(line_of(key)) == (key,)
