"""Many scenarios in one request."""

import msgspec
import pytest
import web
from racks import reference

from service.web import examples
from service.web.examples import NPV, SCENARIO, SHIPPED

PATH = web.PATHS["batch"]
COST = "cost_usd_per_gpu_hour"
USE = "utilisation"


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def quoted(found, scenario, targets=None):
    response = found.post("/v1/quotes", json={"scenario": scenario, "targets": targets})
    return response.status_code, response.json()


def test_rows_say_what_quotes_of_each_say_and_what_is_wrong_in_its_place(found):
    scenarios = [
        SCENARIO,
        SHIPPED,
        "nvl72-neoclout",
        {**SCENARIO, "finance": {"wacc_per_year": 10}},
        5,
        "crusoe-abilene",
        reference(revenue={"utilisation": None}),
    ]
    asked = {"kind": "rows", "scenarios": scenarios, "targets": [NPV, "npv_usd_per_rack[1]"]}
    for targets in ([NPV], ["book_value_usd_per_rack", "irr_per_year"], None):
        response = found.post(PATH, json={**asked, "targets": targets})
        assert response.status_code == 200, response.text
        assert response.json()["kind"] == "rows"
        answers = response.json()["answers"]
        assert len(answers) == len(scenarios)
        for scenario, own in zip(scenarios, answers, strict=True):
            status, alone = quoted(found, scenario, targets)
            if status == 200:
                assert own == {key: alone[key] for key in ("quantities", "notices", "unanswered")}
            elif scenario != 5:  # a quote asks for an object or a text before it looks at it
                assert own == {"problem": alone}
            else:
                assert own["problem"]["errors"][0]["path"] == "scenario"


def test_columns_say_what_quotes_of_each_row_say(found):
    uses = [0.5, 0.6, 2, "70%", None, 0.0]
    asked = {
        "kind": "columns",
        "scenario": SCENARIO,
        "columns": {USE: uses},
        "targets": [NPV, COST],
    }
    answer = found.post(PATH, json=asked).json()
    assert answer["rows"] == len(uses)
    assert [one["row"] for one in answer["problems"]] == [2, 4]
    problem = answer["problems"][0]["problem"]
    assert problem["type"] == "urn:rackrate:problem:bad-input"
    assert problem["errors"][0]["path"] == f"columns.{USE}[2]"
    for row, use in enumerate(uses):
        revenue = {**SCENARIO["revenue"], USE: use}
        status, alone = quoted(found, {**SCENARIO, "revenue": revenue}, [NPV, COST])
        for target, column in answer["quantities"].items():
            if row in (2, 4):
                assert (column["values"][row], column["statuses"][row]) == (None, "refused")
                continue
            assert status == 200
            one = alone["quantities"][target]
            assert (column["values"][row], column["statuses"][row]) == (one["value"], one["status"])
            assert (column["unit"], column["description"]) == (one["unit"], one["description"])
    assert answer["quantities"][COST]["statuses"][5] != "ok"
    assert answer["basis"]["scenario"]["revenue"][USE] == 0.7


def test_columns_lie_over_a_shipped_scenario_and_its_overrides(found):
    over = {"finance": {"wacc_per_year": "8%"}}
    columns = {"kind": "columns", "columns": {USE: [0.5]}, "targets": [NPV]}
    answer = found.post(PATH, json={**columns, "scenario": SHIPPED, "overrides": over}).json()
    both = {**over, "revenue": {USE: 0.5}}
    alone = found.post(
        "/v1/quotes", json={"scenario": SHIPPED, "overrides": both, "targets": [NPV]}
    ).json()
    assert answer["quantities"][NPV]["values"] == [alone["quantities"][NPV]["value"]]


def test_messagepack_says_the_same(found):
    asked = examples.EXAMPLES["batch"]["columns"]
    packed = found.post(PATH, json=asked, headers={"accept": web.MSGPACK})
    assert msgspec.msgpack.decode(packed.content) == found.post(PATH, json=asked).json()


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({}, "kind"),
        ({"kind": "cells"}, "kind"),
        ({"kind": ["rows"]}, "kind"),
        ([], "body"),
        ({"kind": "rows"}, "scenarios"),
        ({"kind": "rows", "scenarios": []}, "scenarios"),
        ({"kind": "rows", "scenarios": [SHIPPED], "columns": {}}, "columns"),
        ({"kind": "columns", "scenario": SHIPPED}, "columns"),
        ({"kind": "columns", "scenario": SHIPPED, "columns": {}}, "columns"),
        ({"kind": "columns", "scenario": SHIPPED, "columns": {USE: 1}}, f"columns.{USE}"),
        ({"kind": "columns", "scenario": SHIPPED, "columns": {"use": [1]}}, "columns.use"),
        ({"kind": "columns", "scenario": "x", "columns": {USE: [1]}}, "scenario"),
    ],
)
def test_what_is_wrong_with_the_batch_itself(found, asked, path):
    details = web.problem(found.post(PATH, json=asked), 422, "bad-input")
    assert details["errors"][0]["path"] == path


def test_a_batch_has_so_many_scenarios_and_cells_and_no_more():
    rows = {"kind": "rows", "scenarios": [SHIPPED] * 3, "targets": [NPV, COST]}
    columns = {"kind": "columns", "scenario": SHIPPED, "columns": {USE: [0.1, 0.2, 0.3]}}
    with web.client(max_batch_scenarios=3, max_inline_cells=6) as client:
        assert client.post(PATH, json=rows).status_code == 200
        assert client.post(PATH, json=columns).status_code == 200
        many = [{**rows, "scenarios": [SHIPPED] * 4}, {**columns, "columns": {USE: [0.1] * 4}}]
        for asked in many:
            details = web.problem(client.post(PATH, json=asked), 413, "too-large")
            assert "4 scenarios in a batch" in details["detail"]
        more = {**rows, "targets": [NPV, COST, "moic"]}
        details = web.problem(client.post(PATH, json=more), 413, "too-large")
        assert details["errors"][0]["path"] == "targets"


def test_a_batch_stops_when_its_time_is_over():
    with web.client(max_seconds=1e-6) as hasty:
        rows = {"kind": "rows", "scenarios": [SHIPPED] * 2}
        assert "seconds" in hasty.post(PATH, json=rows).json()["detail"]
