"""TOML as text: keys and values as a file states them; the standard library reads TOML and does not
write it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def lines(table: Mapping[str, Any]) -> str:
    """A table's keys and values, one a line."""
    return "".join(f"{key(name)} = {literal(value)}\n" for name, value in table.items())


def literal(value: Any) -> str:
    """A value on one line: tables in braces, lists in brackets; JSON writes the rest alike, but for
    one control character.
    """
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{key(name)} = {literal(inner)}" for name, inner in value.items())
            + " }"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, bare where TOML lets it be."""
    return name if BARE.fullmatch(name) else literal(name)
