"""Solve and explain over HTTP."""

import pytest
import web

from service.web import examples

NPV = "npv_usd_per_rack"


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def test_a_root_gives_the_target(found):
    asked = {"scenario": examples.SCENARIO, "target": NPV, "value": 0, "unknown": "utilisation"}
    (root,) = found.post("/v1/solve", json=asked).json()["roots"]
    scenario = {
        **examples.SCENARIO,
        "revenue": {"rental_price_usd_per_gpu_hour": 3.5, "utilisation": root},
    }
    answer = found.post("/v1/quotes", json={"scenario": scenario, "targets": [NPV]}).json()
    assert answer["quantities"][NPV]["value"] == pytest.approx(0.0, abs=1e-3)


def test_no_root_is_an_answer(found):
    asked = {"scenario": examples.SCENARIO, "target": NPV, "value": 1e12, "unknown": "utilisation"}
    answer = found.post("/v1/solve", json=asked)
    assert answer.status_code == 200
    assert answer.json()["roots"] == answer.json()["stretches"] == []
    assert answer.json()["reason"].startswith("npv_usd_per_rack goes from -")


def test_an_answer_says_what_the_target_takes_over_the_bracket(found):
    asked = {
        "scenario": examples.SCENARIO,
        "target": "breakeven_utilisation",
        "value": 0.95,
        "unknown": "rental_price_usd_per_gpu_hour",
    }
    answer = found.post("/v1/solve", json=asked).json()
    assert len(answer["roots"]) == 1
    assert answer["reason"] is None
    assert answer["statuses"][-1]["status"] == "ok"
    assert answer["reach"][1] == pytest.approx(1.0)
    given = found.post("/v1/solve", json={**asked, "unknown": "given.it_capex_usd_per_rack"})
    assert len(given.json()["roots"]) == 1


def test_a_target_without_a_value_is_no_answer(found):
    scenario = {
        **examples.SCENARIO,
        "revenue": {"rental_price_usd_per_gpu_hour": 3.5, "utilisation": 0.0},
    }
    asked = {"scenario": scenario, "target": "cost_usd_per_gpu_hour", "value": 1, "unknown": "pue"}
    web.problem(found.post("/v1/solve", json=asked), 422, "no-answer")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"unknown": "rack_count"}, "unknown"),
        ({"between": [3, 2]}, "between"),
        ({"target": "book_value_usd_per_rack"}, "target"),
        ({"target": "npv"}, "target"),
        ({"unknown": "given.it_capex_usd_per_rak"}, "unknown"),
        ({"value": None}, "value"),
    ],
)
def test_a_bad_question_says_where(found, more, path):
    asked = {"scenario": examples.SCENARIO, "target": NPV, "value": 0, "unknown": "pue", **more}
    assert (
        web.problem(found.post("/v1/solve", json=asked), 422, "bad-input")["errors"][0]["path"]
        == path
    )


def test_an_explanation_goes_as_deep_as_asked(found):
    asked = {"scenario": examples.SCENARIO, "target": "cost_usd_per_gpu_hour"}
    shallow, whole = (
        found.post("/v1/explain", json={**asked, **more}).json() for more in ({"depth": 1}, {})
    )
    assert shallow["value"] == whole["value"]
    assert all("inputs" not in one for one in shallow["inputs"])
    assert len(str(whole)) > len(str(shallow))
    web.problem(found.post("/v1/explain", json={**asked, "depth": -1}), 422, "bad-input")


def test_a_comparison_is_the_librarys(found):
    asked = {"scenarios": ["hgx-h100", "hgx-h200", examples.SCENARIO], "targets": [NPV]}
    answer = found.post("/v1/comparisons", json=asked).json()
    assert answer["names"] == ["hgx-h100", "hgx-h200", "C"]
    for bridge in answer["bridges"]:
        changes = [one["change"] for one in bridge["changes"]]
        assert sum(changes) == pytest.approx(bridge["at_end"] - bridge["at_start"], rel=1e-9)
    assert [one["value"] for one in answer["outputs"][NPV]][1] == answer["bridges"][0]["at_end"]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"scenarios": ["hgx-h100"]}, "scenarios"),
        ({"scenarios": ["hgx-h100", "hgx-h20"]}, "scenarios[1]"),
        (
            {"scenarios": ["hgx-h100", {"finance": {"tax_rate": 2}}]},
            "scenarios[1].finance.tax_rate",
        ),
        ({"scenarios": ["hgx-h100", "hgx-h200"], "bridge": "npv"}, "bridge"),
    ],
)
def test_what_cannot_be_compared_is_told_by_its_path(found, asked, path):
    assert (
        web.problem(found.post("/v1/comparisons", json=asked), 422, "bad-input")["errors"][0][
            "path"
        ]
        == path
    )


def test_scenarios_that_sell_other_things_are_compared_by_what_both_have(found):
    answer = found.post("/v1/comparisons", json={"scenarios": ["oracle-abilene", "o1-tokens"]})
    assert answer.status_code == 200
    assert NPV in answer.json()["outputs"]
