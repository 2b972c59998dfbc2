"""All records that are asked and answered, as schemas that generators of clients read: what is
asked says its defaults in words, what is answered says what is always there.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from economics import Comparison, Explanation, Quote, Reduced, Sensitivity, Simulation, Solution
from economics.models.registry import MODELS
from economics.scenario import own_rows
from economics.scenario.catalog import KINDS
from economics.vocabulary.written_numbers import with_percentages
from kernels.language.caches import cached
from service.answers import Health, JobList, Quantities
from service.files.cells import CellTable
from service.web.name_lists import REFERENCE, name_schemas, with_names
from service.web.problems import ProblemDetails
from service.web.schema import (
    BatchColumns,
    BatchRows,
    ColumnsAnswer,
    CompareRequest,
    ExplainRequest,
    QuoteRequest,
    RowsAnswer,
    ScenarioRequest,
    SensitivityRequest,
    SimulationRequest,
    SolveRequest,
    SweepRequest,
)
from service.web.sourced_numbers import PREFIX, SOURCED, stated_records

REQUESTS = (
    *(
        QuoteRequest,
        BatchRows,
        BatchColumns,
        ScenarioRequest,
        SweepRequest,
        SimulationRequest,
        SensitivityRequest,
    ),
    *(SolveRequest, ExplainRequest, CompareRequest),
)
ANSWERS = (
    Quote,
    RowsAnswer,
    ColumnsAnswer,
    CellTable,
    Reduced,
    Simulation,
    Sensitivity,
    Solution,
    Explanation,
    Comparison,
    Quantities,
    JobList,
    Health,
    ProblemDetails,
)
SCENARIOS = tuple(model.record for model in MODELS.values())
LONGEST_DEFAULT = 40  # characters of a default that is told
TAG = "Tells this kind from the others that may stand in its place."
Schema = dict[str, Any]

BROUGHT: Schema = {
    own_rows.ROWS: {
        "type": "object",
        "propertyNames": {"enum": list(KINDS)},
        "additionalProperties": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": True},
        },
        "description": "rows of the catalog that the scenario brings with it, by kind and name",
    },
    own_rows.NOTICES: {
        "type": "array",
        "items": {"type": "string"},
        "description": "what answers tell their reader first",
    },
}


@cached()
def components() -> dict[str, Schema]:
    """All records and all kinds of names, by name."""
    _, records = msgspec.json.schema_components(
        (*REQUESTS, *ANSWERS, *SCENARIOS), ref_template=REFERENCE
    )
    _, asked = msgspec.json.schema_components(REQUESTS, ref_template=REFERENCE)
    records |= {name: with_percentages(shape) for name, shape in asked.items()}
    records |= stated_records(records, *(one.__name__ for one in SCENARIOS))
    for one in SCENARIOS:
        records[f"{PREFIX}{one.__name__}"]["properties"] |= BROUGHT
    for request in REQUESTS:
        own = records[request.__name__]["properties"]
        holder, key = (own, "scenario") if "scenario" in own else (own["scenarios"], "items")
        holder[key] = {
            "description": "a scenario's tables, or the name of a shipped one",
            "anyOf": [
                *({"$ref": REFERENCE.format(name=f"{PREFIX}{one.__name__}")} for one in SCENARIOS),
                {"$ref": REFERENCE.format(name="ScenarioName")},
            ],
        }
    always = _always_there()
    told = {name for name in records if name in asked or name.startswith((PREFIX, SOURCED))}
    found = {
        name: _told(shape) if name in told else _answered(shape, always.get(name, True))
        for name, shape in records.items()
    }
    plain: Schema = with_names(_plain({**found, **name_schemas()}))
    return dict(sorted(plain.items()))


def _always_there() -> dict[str, bool]:
    """Of each record whether its fields are there in an answer where they have their defaults."""
    seen: dict[str, bool] = {}
    waiting: list[Any] = [inspect.type_info(one) for one in (*ANSWERS, *SCENARIOS)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, inspect.StructType) and one.cls.__name__ not in seen:
            seen[one.cls.__name__] = not one.cls.__struct_config__.omit_defaults
            waiting += [field.type for field in one.fields]
        elif not isinstance(one, inspect.StructType):
            waiting += _inner(one)
    return seen


def _inner(one: Any) -> Iterator[Any]:
    for name in ("type", "item_type", "value_type"):
        if (found := getattr(one, name, None)) is not None:
            yield found
    for name in ("types", "item_types"):
        yield from getattr(one, name, ())


def _told(record: Schema) -> Schema:
    """A record of a request: what need not be stated is not required, and its default is told."""
    return {**record, "properties": {name: _said(one) for name, one in _fields(record)}}


def _said(shape: Schema) -> Schema:
    if "default" not in shape:
        return shape
    found = {key: value for key, value in shape.items() if key != "default"}
    default = msgspec.json.encode(shape["default"]).decode()
    if shape["default"] in (None, [], {}) or len(default) > LONGEST_DEFAULT:
        return found
    said = [*filter(None, [shape.get("description", "")]), f"default: {default}"]
    return {**found, "description": "; ".join(said)}


def _answered(record: Schema, always: bool) -> Schema:
    """A record of an answer: what is always there is required, and has no default."""
    if "properties" not in record:
        return record
    there = {name for name, one in record["properties"].items() if always and "default" in one}
    properties = {
        name: {key: value for key, value in one.items() if key != "default"}
        for name, one in _fields(record)
    }
    required = [name for name in properties if name in record["required"] or name in there]
    return {**record, "properties": properties, "required": required}


def _fields(record: Schema) -> Iterator[tuple[str, Schema]]:
    """The fields of a record; a tag says that it is one."""
    for name, shape in record.get("properties", {}).items():
        tag = set(shape) == {"enum"}
        yield name, {"description": TAG, **shape} if tag else shape


def _plain(schema: Any) -> Any:
    """A schema in words that generators of clients know: a list has one schema of its
    items, a table of any names says so.
    """
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _plain(inner) for key, inner in schema.items() if key != "prefixItems"}
    if isinstance(words := schema.get("enum"), list) and "type" not in schema:
        found["type"] = "string" if all(isinstance(one, str) for one in words) else "integer"
        if len(words) == 1:
            found["const"] = found.pop("enum")[0]
    if "prefixItems" in schema:
        kinds = [_plain(one) for one in schema["prefixItems"]]
        alike = [one for at, one in enumerate(kinds) if one not in kinds[:at]]
        found["items"] = alike[0] if len(alike) == 1 else {"anyOf": alike}
    elif schema.get("type") == "array":
        found.setdefault("items", {})
    elif schema.get("type") == "object" and "properties" not in schema:
        found.setdefault("additionalProperties", True)
    return found
