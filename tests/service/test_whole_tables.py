"""Columns as they come from a service."""

import msgspec

import rackrate
from economics.sweeps.batch import batch as computed
from service.client.whole_tables import batch, table
from service.files.cells import cells

USED = {"kind": "values", "field": "utilisation", "values": [0.5, 1.0]}
UNIFORM = {"kind": "uniform", "low": 0.0, "high": 0.2}


def test_tables_keep_whole_numbers_words_and_gaps():
    draws = {"kind": "draws", "name": "draw", "count": 2, "fields": {"wacc_per_year": UNIFORM}}
    here = rackrate.sweep("hgx-h100", [draws, USED], ["irr_per_year"])
    there = table(msgspec.json.encode(cells(here)))
    for name, column in here.columns.items():
        assert there.columns[name].values.shape == here.shape
        assert there.columns[name].values.dtype.kind == column.values.dtype.kind
    assert cells(there) == cells(here)


def test_a_batch_has_the_problems_of_its_rows():
    here = computed(rackrate.scenario("hgx-h100"), {"utilisation": [0.5]}, ["npv_usd_per_rack"])
    error = {"path": "columns.utilisation[1]", "value": 2, "expected": "at most 1"}
    told = {"type": "urn:rackrate:problem:bad-input", "status": 422, "detail": "x"}
    problems = [{"row": 1, "problem": {**told, "errors": [error]}}]
    body = {
        "kind": "columns",
        "rows": 2,
        "quantities": here.quantities,
        "problems": problems,
        "unanswered": {},
        "basis": here.basis,
    }
    there = batch(msgspec.json.encode(body))
    assert there.quantities == here.quantities
    assert there.basis == here.basis
    assert there.problems[1].where == "columns.utilisation[1]"
