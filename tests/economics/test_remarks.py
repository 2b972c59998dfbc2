"""What the numbers of a quote show that its reader should know."""

import pytest
from contracts import contract
from racks import case, reference, small, values, with_network

from economics import quote

LOAN = {"debt_rate_per_year": 0.1, "debt_tenor_years": 2, "cost_of_equity_per_year": 0.1}
SCULPTED = {**LOAN, "amortisation": "sculpted", "target_dscr": 1.6}
LESS = (
    "finance.debt_fraction asks for 0.6 of the capital, 0.4339 is lent: CFADS over"
    " finance.target_dscr = 1.6 repays no more"
)


def notices(tables, target="equity_npv_usd_per_rack"):
    return quote(tables, [target]).notices


def test_less_is_lent_than_asked():
    """25 / 1.1 + 25 / 1.21 of 100."""
    tables = small(finance={**SCULPTED, "debt_fraction": 0.6})
    assert notices(tables) == (LESS,)
    assert notices(tables, "cost_usd_per_gpu_hour") == ()


@pytest.mark.parametrize("asked", [0.4, None])
def test_what_is_lent_as_asked_needs_no_word(asked):
    assert notices(small(finance={**SCULPTED, "debt_fraction": asked})) == ()


def test_a_year_lies_under_its_target():
    tables = with_network(
        2,
        hardware={"network_price_usd_per_gpu": 30, "gpu_price_usd_per_gpu": 70},
        finance={**SCULPTED, "debt_tenor_years": 4, "periods_per_year": 4},
    )
    (said,) = notices(tables)
    assert said == (
        "DSCR is under finance.target_dscr = 1.6 in year 2 (least 0.5333): CFADS is below 0 in a"
        " part of it"
    )


def test_a_year_serves_no_debt():
    tables = with_network(2, finance={**SCULPTED, "debt_tenor_years": 3})
    assert notices(tables) == (
        "no debt is served in year 2, where CFADS is not above 0: interest is added to the loan",
    )


def test_a_year_in_which_nothing_is_owed_serves_no_debt_either():
    """Year 1 repays all of the loan, for year 2 pays for the network again."""
    tables = with_network(2, finance={**SCULPTED, "debt_tenor_years": 2})
    assert values(tables, "debt_balance_usd_per_rack_by_year")[1] == pytest.approx(0.0, abs=1e-12)
    assert notices(tables) == ()


def test_more_is_lent_than_repays_at_the_target():
    tables = small(finance=SCULPTED, given={"debt_usd_per_rack": 80})
    (said,) = notices(tables)
    assert said.startswith("DSCR is under finance.target_dscr = 1.6 in years 1, 2 (least 0.8678)")
    assert said.endswith("more is lent than CFADS repays")


@pytest.mark.parametrize(
    ("decline", "price", "sides"), [(0.3, 3.5, ("above", "below")), (-0.3, 2.5, ("below", "above"))]
)
def test_a_margin_of_year_1_is_not_borne_out(decline, price, sides):
    """The cost is 2.92 USD; the price falls, or rises, by the year."""
    tables = reference(
        revenue={"rental_price_usd_per_gpu_hour": price, "price_decline_per_year": decline}
    )
    (said,) = quote(tables, ["margin_fraction", "npv_usd_per_rack"]).notices
    assert said.startswith(f"margin_fraction is {sides[0]} 0, the NPV {sides[1]}: the margin is")
    assert notices(tables, "margin_fraction") == notices(tables, "npv_usd_per_rack") == ()


def test_a_margin_of_nothing_has_no_side():
    cost = quote(reference(), ["cost_usd_per_gpu_hour"]).quantities["cost_usd_per_gpu_hour"].value
    tables = reference(revenue={"rental_price_usd_per_gpu_hour": cost})
    assert quote(tables, ["margin_fraction", "npv_usd_per_rack"]).notices == ()


def test_more_is_drawn_than_is_spent():
    prepaid = {"prepayment_fraction": 0.01, "default_probability_per_year": 0}
    loan = {"debt_fraction": 1, "debt_rate_per_year": 0.1, "cost_of_equity_per_year": 0.1}
    tables = contract(prepaid, finance=loan)
    paid = quote(tables, ["prepayment_usd_per_rack"]).quantities["prepayment_usd_per_rack"].value
    (said,) = notices(tables)
    assert said == (
        f"debt and prepayments bring {paid:,.0f} USD a rack more at time 0 than is spent: equity"
        " receives it"
    )
    assert notices(contract(prepaid, finance={**loan, "debt_fraction": 0})) == ()


def test_what_refunds_of_tax_are_worth():
    """All of the capital is written off in year 1: 54 of tax on the loss of 60 come back at once,
    or 36 of them in year 2 and 18 in year 3.
    """
    taxed = {
        "tax_rate": 0.9,
        "wacc_per_year": 0.1,
        "tax_depreciation": {"method": "custom", "schedule": [1.0]},
    }
    early, late = 54 / 1.1 - 36 / 1.21 - 36 / 1.331 - 36 / 1.4641, -18 / 1.331 - 36 / 1.4641
    npv = 40 * (1 - 1.1**-4) / 0.1 - 100
    (said,) = notices(small(finance=taxed), "irr_per_year")
    assert said == (
        "tax losses are refunded, as where other income takes them up: that adds"
        f" {early - late:,.0f} USD a rack to the NPV ({npv + late:,.0f} USD a rack with"
        ' finance.loss_treatment = "carry_forward")'
    )
    assert notices(small(finance={**taxed, "loss_treatment": "carry_forward"})) == ()
    assert notices(small(finance={**taxed, "tax_rate": 0}), "npv_usd_per_rack") == ()
    assert notices(reference(finance={"tax_rate": 0.21}), "npv_usd_per_rack") == ()


def test_a_lease_hears_of_its_own():
    tables = {
        "model": "lease",
        "lease": {
            "build_capex_usd": 100,
            "rent_usd_per_year": 40,
            "lease_term_years": 4,
        },
        "finance": {**SCULPTED, "wacc_per_year": 0.1, "debt_fraction": 0.6, "periods_per_year": 1},
    }
    assert notices(tables, "equity_npv_usd") == (LESS,)


def test_what_states_too_little_for_a_remark_has_none():
    tables = small(
        finance={**SCULPTED, "tax_rate": 0.5, "wacc_per_year": None},
        revenue={"rental_price_usd_per_gpu_hour": None},
        given={"debt_usd_per_rack": 80},
    )
    assert not [one for one in notices(tables, "equity_outlay_usd_per_rack") if "DSCR" in one]
    priced = small(finance={**LOAN, "tax_rate": 0.5, "wacc_per_year": None})
    assert notices(priced, "tax_usd_per_rack_by_year") == ()


def test_a_cluster_that_asks_for_60_percent_hears_that_36_7_are_lent():
    (said,) = notices(case("h200-sculpted"))
    assert said.startswith("finance.debt_fraction asks for 0.6 of the capital, 0.3668 is lent")


def test_all_of_the_capital_is_asked_for_and_less_is_lent():
    """25 / 1.1 + 25 / 1.21 of 100, as above."""
    (said,) = notices(small(finance={**SCULPTED, "debt_fraction": 1.0}))
    assert said == LESS.replace("asks for 0.6 of", "asks for 1 of")


@pytest.mark.parametrize(("fraction", "said"), [(0.99, "1 %"), (0.999999, "0.0001 %")])
def test_a_return_on_next_to_no_equity_says_so(fraction, said):
    loan = {"debt_fraction": fraction, "debt_rate_per_year": 0.05, "cost_of_equity_per_year": 0.1}
    tables = reference(finance=loan)
    (told,) = notices(tables, "equity_irr_per_year")
    assert told.startswith("equity_irr_per_year is that of ")
    assert f"of equity, {said} of the capital" in told
    assert notices(tables, "npv_usd_per_rack") == ()
    assert notices(reference(finance={**loan, "debt_fraction": 0.9}), "equity_irr_per_year") == ()
