"""A later layer of statements over a scenario's tables: what a kind drops, and what a row of the
catalog that is named there fills.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from economics.formulas.depreciation import Method
from economics.models.rack import TABLES
from economics.models.registry import MODELS
from economics.scenario import catalog
from economics.scenario.fields import field_kinds, field_paths
from economics.scenario.own_rows import own_rows
from economics.vocabulary.problems import Problem, shown

METHODS = {
    path
    for model, found in MODELS.items()
    for records in found.tables.values()
    for record in records
    for name, kind in field_kinds(record).items()
    if kind == "method"
    for path in (field_paths(model)[name],)
}
TAGS = {"facility": "kind", "revenue": "kind", **dict.fromkeys(sorted(METHODS), "method")}
Tables = Mapping[str, Any]
Path = tuple[str, ...]


class Layered(dict[str, Any]):
    """Tables with a later layer over them, and what their reader should know of it."""

    def __init__(self, tables: Tables, notices: tuple[str, ...] = ()) -> None:
        super().__init__(tables)
        self.notices = notices


def layered(tables: Tables, later: Tables) -> Layered:
    """Tables with a later layer over them: tables like theirs, in which None takes a field out.
    Errors: Problem.
    """
    changed, leaves = dict(tables), list(_leaves(later))
    for path, value in leaves:
        if TAGS.get(".".join(path[:-1])) == path[-1]:
            changed = of_kind(changed, path[:-1], _plain(value))
    for path, value in leaves:
        changed = placed(changed, path, value)
    said = getattr(tables, "notices", ())
    return with_rows(Layered(changed, said), {".".join(path) for path, _ in leaves})


def _leaves(tables: Tables, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What a layer states, by the keys down to it; a list is one value."""
    for key, inner in tables.items():
        if isinstance(inner, Mapping) and "value" not in inner:
            yield from _leaves(inner, (*above, str(key)))
        else:
            yield (*above, str(key)), inner


def placed(tables: Any, path: Path, value: Any, above: Path = ()) -> Any:
    """Tables with one value in its place; None takes out what stands there. Errors: Problem."""
    key, *rest = path
    if not isinstance(tables, Mapping | list):
        raise Problem(".".join(above), tables, "a table")
    if isinstance(tables, list):
        if not key.isdigit() or int(key) >= len(tables):
            raise Problem(".".join(above), key, f"a place up to {len(tables) - 1}")
        return [
            placed(one, tuple(rest), value, (*above, key)) if at == int(key) else one
            for at, one in enumerate(tables)
        ]
    if not rest:
        others = {name: inner for name, inner in tables.items() if name != key}
        return others if value is None else {**tables, key: value}
    inner = tables.get(key, {})
    if not isinstance(inner, Mapping) and not (isinstance(inner, list) and len(rest) > 1):
        raise Problem(".".join((*above, key)), inner, "a table")
    return {**tables, key: placed(inner, tuple(rest), value, (*above, key))}


def of_kind(tables: Tables, path: Path, kind: Any) -> dict[str, Any]:
    """The tables with only those fields of a tagged table that its new kind has."""
    holder = ".".join(path)
    records = {
        record.__struct_config__.tag: record for record in (TABLES.get(holder) or get_args(Method))
    }
    held = at_path(tables, path)
    if not isinstance(kind, str) or kind not in records or not isinstance(held, Mapping):
        return dict(tables)
    kept = {key: inner for key, inner in held.items() if key in records[kind].__struct_fields__}
    if (
        "site" in kept
        and _row(tables, "facilities", kept["site"], "facility.site").get("kind") != kind
    ):
        del kept["site"]
    changed: dict[str, Any] = placed(tables, path, kept)
    return changed


def with_rows(tables: Tables, stated: Collection[str]) -> Layered:
    """The tables where a layer has `stated` some paths: the rows that it names fill their fields
    over those of the layers below. Errors: Problem.
    """
    filled, notices = dict(tables), list(getattr(tables, "notices", ()))
    for table, where, kind in catalog.ROWS:
        name = _plain(at_path(tables, tuple(where.split(".")))) if where in stated else None
        if name is None:
            continue
        row, below = _row(tables, kind, name, where), _below(tables, table, stated)
        if TAGS.get(table) in set(row) & set(below):
            filled = of_kind(filled, (table,), row[TAGS[table]])
        for field in set(row) & set(below):
            filled = placed(filled, (table, field), None)
        others = {field for one in catalog.rows(kind).values() for field in one.get(table, ())}
        kept = [field for field in below if field in others and field in filled.get(table, {})]
        notices += _about(f"{where} = {name}", table, row, below, kept)
    return Layered(filled, tuple(notices))


def _below(tables: Tables, table: str, stated: Collection[str]) -> dict[str, Any]:
    """What the layers below state in a table, numbers without their sources."""
    held = tables.get(table)
    fields = held.items() if isinstance(held, Mapping) else ()
    return {name: _plain(value) for name, value in fields if f"{table}.{name}" not in stated}


def _about(named: str, table: str, row: Tables, below: Tables, kept: list[str]) -> list[str]:
    """What a row fills that stood otherwise below it, and what it leaves there though other rows of
    its kind state it.
    """
    changed = [name for name in row if name in below and below[name] != _plain(row[name])]
    stays = "states none of what other rows of its kind do, which stays:"
    return [
        f"{named} {what} {', '.join(f'{table}.{one} ({shown(below[one])})' for one in names)}"
        for what, names in (("fills over what stood there:", changed), (stays, kept))
        if names
    ]


def at_path(tables: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for key in path:
        tables = tables.get(key) if isinstance(tables, Mapping) else None
    return tables


def _row(tables: Tables, kind: str, name: Any, where: str) -> Tables:
    """The table that a row fills. Errors: Problem."""
    table = next(table for table, path, _ in catalog.ROWS if path == where)
    row = catalog.row(kind, name, where, own_rows(tables))
    if not isinstance(row.get(table), Mapping):
        raise Problem(where, name, f"a row of {kind} with a table {table}")
    found: Tables = row[table]
    return found


def _plain(value: Any) -> Any:
    """A number without the source beside it."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value
