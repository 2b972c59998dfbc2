"""Loans by hand: a rack of 100 that earns 40 a year, 60 lent at 10 % for two of its four years."""

import pytest
from hypothesis import given
from racks import asked, reference, small, value, values
from strategies import scenarios

LOAN = {"debt_fraction": 0.6, "debt_rate_per_year": 0.1, "debt_tenor_years": 2}
ANNUITY = 60 * 0.1 / (1 - 1.1**-2)


@pytest.mark.parametrize(
    ("terms", "interest", "principal"),
    [
        ({"amortisation": "straight"}, [6, 3, 0, 0], [30, 30, 0, 0]),
        ({"amortisation": "bullet"}, [6, 6, 0, 0], [0, 60, 0, 0]),
        (
            {"amortisation": "level"},
            [6, 0.1 * (66 - ANNUITY), 0, 0],
            [ANNUITY - 6, 66 - ANNUITY, 0, 0],
        ),
        (
            {"amortisation": "sculpted", "target_dscr": 1.1},
            [6, 0.1 * (66 - ANNUITY), 0, 0],
            [ANNUITY - 6, 66 - ANNUITY, 0, 0],
        ),
        ({"amortisation": "level", "debt_rate_per_year": 0.0}, [0, 0, 0, 0], [30, 30, 0, 0]),
        (
            {"amortisation": "level", "debt_tenor_years": None, "debt_rate_per_year": 0.0},
            [0, 0, 0, 0],
            [15, 15, 15, 15],
        ),
    ],
)
def test_schedules(terms, interest, principal):
    """Equal earnings: sculpted debt cut to its cap is the level loan."""
    tables = small(finance={**LOAN, **terms})
    assert values(tables, "interest_usd_per_rack_by_year") == pytest.approx(interest, abs=1e-12)
    assert values(tables, "principal_usd_per_rack_by_year") == pytest.approx(principal, abs=1e-12)
    owed = [60 - sum(principal[:year]) for year in range(5)]
    assert values(tables, "debt_balance_usd_per_rack_by_year") == pytest.approx(owed, abs=1e-12)


def test_a_loan_s_rate_is_nominal():
    """A month bears a twelfth of it, not the twelfth root."""
    tables = small(finance={**LOAN, "amortisation": "bullet", "periods_per_year": 12})
    assert values(tables, "interest_usd_per_rack_by_year") == pytest.approx([6, 6, 0, 0], rel=1e-12)


def test_sculpted_debt_without_earnings_is_none():
    sculpted = {**LOAN, "amortisation": "sculpted", "target_dscr": 1.2}
    answers = asked(
        small(finance=sculpted, operations={"other_cost_usd_per_rack_year": 50}),
        "debt_usd_per_rack",
        "min_dscr",
        "llcr",
    )
    assert answers["debt_usd_per_rack"].value == 0.0
    assert answers["min_dscr"].status == answers["llcr"].status == "no_debt"


@given(scenarios(whole_years=False, amortisations=("level", "straight", "bullet", "sculpted")))
def test_every_loan_is_repaid(scenario):
    answers = asked(
        scenario,
        "debt_usd_per_rack",
        "principal_usd_per_rack_by_year",
        "debt_balance_usd_per_rack_by_year",
        "it_capex_usd_per_rack",
        "equity_outlay_usd_per_rack",
    )
    debt, capital = answers["debt_usd_per_rack"].value, answers["it_capex_usd_per_rack"].value
    assert sum(answers["principal_usd_per_rack_by_year"].values) == pytest.approx(
        debt, abs=1e-9 * capital
    )
    balance = answers["debt_balance_usd_per_rack_by_year"].values
    assert balance[0] == debt
    assert balance[-1] == pytest.approx(0, abs=1e-9 * capital)
    assert answers["equity_outlay_usd_per_rack"].value + debt == pytest.approx(capital, rel=1e-14)
    assert debt <= capital * scenario["finance"].get("debt_fraction", 1.0) * (1 + 1e-12)


def test_a_loan_at_the_wacc_moves_no_value_before_tax():
    """Lent at what equity asks for: the project is worth the same to both."""
    plain = reference(finance={"debt_fraction": 0.0})
    lent = reference(finance={"debt_fraction": 0.6, "debt_rate_per_year": 0.10})
    assert value(lent, "equity_npv_usd_per_rack") == pytest.approx(
        value(plain, "npv_usd_per_rack"), rel=1e-12
    )
    assert value(plain, "equity_npv_usd_per_rack") == value(plain, "npv_usd_per_rack")
