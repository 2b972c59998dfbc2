"""Explaining: every number down to its inputs, with what is known of them."""

import pytest
from racks import CHOICES, JOB, reference

from economics import Explanation, Problem, explain, quote
from economics.models.assembly import graph, public_names


def leaves(one: Explanation):
    return [leaf for below in one.inputs for leaf in leaves(below)] if one.inputs else [one]


def found(one: Explanation, name: str):
    return (
        one
        if one.name == name
        else next((hit for below in one.inputs if (hit := found(below, name)) is not None), None)
    )


def test_a_number_is_explained_by_its_formula_and_inputs():
    one = explain(reference(), "cost_usd_per_rack_hour")
    assert (
        one.value
        == quote(reference(), ["cost_usd_per_rack_hour"]).quantities["cost_usd_per_rack_hour"].value
    )
    assert one.formula == "cost_usd_per_rack_year / hour_per_year"
    assert [below.name for below in one.inputs] == ["cost_usd_per_rack_year", "hour_per_year"]
    names = {leaf.name for leaf in leaves(one)}
    assert names >= {
        "gpu_per_rack",
        "server_price_usd_per_rack",
        "electricity_price_usd_per_kwh",
        "wacc_per_year",
    }


def test_inputs_say_where_they_come_from():
    tables = reference(
        power={
            "electricity_price_usd_per_kwh": {"value": 0.08, "source": "a bill", "as_of": "2026-10"}
        }
    )
    price = found(
        explain(tables, "electricity_cost_usd_per_rack_year"), "electricity_price_usd_per_kwh"
    )
    assert (price.source.source, price.source.as_of) == ("a bill", "2026-10")
    assert price.description == "power.electricity_price_usd_per_kwh, stated."
    charge = found(
        explain(tables, "electricity_cost_usd_per_rack_year"), "demand_charge_usd_per_kw_month"
    )
    assert charge.description == "power.demand_charge_usd_per_kw_month, default."


def test_figures_of_the_catalog_keep_their_source():
    tables = reference()
    tables["accelerator"] = "gb200-nvl72"
    del tables["hardware"]["it_load_kw_per_rack"]
    load = found(explain(tables, "it_energy_kwh_per_rack_year"), "it_load_kw_per_rack")
    assert load.source is not None
    assert load.source.as_of


def test_depth_is_respected():
    assert explain(reference(), "cost_usd_per_rack_hour", 0).inputs == ()
    assert all(
        not below.inputs for below in explain(reference(), "cost_usd_per_rack_hour", 1).inputs
    )
    with pytest.raises(Problem):
        explain(reference(), "cost_usd_per_rack_hour", -1)


def test_a_given_quantity_ends_the_derivation():
    one = explain(reference(given={"it_capex_usd_per_rack": 5e6}), "cost_usd_per_rack_hour")
    capex = found(one, "it_capex_usd_per_rack")
    assert (capex.value, capex.inputs, capex.description) == (
        5e6,
        (),
        "Given in place of its formula.",
    )


def test_what_is_asked_again_is_explained_as_it_stands():
    one = explain(reference(), "breakeven_utilisation")
    assert found(one, "npv_usd_per_rack").value == pytest.approx(964_535.658394)
    assert {leaf.name for leaf in leaves(one)} >= {
        "server_price_usd_per_rack",
        "rental_price_usd_per_gpu_hour",
        "wacc_per_year",
    }


def test_a_breakeven_is_explained_without_what_it_is_a_breakeven_of():
    assert explain(
        reference(revenue={"utilisation": None}), "breakeven_utilisation"
    ).value == pytest.approx(0.5847384953)


def test_why_there_is_no_value():
    assert (
        explain(reference(revenue={"utilisation": 0.0}), "cost_usd_per_gpu_hour").status
        == "nothing_sold"
    )


PUBLIC = public_names(graph(CHOICES).nodes)


@pytest.mark.parametrize("target", PUBLIC)
def test_every_quantity_can_be_asked_for_explained_and_swept(target):
    from economics import sweep

    tables = reference(operations=JOB)
    answer = quote(tables, [target]).quantities[target]
    assert answer.description
    one = explain(tables, target, 1)
    by_year = graph(CHOICES).nodes[target].first_year
    if by_year is None:
        assert one.value == answer.value
    else:
        assert one.values == answer.values
    asked = target if by_year is None else f"{target}[2]"
    axis = {"kind": "values", "field": "wacc_per_year", "values": [0.1]}
    column = sweep({"scenario": tables, "axes": [axis], "targets": [asked]}).columns[asked].values
    single = quote(tables, [asked]).quantities[asked].value
    if single is None:
        assert column[0] != column[0]
    else:
        assert column[0] == pytest.approx(single, rel=1e-12, abs=1e-9)
