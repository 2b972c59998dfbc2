"""Nested tables, taken apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Keys = tuple[str | int, ...]  # down to a part of nested tables: names and places
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


def part_at(tables: Any, keys: Iterable[str | int]) -> Any:
    """What stands at the end of some keys and places."""
    for key in keys:
        tables = tables[key]
    return tables


def without(tables: Any, keys: Keys) -> Any:
    """Tables without what stands at the end of some keys and places."""
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        inner = [without(tables[key], rest)] if rest else []
        return [*tables[:key], *inner, *tables[key + 1 :]]
    if not isinstance(tables, Mapping) or key not in tables:
        return tables
    if rest:
        return {**tables, key: without(tables[key], rest)}
    return {name: inner for name, inner in tables.items() if name != key}


def step_into(tables: Any, step: Any) -> Any:
    """What stands at a key or a place; what has none stands for itself."""
    if isinstance(tables, Mapping):
        return tables.get(step)
    return tables[step] if isinstance(tables, list | tuple) and isinstance(step, int) else tables


def with_only(plain: Any, holder: Mapping[str, Any], key: str) -> Any:
    """The tables with one entry left of one of them."""
    if plain is holder:
        return {key: holder[key]}
    if isinstance(plain, Mapping):
        return {name: with_only(inner, holder, key) for name, inner in plain.items()}
    return (
        [with_only(inner, holder, key) for inner in plain]
        if isinstance(plain, list | tuple)
        else plain
    )
