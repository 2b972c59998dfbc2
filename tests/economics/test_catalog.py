"""Rows of sourced figures."""

import pytest

from economics import Problem, scenario
from economics.scenario import catalog
from economics.scenario.catalog import ROWS
from economics.scenario.fields import field_paths
from economics.vocabulary.problems import UnknownProblem
from service.files.reading import shipped_names, shipped_tables

TABLE_OF = {kind: table for table, _, kind in ROWS}


@pytest.mark.parametrize("kind", catalog.KINDS)
def test_every_figure_has_a_source_and_a_date_and_fills_a_field(kind):
    table = TABLE_OF[kind]
    assert catalog.rows(kind)
    for name, row in catalog.rows(kind).items():
        assert row["description"], name
        for field, figure in row[table].items():
            if field == "kind":
                continue
            assert field_paths()[field] == f"{table}.{field}", name
            assert figure["source"], f"{name}.{field}"
            assert figure["as_of"], f"{name}.{field}"
            assert figure["value"] >= 0, f"{name}.{field}"


def hardware(row, field):
    return catalog.row("accelerators", row)["hardware"][field]["value"]


def test_a_building_is_per_kw_of_it():
    """As the field is; an estimate per GW is of the site, a quarter more."""
    racks = catalog.row("accelerators", "gb200-nvl72")["facts"]
    building = catalog.row("facilities", "us-owned-ai")["facility"]["facility_capex_usd_per_kw"]
    assert building["value"] * hardware("gb200-nvl72", "it_load_kw_per_rack") == pytest.approx(
        racks["physical_infrastructure_usd_per_rack"]["value"], rel=1e-4
    )


def test_a_later_accelerator_is_not_cheaper_than_the_one_before():
    for rows in (
        ("hgx-h100", "hgx-h200", "hgx-b200", "hgx-b300"),
        ("mi300x-8gpu", "mi325x-8gpu", "mi355x-8gpu"),
    ):
        prices = [hardware(row, "gpu_price_usd_per_gpu") for row in rows]
        assert prices == sorted(prices)


def test_rents_are_of_one_edition_and_every_accelerator_has_one():
    rows = catalog.shipped("rentals")
    assert {row["revenue"]["rental_price_usd_per_gpu_hour"]["as_of"] for row in rows.values()} == {
        "2026-09"
    }
    rented = {name.removesuffix("-3-year") for name in rows}
    assert len(rented) == len(catalog.shipped("accelerators"))
    assert not [
        name
        for name in catalog.shipped("accelerators")
        if not rented & set(name.removeprefix("hgx-").split("-"))
    ]


def test_who_rents_pays_nothing_beside_the_rent_for_running_the_building():
    paying = []
    for name in shipped_names("scenarios"):
        facility = shipped_tables("scenarios", name).get("facility", {})
        if "site" in facility and facility["kind"] == "colocation":
            found = scenario(shipped_tables("scenarios", name)).scenario
            paying.append(found.operations.other_cost_usd_per_rack_year)
    assert len(paying) > 5
    assert set(paying) == {0}


def test_a_row():
    assert catalog.row("accelerators", "gb200-nvl72")["hardware"]["gpu_per_rack"]["value"] == 72


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("accelerators", "gb200-nvl7", "did you mean gb200-nvl72"),
        ("accelerators", None, "a known row of accelerators"),
        ("accelerators", ["gb200-nvl72"], "a known row of accelerators"),
        ("boats", "ferry", "kind of row: accelerators, facilities, electricity"),
    ],
)
def test_an_unknown_row_is_refused(kind, name, expected):
    with pytest.raises(UnknownProblem) as caught:
        catalog.row(kind, name)
    assert isinstance(caught.value, Problem)
    assert caught.value.where == "catalog"
    assert expected in caught.value.expected


def test_the_state_of_all_rows_is_that_of_the_own_files(tmp_path, monkeypatch):
    monkeypatch.setenv("RACKRATE_CATALOG", str(tmp_path))
    catalog.look_again()
    before = catalog.state()
    assert before == ((),) * len(catalog.KINDS)
    (tmp_path / "rentals.toml").write_text("")
    catalog.look_again()
    assert catalog.state() != before
