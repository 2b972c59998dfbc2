"""A scenario: from the tables of a file or a request to checked records, with the source of every
number.

Anywhere a number may be written as `{value = 132, source = "...", as_of = "..."}`. Precedence:
defaults < catalog row < the scenario's own tables.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, inspect
from msgspec.inspect import type_info

from economics.models.rack import Scenario as Scenario
from economics.models.registry import MODELS, RACK, Model
from economics.records.revenue import Tranche
from economics.scenario import catalog
from economics.scenario.nested import leaves_of
from economics.vocabulary.header import About
from economics.vocabulary.problems import Problem, UnknownProblem

DEPRECIATION = ("book_depreciation", "tax_depreciation", "compared_depreciation")
PLAIN_WORDS = (
    ("float", "a number"),
    ("int", "a whole number"),
    ("str", "text"),
    ("object", "a table"),
    ("array", "a list"),
)


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a number comes from."""

    source: str
    as_of: str | None = None
    note: str | None = None


class Sourced(Struct, frozen=True):
    """A scenario with the fields that were stated and where each number comes from, by
    dotted path.
    """

    scenario: Any
    sources: Mapping[str, Source]
    stated: frozenset[str]


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
        raise UnknownProblem("value", "value", "field of the scenario")
    model = _model(tables.get("model", "rack"))
    plain, sources = _unwrapped(tables, "")
    if plain.get("source"):
        top = Source(str(plain["source"]), str(plain["as_of"]) if plain.get("as_of") else None)
        sources = {path: sources.get(path, top) for path in _numbers(plain, "")}
    if model is RACK:
        plain, sources = _filled(_with_kind(plain), sources)
    record = checked(plain, model.record, "")
    model.check(record)
    return Sourced(record, sources, frozenset(_paths(plain, "")))


def _model(name: Any) -> Model:
    if not isinstance(name, str) or name not in MODELS:
        raise UnknownProblem("model", name, f"model ({', '.join(MODELS)})", MODELS)
    return MODELS[name]


def _unwrapped(tables: Any, path: str) -> tuple[Any, dict[str, Source]]:
    """Plain values, and the sources that were written beside them."""
    if isinstance(tables, Mapping) and "value" in tables:
        unknown = set(tables) - {"value", "source", "as_of", "note"}
        if unknown:
            raise UnknownProblem(
                f"{path}.{min(unknown)}", min(unknown), "key beside value: source, as_of, note"
            )
        value, _ = _unwrapped(tables["value"], path)
        return value, {
            path: Source(
                str(tables.get("source", "not stated")),
                *(_text(tables.get(k)) for k in ("as_of", "note")),
            )
        }
    if isinstance(tables, Mapping):
        plain, sources = {}, {}
        for key, value in tables.items():
            plain[str(key)], found = _unwrapped(value, f"{path}.{key}" if path else str(key))
            sources.update(found)
        return plain, sources
    if isinstance(tables, list | tuple):
        each = [_unwrapped(value, f"{path}[{i}]") for i, value in enumerate(tables)]
        return [plain for plain, _ in each], {
            inner: source for _, found in each for inner, source in found.items()
        }
    if isinstance(tables, float) and not math.isfinite(tables):
        raise Problem(path, tables, "a finite number")
    if isinstance(tables, int) and not isinstance(tables, bool) and abs(tables) > 10**18:
        raise Problem(path, tables, "a number of at most 1e18")
    return (tables.isoformat() if hasattr(tables, "isoformat") else tables), {}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _numbers(plain: Any, path: str) -> list[str]:
    return [
        p
        for p, value in leaves_of(plain, path)
        if isinstance(value, int | float | list) and not isinstance(value, bool)
    ]


def _paths(plain: Any, path: str) -> list[str]:
    return [p for p, _ in leaves_of(plain, path)]


def _with_kind(plain: dict[str, Any]) -> dict[str, Any]:
    """The tables with the kind of revenue that is meant where none is stated: a rental."""
    revenue = plain.get("revenue")
    return (
        {**plain, "revenue": {"kind": "rental", **revenue}}
        if isinstance(revenue, Mapping)
        else plain
    )


def _filled(
    plain: dict[str, Any], sources: dict[str, Source]
) -> tuple[dict[str, Any], dict[str, Source]]:
    """The tables with what the named catalog rows add to them."""
    for table, where, kind in catalog.ROWS:
        own = plain.get(table, {})
        holder = own if "." in where else plain
        key = where.rpartition(".")[2]
        row_name = holder.get(key) if isinstance(holder, Mapping) else None
        if row_name is None or not isinstance(own, Mapping):
            continue
        row = catalog.row(kind, row_name, where)
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


def checked(plain: Any, record: Any, path: str) -> Any:
    """`plain` as a record of the given type. Errors: Problem with path, value and what was
    expected.
    """
    try:
        return msgspec.convert(plain, record)
    except msgspec.ValidationError as error:
        raise _problem(str(error), plain, record, path) from None


def _problem(message: str, plain: Any, record: Any, path: str) -> Problem:
    text, _, at = message.partition(" - at `$")
    steps = re.findall(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]", at.rstrip("`"))
    value, where = plain, path
    for key, index in steps:
        if index == "...":
            key, value = _at_fault(message, plain, record, value)
        elif not index:
            value = value.get(key) if isinstance(value, Mapping) else value
        elif isinstance(value, list):
            value = value[int(index)]
        where += f"[{index}]" if not key else f".{key}" if where else key
    if unknown := re.match(r"Object contains unknown field `(.*)`", text):
        name = unknown.group(1)
        inside = f"{where}.{name}" if where else name
        what = f"field of {where or 'the scenario'}{_of_model(record)}"
        return UnknownProblem(inside, name, what, _fields_of(where, value, record))
    if missing := re.match(r"Object missing required field `(.*)`", text):
        options = _options([type_info(record)], [*(key for key, _ in steps), missing.group(1)])
        return Problem(
            f"{where}.{missing.group(1)}", None, " or ".join(map(repr, options)) or "a value"
        )
    if said := re.match(r"(\w+) = .*: expected (.*)$", text):
        return Problem(f"{where}.{said.group(1)}", value.get(said.group(1)), said.group(2))
    options = (
        _options([type_info(record)], [key for key, _ in steps])
        if text.startswith("Invalid")
        else ()
    )
    if options:
        return Problem(where, value, " or ".join(map(repr, options)))
    expected = re.sub(r"^Expected ", "", text).replace("`", "")
    for python, plain_word in PLAIN_WORDS:
        expected = re.sub(rf"\b{python}\b", plain_word, expected)
    return Problem(
        where or "scenario",
        value,
        re.sub(r",? got .*$", "", expected).replace(" | null", ", or leave it out"),
    )


def _at_fault(message: str, plain: Any, record: Any, holder: Mapping[str, Any]) -> tuple[str, Any]:
    """The entry of a table of any names about which a message is: the first one that is refused so
    without the others.
    """
    for key, value in holder.items():
        try:
            msgspec.convert(_with_only(plain, holder, key), record)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return key, value
    return "*", holder


def _with_only(plain: Any, holder: Mapping[str, Any], key: str) -> Any:
    """The tables with one entry left of one of them."""
    if plain is holder:
        return {key: holder[key]}
    if isinstance(plain, Mapping):
        return {name: _with_only(inner, holder, key) for name, inner in plain.items()}
    return (
        [_with_only(inner, holder, key) for inner in plain]
        if isinstance(plain, list | tuple)
        else plain
    )


def _options(types: list[Any], keys: list[str]) -> tuple[Any, ...]:
    """What may stand at a path: the values of a choice, or the kinds of a record."""
    types = [one.type if isinstance(one, inspect.Metadata) else one for one in types]
    types = [
        inner
        for one in types
        for inner in (one.types if isinstance(one, inspect.UnionType) else (one,))
    ]
    if not keys:
        choices: list[Any] = [
            option for one in types if isinstance(one, inspect.LiteralType) for option in one.values
        ]
        return tuple(sorted(choices))
    if not keys[0]:
        return _options(
            [one.value_type for one in types if isinstance(one, inspect.DictType)], keys[1:]
        )
    records = [one for one in types if isinstance(one, inspect.StructType)]
    inside = [field.type for one in records for field in one.fields if field.name == keys[0]]
    return (
        _options(inside, keys[1:])
        if inside
        else tuple(one.tag for one in records if one.tag_field == keys[0])
    )


def _of_model(record: Any) -> str:
    """Which model's fields are meant, where that is not the rack's."""
    name = getattr(getattr(record, "__struct_config__", None), "tag", "rack")
    return f' (model = "{name}")' if name in MODELS and name != "rack" else ""


def _fields_of(where: str, value: Any, record: Any) -> set[str]:
    model = next((one for one in MODELS.values() if one.record is record), RACK)
    if where in model.tables:
        kinds = model.tables[where]
        if isinstance(value, Mapping) and len(kinds) > 1:
            stated = value.get("kind", kinds[0].__struct_config__.tag)
            kinds = tuple(k for k in kinds if k.__struct_config__.tag == stated) or kinds
        return {name for kind in kinds for name in kind.__struct_fields__}
    if where.startswith("revenue.tranches["):
        return set(Tranche.__struct_fields__)
    return set(model.record.__struct_fields__) if not where else set()
