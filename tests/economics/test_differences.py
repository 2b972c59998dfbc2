"""Leaves of scenarios: the tables again, what differs in a stated order, fields that change
together.
"""

import pytest
from hypothesis import given
from racks import changed, reference
from strategies import scenarios

from economics import scenario
from economics.scenario.differences import differing, leaves, moved, tables, together
from service.files.reading import scenario_tables

MACRS = {"method": "macrs", "recovery_years": 5, "convention": "half_year"}
BONUS = {"method": "bonus", "fraction": 0.4, "then": MACRS}


def of(**changes):
    return leaves(scenario(reference(**changes)))


@given(scenarios())
def test_leaves_make_the_scenario_again(stated):
    sourced = scenario(stated)
    again = scenario(tables(leaves(sourced))).scenario
    for table in ("hardware", "facility", "power", "operations", "finance", "revenue"):
        assert getattr(again, table) == getattr(sourced.scenario, table)


def test_what_is_said_of_a_scenario_and_names_of_rows_are_no_inputs():
    named = leaves(scenario({**reference(), "name": "x", "note": "y", "accelerator": "hgx-h100"}))
    assert not {"name", "note", "accelerator", "facility.site", "power.tariff"} & set(named)
    assert not [
        path
        for path in leaves(scenario(scenario_tables("reference-project")))
        if path.startswith("expect")
    ]


def test_differences_stand_in_the_order_of_the_tables():
    other = of(
        hardware={"gpu_per_rack": 8}, revenue={"utilisation": 0.5}, finance={"wacc_per_year": 0.2}
    )
    assert differing((of(), other)) == (
        "hardware.gpu_per_rack",
        "finance.wacc_per_year",
        "revenue.utilisation",
    )
    assert differing((of(), of(), other)) == differing((of(), other))


def test_a_kind_changes_with_its_fields():
    owned = {
        "kind": "owned",
        "facility_capex_usd_per_kw": 8000,
        "facility_life_years": 20,
        "pue": 1.4,
    }
    a, b = of(), leaves(scenario({**reference(), "facility": owned}))
    first, second = together(a, b)
    assert first[0] == "facility.kind"
    assert set(first[1:]) == {
        *(
            "facility.facility_capex_usd_per_kw",
            "facility.facility_life_years",
            "facility.facility_opex_usd_per_kw_year",
        ),
        "facility.colocation_price_usd_per_kw_month",
    }
    assert second == ("facility.pue",)
    between = moved(a, b, first)
    assert between["facility.pue"] == 1.25
    assert scenario(tables(between)).scenario.facility.__struct_config__.tag == "owned"
    assert moved(between, b, second) == b


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, BONUS), (MACRS, BONUS), (BONUS, {**BONUS, "then": {**MACRS, "method": "custom"}})],
)
def test_a_method_changes_with_its_fields(one, other):
    if other["then"]["method"] == "custom":
        other = {**BONUS, "then": {"method": "custom", "schedule": [0.5, 0.5]}}
    a, b = (
        leaves(scenario(changed(reference(), finance={"tax_depreciation": method})))
        for method in (one, other)
    )
    (group,) = together(a, b)
    assert moved(a, b, group) == b
    assert scenario(tables(moved(b, a, group))).scenario == scenario(tables(a)).scenario


def test_given_quantities_come_and_go_one_by_one():
    a, b = of(given={"it_capex_usd_per_rack": 4e6}), of(given={"residual_usd_per_rack": 1e5})
    assert (
        together(a, b) == [("given.it_capex_usd_per_rack",), ("given.residual_usd_per_rack",)]
        or len(together(a, b)) == 2
    )
    assert scenario(tables(moved(a, b, ("given.it_capex_usd_per_rack",)))).scenario.given == {}


def test_entries_of_lists_are_leaves_and_come_and_go_whole():
    one = {"hours_fraction": 0.5, "contract_price_usd_per_gpu_hour": 3.0}
    two = {"hours_fraction": 0.2, "contract_price_usd_per_gpu_hour": 2.0}

    def sold(*tranches):
        return leaves(
            scenario(changed(reference(), revenue={"kind": "contract", "tranches": list(tranches)}))
        )

    cheaper = sold({**one, "contract_price_usd_per_gpu_hour": 2.5}, two)
    assert tables(cheaper)["revenue"]["tranches"][1]["hours_fraction"] == 0.2
    price, second = together(sold(one), cheaper)
    assert price == ("revenue.tranches[0].contract_price_usd_per_gpu_hour",)
    assert set(second) == {path for path in cheaper if path.startswith("revenue.tranches[1].")}
    assert moved(moved(sold(one), cheaper, price), cheaper, second) == cheaper
    assert tables(
        moved(sold(one, two), cheaper, [path for path in cheaper if "[0]" in path])
    ) == tables(cheaper)
    (group,) = together(sold(one, two), sold(one))
    assert moved(sold(one, two), sold(one), group) == sold(one)
    (kind,) = together(of(), sold(one))
    assert kind[0] == "revenue.kind"
