"""The protocol itself: how tools are listed, and how errors are told."""

import json

import pytest
import talking
from mcp.shared.exceptions import MCPError


def test_wrong_arguments_are_errors_of_the_tool_with_what_would_be_right():
    told = talking.call("quote", {"scenario": "hgx-h10", "target": []})
    assert told.is_error
    assert told.structured_content is None
    details = json.loads(told.content[0].text)
    assert details["type"] == "urn:rackrate:problem:bad-input"
    assert [one["path"] for one in details["errors"]] == ["target"]
    assert "did you mean targets" in details["errors"][0]["expected"]


def test_an_error_names_the_field_its_value_and_what_is_near():
    told = talking.call(
        "quote", {"scenario": "hgx-h100", "overrides": {"finance": {"wacc_per_year": 8}}}
    )
    (error,) = json.loads(told.content[0].text)["errors"]
    assert (error["path"], error["value"]) == ("finance.wacc_per_year", 8)
    assert "did you mean 0.08" in error["expected"]


def test_a_tool_that_there_is_not_is_an_error_of_the_protocol():
    async def use(client):
        with pytest.raises(MCPError, match="no tool is called 'bogus': list_scenarios, search_cat"):
            await client.call_tool("bogus", {})

    talking.talk(use)


def test_a_client_is_told_how_to_ask():
    async def use(client):
        return client.instructions

    said = talking.talk(use)
    assert "notices" in said
    assert len(said) < 800
