"""What somebody who misspelt a name may have meant."""

import re
from collections.abc import Iterable

MOST = 3
LONGER = 3  # times as long as the longest name: what is longer is like none


def near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that somebody who wrote `name` may have meant, best first: those spelt alike, else
    the shortest that have all its words.
    """
    from difflib import get_close_matches

    known = sorted(names)
    if len(name) > LONGER * max(map(len, known), default=0):
        return ()
    words = set(re.split(r"[_.]", name))
    alike = get_close_matches(name, known, n=MOST, cutoff=0.6)
    having = (one for one in known if words <= set(re.split(r"[_.]", one)))
    return tuple(alike or sorted(having, key=len)[:MOST])
