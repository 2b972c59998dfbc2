"""Gear with a life of its own: charged over it, renewed when it is over, sold at straight-line
value at the end.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import SPLIT, changed, small, status, value, values, with_network
from strategies import scenarios

from economics import Problem, explain, solve, sweep
from economics.extensions.gear.gear import GEAR, LIVES, choose
from economics.scenario.reading import scenario

RETURNS = (
    *(
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
        "lcoc_usd_per_gpu_hour",
        "cost_usd_per_gpu_hour",
        "accounting_breakeven_utilisation",
    ),
    *("breakeven_price_usd_per_gpu_hour", "irr_per_year", "payback_years"),
)


def with_gear(tables, lives):
    gear = {
        "network_price_usd_per_gpu": 5e3,
        "storage_price_usd_per_gpu": 2e3,
        "server_price_usd_per_rack": 2e5,
    }
    return changed(
        tables, hardware={**gear, **{f"{one}_life_years": life for one, life in lives.items()}}
    )


def near(found, expected):
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-8, abs=1e-6))


@given(scenarios(methods=("default",)), st.sets(st.sampled_from(list(LIVES)), min_size=1))
def test_the_life_of_the_rack_changes_nothing(tables, gear):
    life = tables["hardware"]["economic_life_years"]
    own, none = with_gear(tables, dict.fromkeys(gear, life)), with_gear(tables, {})
    for target in (*RETURNS, "residual_usd_per_rack", "capital_charge_usd_per_rack_year"):
        near(value(own, target), value(none, target))
        assert status(own, target) == status(none, target)
    assert values(own, "economic_value_usd_per_rack")[-1] == pytest.approx(
        values(none, "economic_value_usd_per_rack")[-1], rel=1e-9
    )


LEVEL = ("path", "decline", "ramp", "opex_escalation", "electricity_escalation")


@given(scenarios(methods=("default",), timings=("end",), without=LEVEL), st.integers(1, 4))
def test_whole_lives_cost_what_their_charge_says(tables, times):
    """Over two, three, ... lives of the gear the levelised cost is the level cost."""
    life = tables["hardware"]["economic_life_years"]
    own = with_gear(
        changed(
            tables,
            hardware={"economic_life_years": life * times},
            finance={"debt_tenor_years": None},
        ),
        {"network": life},
    )
    near(value(own, "lcoc_usd_per_gpu_hour"), value(own, "cost_usd_per_gpu_hour"))


@given(scenarios(methods=("default",), without=("wacc", "tax")), st.integers(1, 40))
def test_undiscounted_it_costs_its_share_of_years(tables, periods):
    """Whatever part of its last life is unused: capital less what it is sold for is the yearly
    charge times the years.
    """
    m = tables["finance"]["periods_per_year"]
    tables = changed(
        tables,
        finance={
            "wacc_per_year": 0,
            "tax_rate": 0,
            **dict.fromkeys(("debt_fraction", "amortisation", "target_dscr")),
        },
    )
    own = with_gear(tables, {"network": periods / m})
    years = own["hardware"]["economic_life_years"]
    spent = (
        value(own, "it_capex_usd_per_rack")
        + sum(values(own, "renewal_usd_per_rack_by_year"))
        - value(own, "residual_usd_per_rack")
    )
    assert spent == pytest.approx(
        value(own, "capital_charge_usd_per_rack_year") * years, rel=1e-9, abs=1e-6
    )
    assert values(own, "book_value_usd_per_rack")[-1] == pytest.approx(
        value(own, "residual_usd_per_rack"), rel=1e-9, abs=1e-5
    )


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_lives_can_be_swept(backend):
    """Those of the gear and of the rack, whether or not the scenario states one; each cell is that
    of its own scenario.
    """
    axes = [
        {"kind": "values", "field": "network_life_years", "values": [1.5, 2, 4, 7]},
        {"kind": "values", "field": "economic_life_years", "values": [1, 3, 4, 6]},
        {"kind": "values", "field": "wacc_per_year", "values": [0.0, 0.1]},
    ]
    targets = [
        "npv_usd_per_rack",
        "capital_charge_usd_per_rack_year",
        "residual_usd_per_rack",
        "lcoc_usd_per_gpu_hour",
    ]
    base = small(
        hardware={**SPLIT, "residual_fraction": 0.1},
        finance={"periods_per_year": 4, "tax_rate": 0.2},
    )
    table = sweep({"scenario": base, "axes": axes, "targets": targets}, backend=backend)
    for i, network in enumerate(axes[0]["values"]):
        for j, life in enumerate(axes[1]["values"]):
            for k, wacc in enumerate(axes[2]["values"]):
                own = {"network_life_years": network, "economic_life_years": life}
                cell = changed(base, hardware=own, finance={"wacc_per_year": wacc})
                for target in targets:
                    assert table.columns[target].values[i, j, k] == value(cell, target), (
                        target,
                        network,
                        life,
                    )


@pytest.mark.parametrize(
    "others",
    [
        {"operations": {"delay_years": 1}},
        {
            "revenue": {
                "kind": "contract",
                "tranches": [{"hours_fraction": 0.5, "contract_price_usd_per_gpu_hour": 40 / 8760}],
            }
        },
    ],
    ids=["delay", "contract"],
)
def test_it_is_renewed_whatever_the_revenue_and_the_start(others):
    """Two networks instead of one cost one renewal, at the end of the second operating year."""
    m = others.get("operations", {}).get("delay_years", 0) + 2
    once, twice = (
        with_network(years, finance={"wacc_per_year": 0.1}, **others) for years in (4, 2)
    )
    assert value(once, "npv_usd_per_rack") - value(twice, "npv_usd_per_rack") == pytest.approx(
        40 * 1.1**-m, rel=1e-11
    )
    assert value(twice, "lcoc_usd_per_gpu_hour") > value(once, "lcoc_usd_per_gpu_hour")


def test_equity_pays_for_renewals_and_the_loan_is_covered_by_what_is_left():
    """The network is bought again for 40 in year 2, out of the 40 that the rack earns."""
    loan = {"debt_fraction": 0.5, "debt_rate_per_year": 0.08}
    once, twice = (with_network(years, finance=loan) for years in (4, 2))
    assert value(once, "equity_npv_usd_per_rack") - value(
        twice, "equity_npv_usd_per_rack"
    ) == pytest.approx(40, rel=1e-11)
    assert value(once, "debt_usd_per_rack") == value(twice, "debt_usd_per_rack")
    assert value(twice, "min_dscr") == 0.0
    assert values(twice, "dscr_by_year")[::2] == values(once, "dscr_by_year")[::2]


@pytest.mark.parametrize(
    ("hardware", "field", "what"),
    [
        ({"network_life_years": 0}, "hardware.network_life_years", "0.01"),
        ({"network_life_years": float("nan")}, "hardware.network_life_years", "a finite number"),
        (
            {"storage_life_years": "long"},
            "hardware.storage_life_years",
            "a number, or leave it out",
        ),
        ({"server_life_years": 1.1}, "hardware.server_life_years", "whole periods of 1/4 year"),
    ],
)
def test_lives_that_cannot_be(hardware, field, what):
    with pytest.raises(Problem) as caught:
        value(small(hardware=hardware, finance={"periods_per_year": 4}), "npv_usd_per_rack")
    assert caught.value.where == field
    assert what in str(caught.value)


@pytest.mark.parametrize(
    "name", ["it_capex_usd_per_rack", "equipment_price_usd_per_rack", "network_capex_usd_per_rack"]
)
def test_prices_are_known_by_part(name):
    """What is given for all of the rack does not say what its gear costs."""
    with pytest.raises(
        Problem,
        match=(
            f"given.{name} = 90.0: expected prices by part .*,"
            " because hardware.network_life_years is stated"
        ),
    ):
        value(with_network(2, given={name: 90.0}), "npv_usd_per_rack")
    assert value(
        with_network(2, given={"residual_usd_per_rack": 9}), "npv_usd_per_rack"
    ) == pytest.approx(160 - 140 + 9, rel=1e-12)


def test_a_life_is_solved_for_where_only_the_level_cost_is_asked():
    level = value(with_network(3), "cost_usd_per_rack_year")
    found = solve(with_network(None), "cost_usd_per_rack_year", level, "network_life_years")
    assert list(found.roots) == pytest.approx([3], rel=1e-9)
    with pytest.raises(Problem, match="network_life_years"):
        solve(with_network(3), "npv_usd_per_rack", 0, "network_life_years")


def test_its_charge_is_explained():
    told = explain(with_network(3), "capital_charge_usd_per_rack_year")
    assert [one.name for one in told.inputs] == [
        "main_charge_usd_per_rack_year",
        "network_charge_usd_per_rack_year",
    ]


def test_nothing_changes_without_one():
    plain = scenario(small())
    assert choose(plain.scenario, {}) == {"components": "none"}
    assert choose(plain.scenario, {"storage_life_years": 3.0}) == {"components": "storage"}
    assert not GEAR.is_chosen({"components": "none"})
    assert values(small(), "renewal_usd_per_rack_by_year") == (0, 0, 0, 0)
