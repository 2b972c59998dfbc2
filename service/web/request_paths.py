"""Where in a request something is wrong: questions know quantities and the tables of a scenario,
not at which place of a list the request named them, nor what it put over a scenario.
"""

from collections.abc import Mapping
from typing import Any

LIST = "targets"
OVER = "overrides"


def path_in(asked: Any, where: str, value: Any) -> str:
    """The path in a request of what is wrong with a value `where` a question found it."""
    listed = getattr(asked, LIST, None)
    if where == LIST and isinstance(listed, tuple) and value in listed:
        return f"{LIST}[{listed.index(value)}]"
    return f"{OVER}.{where}" if _states(getattr(asked, OVER, None), where) else where


def _states(tables: Any, path: str) -> bool:
    """Whether tables state something at a dotted path, down to its first list."""
    for name in path.partition("[")[0].split("."):
        if not isinstance(tables, Mapping) or name not in tables:
            return False
        tables = tables[name]
    return True
