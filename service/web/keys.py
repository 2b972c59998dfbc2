"""API keys: known by their SHA-256 hashes, compared in constant time."""

import hashlib
import hmac
import re
from pathlib import Path

from economics import Problem
from service.settings import PREFIX

HASH = re.compile(r"[0-9a-f]{64}")
SCHEME = "bearer"
VARIABLE = f"{PREFIX}API_KEYS_FILE"


class Keys:
    """The keys of a file."""

    def __init__(self, hashes: tuple[bytes, ...]) -> None:
        self._hashes = hashes

    def allow(self, authorization: str) -> bool:
        """Whether an Authorization header holds a known key; every hash is compared, whichever it
        is.
        """
        scheme, _, token = authorization.partition(" ")
        asked = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).digest()
        found = False
        for known in self._hashes:
            found |= hmac.compare_digest(asked, known)
        return found and scheme.lower() == SCHEME


def keys(path: str) -> Keys:
    """The keys of a file: one hash a line (as `sha256sum` prints it), `#` starts a comment. Errors:
    Problem.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Problem(VARIABLE, path, f"a file that can be read ({why})") from None
    words = [line.split("#")[0].split() for line in text.splitlines()]
    hashes = [line[0].lower() for line in words if line]
    for at, one in enumerate(hashes, 1):
        if not HASH.fullmatch(one):
            raise Problem(VARIABLE, path, f"a SHA-256 hash of 64 hexadecimal digits as key {at}")
    if not hashes:
        raise Problem(VARIABLE, path, "at least one SHA-256 hash")
    return Keys(tuple(bytes.fromhex(one) for one in hashes))
