"""What a rack and an hour of it cost, and the laws of the levelised cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import asked, changed, reference, value
from strategies import scenarios

PRICES = {
    "hardware": (
        "gpu_price_usd_per_gpu",
        "server_price_usd_per_rack",
        "network_price_usd_per_gpu",
        "storage_price_usd_per_gpu",
    ),
    "facility": (
        "colocation_price_usd_per_kw_month",
        "facility_capex_usd_per_kw",
        "facility_opex_usd_per_kw_year",
        "launch_price_usd_per_kg",
        "satellite_price_usd_per_kw",
    ),
    "power": (
        "electricity_price_usd_per_kwh",
        "demand_charge_usd_per_kw_month",
        "carbon_price_usd_per_kg",
        "water_price_usd_per_l",
    ),
    "operations": (
        "staff_cost_usd_per_rack_year",
        "software_cost_usd_per_gpu_year",
        "other_cost_usd_per_rack_year",
    ),
    "revenue": ("rental_price_usd_per_gpu_hour", "price_path_usd_per_gpu_hour"),
}


def scaled(scenario, factor):
    """The scenario with every price times a factor."""

    def times(price):
        return [factor * one for one in price] if isinstance(price, list) else factor * price

    tables = {
        table: {f: times(v) for f, v in scenario.get(table, {}).items() if f in fields}
        for table, fields in PRICES.items()
    }
    return changed(
        scenario, **{table: fields for table, fields in tables.items() if table in scenario}
    )


@given(scenarios(whole_years=False, without=("tax", "decline", "path")))
def test_lcoc_as_the_price_makes_npv_0(scenario):
    lcoc = value(scenario, "lcoc_usd_per_gpu_hour")
    at_cost = changed(scenario, revenue={"rental_price_usd_per_gpu_hour": lcoc})
    answers = asked(
        at_cost, "npv_usd_per_rack", "it_capex_usd_per_rack", "breakeven_price_usd_per_gpu_hour"
    )
    assert answers["npv_usd_per_rack"].value == pytest.approx(
        0, abs=1e-10 * answers["it_capex_usd_per_rack"].value
    )
    assert answers["breakeven_price_usd_per_gpu_hour"].value == pytest.approx(lcoc, rel=1e-11)


@given(scenarios(whole_years=False, without=("ramp", "electricity_escalation", "opex_escalation")))
def test_lcoc_is_the_level_cost_when_nothing_escalates_or_ramps(scenario):
    answers = asked(scenario, "lcoc_usd_per_gpu_hour", "cost_usd_per_gpu_hour")
    assert answers["lcoc_usd_per_gpu_hour"].value == pytest.approx(
        answers["cost_usd_per_gpu_hour"].value, rel=1e-11
    )


@given(scenarios(whole_years=False), st.sampled_from((2.0, 0.25, 1024.0)))
def test_doubling_all_prices_doubles_every_amount_and_moves_no_ratio(scenario, factor):
    """A power of two scales every float exactly."""
    amounts = (
        "lcoc_usd_per_gpu_hour",
        "cost_usd_per_gpu_hour",
        "cost_usd_per_rack_year",
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
    )
    ratios = ("margin_fraction", "moic", "min_dscr", "llcr", "cash_breakeven_utilisation")
    before, after = (
        asked(tables, *amounts, *ratios) for tables in (scenario, scaled(scenario, factor))
    )
    for target in amounts:
        assert after[target].value == factor * before[target].value, target
    for target in ratios:
        assert after[target].value == before[target].value, target


def test_an_hour_of_a_rack_by_hand():
    answers = asked(
        reference(),
        "cost_usd_per_rack_year",
        "cost_usd_per_rack_hour",
        "cost_usd_per_available_gpu_hour",
    )
    year = 4e6 * 0.1 / (1 - 1.1**-5) + 132 * 8760 * 1.25 * 0.08 + 120_000
    assert answers["cost_usd_per_rack_year"].value == pytest.approx(year, rel=1e-14)
    assert answers["cost_usd_per_rack_hour"].value == pytest.approx(year / 8760, rel=1e-14)
    assert answers["cost_usd_per_available_gpu_hour"].value == pytest.approx(
        year / 8760 / 72, rel=1e-14
    )


def test_overhead_is_earned_back_too():
    plain, charged = (
        value(reference(operations={"revenue_overhead_fraction": f}), "lcoc_usd_per_gpu_hour")
        for f in (0.0, 0.2)
    )
    assert charged == pytest.approx(plain / 0.8, rel=1e-14)


@pytest.mark.parametrize("target", ["margin_fraction", "headroom_fraction"])
def test_margin_and_headroom_are_0_at_cost(target):
    tables = reference(
        revenue={"rental_price_usd_per_gpu_hour": value(reference(), "cost_usd_per_gpu_hour")}
    )
    assert value(tables, target) == pytest.approx(0.0, abs=1e-13)


def test_headroom_over_a_breakeven_of_0():
    tables = reference(given={"breakeven_utilisation": 0.0})
    assert asked(tables, "headroom_fraction")["headroom_fraction"].status == "breakeven_is_zero"
