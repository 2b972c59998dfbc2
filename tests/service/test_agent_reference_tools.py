"""What agents are told of what there is."""

import json

import pytest

from economics.models.registry import MODELS
from economics.scenario import catalog
from economics.vocabulary.problems import UnknownProblem
from service.settings import Settings
from service.web.agents.answering import run_tool
from service.web.named_scenarios import scenario_names, shipped_scenario


def tell(tool, /, **arguments):
    answer = run_tool(tool, arguments, "http://localhost", Settings(), lambda *_: None)
    return json.loads(answer, parse_constant=pytest.fail)


def test_every_shipped_scenario_is_listed_with_its_model_and_date():
    told = tell("list_scenarios")
    assert tuple(one["name"] for one in told["scenarios"]) == scenario_names()
    assert {one["model"] for one in told["scenarios"]} == set(MODELS)
    assert all(one["about"] and one["as_of"] for one in told["scenarios"])
    assert "tables" not in told


def test_one_is_told_with_its_tables_and_a_wrong_name_with_near_ones():
    told = tell("list_scenarios", name="hgx-h100")
    assert told["tables"] == json.loads(json.dumps(shipped_scenario("hgx-h100")))
    with pytest.raises(UnknownProblem, match="did you mean hgx-h100") as caught:
        tell("list_scenarios", name="hgxh100")
    assert caught.value.where == "name"


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("gb200", "accelerators", "gb200-nvl72"),
        ("NVIDA GB300 rack", "accelerators", "gb300-nvl72"),
        ("electricty texas", "electricity", "us-texas"),
        ("h100 rental price", "rentals", "h100-3-year"),
        ("orbit", "facilities", "orbital-starlink-v2-mini"),
    ],
)
def test_rows_are_found_in_any_spelling_with_source_and_date(query, kind, name):
    first, *_ = tell("search_catalog", query=query)["rows"]
    assert (first["kind"], first["name"]) == (kind, name)
    assert first["link"] == f"http://localhost/v1/catalog/{kind}/{name}"
    assert first["stated_at"] in {path for _, path, _ in catalog.ROWS}
    numbers = [one for one in first["figures"].values() if not isinstance(one["value"], str)]
    assert numbers
    assert all(one["source"] and one["as_of"] and one["unit"] for one in numbers)


def test_a_kind_narrows_and_what_is_left_out_is_counted():
    told = tell("search_catalog", query="us", kind="electricity", limit=2)
    assert len(told["rows"]) == 2
    assert {one["kind"] for one in told["rows"]} == {"electricity"}
    assert told["left_out"] > 10
    assert tell("search_catalog", query="zzzz")["rows"] == []
    with pytest.raises(UnknownProblem, match="did you mean accelerators"):
        tell("search_catalog", query="us", kind="acelerators")


def test_rows_of_ones_own_are_found(tmp_path, monkeypatch):
    (tmp_path / "rentals-mine.toml").write_text(
        '[zephyr-1]\ndescription = "Zephyr, on demand"\n[zephyr-1.revenue]\n'
        'rental_price_usd_per_gpu_hour = { value = 1.5, source = "mine", as_of = "2026" }\n'
    )
    monkeypatch.setenv("RACKRATE_CATALOG", str(tmp_path))
    (row,) = tell("search_catalog", query="zephir")["rows"]
    assert row["name"] == "zephyr-1"


@pytest.mark.parametrize(
    ("query", "quantity"),
    [
        ("brek even utilisaton", "breakeven_utilisation"),
        ("levelized cost of compute", "lcoc_usd_per_gpu_hour"),
        ("IRR", "irr_per_year"),
        ("book value", "book_value_usd_per_rack"),
    ],
)
def test_quantities_are_found_in_any_spelling(query, quantity):
    told = tell("search_quantities", query=query)
    assert quantity in [one["name"] for one in told["quantities"]][:3]
    assert all(one["unit"] and one["description"] for one in told["quantities"])


def test_fields_are_found_with_path_bounds_and_default():
    told = tell("search_quantities", query="wacc", limit=1)
    field = next(one for one in told["fields"] if one["path"] == "finance.wacc_per_year")
    assert field["unit"] == "1/year"
    assert field["schema"]
    assert len({one["path"].rpartition(".")[2] for one in told["fields"]}) == 1


def test_a_search_is_the_same_every_time():
    asked = {"query": "price", "limit": 20}
    assert tell("search_quantities", **asked) == tell("search_quantities", **asked)
