"""Delay: capital at 0, operations later; rent, interest, tax, returns and their dates."""

import pytest
from contracts import contract
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from racks import LATE, RENTED, asked, changed, late, reference, small, status, value, values
from strategies import scenarios

from economics import Problem, solve, sweep
from economics.extensions.delay.delay import DELAY, choose
from economics.scenario.reading import scenario


def test_operations_come_later():
    worth = sum(40 * 1.1**-year for year in range(3, 7))
    assert value(late(), "npv_usd_per_rack") == pytest.approx(worth - 100, rel=1e-12)
    assert values(late(), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 40, 40, 40, 40], rel=1e-13
    )


def test_the_residual_comes_later_too():
    sold = late(hardware={"residual_fraction": 0.5})
    assert value(sold, "npv_usd_per_rack") - value(late(), "npv_usd_per_rack") == pytest.approx(
        50 * 1.1**-6, rel=1e-11
    )


def test_what_a_month_of_delay_costs():
    lost = value(small(finance={"wacc_per_year": 0.1}), "npv_usd_per_rack") - value(
        late(), "npv_usd_per_rack"
    )
    assert value(late(), "cost_of_delay_usd_per_rack_month") == pytest.approx(lost / 24, rel=1e-12)
    assert status(small(), "cost_of_delay_usd_per_rack_month") == "no_delay"


def test_without_discounting_a_delay_without_rent_costs_nothing():
    assert value(small(operations=LATE), "cost_of_delay_usd_per_rack_month") == pytest.approx(
        0, abs=1e-12
    )


TARGETS = (
    "npv_usd_per_rack",
    "irr_per_year",
    "equity_irr_per_year",
    "mirr_per_year",
    "moic",
    "payback_years",
    "discounted_payback_years",
    "breakeven_utilisation",
    "lcoc_usd_per_gpu_hour",
    "cost_of_delay_usd_per_rack_month",
)


@examples(12)
@given(scenarios(whole_years=False, max_life=3, periods=(1, 4)), st.booleans())
def test_a_delay_is_swept_and_none_is_as_if_it_were_not_there(tables, rented):
    tables = changed(tables, operations={"rent_during_delay": rented})
    delays = [0.0, 1.0, 2.0]
    spec = {
        "scenario": tables,
        "axes": [{"kind": "values", "field": "delay_years", "values": delays}],
        "targets": TARGETS,
    }
    columns = sweep(spec).columns
    for at, delay in enumerate(delays):
        for name, answer in asked(
            changed(tables, operations={"delay_years": delay}), *TARGETS
        ).items():
            expected = float("nan") if answer.value is None else answer.value
            near = pytest.approx(expected, rel=1e-7, abs=1e-5, nan_ok=True)
            assert float(columns[name].values[at]) == near, (name, delay)


def test_a_contract_may_be_late_too():
    before, after = contract(), changed(contract(), operations=LATE)
    names = ("npv_usd_per_rack", "expected_loss_usd_per_rack")
    before, after = asked(before, *names), asked(after, *names)
    assert after["npv_usd_per_rack"].value + 100 == pytest.approx(
        (before["npv_usd_per_rack"].value + 100) / 1.21, rel=1e-12
    )
    assert after["expected_loss_usd_per_rack"].value == pytest.approx(
        before["expected_loss_usd_per_rack"].value / 1.21, rel=1e-10
    )


def test_which_formulas_a_delay_picks():
    assert choose(scenario(small()).scenario, {}) == {"delay": "none"}
    assert choose(scenario(small()).scenario, {"delay_years": 1}) == {"delay": "free"}
    assert choose(scenario(small(operations=RENTED)).scenario, {}) == {"delay": "rented"}
    assert [DELAY.is_chosen({"delay": one}) for one in ("none", "free", "rented")] == [
        *(False, True, True)
    ]


def test_a_delay_has_whole_periods():
    with pytest.raises(Problem) as caught:
        value(reference(operations={"delay_years": 0.5}), "npv_usd_per_rack")
    assert caught.value.where == "operations.delay_years"
    with pytest.raises(Problem, match="sweep it instead"):
        solve(late(), "npv_usd_per_rack", 0.0, "delay_years")
