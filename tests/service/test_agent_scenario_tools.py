"""What agents are told of scenarios."""

import json
from copy import deepcopy

import pytest

import economics
from economics import Problem
from service.settings import Settings
from service.web.agents import scenario_tools
from service.web.agents.answering import MOST_BYTES, run_tool
from service.web.examples import NPV, PRICES, SCENARIO, SHIPPED, USE
from service.web.named_scenarios import shipped_scenario
from service.web.problems import TooLarge

UNPRICED = {
    "hardware": SCENARIO["hardware"],
    "facility": SCENARIO["facility"],
    "power": SCENARIO["power"],
    "finance": SCENARIO["finance"],
    "revenue": {"utilisation": 0.7},
}


def tell(name, settings=None, **arguments):
    answer = run_tool(name, arguments, "", settings or Settings(), lambda *_: None)
    return json.loads(answer, parse_constant=pytest.fail)


def test_a_quote_is_the_librarys_with_what_it_rests_on():
    told, whole = tell("quote", scenario=SHIPPED), economics.quote(shipped_scenario(SHIPPED))
    assert told["quantities"].keys() == whole.quantities.keys()
    for name, one in whole.quantities.items():
        assert told["quantities"][name].items() >= {"unit": one.unit, "status": one.status}.items()
    assert told["notices"] == list(whole.notices)
    assert len(told["inputs_hash"]) == 32
    assert "scenario" not in told


def test_what_no_price_is_stated_for_is_unanswered():
    told = tell("quote", scenario=UNPRICED)
    assert told["unanswered"][NPV] == ["revenue.rental_price_usd_per_gpu_hour"]
    assert NPV not in told["quantities"]
    assert any("not answered without revenue.rental_price" in one for one in told["notices"])


def test_a_number_without_a_value_is_null_and_says_why():
    told = tell("quote", scenario="reference-project", targets=["min_dscr"])
    assert told["quantities"]["min_dscr"]["value"] is None
    assert told["quantities"]["min_dscr"]["status"] == "no_debt"


def test_a_derivation_is_told_level_by_level_and_says_what_is_left_out():
    told = tell("explain", scenario=SHIPPED, target=NPV)
    steps = {one["name"]: one for one in told["steps"]}
    assert told["steps"][0]["name"] == NPV
    assert len(steps) == len(told["steps"]) <= scenario_tools.MOST_STEPS
    assert all(one["unit"] and one["status"] and one["description"] for one in steps.values())
    assert told["left_out"] > 0
    assert "explain one of the inputs" in told["note"]
    for name in steps[NPV]["inputs"]:
        assert name in steps
    deep = tell("explain", scenario=SHIPPED, target=NPV, depth=100)
    assert len(deep["steps"]) == scenario_tools.MOST_STEPS
    assert deep["left_out"] + len(deep["steps"]) == told["left_out"] + len(steps)


def test_a_short_derivation_is_told_in_full_with_its_sources():
    told = tell("explain", scenario=SHIPPED, target="it_capex_usd_per_rack", depth=9)
    assert (told["left_out"], told["note"]) == (0, "all of the derivation is told")
    sourced = [one for one in told["steps"] if "source" in one]
    assert sourced
    assert all(one["source"]["source"] for one in sourced)


def test_lists_by_period_are_cut_and_say_so():
    monthly = {"finance": {"periods_per_year": 12}}
    told = tell("explain", scenario="reference-project", overrides=monthly, target=NPV)
    cut = [one for one in told["steps"] if len(one.get("values", ())) == 24]
    assert cut
    assert all("(the first 24 of " in one["description"] for one in cut)


def test_a_solution_says_its_status():
    asked = {"scenario": SCENARIO, "target": NPV, "unknown": PRICES["field"]}
    (root,) = tell("solve", **asked, value=0, between=[0, 20])["roots"]
    assert root == pytest.approx(economics.solve(SCENARIO, NPV, 0, PRICES["field"]).roots[0])
    told = tell("solve", **asked, value=1e12, between=[0, 20])
    assert (told["status"], told["roots"]) == ("no_root", [])
    assert told["reason"].startswith(NPV)
    assert (told["unit"], told["target_unit"]) == ("usd/(gpu hour)", "usd/rack")


def test_scenarios_that_state_everything_are_put_in_order_of_their_values_and_no_more():
    told = tell("compare", scenarios=["hgx-h100", "hgx-h200"])
    assert told["order"]["it_capex_usd_per_rack"] == ["hgx-h100", "hgx-h200"]
    assert (told["missing"], told["taken_as_zero"]) == ({}, {})
    assert not {"winner", "best", "ranking"} & set(json.dumps(told).lower().split('"'))
    assert told["outputs"][NPV]["statuses"] == ["ok", "ok"]
    assert {one["path"] for one in told["inputs"]} >= {f"revenue.{PRICES['field']}"}


@pytest.mark.parametrize("targets", [None, [NPV, "it_capex_usd_per_rack"]])
def test_no_order_is_named_where_a_price_is_missing(targets):
    told = tell("compare", scenarios=["hgx-h100", UNPRICED], targets=targets)
    assert told["order"] == {}
    assert told["missing"] == {"B": ["revenue.rental_price_usd_per_gpu_hour"]}
    assert told["no_order"].startswith(
        "no scenario is put before another: B does not state revenue"
    )
    assert NPV in told["unanswered"]
    assert told["outputs"]["it_capex_usd_per_rack"]["values"][1] == 4e6


def test_no_order_is_named_where_an_amount_that_another_states_is_taken_as_zero():
    dear = deepcopy(SCENARIO)
    dear["hardware"]["network_price_usd_per_gpu"] = 5000
    told = tell("compare", scenarios=[SCENARIO, dear], targets=["it_capex_usd_per_rack"])
    assert told["order"] == {}
    assert told["taken_as_zero"] == {"A": ["hardware.network_price_usd_per_gpu"]}
    assert "0 is taken" in told["no_order"]
    stated = deepcopy(SCENARIO)
    stated["hardware"]["network_price_usd_per_gpu"] = 0
    told = tell("compare", scenarios=[stated, dear], targets=["it_capex_usd_per_rack"])
    assert told["order"] == {"it_capex_usd_per_rack": ["A", "B"]}


def test_a_target_without_a_value_in_one_has_no_order():
    lent = deepcopy(SCENARIO)
    lent["finance"] |= {"debt_fraction": 0.5, "debt_rate_per_year": 0.08}
    told = tell("compare", scenarios=[SCENARIO, lent], targets=["min_dscr", "wacc_per_year"])
    assert "min_dscr" not in told["order"]
    assert told["no_order"] == "no value, so no order: min_dscr in A (no_debt)"
    assert told["outputs"]["min_dscr"]["statuses"] == ["no_debt", "ok"]


def test_what_cannot_be_compared_is_told_by_its_path():
    for scenarios, path in (
        (["hgx-h100", "hgx-h20"], "scenarios[1]"),
        (["hgx-h100", {"finance": {"tax_rate": 2}}], "scenarios[1].finance.tax_rate"),
        (["hgx-h100", "qts-lease"], "scenarios"),
    ):
        with pytest.raises(Problem) as caught:
            tell("compare", scenarios=scenarios)
        assert caught.value.where == path


def test_a_sweep_is_told_reduced_and_its_cells_never():
    asked = {"scenario": SHIPPED, "axes": [PRICES, USE], "targets": [NPV]}
    told = tell("sweep", **asked, reduce={"kind": "summary"})
    assert told["cells"] == 21
    assert told["targets"][NPV]["unit"] == "usd/rack"
    for reduce in ({}, {"reduce": {"kind": "cells"}}, {"reduce": {"kind": "sumary"}}):
        with pytest.raises(Problem) as caught:
            tell("sweep", **asked, **reduce)
        assert caught.value.where in ("reduce", "reduce.kind")


def test_a_frontier_is_told_as_rows_with_units_and_statuses():
    told = tell(
        "sweep",
        scenario=SCENARIO,
        axes=[{**PRICES, "start": 0.5}, {**USE, "values": [0.1, 0.5, 1.0]}],
        reduce={"kind": "frontier", "field": USE["field"], "target": NPV},
    )
    assert told["kind"] == "frontier"
    assert len(told["rows"]) == 7
    for row in told["rows"]:
        status = row["utilisation_status"]
        assert (row["utilisation"] is None) == (status != "ok")
    assert told["units"]["utilisation"] == "1"
    assert {one["name"] for one in told["axes"]} == {PRICES["field"], USE["field"]}


def test_an_answer_that_no_agent_could_read_is_refused_with_what_to_do():
    asked = {"scenario": SHIPPED, "axes": [{**PRICES, "count": 5000}], "targets": [NPV]}
    with pytest.raises(TooLarge, match=rf"at most {MOST_BYTES} are told to agents: ask for less"):
        tell("sweep", **asked, reduce={"kind": "top", "count": 5000})
    few = Settings(max_sweep_cells=100)
    with pytest.raises(TooLarge, match="at most 100 are given"):
        tell("sweep", few, **asked, reduce={"kind": "summary"})
