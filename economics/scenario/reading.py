"""A scenario: from the tables of a file or a request to checked records, with the source of every
number.

Anywhere a number may be written as `{value = 132, source = "...", as_of = "..."}`. Precedence:
defaults < catalog row < the scenario's own tables.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated as A
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from economics.models.rack import Scenario as Scenario
from economics.models.registry import MODELS, RACK, Model
from economics.scenario import catalog
from economics.scenario.checking import checked
from economics.scenario.nested import SCALARS, leaves_of
from economics.scenario.own_rows import bare, own_notices, own_rows
from economics.vocabulary.header import About, is_
from economics.vocabulary.problems import Problem, UnknownField, UnknownProblem
from economics.vocabulary.written_numbers import percentage, without_numpy

NAMED = tuple((*path.rpartition(".")[::2], kind) for _, path, kind in catalog.ROWS)
T = TypeVar("T")
DEPRECIATION = ("book_depreciation", "tax_depreciation", "compared_depreciation")


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a number comes from."""

    source: A[str, is_("who says so")]
    as_of: A[str | None, is_("of when it is")] = None
    note: A[str | None, is_("what else is to be known of it")] = None


class Sourced(Struct, frozen=True, dict=True):
    """A scenario with the tables that stated it and where each number comes from, by dotted
    path. What is worked out of it alone is kept beside it.
    """

    scenario: Any
    sources: Mapping[str, Source]
    tables: Mapping[str, Any]  # without sources, with what rows of the catalog fill
    notices: tuple[str, ...] = ()  # what it and its layers say to the reader
    rows: Mapping[str, catalog.Rows] = catalog.NONE  # of a catalog that it brings with it

    def kept(self, work: "Callable[[Sourced], T]") -> T:
        """What `work` makes of the scenario: once, however often it is asked for."""
        found: dict[Any, Any] = self.__dict__.setdefault("_kept", {})
        if work not in found:
            found[work] = work(self)
        return found[work]  # type: ignore[no-any-return]

    @property
    def stated(self) -> frozenset[str]:
        """The fields that were stated, by dotted path; few questions ask."""
        return frozenset(path for path, one in leaves_of(self.tables) if one is not None)


def scenario(tables: "Mapping[str, Any] | About | Sourced") -> Sourced:
    """Check a scenario's tables and fill them from the catalog. Errors: Problem, with the field's
    path.
    """
    if isinstance(tables, Sourced):
        return tables
    if isinstance(tables, About):
        tables = {k: v for k, v in msgspec.to_builtins(tables).items() if v is not None}
    if not isinstance(tables, Mapping):
        raise Problem(
            "scenario", tables, "tables: hardware, facility, power, operations, finance, revenue"
        )
    if "value" in tables:
        raise UnknownField("value", "value", tables["value"], "field of the scenario")
    rows, notices, tables = own_rows(tables), own_notices(tables), bare(tables)
    model = _model(tables.get("model", "rack"))
    plain, sources = _unwrapped(tables, "")
    if plain.get("source"):
        top = Source(str(plain["source"]), str(plain["as_of"]) if plain.get("as_of") else None)
        sources = {path: sources.get(path, top) for path in _numbers(plain, "")}
    if model is RACK:
        plain, sources = _filled(_with_kind(plain), sources, rows)
    record = checked(plain, model.record, "")
    model.check(record)
    return Sourced(record, sources, plain, notices, rows)


def plain_scenario(tables: dict[str, Any]) -> Sourced | None:
    """A scenario of tables as a decoder gives them, where each value is of its field's own type and
    nothing is to be filled in; None where there is more to read. Errors: Problem.
    """
    name = tables.get("model", "rack")
    model = MODELS.get(name) if isinstance(name, str) else None
    if model is None:
        return None
    tables = _with_kind(tables) if model is RACK else tables
    try:
        record = msgspec.convert(tables, model.record)
    except msgspec.ValidationError:
        return None
    sourced = Sourced(record, {}, tables)
    if record.source or "value" in record.given or sourced.kept(rows_named):
        return None
    model.check(record)
    return sourced


def rows_named(sourced: Sourced) -> dict[str, str]:
    """The rows of the catalog that a scenario names, by kind; only a rack's names any."""
    record = sourced.scenario
    if not isinstance(record, Scenario):
        return {}
    named = {
        kind: getattr(getattr(record, table) if table else record, name, None)
        for table, name, kind in NAMED
    }
    return {kind: name for kind, name in named.items() if name is not None}


def _model(name: Any) -> Model:
    if not isinstance(name, str) or name not in MODELS:
        raise UnknownProblem("model", name, f"model ({', '.join(MODELS)})", MODELS)
    return MODELS[name]


def _unwrapped(tables: Any, path: str) -> tuple[Any, dict[str, Source]]:
    """Plain values, and the sources that were written beside them."""
    sources: dict[str, Source] = {}
    return _plain(tables, path, sources), sources


def _plain(tables: Any, path: str, sources: dict[str, Source]) -> Any:
    """Plain values; the sources that were written beside them are added to `sources`."""
    if type(tables) in SCALARS:
        return number_or_text(tables, path)
    tables = without_numpy(tables)
    if isinstance(tables, Mapping):
        if "value" in tables:
            return _of_sourced(tables, path, sources)
        above = f"{path}." if path else ""
        return {
            str(key): value
            if (kind := type(value)) is str or (kind is float and value - value == 0.0)
            else number_or_text(value, above + str(key))
            if kind in SCALARS
            else _plain(value, above + str(key), sources)
            for key, value in tables.items()
        }
    if isinstance(tables, list | tuple):
        return [_plain(value, f"{path}[{at}]", sources) for at, value in enumerate(tables)]
    value = number_or_text(tables, path)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _of_sourced(table: Mapping[str, Any], path: str, sources: dict[str, Source]) -> Any:
    """The value of a table that says where it comes from."""
    if unknown := set(table) - {"value", "source", "as_of", "note"}:
        key, what = min(unknown), "key beside value: source, as_of, note"
        raise UnknownField(f"{path}.{key}", key, table[key], what)
    if isinstance(table["value"], Mapping):
        raise Problem(path, table["value"], "a number, a text or a list as the value")
    value = _plain(table["value"], path, {})
    source, as_of, note = (
        _text(table.get(key), f"{path}.{key}") for key in ("source", "as_of", "note")
    )
    sources[path] = Source(source or "not stated", as_of, note)
    return value


def number_or_text(value: Any, path: str) -> Any:
    """A value that holds no others, as it is. Errors: Problem for a number beyond all."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Problem(path, value, "a finite number")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**18:
        raise Problem(path, value, "a number of at most 1e18")
    return value


def _text(value: Any, path: str) -> str | None:
    """What is said of a number. Errors: Problem for what is no text and no date."""
    if isinstance(value, date):
        return value.isoformat()
    if value is not None and not isinstance(value, str):
        raise Problem(path, value, "a text or a date")
    return value


def _numbers(plain: Any, path: str) -> list[str]:
    return [
        p
        for p, value in leaves_of(plain, path)
        if (isinstance(value, int | float | list) and not isinstance(value, bool))
        or (isinstance(value, str) and percentage(value) is not None)
    ]


def _with_kind(plain: dict[str, Any]) -> dict[str, Any]:
    """The tables with the kind of revenue that is meant where none is stated: a rental."""
    revenue = plain.get("revenue")
    return (
        {**plain, "revenue": {"kind": "rental", **revenue}}
        if isinstance(revenue, Mapping)
        else plain
    )


def _filled(
    plain: dict[str, Any], sources: dict[str, Source], rows: Mapping[str, catalog.Rows]
) -> tuple[dict[str, Any], dict[str, Source]]:
    """The tables with what the named catalog rows add to them."""
    for table, where, kind in catalog.ROWS:
        own = plain.get(table, {})
        holder = own if "." in where else plain
        key = where.rpartition(".")[2]
        row_name = holder.get(key) if isinstance(holder, Mapping) else None
        if row_name is None or not isinstance(own, Mapping):
            continue
        row = catalog.row(kind, row_name, where, rows)
        if not isinstance(row.get(table), Mapping):
            raise Problem(where, row_name, f"a row of {kind} with a table {table}")
        values, found = _unwrapped(row[table], table)
        stated_kind = own.get("kind", values.get("kind"))
        if "kind" in values and stated_kind != values["kind"]:
            raise Problem("facility.kind", stated_kind, f"{values['kind']}, the kind of {row_name}")
        plain = {**plain, table: {**values, **own}}
        sources = {
            **{path: s for path, s in found.items() if path.split(".", 1)[1] not in own},
            **sources,
        }
    return plain, sources
