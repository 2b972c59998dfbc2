"""`catalog`: rows of data with their sources, and what is shipped."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from economics.scenario import catalog as rows
from economics.scenario.nested import leaves_of
from economics.vocabulary.problems import UnknownProblem
from service.cli import display
from service.files.reading import FOLDERS, shipped_names, shipped_tables

KINDS = (*rows.KINDS, *FOLDERS)
IMPORT = "import"
Entry = tuple[str, Any, Mapping[str, Any]]


def catalog(options: Namespace) -> None:
    """The kinds, the rows of one, or a row with its sources."""
    kind, name = options.kind, options.row
    if kind == IMPORT:
        from service.cli.catalog_import import import_catalog

        return import_catalog(options)
    if kind is not None and kind not in KINDS:
        kind, name = _kind_of(kind), kind
    if kind is None:
        display.show_answer({one: list(_names(one)) for one in KINDS}, options.json, _kinds)
    elif name is None:
        display.show_answer({one: _row(kind, one) for one in _names(kind)}, options.json, _rows)
    else:
        if name not in _names(kind):
            raise UnknownProblem("catalog", name, f"row of {kind}", _names(kind))
        display.show_answer(_row(kind, name), options.json, lambda row: _one(name, row))
    return None


def _names(kind: str) -> tuple[str, ...]:
    return shipped_names(kind) if kind in FOLDERS else tuple(rows.rows(kind))


def _row(kind: str, name: str) -> Mapping[str, Any]:
    return shipped_tables(kind, name) if kind in FOLDERS else rows.row(kind, name)


def _kind_of(name: str) -> str:
    for kind in KINDS:
        if name in _names(kind):
            return kind
    everything = {*KINDS, *(one for kind in KINDS for one in _names(kind))}
    raise UnknownProblem("catalog", name, "kind or row of the catalog", everything)


def _kinds(found: Mapping[str, list[str]]) -> list[Any]:
    made = display.grid("kind", "rows")
    for kind, names in found.items():
        made.add_row(kind, ", ".join(names))
    return [made]


def _rows(found: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    made = display.grid("row", "what it is")
    for name, row in found.items():
        made.add_row(
            name,
            " ".join(str(row.get("description") or row.get("note") or "").split()).split(". ")[0],
        )
    return [made]


def _one(name: str, row: Mapping[str, Any]) -> Iterator[Any]:
    """A row's figures, each with its source."""
    yield name
    for path, value, about in entries(row):
        shown = (
            f"{value:,}"
            if isinstance(value, int | float) and not isinstance(value, bool)
            else " ".join(str(value).split())
        )
        yield f"  {path} = {shown}"
        said = (
            about.get("source"),
            about.get("as_of") and f"as of {about['as_of']}",
            about.get("note"),
        )
        if any(said):
            yield "      " + "; ".join(str(one) for one in said if one)


def entries(tables: Any) -> Iterator[Entry]:
    """Every value of a row: its path, itself, and what is said about it."""
    for path, found in leaves_of(tables, whole=_is_sourced):
        yield (path, found["value"], found) if _is_sourced(found) else (path, found, {})


def _is_sourced(value: Any) -> bool:
    """Whether a value stands with what is said about it."""
    return isinstance(value, Mapping) and "value" in value
