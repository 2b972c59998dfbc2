"""What the pages show: parts of the OpenAPI document, put together for a reader."""

import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from economics.vocabulary.units import UnitError, unit_text
from service.web.formats import JSON
from service.web.openapi import document
from service.web.problems import FAULT, KINDS, WRONG_METHOD, Kind, type_of

SERVER = "http://127.0.0.1:8000"
Schema = dict[str, Any]


class Operation(NamedTuple):
    """One operation: a method of a path."""

    method: str
    path: str
    said: Schema

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.said["operationId"])

    @property
    def body(self) -> Schema | None:
        """The content of its request."""
        found = self.said.get("requestBody")
        return None if found is None else found["content"][JSON]

    @property
    def answer(self) -> Schema:
        """Its good response."""
        found: Schema = self.said["responses"]["200"]
        return found

    @property
    def content(self) -> Schema:
        """What its good response has, as JSON where it can."""
        found: Schema = next(iter(self.answer["content"].values()))
        return found

    @property
    def others(self) -> dict[str, Schema]:
        """Its other responses, by status."""
        responses = self.said["responses"].items()
        return {status: resolved(one) for status, one in responses if status != "200"}

    @property
    def curl(self) -> str:
        """A command that asks for it."""
        names = {one["name"]: example_of(one) for one in self.said.get("parameters", ())}
        lines = [f"curl -s {SERVER}{self.path.format_map(names)}"]
        if self.method not in ("GET", "POST"):
            lines.append(f"-X {self.method}")
        if self.body is not None:
            first = next(iter(self.body["examples"].values()))["value"]
            lines += [f"-H 'Content-Type: {JSON}'", f"-d {shlex.quote(shown(first))}"]
        return " \\\n  ".join(lines)


def example_of(parameter: Schema) -> str:
    """The example of a parameter; nothing where it has none."""
    named = parameter.get("examples", {}).values()
    return str(next((one["value"] for one in named), ""))


def shown(value: Any) -> str:
    """A value as JSON for a reader: short lists and tables on one line; a text as it is."""
    if isinstance(value, str):
        return value
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def operations() -> Iterator[Operation]:
    """Every operation of the document."""
    for path, item in document()["paths"].items():
        for method, said in item.items():
            yield Operation(method.upper(), path, said)


def by_tag() -> dict[str, tuple[str, list[Operation]]]:
    """The operations of each tag, and what that means."""
    return {
        tag["name"]: (
            tag["description"],
            [one for one in operations() if tag["name"] in one.said["tags"]],
        )
        for tag in document()["tags"]
    }


def records() -> dict[str, Schema]:
    """Every record and every kind of name."""
    found: dict[str, Schema] = document()["components"]["schemas"]
    return found


def resolved(part: Schema) -> Schema:
    """A part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = document()
    for key in part["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return found  # type: ignore[no-any-return]


def name_in(reference: str) -> str:
    """The name of what a reference leads to."""
    return reference.rpartition("/")[2]


def records_in(schema: Schema) -> list[str]:
    """The names of the records with fields that a schema is, or is one of."""
    kinds = schema.get("anyOf") or schema.get("oneOf") or [schema]
    names = [name_in(one["$ref"]) for one in kinds if "$ref" in one]
    return [name for name in names if "properties" in records()[name]]


def unit_of(name: str) -> str:
    """The unit of a field by its name; nothing where it has none."""
    try:
        return unit_text(name)
    except UnitError:
        return ""


def problems() -> list[tuple[Kind, str, str]]:
    """Every kind of problem with its type, and what it means."""
    told = [(kind, " ".join((one.__doc__ or "").split())) for one, kind in KINDS.items()]
    rest = [(kind, f"{kind.title}.") for kind in (WRONG_METHOD, FAULT)]
    return sorted((kind, type_of(kind.name), said) for kind, said in (*told, *rest))
