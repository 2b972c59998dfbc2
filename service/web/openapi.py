"""The OpenAPI document: paths as the framework sees them, records as they are checked."""

from typing import Any

import msgspec
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Tag

from kernels.language.caches import cached
from service.settings import Settings
from service.version import version
from service.web.api import api
from service.web.components import components
from service.web.name_lists import with_names
from service.web.operations import complete, header_components, response_components

DESCRIPTION = (
    "Unit economics of GPU data centers: cost, breakeven, depreciation, cash flow, and sweeps of"
    " many scenarios."
)
TAGS = {
    "Quotes": "The answers of one scenario, or of many in one request.",
    "Sweeps": "Many scenarios over a grid of values, whole or reduced.",
    "Uncertainty": "What becomes of targets when fields are uncertain, and which fields matter.",
    "Questions": "Which value meets a target, how a number comes about, what differs.",
    "Jobs": "Long questions that are answered later: how far they are, what comes of them.",
    "Reference": "What there is to ask about: catalog rows, shipped scenarios, quantities, fields.",
    "Health": "Whether the service lives, and whether it can answer.",
}
Schema = dict[str, Any]


@cached()
def document() -> Schema:
    """The document."""
    config = OpenAPIConfig(
        title="rackrate",
        version=version(),
        description=DESCRIPTION,
        use_handler_docstrings=True,
        tags=[Tag(name, text) for name, text in TAGS.items()],
    )
    found: Schema = msgspec.to_builtins(
        api(Settings(), openapi_config=config).openapi_schema.to_schema()
    )
    records = components()
    operations = [
        (path, method, one) for path, item in found["paths"].items() for method, one in item.items()
    ]
    responses = response_components([(path, one) for path, _, one in operations], records)
    for path, method, one in operations:
        complete(path, method, one, records)
    found["components"] = {
        "schemas": records,
        "headers": header_components(),
        "responses": responses,
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
    }
    return {
        **{name: _unwrap(with_names(part)) for name, part in found.items()},
        "security": [{}, {"key": []}],
    }


def _unwrap(part: Any) -> Any:
    """The document with its prose in one line each, however docstrings are broken into lines."""
    if isinstance(part, dict):
        return {
            name: inner if name == "examples" else _unwrap(inner) for name, inner in part.items()
        }
    if isinstance(part, list):
        return [_unwrap(inner) for inner in part]
    return " ".join(part.split()) if isinstance(part, str) else part
