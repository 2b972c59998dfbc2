"""Models without a rack over HTTP: the same endpoints, the same answers, errors that name the
model.
"""

import pytest
import web

import economics
from service.files.reading import shipped_names, shipped_tables

OTHERS = [
    name
    for name in shipped_names("scenarios")
    if shipped_tables("scenarios", name).get("model", "rack") != "rack"
]
BILL = {
    "model": "bill",
    "bill": {
        "bill_usd_per_year": 4e9,
        "bill_price_usd_per_gpu_hour": 1.3,
        "list_price_usd_per_gpu_hour": 3.4,
    },
}


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize("name", OTHERS)
def test_a_quote_is_the_librarys(found, name):
    answer = found.post("/v1/quotes", json={"scenario": name}).json()
    expected = economics.quote(shipped_tables("scenarios", name))
    assert list(answer["quantities"]) == list(expected.quantities)
    for target, one in expected.quantities.items():
        assert answer["quantities"][target].get("value") == (
            one.value if isinstance(one.value, float | int) else None
        )
    assert answer["scenario"]["model"] == shipped_tables("scenarios", name)["model"]


def test_sweep_solve_explain_and_compare(found):
    axis = {"kind": "values", "field": "list_price_usd_per_gpu_hour", "values": [3.4, 4.0]}
    swept = found.post(
        "/v1/sweeps", json={"scenario": BILL, "axes": [axis], "targets": ["list_bill_usd_per_year"]}
    ).json()
    assert swept["columns"]["list_bill_usd_per_year"]["values"] == pytest.approx(
        [10.4615e9, 12.3077e9], rel=1e-4
    )
    asked = {
        "target": "list_bill_usd_per_year",
        "value": 6e9,
        "unknown": "list_price_usd_per_gpu_hour",
        "between": [0, 10],
    }
    assert found.post("/v1/solve", json={"scenario": BILL, **asked}).json()[
        "roots"
    ] == pytest.approx([1.95])
    explained = found.post("/v1/explain", json={"scenario": BILL, "target": "fleet_gpu"}).json()
    assert explained["formula"] == "gpu_hour_per_year / hour_per_year"


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        (
            "/v1/quotes",
            {"scenario": BILL, "targets": ["npv_usd_per_rack"]},
            'quantity of model = "bill"',
        ),
        ("/v1/quotes", {"scenario": {**BILL, "hardware": {}}}, '(model = "bill")'),
        ("/v1/quotes", {"scenario": {"model": "bil"}}, "did you mean bill?"),
        (
            "/v1/depreciation",
            {"scenario": BILL},
            "expected rack or lease or program for depreciate; quote answers this one",
        ),
        (
            "/v1/cashflows",
            {"scenario": "hyperscaler-vintages"},
            "rack or lease or commitments for cashflow; quote answers",
        ),
    ],
)
def test_what_belongs_to_another_model_is_bad_input(found, path, asked, said):
    answer = found.post(path, json=asked)
    assert answer.status_code == 422
    assert said in answer.text.replace('\\"', '"')


def test_every_model_may_be_sent(found):
    schemas = found.get("/schema/openapi.json").json()["components"]["schemas"]
    sent = {
        one["$ref"].rsplit("/", 1)[1]
        for one in schemas["QuoteRequest"]["properties"]["scenario"]["anyOf"]
    }
    assert sent - {"ScenarioName"} == {
        f"Stated{name}Scenario"
        for name in ("", "Lease", "Program", "Commitments", "Bill", "Margin")
    }
    assert "model" in schemas["StatedBillScenario"]["required"]
    assert "model" not in schemas["StatedScenario"]["required"]
