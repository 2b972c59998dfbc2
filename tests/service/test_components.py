"""Records as generators of clients read them."""

import msgspec
import pytest
from jsonschema import Draft202012Validator

from service.web.components import components
from service.web.examples import EXAMPLES


@pytest.fixture(scope="module")
def records():
    return components()


def test_lists_of_one_kind_have_a_schema_of_their_items(records):
    between = records["SolveRequest"]["properties"]["between"]["anyOf"][0]
    assert (between["minItems"], between["maxItems"]) == (2, 2)
    assert between["items"]["anyOf"][0]["type"] == "number"
    assert records["Difference"]["properties"]["values"]["items"] == {}
    listed = records["SourcedNumber"]["properties"]["value"]["anyOf"]
    assert next(one for one in listed if one.get("type") == "array")["items"]["anyOf"]


def test_what_is_asked_says_its_defaults_and_what_is_answered_is_there(records):
    draws = records["Drawn"]
    assert "count" not in draws["required"]
    assert draws["properties"]["count"]["description"].endswith("; default: 65536")
    assert "sums" in records["Quote"]["required"]
    assert "low" in records["Estimate"]["required"]
    assert "value" not in records["Quantity"]["required"]
    assert "errors" not in records["ProblemDetails"]["required"]


def test_a_tag_is_one_word(records):
    assert records["Linspace"]["properties"]["kind"]["const"] == "linspace"
    assert records["Root"]["properties"]["npv"]["type"] == "string"
    assert records["Finance"]["properties"]["periods_per_year"]["type"] == "integer"


RECORDS = {"quote": "QuoteRequest", "sweep": "SweepRequest", "solve": "SolveRequest"}


@pytest.mark.parametrize(("operation", "name"), RECORDS.items())
def test_the_schema_of_a_request_takes_the_examples_and_nothing_misspelt(records, operation, name):
    schema = {**records[name], "components": {"schemas": records}}
    valid = Draft202012Validator(msgspec.json.decode(msgspec.json.encode(schema)))
    for example in EXAMPLES[operation].values():
        assert valid.is_valid(example)
        assert not valid.is_valid({**example, "more": 1})
