"""The shape in time of each line: life, ramp, growth, price path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from racks import changed, refused, small, value, values

from economics import sweep
from economics.formulas.schedules import lost_years, tax_share_factor_by_period
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS


@pytest.mark.parametrize(
    ("changes", "revenue"),
    [
        ({}, [40, 40, 40, 40]),
        ({"revenue": {"price_decline_per_year": 0.5}}, [40, 20, 10, 5]),
        ({"revenue": {"price_decline_per_year": -0.5}}, [40, 60, 90, 135]),
        ({"revenue": {"ramp_years": 2.0}}, [10, 30, 40, 40]),
        ({"revenue": {"ramp_years": 0.5}}, [30, 40, 40, 40]),
        ({"revenue": {"ramp_years": 8.0}}, [2.5, 7.5, 12.5, 17.5]),
        (
            {
                "revenue": {
                    "rental_price_usd_per_gpu_hour": None,
                    "price_path_usd_per_gpu_hour": [40 / 8760, 20 / 8760],
                }
            },
            [40, 20, 20, 20],
        ),
        (
            {"hardware": {"economic_life_years": 2.25}, "finance": {"periods_per_year": 4}},
            [40, 40, 10],
        ),
        (
            {"hardware": {"economic_life_years": 1 / 12}, "finance": {"periods_per_year": 12}},
            [40 / 12],
        ),
    ],
)
def test_revenue_by_year(changes, revenue):
    assert values(small(**changes), "revenue_usd_per_rack_by_year") == pytest.approx(
        revenue, rel=1e-13
    )


def test_electricity_and_opex_escalate_apart_and_capital_never():
    rack = small(
        hardware={"it_load_kw_per_rack": 1},
        power={"electricity_price_usd_per_kwh": 1 / 8760, "electricity_escalation_per_year": 1.0},
        operations={"other_cost_usd_per_rack_year": 1, "opex_escalation_per_year": 0.5},
    )
    assert values(rack, "electricity_usd_per_rack_by_year") == pytest.approx(
        [1, 2, 4, 8], rel=1e-13
    )
    assert values(rack, "operations_usd_per_rack_by_year") == pytest.approx(
        [1, 1.5, 2.25, 3.375], rel=1e-13
    )
    assert value(rack, "cost_usd_per_rack_year") == pytest.approx(25 + 1 + 1, rel=1e-13)


def test_a_ramp_multiplies_energy_too():
    rack = small(
        hardware={"it_load_kw_per_rack": 1, "idle_load_fraction": 0.5},
        power={"electricity_price_usd_per_kwh": 1 / 8760},
        revenue={"ramp_years": 2.0},
    )
    assert values(rack, "electricity_usd_per_rack_by_year") == pytest.approx(
        [0.5 + 0.5 * u for u in (0.25, 0.75, 1, 1)], rel=1e-13
    )


@given(st.floats(0.0, 50.0), st.floats(0.0, 30.0))
def test_a_ramp_costs_half_of_itself_in_all(time, ramp):
    lost = lost_years(time, ramp, FLOATS)
    assert 0.0 <= lost <= ramp / 2.0 + 1e-12
    assert lost == pytest.approx(
        ramp / 2.0 if time >= ramp else time - time * time / (2.0 * ramp), abs=1e-9
    )


@pytest.mark.parametrize("m", [1, 4, 12])
def test_years_sum_the_same_whatever_the_periods(m):
    rack = small(
        finance={"periods_per_year": m}, revenue={"ramp_years": 1.7, "price_decline_per_year": 0.1}
    )
    assert values(rack, "revenue_usd_per_rack_by_year") == pytest.approx(
        values(
            small(revenue={"ramp_years": 1.7, "price_decline_per_year": 0.1}),
            "revenue_usd_per_rack_by_year",
        ),
        rel=1e-12,
    )


@pytest.mark.parametrize(
    "target", ["project_flow_usd_per_rack_by_year[2]", "irr_per_year", "moic", "equity_moic"]
)
def test_a_life_that_ends_within_a_year_pays_its_tax_once(target):
    """Also in a sweep with longer lives, whose calendar goes on to the end of that year."""
    rack = small(
        finance={"tax_rate": 0.25, "periods_per_year": 4},
        revenue={"rental_price_usd_per_gpu_hour": 100 / 8760},
    )
    axis = {"kind": "values", "field": "economic_life_years", "values": [1.25, 2, 3.5]}
    swept = sweep({"scenario": rack, "axes": [axis], "targets": [target]}).columns[target].values
    alone = [
        value(changed(rack, hardware={"economic_life_years": life}), target)
        for life in axis["values"]
    ]
    assert list(swept) == pytest.approx(alone, rel=1e-12)


@pytest.mark.parametrize(
    ("periods", "instalments", "shares"),
    [
        (24, 4, [0, 0, 1 / 4] * 8),
        (12, 1, [0] * 11 + [1]),
        (12, 12, [1 / 12] * 12),
        (20, 4, [0, 0, 1 / 4] * 4 + [0, 0, 1 / 3, 0, 0, 1 / 3, 0, 1 / 3]),  # cut short by a third
        (14, 1, [0] * 11 + [1, 0, 1]),
        (5, 2, [0, 0, 0, 0, 1]),
        (6, 2, [0, 0, 0, 0, 0, 1]),
    ],
)
def test_a_year_pays_its_tax_in_equal_parts(periods, instalments, shares):
    calendar = Calendar(periods, 12, periods % 12 == 0, parts_per_year=instalments)
    ends = Profile((*(0.0,) * (periods - 1), 1.0))
    found = tax_share_factor_by_period(calendar, ends, float(periods), FLOATS)
    assert found.values == pytest.approx(shares)


@pytest.mark.parametrize("instalments", [None, 1, 2, 4])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"hardware": {"economic_life_years": 3.5}},
        {"operations": {"delay_years": 0.75}},
        {"finance": {"debt_fraction": 0.5, "debt_rate_per_year": 0.1}},
        {"finance": {"loss_treatment": "carry_forward"}},
    ],
)
def test_instalments_move_tax_but_change_none(changes, instalments):
    """All flows of a year stay what they are; a profit's tax that is paid earlier costs more."""
    rack = small(
        finance={"tax_rate": 0.25, "periods_per_year": 4, "wacc_per_year": 0.1},
        revenue={"rental_price_usd_per_gpu_hour": 100 / 8760},
    )
    yearly = changed(changed(rack, **changes), finance={"tax_instalments_per_year": 1})
    split = changed(yearly, finance={"tax_instalments_per_year": instalments})
    for prefix in ("", "equity_"):
        flow = f"{prefix or 'project_'}flow_usd_per_rack_by_year"
        assert values(split, flow) == pytest.approx(values(yearly, flow), rel=1e-13)
        npv = f"{prefix}npv_usd_per_rack"
        assert (value(split, npv) < value(yearly, npv)) == (instalments != 1)


def test_a_refund_comes_earlier_too():
    """100 a quarter lost in one year, at 25 %: 25 back each quarter."""
    rack = small(
        hardware={"economic_life_years": 1, "residual_fraction": 1},
        operations={"other_cost_usd_per_rack_year": 400},
        finance={"tax_rate": 0.25, "periods_per_year": 4, "wacc_per_year": 0.1},
        revenue={"utilisation": 0},
    )
    worth = sum(-75 * 1.1 ** (-k / 4) for k in (1, 2, 3, 4)) + 100 / 1.1 - 100
    assert value(rack, "npv_usd_per_rack") == pytest.approx(worth, rel=1e-12)


@pytest.mark.parametrize(("periods", "instalments"), [(4, 3), (4, 12), (1, 4), (4, 6)])
def test_instalments_divide_the_periods(periods, instalments):
    problem = refused(
        {"finance": {"periods_per_year": periods, "tax_instalments_per_year": instalments}}
    )
    assert problem.where == "finance.tax_instalments_per_year"
    assert (problem.value, problem.expected) == (
        instalments,
        f"a number that divides finance.periods_per_year = {periods}",
    )
