"""An operation of the OpenAPI document, completed: its formats and examples, what its answers have
in their headers, and the problems that it may be answered with.
"""

from collections.abc import Sequence
from typing import Any

from economics import NoAnswer, Problem
from service.web import examples, job_operations
from service.web.formats import JSON, MSGPACK, OF_TABLES
from service.web.middleware import OPEN
from service.web.name_lists import REFERENCE
from service.web.problems import (
    FAULT,
    KINDS,
    MEDIA_TYPE,
    NOT_MODIFIED,
    OK,
    WRONG_METHOD,
    BadBody,
    BadRequest,
    Busy,
    Ending,
    HeadersTooLarge,
    Kind,
    NoEngine,
    NoKey,
    NotAcceptable,
    NotThere,
    ProblemDetails,
    TooLarge,
    TooOften,
    TooSlow,
    UnsupportedBody,
)
from service.web.responses import FORMAT, MODEL
from service.web.table_answers import FORMS
from service.work.watch import Lost, TimeOver

HEADERS = {
    "X-Request-ID": "The id of the request: the one that was sent with it, or one that is made.",
    "Vary": "The request's headers by which the answer differs.",
    "Cache-Control": "Whether the answer may be kept, and how long.",
    MODEL: "The version of the formulas by which the answer was computed.",
    "ETag": "The state of what is answered; send it back as If-None-Match.",
    "WWW-Authenticate": "How to send a key: Bearer.",
    "Allow": "The methods that the path takes.",
    "Content-Encoding": "gzip, where the request accepts it and the answer is long.",
    "Content-Disposition": "The name under which a browser saves a table of bytes or CSV.",
    "Accept-Post": "The formats of a body that are read.",
    "Accept-Encoding": "The encodings of a body that are read, where it is in another one.",
    **job_operations.HEADERS,
    "Retry-After": "After how many seconds to ask again, where that can be told.",
}
# No content of its own: generators of clients skip or refuse a body in two formats.
OTHERWISE = f"JSON, or the same object as MessagePack ({MSGPACK})."
ALWAYS = ("X-Request-ID",)
OF_ANSWERS = (*ALWAYS, "Vary", "Cache-Control", MODEL)
OF_PROBLEMS = {
    KINDS[NoKey]: ("WWW-Authenticate",),
    WRONG_METHOD: ("Allow",),
    KINDS[UnsupportedBody]: ("Accept-Post", "Accept-Encoding"),
    KINDS[Busy]: ("Retry-After",),
    KINDS[TooOften]: ("Retry-After",),
}
ANYWHERE = (BadRequest, NotAcceptable, TooSlow, HeadersTooLarge, Busy, Ending)
OF_BODIES = (BadBody, TooLarge, UnsupportedBody, Problem, NoAnswer, Lost, TimeOver)
OPTIONAL = ("Retry-After", "Accept-Encoding", "Content-Encoding", "Content-Disposition")
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag of an earlier answer: 304 without a body if it is still so.",
    "schema": {"type": "string"},
}
OF_CELLS = ("sweep", job_operations.RESULT)  # operations that answer tables, in more formats
FORMAT_OF_TABLES = {
    "name": FORMAT,
    "in": "query",
    "required": False,
    "description": "the format of the answer, whatever Accept says",
    "schema": {"type": "string", "enum": list(OF_TABLES)},
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
Schema = dict[str, Any]


def header_components() -> dict[str, Schema]:
    """The headers of answers, by name."""
    return {
        name: {
            "description": text,
            "required": name not in OPTIONAL,
            "schema": {"type": "string"},
        }
        for name, text in HEADERS.items()
    }


def complete(path: str, method: str, operation: Schema, records: dict[str, Schema]) -> None:
    """Complete an operation in place; `records` are the schemas to which it refers."""
    name, body = operation["operationId"], operation.get("requestBody")
    lasts = method == "get" and not path.startswith((*OPEN, job_operations.PATH))
    if body:
        shape = body["content"][JSON]["schema"]
        body["description"] = OTHERWISE
        body["content"] = {JSON: {"schema": shape, "examples": examples.examples_of(name)}}
    if name in OF_CELLS:
        operation["parameters"] = [*operation.get("parameters", ()), FORMAT_OF_TABLES]
    if lasts:
        operation["parameters"] = [*operation.get("parameters", ()), IF_NONE_MATCH]
    if asked := job_operations.parameters_of(name):
        operation["parameters"] = [*operation.get("parameters", ()), *asked]
    operation["responses"] = {
        str(OK): _good(operation, lasts),
        **job_operations.other_answers(name, _headers(*OF_ANSWERS)),
        **({str(NOT_MODIFIED): _unchanged()} if lasts else {}),
        **{
            str(status): {"$ref": f"#/components/responses/{response_name(kinds)}"}
            for status, kinds in _kinds(path, operation, records).items()
        },
    }
    if path.startswith(OPEN):
        operation["security"] = []


def _good(operation: Schema, lasts: bool) -> Schema:
    good = operation["responses"][str(OK)]
    shape = next(iter(good["content"].values()))["schema"]
    name = operation["operationId"]
    if name == job_operations.FOLLOW:
        ((media, content),) = good["content"].items()
        return {
            **good,
            "description": operation["description"],
            "headers": _headers(*OF_ANSWERS),
            "content": {media: {**content, "examples": examples.answer_of(name)}},
        }
    binary = {media: BINARY for media in OF_TABLES.values() if name in OF_CELLS and media in FORMS}
    return {
        **good,
        "description": operation["description"],
        "headers": _headers(
            *(*OF_ANSWERS, "Content-Encoding"),
            *(["ETag"] if lasts else []),
            *(["Content-Disposition"] if binary else []),
        ),
        "content": {
            JSON: {"schema": shape, "examples": examples.answer_of(name)},
            MSGPACK: {"schema": shape},
            **binary,
        },
    }


def _unchanged() -> Schema:
    return {
        "description": "What the ETag names is still so.",
        "headers": _headers(*OF_ANSWERS, "ETag"),
    }


def kinds_of(
    body: bool, names: bool, key: bool, engine: bool, more: Sequence[type[Exception]] = ()
) -> dict[int, tuple[Kind, ...]]:
    """The kinds of problem that a route may answer with, by status: one that takes a body, has
    names in its path, asks for a key, computes by an engine that is named, and `more`.
    """
    classes: list[type[Exception]] = [*ANYWHERE, *([NoKey, TooOften] if key else []), *more]
    classes += [*(OF_BODIES if body else ()), *([NotThere] if names else [])]
    classes += [NoEngine] if engine else []
    kinds = [*(kind for one, kind in KINDS.items() if one in classes), WRONG_METHOD, FAULT]
    return {
        status: tuple(kind for kind in kinds if kind.status == status)
        for status in sorted({kind.status for kind in kinds})
    }


def _kinds(path: str, operation: Schema, records: dict[str, Schema]) -> dict[int, Any]:
    body = operation.get("requestBody")
    shapes = _records(body["content"][JSON]["schema"], records) if body else []
    return kinds_of(
        body=bool(body),
        names="{" in path and not path.startswith(job_operations.PATH),
        key=not path.startswith(OPEN),
        engine=any("backend" in one["properties"] for one in shapes),
        more=job_operations.PROBLEMS.get(operation["operationId"], ()),
    )


def _records(shape: Schema, records: dict[str, Schema]) -> list[Schema]:
    """The records that a schema refers to: one, or one of several."""
    kinds = shape.get("anyOf") or shape.get("oneOf") or [shape]
    return [records[one["$ref"].rpartition("/")[2]] for one in kinds]


def response_name(kinds: tuple[Kind, ...]) -> str:
    """What the response to some kinds of problem is called."""
    return "Or".join(kind.name.title().replace("-", "") for kind in kinds)


def response_components(
    operations: list[tuple[str, Schema]], records: dict[str, Schema]
) -> dict[str, Schema]:
    """The responses of all problems that operations, each with its path, may be answered with."""
    found = {
        response_name(kinds): _problem(kinds)
        for path, operation in operations
        for kinds in _kinds(path, operation, records).values()
    }
    return dict(sorted(found.items()))


def _problem(kinds: tuple[Kind, ...]) -> Schema:
    own = [header for kind in kinds for header in OF_PROBLEMS.get(kind, ())]
    content: Schema = {"schema": {"$ref": REFERENCE.format(name=ProblemDetails.__name__)}}
    if told := examples.problems_of(kind.name for kind in kinds):
        content["examples"] = told
    return {
        "description": " ".join(f"{kind.title} (`{kind.name}`)." for kind in kinds),
        "headers": _headers(*ALWAYS, *own),
        "content": {MEDIA_TYPE: content},
    }


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
