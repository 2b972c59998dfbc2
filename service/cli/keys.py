"""`keys`: API keys for the service."""

import secrets
import sys
from argparse import Namespace
from datetime import UTC, datetime

from economics import Problem
from service.cli import display
from service.files.key_files import NAME, Key, day, hash_of, line_of

PREFIX = "rr_"  # so that a key that was left lying about can be told for one
BYTES = 32


def keys(options: Namespace) -> None:
    """Make a key: it is shown once, on standard error, and the line that a file of keys needs of
    it goes to standard output. Errors: Problem.
    """
    if not NAME.fullmatch(options.name):
        expected = "letters, digits, dots, dashes and underscores, 64 at most"
        raise Problem("NAME", options.name, expected)
    try:
        expires = day(options.expires) if options.expires else None
    except ValueError:
        raise Problem("--expires", options.expires, "a date such as 2027-01-31") from None
    today = datetime.now(UTC).date()
    if expires is not None and expires < today:
        raise Problem("--expires", options.expires, f"a date from today, {today}, on")
    key = f"{PREFIX}{secrets.token_urlsafe(BYTES)}"
    line = line_of(Key(options.name, hash_of(key), expires))
    if options.json:
        display.show_json({"key": key, "line": line})
        return
    sys.stderr.write(f"rackrate: the key, shown this once: {key}\n")
    sys.stdout.write(f"{line}\n")
