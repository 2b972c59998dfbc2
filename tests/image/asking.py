"""The key by which a container is asked."""

import hashlib
import secrets


def new_key(path):
    """A key; its hash is written to a file that anybody can read."""
    key = secrets.token_hex(32)
    path.write_text(f"trial {hashlib.sha256(key.encode()).hexdigest()}\n")
    path.chmod(0o444)
    return key
