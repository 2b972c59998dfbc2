"""What a scenario says of itself."""

import msgspec
import pytest
from racks import reference

from economics import Problem, quote, scenario
from economics.vocabulary.header import About, Expected, is_


def test_every_field_says_what_it_means():
    for record in (About, Expected):
        properties = msgspec.json.schema(record)["$defs"][record.__name__]["properties"]
        assert all(properties[name].get("description") for name in record.__struct_fields__)
    assert is_("a meaning").description == "a meaning"


def test_expected_answers_are_carried_along():
    told = reference(expect=[{"target": "npv_usd_per_rack", "answer": 964_535.66, "within": 0.01}])
    assert scenario(told).scenario.expect == (
        Expected(target="npv_usd_per_rack", answer=964_535.66, within=0.01),
    )
    assert (
        quote(told, ["npv_usd_per_rack"]).quantities
        == quote(reference(), ["npv_usd_per_rack"]).quantities
    )


def test_a_misspelt_expectation_is_refused():
    with pytest.raises(Problem, match=r"expect\[0\]"):
        scenario(reference(expect=[{"target": "npv_usd_per_rack", "tolerance": 1}]))
