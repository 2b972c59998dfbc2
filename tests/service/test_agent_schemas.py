"""Short schemas of records."""

from typing import Annotated as A

from msgspec import Meta, Struct

from service.web.agents.schemas import input_schema, output_schema


class Inner(Struct):
    """An inner one."""

    size: int = 1


class Lonely(Struct):
    """One that nothing refers to in the end."""

    heavy: float


class Asked(Struct, kw_only=True):
    """What is asked."""

    name: A[str, Meta(description="of it", max_length=9)]
    count: A[int, Meta(ge=1)] | None = None
    hidden: str = ""


class Given(Struct, kw_only=True):
    """What is given."""

    value: float | None
    pair: tuple[float, float]
    inner: Inner
    lonely: Lonely


class More(Struct):
    """What every answer has."""

    link: A[str, Meta(description="where")]


def test_what_is_taken_is_closed_and_says_what_an_agent_needs():
    assert input_schema(Asked, {"name": {"examples": ["a"]}}, ("hidden",)) == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "of it", "examples": ["a"]},
            "count": {"type": "integer", "minimum": 1},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def test_what_is_given_has_only_the_records_that_it_refers_to():
    assert output_schema(Given, More, ("lonely",)) == {
        "type": "object",
        "properties": {
            "value": {"type": ["number", "null"]},
            "pair": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 2,
            },
            "inner": {"$ref": "#/$defs/Inner"},
            "link": {"type": "string", "description": "where"},
        },
        "required": ["value", "pair", "inner", "link"],
        "$defs": {
            "Inner": {"type": "object", "properties": {"size": {"type": "integer"}}, "required": []}
        },
    }
