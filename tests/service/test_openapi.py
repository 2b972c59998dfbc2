"""The OpenAPI document, and the copy of it that is kept: renew it with `python -m
tests.service.test_openapi`, with `breaking` after it if clients are to be changed too.
"""

import copy
import sys
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar

from kernels.grids.engine_choice import NAMES
from service.settings import Settings
from service.web.app import create_app
from service.web.openapi import document
from tests import contract_rules

KEPT = Path(__file__).with_name("openapi.json")
RENEWAL = "python -m tests.service.test_openapi"
API = ("/v1/", "/health/")  # other routes tell about it, or are another way to it


def text():
    return (
        msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=1).decode()
        + "\n"
    )


@pytest.fixture(scope="module")
def whole():
    return document()


def test_the_document_is_the_kept_one(whole):
    breaking = list(contract_rules.breaking(kept(), whole))
    assert not breaking, f"clients break, see {contract_rules.POLICY}"
    assert text() == KEPT.read_text("utf-8"), f"the API has changed: `{RENEWAL}` if that is meant"


def kept():
    return msgspec.json.decode(KEPT.read_bytes())


def test_nothing_is_missing(whole):
    assert whole["openapi"].startswith("3.1")
    assert list(contract_rules.faults(whole)) == []


def test_every_route_is_described(whole):
    behind = create_app(Settings())
    while not isinstance(behind, Litestar):
        behind = behind.app
    paths = {route.path_format for route in behind.routes}
    assert {path for path in paths if path.startswith(API)} == set(whole["paths"])


def planted(change):
    found = copy.deepcopy(document())
    change(found)
    return found


QUOTE, FINANCE = "/v1/quotes", "StatedFinance"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda one: one["components"]["schemas"]["Quote"]["properties"].update(more={}),
            "/Quote/properties/more: no description",
        ),
        (
            lambda one: one["components"]["schemas"]["Root"].update(default=1),
            "/Root: a default",
        ),
        (
            lambda one: one["components"]["schemas"]["Root"].update(type="array"),
            "/Root: an array without",
        ),
        (lambda one: one["components"]["schemas"].pop("Root"), "Root leads nowhere"),
        (lambda one: one["paths"][QUOTE]["post"].pop("tags"), "tags = None: say one of"),
        (lambda one: one["paths"][QUOTE]["post"].update(operationId="sweep"), "stands twice"),
        (
            lambda one: one["paths"][QUOTE]["post"].update(deprecated=True),
            "200: deprecated without Deprecation and Sunset",
        ),
        (
            lambda one: one["paths"][QUOTE]["post"]["requestBody"]["content"].update(
                {"application/json": {"schema": {}}}
            ),
            "no example",
        ),
        (
            lambda one: one["components"]["schemas"]["Quote"]["required"].append("nothing"),
            "example own: $: 'nothing' is a required property",
        ),
    ],
)
def test_what_is_missing_is_told(change, said):
    assert any(said in fault for fault in contract_rules.faults(planted(change)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one["paths"].pop(QUOTE), ["POST /v1/quotes is gone"]),
        (
            lambda one: one["components"]["schemas"]["Quote"]["properties"].pop("sums"),
            ["Quote.sums is gone"],
        ),
        (
            lambda one: one["components"]["schemas"]["Quote"]["required"].remove("sums"),
            ["Quote.sums is no longer always there"],
        ),
        (
            lambda one: one["components"]["schemas"][FINANCE]["required"].append("tax_rate"),
            ["StatedFinance.tax_rate is now required"],
        ),
        (
            lambda one: one["components"]["schemas"]["Status"]["enum"].remove("ok"),
            ["Status is no longer 'ok'"],
        ),
        (
            lambda one: one["components"]["schemas"]["Root"]["properties"]["npv"].update(
                type="number"
            ),
            ["Root.npv was {'type': 'string'}, is {'type': 'number'}"],
        ),
        (
            lambda one: one["components"]["schemas"]["Quote"]["properties"].update(
                more={"description": "more"}
            ),
            [],
        ),
        (lambda one: one["components"]["schemas"]["Status"]["enum"].append("late"), []),
    ],
)
def test_changes_that_break_clients_are_told_and_others_are_none(change, said):
    assert list(contract_rules.breaking(document(), planted(change))) == said


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
    }
    stated = records["StatedHardware"]["properties"]["availability"]["description"]
    assert stated == "share of installed hours in which it could be sold; default: 1.0"
    assert "availability" in records["Hardware"]["required"]
    assert records["StatedHardware"]["required"] == []
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


def main():
    broken = list(contract_rules.breaking(kept(), document()))
    same = kept()["info"]["version"] == document()["info"]["version"]
    if broken and same and sys.argv[1:] != ["breaking"]:
        said = "\n  ".join(broken)
        sys.exit(f"these changes break clients, see {contract_rules.POLICY}:\n  {said}")
    KEPT.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
