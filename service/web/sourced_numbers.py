"""Records as they may be written in a request: where a number stands, so may an object that says
where it comes from.
"""

from typing import Any

import msgspec

from economics.scenario.reading import Source
from economics.vocabulary.written_numbers import with_percentages

PREFIX = "Stated"
TAGS = ("kind", "method", "model")
SOURCED = "SourcedNumber"
REFERENCE = "#/components/schemas/"
Schema = dict[str, Any]


def stated_records(records: dict[str, Schema], usual: str, *others: str) -> dict[str, Schema]:
    """Records and all that they refer to, under names of their own, and the object that holds a
    sourced number.

    The `usual` one need not state its tag, the `others` must.
    """
    reached = _reach(records, (usual, *others))
    told_apart = {*others, *(one for inner in reached for one in _tag_names(records[inner]))}
    made = {f"{PREFIX}{one}": _record(records[one], one in told_apart) for one in reached}
    _, said = msgspec.json.schema_components((Source,), ref_template=REFERENCE + "{name}")
    texts = said[Source.__name__]["properties"]
    number = {"type": "number"}
    value = {"anyOf": [number, {"type": "array", "items": number}]}
    properties = {
        "value": {"description": "what is stated", **with_percentages(value)},
        **{name: {**texts[name], "type": "string"} for name in texts},
    }
    made[SOURCED] = {
        "title": SOURCED,
        "description": (
            "A number (or a percentage), or a list of them, and where it comes from; the bounds"
            " are those of the field."
        ),
        "type": "object",
        "properties": properties,
        "required": ["value"],
        "additionalProperties": False,
    }
    return made


def _reach(records: dict[str, Schema], names: tuple[str, ...]) -> list[str]:
    """The names that records refer to, themselves included."""
    found, waiting = list[str](), list(names)
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += sorted(set(_references(records[one])))
    return found


def _references(shape: Any) -> list[str]:
    if isinstance(shape, dict):
        own = [shape["$ref"].removeprefix(REFERENCE)] if isinstance(shape.get("$ref"), str) else []
        return own + [name for inner in shape.values() for name in _references(inner)]
    return (
        [name for inner in shape for name in _references(inner)] if isinstance(shape, list) else []
    )


def _tag_names(shape: Any) -> list[str]:
    """The names of the records that a tag tells apart."""
    if isinstance(shape, dict):
        own = [
            one.removeprefix(REFERENCE)
            for one in shape.get("discriminator", {}).get("mapping", {}).values()
        ]
        return own + [name for inner in shape.values() for name in _tag_names(inner)]
    return (
        [name for inner in shape for name in _tag_names(inner)] if isinstance(shape, list) else []
    )


def _record(record: Schema, told_apart: bool) -> Schema:
    """A record whose tag may be left out unless there are others that it could be."""
    tags = [
        name
        for name, shape in record["properties"].items()
        if name in TAGS and len(shape.get("enum", ())) == 1
    ]
    properties = {
        name: shape if name in tags else _field(name, shape)
        for name, shape in record["properties"].items()
    }
    required = [name for name in record["required"] if told_apart or name not in tags]
    return {
        **record,
        "title": f"{PREFIX}{record['title']}",
        "properties": properties,
        "required": required,
    }


def _field(name: str, shape: Schema) -> Schema:
    """A field's shape with the sourced number beside its numbers, and references to the records of
    this module.
    """
    about: Schema = {key: shape[key] for key in ("description", "default") if key in shape}
    bare = _rename({key: value for key, value in shape.items() if key not in about})
    if not _numeric(bare):
        return {**bare, **about}
    bare = with_percentages({name: bare})[name]
    return {
        "anyOf": [
            *(bare["anyOf"] if set(bare) == {"anyOf"} else [bare]),
            {"$ref": REFERENCE + SOURCED},
        ],
        **about,
    }


def _numeric(shape: Schema) -> bool:
    if shape.get("type") == "array":
        return _numeric(shape.get("items", {}))
    options = shape.get("enum", ())
    return (
        shape.get("type") in ("number", "integer")
        or any(isinstance(one, int) for one in options)
        or any(map(_numeric, shape.get("anyOf", ())))
    )


def _rename(shape: Any) -> Any:
    if isinstance(shape, dict):
        return {key: _rename(inner) for key, inner in shape.items()}
    if isinstance(shape, list):
        return [_rename(inner) for inner in shape]
    return (
        shape.replace(REFERENCE, REFERENCE + PREFIX)
        if isinstance(shape, str) and shape.startswith(REFERENCE)
        else shape
    )
