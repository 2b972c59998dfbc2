"""A later layer: a row of the catalog that it names fills its fields over those below, and says so;
what it takes out is not stated.
"""

import pytest
from racks import reference

from economics import Problem, quote, scenario
from economics.scenario import catalog
from economics.scenario.layers import Layered, layered, of_kind, placed, with_rows

TARIFF = "us-california"
PRICE = ("power", "electricity_price_usd_per_kwh")
COST = "cost_usd_per_gpu_hour"


def figure(kind, name, table, field):
    found = catalog.row(kind, name)[table][field]
    return found["value"] if isinstance(found, dict) else found


def named(path, row, stated=(), **tables):
    return with_rows(placed(reference(**tables), tuple(path.split(".")), row), {path, *stated})


def test_a_row_fills_its_fields_over_those_of_the_file_and_says_which():
    layered = named("power.tariff", TARIFF)
    found = scenario(layered)
    assert found.scenario.power.electricity_price_usd_per_kwh == figure(
        "electricity", TARIFF, *PRICE
    )
    assert found.sources[".".join(PRICE)].source.startswith("EIA")
    said = "power.tariff = us-california fills over what stood there:"
    assert quote(layered, [COST]).notices == (f"{said} power.electricity_price_usd_per_kwh (0.08)",)


def test_what_is_stated_in_the_same_layer_wins():
    layered = named("power.tariff", TARIFF, [".".join(PRICE)])
    assert scenario(layered).scenario.power.electricity_price_usd_per_kwh == 0.08
    assert layered.notices == ()
    assert layered == placed(reference(), ("power", "tariff"), TARIFF)


def test_a_row_of_another_kind_brings_its_kind():
    site = {"kind": "colocation", "colocation_price_usd_per_kw_month": 150.0, "pue": 1.25}
    layered = named("facility.site", "us-owned", facility=site)
    found = scenario(layered).scenario.facility
    assert found.facility_capex_usd_per_kw == figure(
        "facilities", "us-owned", "facility", "facility_capex_usd_per_kw"
    )
    assert "facility.kind ('colocation')" in layered.notices[0]
    assert "facility.pue (1.25)" in layered.notices[0]
    with pytest.raises(Problem, match=r"facility\.kind = 'colocation': expected owned"):
        scenario(named("facility.site", "us-owned", ["facility.kind"], facility=site))


def test_what_the_row_leaves_beside_its_own_is_said():
    """A price by the GPU stays beside that of a row by the rack: both would be paid."""
    layered = named("accelerator", "gb200-nvl72", hardware={"gpu_price_usd_per_gpu": 9e3})
    assert scenario(layered).scenario.hardware.gpu_price_usd_per_gpu == 9e3
    assert layered.notices[1] == (
        "accelerator = gb200-nvl72 states none of what other rows of its kind do, which stays:"
        " hardware.gpu_price_usd_per_gpu (9000.0)"
    )


def test_a_row_that_is_named_below_fills_only_what_is_left_out():
    assert with_rows(placed(reference(), ("power", "tariff"), TARIFF), ()).notices == ()
    known = placed(reference(), ("power", "tariff"), TARIFF)
    assert scenario(known).scenario.power.electricity_price_usd_per_kwh == 0.08


def test_an_unknown_row_is_an_error_of_its_field():
    with pytest.raises(Problem, match=r"power\.tariff = 'us-californa'.*did you mean"):
        named("power.tariff", "us-californa")


def test_notices_of_several_layers_are_kept():
    first = named("power.tariff", TARIFF)
    second = with_rows(
        Layered(placed(first, ("facility", "site"), "us-colocation"), first.notices),
        {"facility.site"},
    )
    assert [one.split(" = ")[0] for one in second.notices] == ["power.tariff", "facility.site"]


def test_a_value_is_placed_and_taken_out():
    tables = {"a": {"b": [{"c": 1}, {"c": 2}]}, "d": 3}
    assert placed(tables, ("a", "b", "1", "c"), 5)["a"]["b"] == [{"c": 1}, {"c": 5}]
    assert placed(tables, ("a", "b", "1", "c"), None)["a"]["b"] == [{"c": 1}, {}]
    assert placed(tables, ("d",), None) == {"a": tables["a"]}
    assert placed(tables, ("e", "f"), None) == {**tables, "e": {}}
    with pytest.raises(Problem, match="a place up to 1"):
        placed(tables, ("a", "b", "2", "c"), 5)
    with pytest.raises(Problem, match="d = 3: expected a table"):
        placed(tables, ("d", "x"), 5)


def test_a_new_kind_drops_the_fields_that_it_does_not_have():
    changed = of_kind(reference(facility={"pue": 1.3}), ("facility",), "orbital")
    assert set(changed["facility"]) == set()


def test_a_layer_of_tables():
    site = {"kind": "owned", "facility_capex_usd_per_kw": 1e4, "facility_life_years": 20}
    later = {
        "note": None,
        "facility": site,
        "power": {"tariff": {"value": TARIFF}},
        "operations": {"other_cost_usd_per_rack_year": None},
        "finance": {"wacc_per_year": {"value": "8%", "source": "a bank"}},
    }
    found = scenario(layered({**reference(), "note": "mine"}, later))
    assert found.scenario.note is None
    assert found.scenario.facility.pue == 1.25
    assert found.scenario.facility.facility_life_years == 20.0
    assert found.scenario.operations.other_cost_usd_per_rack_year == 0.0
    assert found.scenario.finance.wacc_per_year == 0.08
    assert found.sources["finance.wacc_per_year"].source == "a bank"
    assert ".".join(PRICE) in found.notices[0]
    assert layered(reference(), {}) == reference()


@pytest.mark.parametrize(
    "later",
    [
        {"revenue": {"tranches": {"0": {"label": "x"}}}},
        {"revenue": {"utilisation": {"of": 1}}},
        {"power": 3, "facility": [1]},
        {"facility": {"kind": [1]}},
        {"facility": {"site": {"value": {}}}},
    ],
)
def test_a_layer_that_does_not_fit_is_bad_input(later):
    with pytest.raises(Problem):
        scenario(layered(reference(revenue={"tranches": [5]}), later))
