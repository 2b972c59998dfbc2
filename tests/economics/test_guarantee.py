"""What a backstop saves who borrows."""

import pytest
from contracts import contract
from racks import changed, status, value
from units import units_of

from economics.models.assembly import graph
from economics.scenario.inputs import Inputs
from economics.scenario.reading import scenario

LOAN = {
    "debt_fraction": 0.6,
    "debt_rate_per_year": 0.05,
    "lender_recovery_fraction": 0.4,
    "amortisation": "bullet",
}


def backed(backstop, **finance):
    return contract({"backstop_fraction": backstop}, finance={**LOAN, **finance})


def test_a_guarantee_takes_its_share_of_the_spread():
    """h = 10 %, recovery 40 %, rate 5 %: 0.0670212766 without it, nothing under a full one; half of
    it leaves a little less than half.
    """
    assert round(value(backed(1), "backstop_spread_per_year"), 10) == 0.0670212766
    half = 1.05 * (0.06 / 0.94 - 0.03 / 0.97)
    assert value(backed(0.5), "backstop_spread_per_year") == pytest.approx(half, rel=1e-12)
    assert value(backed(0), "backstop_spread_per_year") == 0.0


@pytest.mark.parametrize(
    ("amortisation", "owed"), [("bullet", (60, 60, 60)), ("straight", (60, 40, 20))]
)
def test_by_the_hour_it_is_the_spread_on_what_is_owed(amortisation, owed):
    """60 USD of debt over three years on 1,000 hours a year, all of them sold whoever buys them."""
    saved = value(backed(1, amortisation=amortisation), "backstop_interest_usd_per_gpu_hour")
    worth = [1.1**-year for year in (1, 2, 3)]
    interest = sum(0.06 / 0.94 * 1.05 * debt * one for debt, one in zip(owed, worth, strict=True))
    assert saved == pytest.approx(interest / (1000 * sum(worth)), rel=1e-12)


def test_nothing_is_saved_without_debt_or_hours():
    assert value(backed(1, debt_fraction=0), "backstop_interest_usd_per_gpu_hour") == 0.0
    empty = changed(backed(1), hardware={"availability": 0})
    assert status(empty, "backstop_interest_usd_per_gpu_hour") == "nothing_sold"


def test_each_of_several_contracts_has_its_own():
    both = contract(
        {"hours_fraction": 0.5, "backstop_fraction": 1}, {"hours_fraction": 0.5}, finance=LOAN
    )
    assert value(both, "tranches[0].backstop_spread_per_year") == value(
        backed(1), "backstop_spread_per_year"
    )
    assert value(both, "tranches[1].backstop_spread_per_year") == 0.0


def test_every_formula_has_the_unit_of_its_name():
    assert units_of(graph(Inputs.of(scenario(backed(1))).choices)) > 100
