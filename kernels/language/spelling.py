"""What somebody who misspelt a name may have meant."""

from collections.abc import Iterable


def near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that somebody who wrote `name` may have meant, best first."""
    from difflib import get_close_matches

    return tuple(get_close_matches(name, sorted(names), n=3, cutoff=0.6))
