"""Cells as lists."""

import msgspec
import web

import economics
from service.files.cells import cells, frontier, values_of
from service.files.frames import as_json, frame

SPEC = {
    "scenario": "",
    "axes": [
        {"kind": "values", "field": "utilisation", "values": [0.0, 0.6]},
        {
            "kind": "rows",
            "name": "market",
            "fields": {"rental_price_usd_per_gpu_hour": [1.0, 3.0]},
            "labels": ["low", "high"],
        },
    ],
    "targets": ["cost_usd_per_gpu_hour", "npv_usd_per_rack"],
}


def table():
    from racks import reference

    return economics.sweep({**SPEC, "scenario": reference()})


def test_a_table_is_the_same_as_in_a_file():
    assert msgspec.json.decode(msgspec.json.encode(cells(table()))) == msgspec.json.decode(
        as_json(table())
    )


def test_a_cell_without_a_value_is_none_and_says_why():
    found = cells(table()).columns
    assert found["cost_usd_per_gpu_hour"].values[:2] == [None, None]
    assert all(isinstance(value, float) for value in found["cost_usd_per_gpu_hour"].values[2:])
    statuses = found["cost_usd_per_gpu_hour_status"].values
    assert statuses[0] not in (None, "ok")
    assert statuses[2:] == ["ok", "ok"]
    assert "npv_usd_per_rack_status" not in found


def test_labels_are_words():
    assert values_of(table().columns["market"]) == ["low", "high", "low", "high"]


def test_over_http():
    from racks import reference

    with web.client() as client:
        answer = client.post("/v1/sweeps", json={**SPEC, "scenario": reference()}).json()
    assert answer == msgspec.json.decode(as_json(table()))


def test_a_frontier_has_the_types_that_it_was_computed_with():
    """Whichever of the statuses it has."""
    from racks import reference

    spec = {**SPEC, "scenario": reference(), "targets": ["npv_usd_per_rack"]}
    found = economics.sweep({**spec, "reduce": {"kind": "frontier", "field": "utilisation"}})
    again = frontier(as_json(found))
    assert frame(again).schema == frame(found).schema
    assert frame(again).equals(frame(found))
