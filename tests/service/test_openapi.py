"""The OpenAPI document, and the copy of it that is kept: renew it with `python -m
tests.service.test_openapi`.
"""

import re
from pathlib import Path

import msgspec
import pytest

from kernels.grids.engine_choice import NAMES
from service.web.formats import JSON, MSGPACK, OF_TABLES
from service.web.openapi import document

KEPT = Path(__file__).with_name("openapi.json")
METHODS = {"get", "post"}


def text():
    return (
        msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=1).decode()
        + "\n"
    )


def operations():
    return [
        (path, method, one)
        for path, item in document()["paths"].items()
        for method, one in item.items()
    ]


def test_the_document_is_the_kept_one():
    assert text() == KEPT.read_text("utf-8"), "the API has changed: renew the copy if that is meant"


def test_every_reference_leads_somewhere():
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text()))
    assert names <= set(document()["components"]["schemas"])
    assert document()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    "name",
    [
        "Scenario",
        "Finance",
        "StatedScenario",
        "StatedHardware",
        "QuoteRequest",
        "SweepRequest",
        "Linspace",
        "Top",
    ],
)
def test_what_is_asked_is_closed(name):
    assert document()["components"]["schemas"][name]["additionalProperties"] is False


def test_fields_have_bounds_defaults_and_tags():
    records = document()["components"]["schemas"]
    assert records["Hardware"]["properties"]["availability"] == {
        "type": "number",
        "minimum": 0.0,
        "maximum": 1.0,
        "description": "share of installed hours in which it could be sold",
        "default": 1.0,
    }
    assert records["SweepRequest"]["properties"]["backend"]["anyOf"][0]["enum"] == list(NAMES)
    axes = records["SweepRequest"]["properties"]["axes"]
    assert axes["maxItems"] == 32
    assert set(axes["items"]["discriminator"]["mapping"]) == {
        "linspace",
        "logspace",
        "values",
        "rows",
        "draws",
    }


def test_operations_are_complete():
    names = [one["operationId"] for _, _, one in operations()]
    assert len(set(names)) == len(names)
    for path, method, one in operations():
        assert method in METHODS
        formats = OF_TABLES.values() if one["operationId"] == "sweep" else (JSON, MSGPACK)
        assert set(one["responses"]["200"]["content"]) == {*formats}, path
        for status, response in one["responses"].items():
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}
        if method == "post":
            assert {"400", "413", "415", "422"} <= set(one["responses"])
            assert one["requestBody"]["content"]["application/json"]["examples"]
        assert ("404" in one["responses"]) == ("{" in path)


if __name__ == "__main__":
    KEPT.write_text(text(), "utf-8")
