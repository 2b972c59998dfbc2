"""API keys: known by their SHA-256 hashes, compared in constant time."""

import hashlib
import hmac
import logging
import re
import time
from pathlib import Path

from economics import Problem
from service.settings import PREFIX

HASH = re.compile(r"[0-9a-f]{64}")
SCHEME = "bearer"
VARIABLE = f"{PREFIX}API_KEYS_FILE"
LOOK_SECONDS = 1.0  # between two looks at the file
LOG = logging.getLogger("rackrate")


class Keys:
    """The keys of a file, read anew when it changes; while it cannot be read, the ones before."""

    def __init__(self, path: str) -> None:
        self._path, self._look_again = path, 0.0
        self._stamp, self._hashes = _stamp(path), hashes(path)

    def allow(self, authorization: str) -> bool:
        """Whether an Authorization header holds a known key; every hash is compared, whichever it
        is.
        """
        if time.monotonic() >= self._look_again:
            self._renew()
        scheme, _, token = authorization.partition(" ")
        asked = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).digest()
        found = False
        for known in self._hashes:
            found |= hmac.compare_digest(asked, known)
        return found and scheme.lower() == SCHEME

    def _renew(self) -> None:
        self._look_again = time.monotonic() + LOOK_SECONDS
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._hashes = hashes(self._path)
        except Problem as problem:
            LOG.error("the keys stay as they were: %s", problem)
        else:
            LOG.warning("%d keys were read from %s", len(self._hashes), self._path)


def _stamp(path: str) -> tuple[int, ...]:
    """What changes when a file does; nothing of a file that is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def hashes(path: str) -> tuple[bytes, ...]:
    """The hashes of a file: one a line (as `sha256sum` prints it), `#` starts a comment. Errors:
    Problem.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Problem(VARIABLE, path, f"a file that can be read ({why})") from None
    words = [line.split("#")[0].split() for line in text.splitlines()]
    found = [line[0].lower() for line in words if line]
    for at, one in enumerate(found, 1):
        if not HASH.fullmatch(one):
            raise Problem(VARIABLE, path, f"a SHA-256 hash of 64 hexadecimal digits as key {at}")
    if not found:
        raise Problem(VARIABLE, path, "at least one SHA-256 hash")
    return tuple(bytes.fromhex(one) for one in found)
