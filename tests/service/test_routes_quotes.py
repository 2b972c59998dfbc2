"""Quotes, depreciation and cash flows over HTTP."""

import msgspec
import pytest
import web
from racks import reference

import economics
from economics import scenario
from economics.questions.ready_made import ready
from service.__main__ import main
from service.web import direct, examples
from service.web.routes.quotes import INLINE_PERIODS

READY_MADE = {
    "/v1/breakeven": "breakeven",
    "/v1/depreciation": "depreciate",
    "/v1/cashflows": "cashflow",
}


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize(
    ("command", "path"),
    [("quote", "/v1/quotes"), ("depreciate", "/v1/depreciation"), ("cashflow", "/v1/cashflows")],
)
@pytest.mark.parametrize(
    "name", ["nvl72-neocloud", "reference-project", "suncatcher", "crusoe-abilene"]
)
def test_the_command_line_says_the_same(found, command, path, name, capsys):
    assert main([command, name, "--json"]) in (0, None)
    over_http = found.post(path, json={"scenario": name})
    assert over_http.text.strip() == capsys.readouterr().out.strip()


def test_only_what_is_asked_is_answered(found):
    answer = found.post(
        "/v1/quotes",
        json={
            "scenario": examples.SCENARIO,
            "targets": ["npv_usd_per_rack", "book_value_usd_per_rack"],
        },
    ).json()
    assert list(answer["quantities"]) == ["npv_usd_per_rack", "book_value_usd_per_rack"]
    assert answer["quantities"]["book_value_usd_per_rack"]["index"] == [0, 1, 2, 3, 4, 5]
    assert answer["scenario"]["power"]["electricity_price_usd_per_kwh"] == 0.08


def test_the_roots_of_an_irr_are_listed(found):
    loan = {"debt_fraction": 1, "debt_rate_per_year": 0.08}
    tables = reference(finance=loan, revenue={"price_decline_per_year": 0.25})
    answer = found.post(
        "/v1/quotes", json={"scenario": tables, "targets": ["irr_per_year", "equity_irr_per_year"]}
    ).json()["quantities"]
    (of_equity,), (own,) = (
        answer[name]["roots"] for name in ("equity_irr_per_year", "irr_per_year")
    )
    assert (answer["equity_irr_per_year"]["status"], of_equity["npv"]) == ("borrowing", "rises")
    assert own == {"rate_per_year": answer["irr_per_year"]["value"], "npv": "falls"}


def test_a_missing_value_is_null_with_a_reason(found):
    scenario = {
        **examples.SCENARIO,
        "revenue": {"rental_price_usd_per_gpu_hour": 3.5, "utilisation": 0.0},
    }
    one = found.post(
        "/v1/quotes", json={"scenario": scenario, "targets": ["cost_usd_per_gpu_hour"]}
    ).json()["quantities"]["cost_usd_per_gpu_hour"]
    assert one["value"] is None
    assert one["status"] != "ok"


def test_ready_made_questions(found):
    record = scenario(examples.SCENARIO).scenario
    for path, question in READY_MADE.items():
        answer = found.post(path, json={"scenario": examples.SCENARIO}).json()
        assert tuple(answer["quantities"]) == ready(question, record)
        assert answer["unanswered"] == {}


def test_a_cash_flow_says_what_its_totals_are_the_sums_of(found):
    answer = found.post("/v1/cashflows", json={"scenario": examples.SCENARIO}).json()
    assert answer["sums"]["project_flow_usd_per_rack_by_year"] == {
        "flow_before_tax_usd_per_rack_by_year": 1.0,
        "unlevered_tax_usd_per_rack_by_year": -1.0,
    }
    assert {line for lines in answer["sums"].values() for line in lines} < {*answer["quantities"]}


@pytest.mark.parametrize("path", ["/v1/quotes", *READY_MADE])
def test_what_a_scenario_states_too_little_for_is_said(found, path):
    revenue = {"kind": "rental", "utilisation": 0.7}
    answer = found.post(path, json={"scenario": reference() | {"revenue": revenue}}).json()
    price = "revenue.rental_price_usd_per_gpu_hour"
    assert answer["quantities"]
    assert {*map(tuple, answer["unanswered"].values())} == {(price,)}
    assert any(one.startswith(f"not answered without {price}: ") for one in answer["notices"])


def test_an_unknown_target_has_near_matches(found):
    details = web.problem(
        found.post(
            "/v1/quotes", json={"scenario": examples.SCENARIO, "targets": ["npv_usd_per_rak"]}
        ),
        422,
        "bad-input",
    )
    assert details["errors"][0]["path"] == "targets[0]"
    assert "npv_usd_per_rack" in details["detail"]


@pytest.mark.parametrize(("periods_per_year", "inline"), [(1, True), (12, True), (12, False)])
def test_long_lives_go_to_a_worker_process(found, monkeypatch, periods_per_year, inline):
    life = 5 if inline else INLINE_PERIODS
    tables = reference(
        finance={"periods_per_year": periods_per_year}, hardware={"economic_life_years": life}
    )
    plain, here = direct.written, []

    def noted(*arguments):
        here.append(arguments)
        return plain(*arguments)

    monkeypatch.setattr(direct, "written", noted)
    answer = found.post("/v1/quotes", json={"scenario": tables, "targets": ["npv_usd_per_rack"]})
    assert answer.content == msgspec.json.encode(economics.quote(tables, ["npv_usd_per_rack"]))
    assert bool(here) == inline
