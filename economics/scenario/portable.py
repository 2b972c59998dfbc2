"""A scenario as tables that need nothing of the machine where they were written: with the rows of
the user's own that they name, the sources of its numbers, and what its layers say.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from economics.scenario import catalog
from economics.scenario.layers import at_path
from economics.scenario.own_rows import NOTICES, ROWS, bare, own_notices, own_rows
from economics.scenario.reading import Sourced, number_or_text
from economics.vocabulary.header import About
from economics.vocabulary.written_numbers import without_numpy


def portable(stated: Mapping[str, Any] | About | Sourced) -> dict[str, Any]:
    """The tables of a scenario, to be read elsewhere as here. Errors: Problem for a number that
    cannot be sent, such as infinity.
    """
    if isinstance(stated, About):
        stated = {name: one for name, one in to_builtins(stated).items() if one is not None}
    if isinstance(stated, Sourced):
        tables, rows, said = _with_sources(stated.tables, "", stated), stated.rows, stated.notices
    else:
        tables, rows, said = bare(stated), own_rows(stated), own_notices(stated)
    found: dict[str, Any] = _plain(tables, "")
    named = _named(found, rows)
    brought = {ROWS: _plain(named, ROWS)} if named else {}
    return {**found, **brought, **({NOTICES: list(said)} if said else {})}


def _named(tables: Mapping[str, Any], rows: Mapping[str, catalog.Rows]) -> dict[str, Any]:
    """The rows that tables name and that are no shipped ones, by kind."""
    found = dict[str, Any]()
    for _, path, kind in catalog.ROWS:
        name = at_path(tables, tuple(path.split(".")))
        if isinstance(name, Mapping):
            name = name.get("value")
        known = {**catalog.rows(kind), **rows.get(kind, {})}
        if (
            isinstance(name, str)
            and name in known
            and known[name] != catalog.shipped(kind).get(name)
        ):
            found[kind] = {name: known[name]}
    return found


def _plain(value: Any, path: str) -> Any:
    """Values that JSON can say. Errors: Problem."""
    value = without_numpy(value)
    if isinstance(value, Mapping):
        above = f"{path}." if path else ""
        return {
            str(key): _plain(inner, path if key == "value" else f"{above}{key}")
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{path}[{at}]") for at, inner in enumerate(value)]
    value = number_or_text(value, path)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _with_sources(value: Any, path: str, stated: Sourced) -> Any:
    """Tables whose numbers have their sources beside them."""
    if path in stated.sources:
        return {"value": value, **to_builtins(stated.sources[path])}
    if isinstance(value, Mapping):
        above = f"{path}." if path else ""
        return {key: _with_sources(inner, f"{above}{key}", stated) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_sources(inner, f"{path}[{at}]", stated) for at, inner in enumerate(value)]
    return value
