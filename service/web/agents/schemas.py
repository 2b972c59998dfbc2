"""JSON schemas of what tools take and give: those of records, as short as an agent's memory is."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import Struct

Schema = dict[str, Any]
REFERENCE = "#/$defs/"
ABOUT = ("description",)
NULL = {"type": "null"}
UNSAID = ("title", "default", "format", "maxItems", "minLength", "maxLength", "pattern")


def input_schema(
    record: type[Struct], own: Mapping[str, Schema], left_out: Collection[str] = ()
) -> Schema:
    """What a tool takes: the fields of a record, of which a tool's `own` say more; those that state
    a type state the whole shape.
    """
    shape, _ = _parts(record, left_out)
    fields = {name: _with(own.get(name, {}), one) for name, one in shape.items()}
    return _object(fields, _required(record, left_out), additionalProperties=False)


def output_schema(record: type[Struct], more: type[Struct], left_out: Collection[str]) -> Schema:
    """What a tool gives: the fields of a record, and `more` that each such tool gives."""
    own, parts = _parts(record, left_out)
    others, _ = _parts(more, ())
    required = list(dict.fromkeys((*_required(record, left_out), *_required(more, ()))))
    found = _object({**own, **others}, required)
    used = _reach(found, parts)
    return {**found, "$defs": used} if used else found


def _with(own: Schema, shape: Schema) -> Schema:
    kept = {key: shape[key] for key in ABOUT if key in shape} if "type" in own else shape
    return {**_without_null(kept), **own}


def _object(fields: Schema, required: list[str], **more: Any) -> Schema:
    return {"type": "object", "properties": fields, "required": required, **more}


def _required(record: type[Struct], left_out: Collection[str]) -> list[str]:
    fields = (one for one in msgspec.structs.fields(record) if one.name not in left_out)
    return [one.encode_name for one in fields if one.required]


def _parts(record: type[Struct], left_out: Collection[str]) -> tuple[Schema, dict[str, Schema]]:
    """The properties of a record, and the records that there are."""
    _, records = msgspec.json.schema_components([record], ref_template=REFERENCE + "{name}")
    short = {name: _short(one) for name, one in records.items()}
    properties: Schema = short[record.__name__]["properties"]
    return {name: one for name, one in properties.items() if name not in left_out}, short


def _short(shape: Any) -> Any:
    """A schema without what a caller need not read."""
    if isinstance(shape, list):
        return [_short(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    record = "properties" in shape
    kept: Schema = {
        str(key): _fields(value) if key == "properties" else _short(value)
        for key, value in shape.items()
        if key not in UNSAID and not (record and key == "description")
    }
    if "prefixItems" in kept:
        kept["items"] = kept.pop("prefixItems")[0]
    choices = [one for one in kept.get("anyOf", ()) if one != NULL]
    if len(choices) == 1 and set(choices[0]) == {"type"}:
        kept.pop("anyOf")
        kept["type"] = [choices[0]["type"], "null"]
    return kept


def _fields(properties: Schema) -> Schema:
    return {name: _short(one) for name, one in properties.items()}


def _without_null(shape: Schema) -> Schema:
    """A field that may be left out need not be null."""
    choices = [one for one in shape.get("anyOf", ()) if one != NULL]
    rest = {key: value for key, value in shape.items() if key != "anyOf"}
    if len(choices) == 1:
        return {**choices[0], **rest}
    if isinstance(shape.get("type"), list):
        return {**rest, "type": shape["type"][0]}
    return shape


def _reach(shape: Any, records: Mapping[str, Schema]) -> dict[str, Schema]:
    """The records that a schema refers to, and those that they do."""
    found, waiting = dict[str, Schema](), list(_references(shape))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = records[name]
            waiting += _references(records[name])
    return dict(sorted(found.items()))


def _references(shape: Any) -> list[str]:
    if isinstance(shape, list):
        return [name for one in shape for name in _references(one)]
    if not isinstance(shape, dict):
        return []
    own = shape.get("$ref")
    here = [own.removeprefix(REFERENCE)] if isinstance(own, str) else []
    return here + [name for one in shape.values() for name in _references(one)]
