"""The eight tools, as an agent reads them before it asks anything."""

import json

import jsonschema
import msgspec
import pytest
import talking

from service.settings import Settings
from service.web.agents.answering import run_tool
from service.web.agents.tools import TOOLS

MOST_TOKENS, BYTES_OF_A_TOKEN = 6000, 4.1  # measured: 4.2 of two usual tokenizers
NAMES = (
    *("list_scenarios", "search_catalog", "search_quantities", "quote", "explain", "solve"),
    *("compare", "sweep"),
)


@pytest.fixture(scope="module")
def listed():
    return talking.talk(lambda client: client.list_tools()).tools


def cases():
    """A call of each tool for each example of each of its fields."""
    for tool in TOOLS:
        shape = tool.input_schema
        first = {
            name: one["examples"][0]
            for name, one in shape["properties"].items()
            if name in shape["required"]
        }
        yield pytest.param(tool, first, id=tool.name)
        for name, one in shape["properties"].items():
            for at, example in enumerate(one.get("examples", ())):
                yield pytest.param(tool, {**first, name: example}, id=f"{tool.name}-{name}-{at}")


def test_there_are_eight_and_they_change_nothing(listed):
    assert tuple(one.name for one in listed) == NAMES
    for one in listed:
        hints = one.annotations
        assert hints.read_only_hint is hints.idempotent_hint is True
        assert hints.destructive_hint is hints.open_world_hint is False
        assert one.title
        assert len(one.description) < 200


def test_together_they_are_short(listed):
    sent = [one.model_dump_json(by_alias=True, exclude_none=True) for one in listed]
    assert len("".join(sent)) / BYTES_OF_A_TOKEN < MOST_TOKENS


def test_schemas_are_sound_and_closed(listed):
    for one in listed:
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
        jsonschema.Draft202012Validator.check_schema(one.output_schema)
        assert one.input_schema["additionalProperties"] is False


def test_what_a_tool_takes_is_what_its_record_takes():
    for tool in TOOLS:
        fields = msgspec.structs.fields(tool.takes)
        shape = tool.input_schema
        assert {*shape["properties"], *tool.hidden} == {one.name for one in fields}
        assert shape["required"] == [one.name for one in fields if one.required]
        assert set(tool.own) <= set(shape["properties"])


@pytest.mark.parametrize(("tool", "arguments"), list(cases()))
def test_every_example_is_answered_as_the_schema_says(tool, arguments):
    jsonschema.validate(arguments, tool.input_schema)
    answer = run_tool(tool.name, arguments, "", Settings(), lambda *_: None)
    told = json.loads(answer, parse_constant=pytest.fail)
    jsonschema.validate(told, tool.output_schema)
    assert set(told) <= set(tool.output_schema["properties"])
    assert told["link"] == tool.path
    assert told["model_version"]


def test_every_part_of_a_reduction_that_is_described_is_one():
    shape = next(one for one in TOOLS if one.name == "sweep").input_schema["properties"]
    assert len(shape["reduce"]["properties"]["kind"]["enum"]) == 6
    assert "cells" not in shape["reduce"]["properties"]["kind"]["enum"]
