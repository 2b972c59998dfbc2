"""Files of API keys: one key a line, by a name and its SHA-256 hash, never the key itself.

reporting 5e88...1d8 expires=2027-01-31 requests_per_second=5 cells_per_second=1e6
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from msgspec import Struct

from economics import Problem
from economics.vocabulary.problems import UnknownProblem
from service.setting_sources import PREFIX, contents

HASH = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
VARIABLE = f"{PREFIX}API_KEYS_FILE"


class Key(Struct, frozen=True):
    """A key as its line has it; rates that it does not state are the service's."""

    name: str
    hash: bytes
    expires: date | None = None
    requests_per_second: float | None = None
    cells_per_second: float | None = None

    @property
    def end(self) -> float:
        """The time from which it opens nothing any more: the day after its last one begins, in
        UTC.
        """
        if self.expires is None:
            return float("inf")
        last = datetime.combine(self.expires, time(), UTC)
        return (last + timedelta(days=1)).timestamp()


def hash_of(key: str) -> bytes:
    """What a file has of a key."""
    return sha256(key.encode("utf-8", "surrogateescape")).digest()


def line_of(key: Key) -> str:
    """The line of a key."""
    expires = f" expires={key.expires}" if key.expires else ""
    return f"{key.name} {key.hash.hex()}{expires}"


def read_keys(path: str) -> tuple[Key, ...]:
    """The keys of a file: a name, a hash and what is stated of it, or a bare hash (as `sha256sum`
    prints it); `#` starts a comment. Errors: Problem, without what the line says.
    """
    try:
        text = contents(VARIABLE, path).decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(VARIABLE, path, "a file that can be read (it is not UTF-8 text)") from None
    lines = [line.split("#")[0].split() for line in text.splitlines()]
    found = [_key(words, f"{VARIABLE} line {at}") for at, words in enumerate(lines, 1) if words]
    if not found:
        raise Problem(VARIABLE, path, "at least one SHA-256 hash")
    return tuple(found)


def _key(words: list[str], where: str) -> Key:
    if HASH.fullmatch(words[0]):
        return Key(f"key-{words[0][:8].lower()}", bytes.fromhex(words[0]))
    if not (len(words) > 1 and NAME.fullmatch(words[0]) and HASH.fullmatch(words[1])):
        expected = "a name and a SHA-256 hash of 64 hexadecimal digits, or such a hash"
        raise Problem(where, None, expected, f"{where}: expected {expected}")  # not what it says
    return Key(words[0], bytes.fromhex(words[1]), **dict(_stated(one, where) for one in words[2:]))


def _stated(word: str, where: str) -> tuple[str, Any]:
    name, _, text = word.partition("=")
    if name not in STATED:
        raise UnknownProblem(where, name, "word of a key's line", STATED)
    read, expected = STATED[name]
    try:
        return name, read(text)
    except ValueError:
        raise Problem(f"{where}: {name}", text, expected) from None


def day(text: str) -> date:
    """A day as it is written, such as 2027-01-31. Errors: ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()


def _rate(text: str) -> float:
    if not 0.0 <= float(text) <= 1e15:
        raise ValueError(text)
    return float(text)


RATE = _rate, "a number a second from 0 to 1e15, 0 for no limit"
STATED: dict[str, tuple[Callable[[str], Any], str]] = {
    "expires": (day, "the last day on which it is good, such as 2027-01-31"),
    "requests_per_second": RATE,
    "cells_per_second": RATE,
}
