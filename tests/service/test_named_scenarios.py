"""Scenarios as requests name them."""

import pytest
import web

from economics.scenario import catalog
from economics.vocabulary.problems import UnknownProblem
from service.web.components import REQUESTS
from service.web.named_scenarios import (
    MOST_VALUES,
    asked_scenario,
    scenario_names,
    shipped_scenario,
    tables_of,
)
from service.web.schema import ScenarioRequest


@pytest.fixture(scope="module")
def service():
    with web.client() as found:
        yield found


def test_a_name_stands_for_the_shipped_tables():
    assert tables_of("nvl72-neocloud") == shipped_scenario("nvl72-neocloud")
    assert "nvl72-neocloud" in scenario_names()
    with pytest.raises(UnknownProblem, match="nvl72-neocloud"):
        tables_of("nvl72-neoclout")


def test_a_null_is_not_stated():
    stated = {"a": None, "b": {"c": None, "d": [None, 1], "e": 0, "f": {}}}
    assert tables_of(stated) == {"b": {"d": [None, 1], "e": 0, "f": {}}}


def test_overrides_lie_over_the_scenario(service):
    """As `--set` does on the command line: a row fills, a null takes out, the same layer wins."""
    tariff = {"power": {"tariff": "us-california"}}
    over = {**tariff, "finance": {"wacc_per_year": "8%", "tax_rate": None}}
    asked = {"scenario": "reference-project", "overrides": over, "targets": ["npv_usd_per_rack"]}
    found = service.post("/v1/quotes", json=asked).json()
    assert found["scenario"]["finance"]["wacc_per_year"] == 0.08
    said = "power.tariff = us-california fills over what stood there:"
    assert found["notices"] == [f"{said} power.electricity_price_usd_per_kwh (0.08)"]
    both = {"power": {"tariff": "us-california", "electricity_price_usd_per_kwh": 0.1}}
    stated = service.post("/v1/quotes", json={**asked, "overrides": both}).json()
    assert stated["scenario"]["power"]["electricity_price_usd_per_kwh"] == 0.1
    assert stated["notices"] == []


def test_every_question_about_one_scenario_takes_them(service):
    for request in REQUESTS:
        assert {"overrides", "scenarios"} & {*request.__struct_fields__}
    asked = {
        "scenario": "reference-project",
        "overrides": {"revenue": {"utilisation": 70}},
        "target": "npv_usd_per_rack",
    }
    said = service.post("/v1/explain", json=asked).json()
    assert said["errors"][0]["path"] == "overrides.revenue.utilisation"
    assert 'did you mean 0.7 or "70%"?' in said["detail"]


@pytest.mark.parametrize("part", ["scenario", "overrides"])
def test_a_scenario_has_no_more_values_than_are_looked_into(service, part):
    body = {"scenario": "nvl72-neocloud", part: {"hardware": {"a": [{}] * MOST_VALUES}}}
    details = web.problem(service.post("/v1/quotes", json=body), 413, "too-large")
    assert details["errors"] == [
        {"path": part, "value": MOST_VALUES + 2, "expected": f"at most {MOST_VALUES} values"}
    ]


def test_a_shipped_scenario_is_checked_once_for_each_catalog(monkeypatch, tmp_path):
    asked = ScenarioRequest(scenario="nvl72-neocloud")
    kept = asked_scenario(asked)
    assert asked_scenario(asked) is kept
    changed = ScenarioRequest(scenario=asked.scenario, overrides={"power": {"pue": None}})
    assert asked_scenario(changed) is not kept
    monkeypatch.setenv(catalog.FOLDER, str(tmp_path))
    (tmp_path / "rentals.toml").write_text("[mine.revenue]\nrental_price_usd_per_gpu_hour = 2\n")
    anew = asked_scenario(asked)
    assert anew is not kept
    assert anew == kept
