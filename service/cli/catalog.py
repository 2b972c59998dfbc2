"""`catalog`: rows of data with their sources, and what is shipped."""

from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from economics.scenario.nested import leaves_of
from economics.vocabulary.problems import UnknownProblem
from service.cli import display
from service.cli.answering import answering

if TYPE_CHECKING:
    from service.cli.answering import Here
    from service.client.clients import Client

SCENARIOS, SWEEPS = "scenarios", "sweeps"
IMPORT = "import"
Entry = tuple[str, Any, Mapping[str, Any]]


def catalog(options: Namespace) -> None:
    """The kinds, the rows of one, or a row with its sources."""
    kind, name = options.kind, options.row
    if kind == IMPORT:
        from service.cli.catalog_import import import_catalog

        return import_catalog(options)
    with answering(options) as ask:
        names = {
            **ask.catalog(),
            SCENARIOS: ask.scenarios(),
            SWEEPS: ask.shipped_sweeps(),
        }
        if kind is not None and kind not in names:
            kind, name = _kind_of(kind, names), kind
        if name is not None and name not in names[kind]:
            raise UnknownProblem("catalog", name, f"row of {kind}", names[kind])
        shown = names[kind] if kind is not None and name is None else (name,)
        rows = {} if kind is None else {one: _row(ask, kind, one) for one in shown}
    if kind is None:
        display.show_answer(names, options.json, _kinds)
    elif name is None:
        display.show_answer(rows, options.json, _rows)
    else:
        display.show_answer(rows[name], options.json, lambda row: _one(name, row))
    return None


def _row(ask: "Here | Client", kind: str, name: str) -> Mapping[str, Any]:
    of_folder = {SCENARIOS: ask.scenario, SWEEPS: ask.shipped_sweep}
    return of_folder[kind](name) if kind in of_folder else ask.row(kind, name)


def _kind_of(name: str, names: Mapping[str, Collection[str]]) -> str:
    for kind, known in names.items():
        if name in known:
            return kind
    everything = {*names, *(one for known in names.values() for one in known)}
    raise UnknownProblem("catalog", name, "kind or row of the catalog", everything)


def _kinds(found: Mapping[str, Iterable[str]]) -> list[Any]:
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
