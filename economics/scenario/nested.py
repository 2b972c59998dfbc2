"""Nested tables, taken apart."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

SCALARS = frozenset((float, int, str, bool, type(None)))  # told at once from what holds others


def leaves_of(
    tables: Any, path: str = "", whole: Callable[[Any], bool] = lambda _: False
) -> Iterator[tuple[str, Any]]:
    """Every value of nested tables with its dotted path, in their order: lists of tables are taken
    apart, other lists are values, and so is what is `whole`.
    """
    if type(tables) in SCALARS:
        yield path, tables
    elif isinstance(tables, Mapping) and not whole(tables):
        for key, inner in tables.items():
            yield from leaves_of(inner, f"{path}.{key}" if path else str(key), whole)
    elif isinstance(tables, list | tuple) and any(isinstance(one, Mapping) for one in tables):
        for at, inner in enumerate(tables):
            yield from leaves_of(inner, f"{path}[{at}]", whole)
    else:
        yield path, tables
