"""What there is to ask about."""

import pytest
import web

from economics.scenario import catalog
from service.files.reading import shipped_names, shipped_tables


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def test_the_catalog_leads_to_every_row_with_its_source(found):
    kinds = found.get("/v1/catalog").json()
    assert set(kinds) == set(catalog.KINDS)
    for kind, rows in kinds.items():
        assert list(found.get(f"/v1/catalog/{kind}").json()) == rows
        for row in rows:
            assert found.get(f"/v1/catalog/{kind}/{row}").json() == catalog.row(kind, row)
    load = found.get("/v1/catalog/accelerators/hgx-b200").json()["hardware"]["it_load_kw_per_rack"]
    assert {"value", "source", "as_of"} <= set(load)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/catalog/gpus",
        "/v1/catalog/accelerators/h1000",
        "/v1/catalog/..%2f/x",
        "/v1/scenarios/none",
        "/v1/sweeps/none",
        "/v1/scenarios/..%2F..%2Fetc",
    ],
)
def test_what_is_not_there_is_not_there(found, path):
    web.problem(found.get(path), 404, "not-there")


def test_near_names_are_told(found):
    details = web.problem(found.get("/v1/scenarios/nvl72-neoclod"), 404, "not-there")
    assert "nvl72-neocloud" in details["detail"]


def test_a_shipped_scenario_can_be_sent_back(found):
    for name in found.get("/v1/scenarios").json():
        tables = found.get(f"/v1/scenarios/{name}").json()
        asked = [
            found.post("/v1/quotes", json={"scenario": one, "targets": ["npv_usd_per_rack"]}).json()
            for one in (name, tables)
        ]
        assert asked[0] == asked[1]
    assert found.get("/v1/scenarios").json() == list(shipped_names("scenarios"))


def test_a_shipped_sweep_can_be_looked_at(found):
    (name,) = found.get("/v1/sweeps").json()
    parts = found.get(f"/v1/sweeps/{name}").json()
    assert parts["axes"] == shipped_tables("sweeps", name)["axes"]


def test_quantities_and_fields(found):
    answer = found.get("/v1/quantities").json()
    assert answer["quantities"]["npv_usd_per_rack"]["unit"] == "usd/rack"
    assert answer["fields"]["wacc_per_year"][0]["path"] == "finance.wacc_per_year"
