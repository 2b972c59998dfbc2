"""API keys: known by their SHA-256 hashes, compared in constant time."""

import hmac
import logging
import time
from pathlib import Path

from economics import Problem
from kernels.language.caches import cached
from service.files.key_files import Key, hash_of, read_keys
from service.web.problems import NoKey

SCHEME = "bearer"
CHALLENGE = 'Bearer realm="rackrate"'
HEADER = "the header 'Authorization: Bearer KEY', with a key of this service"
LOOK_SECONDS = 1.0  # between two looks at the file
LOG = logging.getLogger("rackrate")


class Keys:
    """The keys of a file, read anew when it changes; while it cannot be read, the ones before."""

    def __init__(self, path: str) -> None:
        self._path, self._look_again = path, 0.0
        self._stamp, self.known = _stamp(path), read_keys(path)
        self.reloads = self.failures = 0

    def key(self, authorization: str) -> Key:
        """The key of an Authorization header; every hash is compared, whichever it is. Errors:
        NoKey.
        """
        if time.monotonic() >= self._look_again:
            self._renew()
        scheme, token, asked = _asked(authorization)
        found = None
        for one in self.known:
            if hmac.compare_digest(asked, one.hash):
                found = one
        if scheme != SCHEME or not token:
            came = (
                "no key came with the request" if not authorization else "Authorization has no key"
            )
            raise _no_key(f"{came}; send {HEADER}", CHALLENGE)
        if found is None:
            raise _no_key(
                f"the key is not known here; send {HEADER}", refused("the key is not known")
            )
        if time.time() >= found.end:
            expired = "the key has expired"
            raise _no_key(f"{expired}; ask the operator for another one", refused(expired))
        return found

    def _renew(self) -> None:
        self._look_again = time.monotonic() + LOOK_SECONDS
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.known = read_keys(self._path)
        except Problem as problem:
            self.failures += 1
            LOG.error("the keys stay as they were: %s", problem)
        else:
            self.reloads += 1
            LOG.warning("%d keys were read from %s", len(self.known), self._path)


@cached(64)
def _asked(authorization: str) -> tuple[str, str, bytes]:
    """The scheme of a header, its key, and the hash of that."""
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    return scheme.lower(), token, hash_of(token)


def refused(why: str) -> str:
    """The challenge to who has sent a key that opens nothing."""
    return f'{CHALLENGE}, error="invalid_token", error_description="{why}"'


def _no_key(detail: str, challenge: str) -> NoKey:
    return NoKey(detail, headers={"WWW-Authenticate": challenge})


def _stamp(path: str) -> tuple[int, ...]:
    """What changes when a file does; nothing of a file that is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
