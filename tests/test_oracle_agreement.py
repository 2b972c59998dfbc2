"""The oracle and the model on random scenarios, target by target: racks rented, under contract,
late, with gear that is renewed.
"""

import random

import pytest
from contracts import contracts
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from oracle import evaluate
from racks import changed
from strategies import late, renewed, scenarios

from economics import quote

BREAKEVEN_DEFAULT = "breakeven_default_probability_per_year"
RENAMED = {"irr_root_count": "root_count", "equity_irr_root_count": "equity_root_count"}


# Sums of what comes and goes, which may leave next to nothing.
SUMS = (
    "npv_usd_per_rack",
    "equity_npv_usd_per_rack",
    "project_outlay_usd_per_rack",
    "expected_loss_usd_per_rack",
    "backstop_value_usd_per_rack",
    "cost_of_delay_usd_per_rack_month",
)


def worth_at_default(scenario, probability):
    """The oracle's NPV with another probability of default, of several roots whichever was
    found.
    """
    tranches = [
        {**tranche, "default_probability_per_year": probability}
        for tranche in scenario["revenue"]["tranches"]
    ]
    return evaluate(changed(scenario, revenue={"tranches": tranches}))["npv_usd_per_rack"]


def agrees(scenario):
    """Every target that the oracle knows, within 1e-10 of the largest term; no answer where it has
    none.
    """
    expected = evaluate(scenario)
    names = {RENAMED.get(name, name): name for name in expected}
    answers = quote(scenario, names).quantities
    revenue, prepaid = (
        expected["revenue_usd_per_rack_by_year"]["values"],
        expected.get("prepayment_usd_per_rack", 0.0),
    )
    largest = max(expected["it_capex_usd_per_rack"], prepaid, *revenue)
    for name, in_oracle in names.items():
        answer, wanted = answers[name], expected[in_oracle]
        if isinstance(wanted, dict):
            assert list(answer.index) == wanted["index"], name
            missing = [one is None for one in answer.values]
            assert missing == [one is None for one in wanted["values"]], name
            least = 1e-12 if "dscr" in name else 1e-10 * largest
            assert [one or 0.0 for one in answer.values] == pytest.approx(
                [one or 0.0 for one in wanted["values"]], abs=least, rel=1e-10
            ), name
            assert answer.status == "ok" or any(missing), name
        elif wanted is None:
            assert answer.value is None, name
            assert answer.status not in ("ok", "undefined"), name
        elif name == BREAKEVEN_DEFAULT:
            assert worth_at_default(scenario, answer.value) == pytest.approx(
                0, abs=1e-8 * largest
            ), name
        elif "irr" in name:
            assert answer.value == pytest.approx(wanted, abs=1e-8, rel=1e-8), name
        else:
            assert answer.value == pytest.approx(
                wanted, abs=1e-10 * largest if name in SUMS else 1e-12, rel=1e-10
            ), name
            assert answer.status == "ok", name


@given(scenarios())
def test_the_oracle_agrees(scenario):
    agrees(scenario)


@given(scenarios(whole_years=False))
def test_the_oracle_agrees_on_lives_of_whole_periods(scenario):
    agrees(scenario)


@given(
    scenarios(
        whole_years=False,
        amortisations=("level", "straight", "bullet", "sculpted"),
        losses=("carry_forward",),
    )
)
def test_the_oracle_agrees_with_debt_and_carried_losses(scenario):
    agrees(scenario)


@given(
    scenarios(
        methods=("sum_of_years", "units_of_production", "declining_balance", "bonus", "custom"),
        periods=(1, 4),
    )
)
def test_the_oracle_agrees_on_depreciation(scenario):
    agrees(scenario)


@given(scenarios(whole_years=False, facilities=("owned", "orbital"), timings=("mid",)))
def test_the_oracle_agrees_on_buildings_and_flows_in_mid_period(scenario):
    agrees(scenario)


@examples(30)
@given(contracts(whole_years=False, max_life=3))
def test_the_oracle_agrees_on_contracts(scenario):
    agrees(scenario)


@given(late(scenarios(whole_years=False, max_life=4)))
def test_the_oracle_agrees_on_delays(scenario):
    agrees(scenario)


@examples(30)
@given(late(contracts(whole_years=False, max_life=3)))
def test_the_oracle_agrees_on_contracts_that_are_late(scenario):
    agrees(scenario)


@given(renewed(scenarios(whole_years=False, max_life=4)))
def test_the_oracle_agrees_on_gear_with_a_life_of_its_own(scenario):
    agrees(scenario)


@examples(30)
@given(renewed(late(contracts(whole_years=False, max_life=3))))
def test_the_oracle_agrees_on_all_of_these_together(scenario):
    agrees(scenario)


@st.composite
def priced_along(draw, racks):
    """Racks with a price path by year or by period, in which some are free."""
    tables = draw(racks)
    m, life = tables["finance"]["periods_per_year"], tables["hardware"]["economic_life_years"]
    periods = round(life * m)
    count = periods if draw(st.booleans()) else draw(st.integers(1, -(-periods // m)))
    rng = random.Random(draw(st.integers(0, 2**32 - 1)))
    price = tables["revenue"]["rental_price_usd_per_gpu_hour"]
    path = [rng.choice((0.0, 1.0, 1.0, 1.25, 0.5)) * price for _ in range(count - 1)]
    path.insert(rng.randrange(count), price)
    return changed(tables, revenue={"price_path_usd_per_gpu_hour": path})


@examples(40)
@given(priced_along(scenarios(whole_years=False, without=("path", "decline"), max_life=5)))
def test_the_oracle_agrees_on_prices_by_year_and_by_period(scenario):
    agrees(scenario)
