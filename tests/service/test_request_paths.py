"""Problems name the field as the request has it: each route, each kind of mistake, all at once."""

import pytest
import web

from service.web.request_paths import path_in
from service.web.schema import QuoteRequest

OWN = "reference-project"
NPV = "npv_usd_per_rack"
USE = {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 1.0, "count": 3}
UNIFORM = {"kind": "uniform", "low": 0.5, "high": 0.6}
DRAWS = {"fields": {"utilisation": UNIFORM}, "count": 16}
LOW = {"kind": "uniform", "low": 0.5, "high": 0.4}
SOLVE = {"target": NPV, "value": 0, "unknown": "utilisation"}
LONG = ["x" * 1000] * 500


@pytest.fixture(scope="module")
def found():
    with web.client(backend="numpy") as client:
        yield client


@pytest.mark.parametrize(
    ("operation", "asked", "paths"),
    [
        ("quote", {"targets": [NPV, "irr_per_year", "npv_usd"]}, ["targets[2]"]),
        ("quote", {"targets": ["a", NPV, "b"]}, ["targets[0]", "targets[2]"]),
        ("quote", {"targets": [NPV, 3, {}]}, ["targets[1]", "targets[2]"]),
        ("quote", {"targets": [NPV, "book_value_usd_per_rack[99]"]}, ["targets[1]"]),
        ("quote", {"targets": "npv"}, ["targets"]),
        ("quote", {"scenario": "reference"}, ["scenario"]),
        ("quote", {"scenario": LONG}, ["scenario"]),
        ("quote", {"scenario": {"hardware": LONG}}, ["hardware"]),
        ("quote", {"scenario": {"hardware": {"gpu_per_rack": LONG}}}, ["hardware.gpu_per_rack"]),
        ("quote", {"more": LONG, "other": 1}, ["more", "other"]),
        (
            "quote",
            {"overrides": {"finance": {"wac": 1, "tax_rate": 2}}},
            ["overrides.finance.wac", "overrides.finance.tax_rate"],
        ),
        (
            "quote",
            {"overrides": {"revenue": {"price_path_usd_per_gpu_hour": [1, -1, 2, -2]}}},
            [f"overrides.revenue.price_path_usd_per_gpu_hour[{at}]" for at in (1, 3)],
        ),
        ("depreciation", {"targets": [NPV]}, ["targets"]),
        ("cashflow", {"scenario": {"model": "bill", "bill": {}}}, ["model"]),
        ("batch", {"kind": "cells"}, ["kind"]),
        (
            "batch",
            {"kind": "columns", "columns": {"utilisation": [0.5]}, "targets": [NPV, "a"]},
            ["targets[1]"],
        ),
        (
            "batch",
            {"kind": "columns", "columns": {"utl": [0.5], "pue": [1.2], "p": [1]}},
            ["columns.utl", "columns.p"],
        ),
        (
            "sweep",
            {"axes": [USE, {**USE, "field": "utl"}, {**USE, "field": "pue", "stop": 0}]},
            ["axes[1].field", "axes[2].stop"],
        ),
        (
            "sweep",
            {"axes": [{**USE, "count": 0, "start": "a"}, USE, {**USE, "stop": []}]},
            ["axes[0].start", "axes[0].count", "axes[2].stop"],
        ),
        (
            "sweep",
            {"axes": [USE], "targets": [NPV, "a"], "reduce": {"kind": "top", "target": "b"}},
            ["reduce.target", "targets[1]"],
        ),
        ("sweep", {"axes": [USE], "reduce": {"kind": "best"}}, ["reduce.kind"]),
        (
            "sweep",
            {"axes": [USE], "reduce": {"kind": "share", "condition": "a < 1"}},
            ["reduce.condition"],
        ),
        (
            "simulate",
            {"draws": DRAWS, "targets": [NPV, "a"], "conditions": ["b > 0", f"{NPV} > 0"]},
            ["targets[1]", "conditions[0]"],
        ),
        (
            "simulate",
            {"draws": DRAWS, "conditions": ["b", f"{NPV} > 0", "c"]},
            ["conditions[0]", "conditions[2]"],
        ),
        (
            "simulate",
            {"draws": {"fields": {"pue": LOW, "utilisation": LOW}}},
            ["draws.fields.pue.high", "draws.fields.utilisation.high"],
        ),
        ("sensitivity", {"target": "npv"}, ["target"]),
        (
            "sensitivity",
            {"target": NPV, "by_fraction": 2, "backend": 3},
            ["by_fraction", "backend"],
        ),
        ("solve", {**SOLVE, "target": "npv"}, ["target"]),
        ("solve", {**SOLVE, "unknown": "utl"}, ["unknown"]),
        ("solve", {**SOLVE, "value": "a", "between": ["b", 1]}, ["value", "between[0]"]),
        ("explain", {"target": "npv"}, ["target"]),
        ("explain", {"target": NPV, "depth": -1}, ["depth"]),
        (
            "compare",
            {"scenarios": [OWN, OWN], "targets": [NPV, "a", "b"]},
            ["targets[1]", "targets[2]"],
        ),
        ("compare", {"scenarios": [OWN, "a", "b"]}, ["scenarios[1]", "scenarios[2]"]),
        ("compare", {"scenarios": [OWN, {"scenario": "a"}]}, ["scenarios[1].scenario"]),
        (
            "compare",
            {"scenarios": [OWN, {"hardware": {"gpus": 8}}, {"finance": {"w": 1}}]},
            ["scenarios[1].hardware.gpus", "scenarios[2].finance.w"],
        ),
        ("compare", {"scenarios": [OWN, OWN], "bridge": "npv"}, ["bridge"]),
    ],
)
def test_each_field_at_fault_is_named_as_the_request_has_it(found, operation, asked, paths):
    whole = asked if "scenarios" in asked else {"scenario": OWN, **asked}
    answer = found.post(web.PATHS[operation], json=whole)
    details = web.problem(answer, 422, "bad-input")
    assert [one["path"] for one in details["errors"]] == paths
    assert len(answer.content) < 2000


def test_a_row_of_a_batch_says_what_its_own_question_would(found):
    asked = {"kind": "rows", "scenarios": [OWN, "a"], "targets": [NPV, "b"]}
    first, second = found.post(web.PATHS["batch"], json=asked).json()["answers"]
    assert [one["path"] for one in first["problem"]["errors"]] == ["targets[1]"]
    assert [one["path"] for one in second["problem"]["errors"]] == ["scenario"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/catalog/a", "kind"),
        ("/v1/catalog/a/a", "kind"),
        ("/v1/catalog/accelerators/h1000", "row"),
        ("/v1/scenarios/a", "name"),
    ],
)
def test_a_path_names_its_part_at_fault(found, path, name):
    details = web.problem(found.get(path), 404, "not-there")
    assert [one["path"] for one in details["errors"]] == [name]


def test_what_no_request_states_stays_where_it_was_found():
    asked = QuoteRequest(scenario="a", targets=("b",), overrides={"finance": {"c": 1}})
    assert path_in(asked, "targets", "d") == "targets"
    assert path_in(asked, "finance.d", 1) == "finance.d"
    assert path_in(None, "targets", "b") == "targets"
    assert path_in(asked, "finance.c", 1) == "overrides.finance.c"
