"""Breakevens put back through the whole cash flow give an NPV of 0."""

import pytest
from hypothesis import given
from racks import asked, changed, reference, small, status, value
from strategies import scenarios

FIXED_LOANS = ("none", "level", "straight", "bullet")


def with_price(scenario, price):
    """The same price in year 1; a path is scaled as a whole."""
    path = scenario["revenue"].get("price_path_usd_per_gpu_hour")
    if path is None:
        return changed(scenario, revenue={"rental_price_usd_per_gpu_hour": price})
    scaled = [one / path[0] * price for one in path]
    return changed(
        scenario,
        revenue={"rental_price_usd_per_gpu_hour": None, "price_path_usd_per_gpu_hour": scaled},
    )


def worthless(scenario, prefix):
    """Whether the NPV is 0 beside the largest amount."""
    answers = asked(
        scenario,
        f"{prefix}npv_usd_per_rack",
        "it_capex_usd_per_rack",
        "revenue_usd_per_rack_by_year",
    )
    largest = max(
        answers["it_capex_usd_per_rack"].value, *answers["revenue_usd_per_rack_by_year"].values
    )
    assert answers[f"{prefix}npv_usd_per_rack"].value == pytest.approx(0, abs=1e-10 * largest)


@pytest.mark.parametrize("losses", ["refund", "carry_forward"])
@pytest.mark.parametrize("prefix", ["", "equity_"])
def test_the_breakeven_price_makes_npv_0(losses, prefix):
    @given(scenarios(whole_years=False, losses=(losses,), amortisations=FIXED_LOANS))
    def law(scenario):
        price = value(scenario, f"{prefix}breakeven_price_usd_per_gpu_hour")
        if price:
            worthless(with_price(scenario, price), prefix)

    law()


@pytest.mark.parametrize("losses", ["refund", "carry_forward"])
@pytest.mark.parametrize("prefix", ["", "equity_"])
def test_the_breakeven_utilisation_makes_npv_0(losses, prefix):
    """Depreciation by use stays what it is while something is sold; a fixed loan does not depend on
    utilisation.
    """

    @given(scenarios(whole_years=False, losses=(losses,), amortisations=FIXED_LOANS))
    def law(scenario):
        utilisation = value(scenario, f"{prefix}breakeven_utilisation")
        if utilisation:
            worthless(changed(scenario, revenue={"utilisation": utilisation}), prefix)

    law()


@given(
    scenarios(amortisations=("sculpted",), losses=("refund",), without=("tax", "cost_of_equity"))
)
def test_sculpted_debt_is_held_in_usd(scenario):
    """At equity's breakeven price the project is worth what the loan, as the scenario sizes it,
    costs its owner.
    """
    price = value(scenario, "equity_breakeven_price_usd_per_gpu_hour")
    if price is None:
        return
    answers = asked(
        scenario, "equity_npv_usd_per_rack", "npv_usd_per_rack", "it_capex_usd_per_rack"
    )
    lent = (
        answers["equity_npv_usd_per_rack"].value - answers["npv_usd_per_rack"].value
    )  # what the loan is worth to equity
    at_root = asked(with_price(scenario, price), "npv_usd_per_rack")["npv_usd_per_rack"].value
    assert at_root + lent == pytest.approx(0, abs=1e-9 * answers["it_capex_usd_per_rack"].value)


@pytest.mark.parametrize(
    ("changes", "target", "expected"),
    [
        ({}, "cash_breakeven_utilisation", 10 / 40),
        ({}, "accounting_breakeven_utilisation", 39 / 40),
        ({}, "breakeven_utilisation", 35 / 40),
        ({}, "headroom_fraction", 40 / 35 - 1),
        ({"finance": {"debt_rate_per_year": 0.2}}, "accounting_breakeven_utilisation", None),
        ({"operations": {"other_cost_usd_per_rack_year": 50}}, "cash_breakeven_utilisation", None),
        ({"operations": {"revenue_overhead_fraction": 0.5}}, "cash_breakeven_utilisation", 10 / 20),
        (
            {"hardware": {"economic_life_years": 0.5}, "finance": {"periods_per_year": 4}},
            "cash_breakeven_utilisation",
            10 / 40,
        ),
    ],
)
def test_three_lines_by_hand(changes, target, expected):
    """10 USD of bills, 25 of depreciation and 4 of interest against 40 USD of revenue when full."""
    loan = {"debt_fraction": 0.4, "debt_rate_per_year": 0.1}
    tables = changed(
        small(operations={"other_cost_usd_per_rack_year": 10}, finance=loan), **changes
    )
    answer = asked(tables, target)[target]
    assert answer.value == (None if expected is None else pytest.approx(expected, rel=1e-13))
    assert answer.status == ("above_one" if expected is None else "ok")


def test_variable_cost_takes_from_the_margin():
    """Half of the draw follows use: 10 USD fixed and 10 variable against 40 USD of revenue."""
    tables = small(
        hardware={"it_load_kw_per_rack": 1, "idle_load_fraction": 0.5},
        power={"electricity_price_usd_per_kwh": 20 / 8760},
    )
    assert value(tables, "cash_breakeven_utilisation") == pytest.approx(10 / 30, rel=1e-13)


def test_the_facility_s_capital_is_no_cash():
    tables = small(hardware={"it_load_kw_per_rack": 1})
    tables["facility"] = {
        "kind": "owned",
        "facility_capex_usd_per_kw": 50,
        "facility_life_years": 10,
        "pue": 1,
    }
    assert value(tables, "cash_breakeven_utilisation") == 0.0
    assert value(tables, "accounting_breakeven_utilisation") == pytest.approx(
        (25 + 5) / 40, rel=1e-13
    )


@pytest.mark.parametrize("target", ["breakeven_utilisation", "breakeven_price_usd_per_gpu_hour"])
def test_carried_losses_never_make_it_easier(target):
    refunded, carried = (
        value(
            reference(
                finance={"tax_rate": 0.3, "loss_treatment": losses},
                revenue={"price_decline_per_year": 0.15},
            ),
            target,
        )
        for losses in ("refund", "carry_forward")
    )
    assert carried >= refunded


def test_the_breakeven_price_scales_a_path():
    """Half of the price of each later year: 100 = p * 8760 * (1 + 3 / 2)."""
    tables = small(
        revenue={"rental_price_usd_per_gpu_hour": None, "price_path_usd_per_gpu_hour": [2.0, 1.0]}
    )
    assert value(tables, "breakeven_price_usd_per_gpu_hour") == pytest.approx(
        100 / (8760 * 2.5), rel=1e-13
    )


def test_a_price_that_carried_losses_put_out_of_reach_is_not_invented():
    tables = reference(finance={"tax_rate": 1.0, "loss_treatment": "carry_forward"})
    answer = asked(tables, "breakeven_price_usd_per_gpu_hour")["breakeven_price_usd_per_gpu_hour"]
    assert (answer.value, answer.status) == (None, "out_of_reach")


@pytest.mark.parametrize("losses", ["refund", "carry_forward"])
def test_tax_that_takes_all_leaves_no_price_that_breaks_even(losses):
    tables = reference(finance={"tax_rate": 1, "loss_treatment": losses})
    assert status(tables, "breakeven_price_usd_per_gpu_hour") == "out_of_reach"
    assert status(tables, "breakeven_utilisation") == "no_margin"
    idle = reference(finance={"loss_treatment": losses}, revenue={"utilisation": 0})
    assert status(idle, "breakeven_price_usd_per_gpu_hour") == "nothing_sold"


def test_what_pays_without_a_sale_is_below_every_breakeven():
    """Sold at the end for more than it cost, nothing is earned on an hour."""
    tables = small(
        given={"residual_usd_per_rack": 150}, revenue={"rental_price_usd_per_gpu_hour": 0}
    )
    assert status(tables, "breakeven_utilisation") == "below_zero"
    idle = changed(tables, revenue={"utilisation": 0, "rental_price_usd_per_gpu_hour": 1})
    assert status(idle, "breakeven_price_usd_per_gpu_hour") == "below_zero"
