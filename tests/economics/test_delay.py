"""Delay: capital at 0, operations later; rent, interest, tax, returns and their dates."""

import pytest
from contracts import contract
from hypothesis import given, settings
from hypothesis import strategies as st
from racks import asked, changed, reference, small, status, value, values
from strategies import scenarios

from economics import Problem, solve, sweep
from economics.extensions.delay.delay import DELAY, choose
from economics.scenario.reading import scenario

LATE = {"delay_years": 2}
RENTED = {"delay_years": 2, "rent_during_delay": True}
SPACE = {"colocation_price_usd_per_kw_month": 1}


def rack(**changes):
    """100 of capital, 40 a year for four years, after a delay of two."""
    return changed(small(operations=LATE, finance={"wacc_per_year": 0.1}), **changes)


def test_operations_come_later():
    worth = sum(40 * 1.1**-year for year in range(3, 7))
    assert value(rack(), "npv_usd_per_rack") == pytest.approx(worth - 100, rel=1e-12)
    assert values(rack(), "project_flow_usd_per_rack_by_year") == pytest.approx(
        [-100, 40, 40, 40, 40], rel=1e-13
    )


def test_the_residual_comes_later_too():
    late = rack(hardware={"residual_fraction": 0.5})
    assert value(late, "npv_usd_per_rack") - value(rack(), "npv_usd_per_rack") == pytest.approx(
        50 * 1.1**-6, rel=1e-11
    )


@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("periods", [1, 4])
def test_returns_count_from_the_payment_of_the_capital(timing, periods):
    """At its IRR a project is worth nothing, delay included; so is one at its MIRR of the WACC."""
    tables = rack(
        finance={"periods_per_year": periods, "timing": timing},
        operations=RENTED,
        facility=SPACE,
        hardware={"it_load_kw_per_rack": 0.25},
    )
    rate = value(tables, "irr_per_year")
    at_irr = changed(tables, finance={"wacc_per_year": rate})
    assert value(at_irr, "npv_usd_per_rack") == pytest.approx(0, abs=1e-9)
    assert value(at_irr, "mirr_per_year") == pytest.approx(rate, rel=1e-9)
    assert value(tables, "moic") == pytest.approx((160 - 12) / (100 + 6), rel=1e-12)


def test_payback_counts_from_the_payment_of_the_capital():
    assert value(rack(), "payback_years") == pytest.approx(2 + 2.5, rel=1e-13)
    assert value(rack(operations={"delay_years": 0}), "payback_years") == pytest.approx(
        2.5, rel=1e-13
    )
    assert status(rack(), "discounted_payback_years") == "ok"


def test_what_costs_nothing_at_first_is_paid_back_at_once():
    """All of the capital is borrowed: the sum of equity's flows is 0 at time 0, whatever interest
    the delay costs later.
    """
    borrowed = rack(finance={"debt_fraction": 1, "debt_rate_per_year": 0.08})
    for target in ("equity_payback_years", "equity_discounted_payback_years"):
        assert value(borrowed, target) == 0, target
        assert value(changed(borrowed, operations={"delay_years": 0}), target) == 0, target


def test_rent_during_the_delay():
    """3 a year for the space: two years of it before operations, deducted with year 1."""
    tables = rack(
        operations=RENTED,
        facility=SPACE,
        hardware={"it_load_kw_per_rack": 0.25},
        finance={"tax_rate": 0.5},
    )
    assert values(tables, "project_flow_usd_per_rack_by_year")[0] == pytest.approx(-106, rel=1e-13)
    assert values(tables, "unlevered_taxable_income_usd_per_rack_by_year") == pytest.approx(
        [40 - 3 - 25 - 6, 12, 12, 12], rel=1e-12
    )
    free = changed(tables, operations={"rent_during_delay": False})
    rent = 3 / 1.1 + 3 / 1.21 - 0.5 * 6 * 1.1**-3
    assert value(free, "npv_usd_per_rack") - value(tables, "npv_usd_per_rack") == pytest.approx(
        rent, rel=1e-11
    )
    assert value(tables, "lcoc_usd_per_gpu_hour") > value(free, "lcoc_usd_per_gpu_hour")


def test_equity_pays_the_interest_of_the_delay():
    loan = {
        "debt_fraction": 0.5,
        "debt_rate_per_year": 0.08,
        "amortisation": "bullet",
        "cost_of_equity_per_year": 0.15,
        "tax_rate": 0.5,
    }
    tables = rack(finance=loan)
    answers = asked(
        tables,
        "equity_flow_usd_per_rack_by_year",
        "taxable_income_usd_per_rack_by_year",
        "equity_npv_usd_per_rack",
        "llcr",
    )
    assert answers["equity_flow_usd_per_rack_by_year"].values[0] == pytest.approx(
        -50 - 8, rel=1e-13
    )
    income = answers["taxable_income_usd_per_rack_by_year"].values
    assert income == pytest.approx([40 - 25 - 4 - 8, 11, 11, 11], rel=1e-12)
    flows = [-50, -4, -4, *(36 - 0.5 * one for one in income)]
    flows[-1] -= 50
    assert answers["equity_npv_usd_per_rack"].value == pytest.approx(
        sum(f * 1.15**-k for k, f in enumerate(flows)), rel=1e-11
    )


def test_what_a_month_of_delay_costs():
    lost = value(small(finance={"wacc_per_year": 0.1}), "npv_usd_per_rack") - value(
        rack(), "npv_usd_per_rack"
    )
    assert value(rack(), "cost_of_delay_usd_per_rack_month") == pytest.approx(lost / 24, rel=1e-12)
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


@settings(max_examples=12, deadline=None)
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
    early, late = contract(), changed(contract(), operations=LATE)
    names = ("npv_usd_per_rack", "expected_loss_usd_per_rack")
    before, after = asked(early, *names), asked(late, *names)
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
        solve(rack(), "npv_usd_per_rack", 0.0, "delay_years")
