"""The OpenAPI document: paths as the framework sees them, records as they are checked (closed,
bounded, with defaults and tags).
"""

from typing import Any

import msgspec
from litestar.openapi.config import OpenAPIConfig

from economics import Comparison, Explanation, Quote, Reduced, Sensitivity, Simulation, Solution
from economics.models.registry import MODELS
from economics.vocabulary.written_numbers import with_percentages
from kernels.language.caches import cached
from service.files.cells import CellTable
from service.settings import Settings
from service.version import version
from service.web import examples
from service.web.api import api
from service.web.cell_answers import FORMS
from service.web.formats import JSON, MSGPACK, OF_TABLES
from service.web.problems import MEDIA_TYPE, NOT_MODIFIED, OK, ProblemDetails, problem_titles
from service.web.responses import FORMAT
from service.web.schema import (
    BatchColumns,
    BatchRows,
    ColumnsAnswer,
    CompareRequest,
    ExplainRequest,
    Health,
    Quantities,
    QuoteRequest,
    RowsAnswer,
    ScenarioRequest,
    SensitivityRequest,
    SimulationRequest,
    SolveRequest,
    SweepRequest,
)
from service.web.sourced_numbers import stated_records

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
    Health,
    ProblemDetails,
)
SCENARIOS = tuple(model.record for model in MODELS.values())
REFERENCE = "#/components/schemas/{name}"
DESCRIPTION = (
    "Unit economics of GPU data centers: cost, breakeven, depreciation, cash flow, and sweeps of"
    " many scenarios."
)
FORMAT_OF_TABLES = {
    "name": FORMAT,
    "in": "query",
    "required": False,
    "description": "the format of the answer, whatever Accept says",
    "schema": {"type": "string", "enum": list(OF_TABLES)},
}
Schema = dict[str, Any]


@cached()
def document() -> Schema:
    """The document."""
    config = OpenAPIConfig(
        title="rackrate", version=version(), description=DESCRIPTION, use_handler_docstrings=True
    )
    found: Schema = msgspec.to_builtins(
        api(Settings(), openapi_config=config).openapi_schema.to_schema()
    )
    for path, item in found["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
    found["components"] = {
        "schemas": components(),
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
    }
    return {
        **{name: _unwrap(part) for name, part in found.items()},
        "security": [{}, {"key": []}],
    }


def components() -> dict[str, Schema]:
    """All records by name."""
    _, records = msgspec.json.schema_components(
        (*REQUESTS, *ANSWERS, *SCENARIOS), ref_template=REFERENCE
    )
    _, asked = msgspec.json.schema_components(REQUESTS, ref_template=REFERENCE)
    records |= {name: with_percentages(shape) for name, shape in asked.items()}
    records |= stated_records(records, *(one.__name__ for one in SCENARIOS))
    for request in REQUESTS:
        own = records[request.__name__]["properties"]
        holder, key = (own, "scenario") if "scenario" in own else (own["scenarios"], "items")
        holder[key] = {
            "description": holder.get(key, {}).get("description", ""),
            "anyOf": [
                *({"$ref": REFERENCE.format(name=f"Stated{one.__name__}")} for one in SCENARIOS),
                {"type": "string"},
            ],
        }
    return dict(sorted(records.items()))


def _unwrap(part: Any) -> Any:
    """The document with its prose in one line each, however docstrings are broken into lines."""
    if isinstance(part, dict):
        return {name: _unwrap(inner) for name, inner in part.items()}
    if isinstance(part, list):
        return [_unwrap(inner) for inner in part]
    return " ".join(part.split()) if isinstance(part, str) else part


def _complete(path: str, method: str, operation: Schema) -> None:
    """Formats, examples and problems of an operation."""
    body = operation.get("requestBody")
    if body:
        shape = body["content"][JSON]["schema"]
        body["content"] = {
            JSON: {"schema": shape, "examples": examples.examples_of(operation["operationId"])},
            MSGPACK: {"schema": shape},
        }
    responses = operation["responses"]
    good = responses[str(OK)]
    shape = next(iter(good["content"].values()))["schema"]
    good["content"] = {JSON: {"schema": shape}, MSGPACK: {"schema": shape}}
    if operation["operationId"] == "sweep":
        operation["parameters"] = [FORMAT_OF_TABLES]
        binary = {"schema": {"type": "string", "format": "binary"}}
        good["content"] |= {media: binary for media in OF_TABLES.values() if media in FORMS}
    lasts = method == "get" and path.startswith("/v1")
    good["description"] = operation["description"]
    operation["responses"] = {
        str(OK): good,
        **(
            {str(NOT_MODIFIED): {"description": "What the ETag names is still so."}}
            if lasts
            else {}
        ),
    }
    about = {"schema": {"$ref": REFERENCE.format(name=ProblemDetails.__name__)}}
    for status, title in problem_titles(bool(body), "{" in path).items():
        operation["responses"][str(status)] = {"description": title, "content": {MEDIA_TYPE: about}}
