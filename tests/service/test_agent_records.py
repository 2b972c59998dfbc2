"""Records that only agents take and give."""

from inspect import getmembers, isclass

import msgspec
from msgspec import Struct

from service.web.agents import agent_records as records


def test_every_field_that_is_no_plain_word_is_described_where_it_is_asked_for():
    for record in (records.ListScenarios, records.SearchCatalog, records.SearchQuantities):
        shape = msgspec.json.schema(record)["$defs"][record.__name__]["properties"]
        assert all("description" in one for one in shape.values())


def test_what_agents_ask_is_closed():
    asked = [one for _, one in getmembers(records, isclass) if issubclass(one, Struct)]
    for one in asked:
        if "name" in one.__struct_fields__ and one.__module__ == records.__name__:
            assert one.__struct_config__.frozen


def test_a_sweep_has_no_reduction_of_its_own():
    (field,) = (one for one in msgspec.structs.fields(records.ReducedSweep) if one.name == "reduce")
    assert field.required
