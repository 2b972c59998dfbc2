"""Default by hand: who still pays, whose hours stand empty, which are sold to others; the mean of
simulated defaults.
"""

import math
import random
import statistics

import pytest
from contracts import contract, in_tranches
from racks import value, values

from economics.extensions.contract import default
from kernels.language.graph import Graph, run
from kernels.language.node import formulas_of
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS

REVENUE = "revenue_usd_per_rack_by_year"
GRAPH = Graph.of(formulas_of(default))


def factors(name, **changes):
    """Half of the customers default in a year of one period; a term of three years of four."""
    given = {
        "calendar": Calendar(4, 1),
        "periods_per_year": 1.0,
        "default_probability_per_year": 0.5,
        "contract_term_years": 3.0,
        "vacancy_years": 1.0,
        **changes,
    }
    return list(run(GRAPH.plan([name], given), given, FLOATS)[name].values)


def test_hours_still_empty_after_the_term_are_lost_too():
    tables = contract({"contract_term_years": 1, "vacancy_years": 2})
    assert value(tables, "contract_value_usd_per_rack") == pytest.approx(2000 / 1.1, rel=1e-14)
    assert value(tables, "expected_loss_usd_per_rack") == pytest.approx(
        200 / 1.1 + 100 / 1.21, rel=1e-12
    )


def simulated(tranche, years, m, rng):
    """Revenue by period of one life: the customer defaults in a period or never, and every rule is
    applied as it is told.
    """
    h, term, vacant = (
        tranche["default_probability_per_year"],
        tranche["contract_term_years"] * m,
        tranche["vacancy_years"] * m,
    )
    owed_share = (
        tranche["recovery_fraction"]
        + (1 - tranche["recovery_fraction"]) * tranche["backstop_fraction"]
    )
    stays = (1 - h) ** (1 / m)
    default = next((k for k in range(1, term + 1) if rng.random() > stays), None)
    due, others = 2000 * (1 - tranche["prepayment_fraction"]) / m, 1000 / m
    flows = []
    for k in range(1, years * m + 1):
        if default is None or k < default:
            flows.append(due if k <= term else others)
            continue
        market = others if k >= default + vacant else 0.0
        flows.append(market + (owed_share * max(0.0, due - market) if k <= term else 0.0))
    return flows


@pytest.mark.parametrize("m", [1, 4])
@pytest.mark.parametrize("prepayment_fraction", [0, 0.2])
@pytest.mark.parametrize(("term", "vacancy"), [(3, 0), (2, 1), (1, 2)])
def test_expected_flows_are_the_mean_of_simulated_defaults(m, prepayment_fraction, term, vacancy):
    tranche = {
        "default_probability_per_year": 0.3,
        "vacancy_years": vacancy,
        "recovery_fraction": 0.4,
        "backstop_fraction": 0.25,
        "contract_term_years": term,
        "prepayment_fraction": prepayment_fraction,
    }
    rng = random.Random(1)
    lives = [simulated(tranche, 3, m, rng) for _ in range(20_000)]
    by_year = [[math.fsum(flows[y * m : y * m + m]) for flows in lives] for y in range(3)]
    found = values(contract(tranche, finance={"periods_per_year": m}), REVENUE)
    for expected, drawn in zip(found, by_year, strict=True):
        error = statistics.pstdev(drawn) / math.sqrt(len(drawn))
        assert expected == pytest.approx(statistics.fmean(drawn), abs=4.5 * error + 1e-9)


def test_hours_that_stand_empty_use_nothing():
    """Half of the customers default in year 1, and their hours stand empty to the end."""
    tables = in_tranches(
        {
            "hours_fraction": 1,
            "use_fraction": 1,
            "default_probability_per_year": 0.5,
            "vacancy_years": 9,
        }
    )
    factors = [0.4 + 0.6 * 0.5**year for year in range(1, 6)]
    assert values(tables, "electricity_usd_per_rack_by_year") == pytest.approx(
        [132 * f * 8760 * 1.25 * 0.08 for f in factors], rel=1e-13
    )


def test_one_of_two_customers_defaults_in_each_year_of_the_term():
    assert factors("term_factor_by_period") == [1, 1, 1, 0]
    paying = factors("paying_factor_by_period")
    assert paying == pytest.approx([0.5, 0.25, 0.125, 0.125], rel=1e-15)


def test_hours_stand_empty_for_a_year_and_are_sold_then():
    """Who has defaulted in a year leaves empty hours in it; they are sold from the next year on."""
    vacant = factors("vacant_factor_by_period")
    assert vacant == pytest.approx([0.5, 0.25, 0.125, 0], rel=1e-15)
    assert factors("resold_factor_by_period") == [0, 0.5, 0.75, 1]


def test_hours_are_sold_at_once_where_none_stand_empty():
    assert factors("vacant_factor_by_period", vacancy_years=0.0) == [0, 0, 0, 0]
    assert factors("resold_factor_by_period", vacancy_years=0.0) == [0.5, 0.75, 0.875, 1]


@pytest.mark.parametrize("vacancy_years", [0.0, 0.3, 1.0, 2.5, 9.0])
def test_in_the_term_an_hour_is_paid_for_or_empty_or_sold_to_others(vacancy_years):
    names = ("paying_factor_by_period", "vacant_factor_by_period", "resold_factor_by_period")
    parts = zip(*(factors(name, vacancy_years=vacancy_years) for name in names), strict=True)
    assert [sum(one) for one in list(parts)[:3]] == [1, 1, 1]


@pytest.mark.parametrize(
    ("vacancy_years", "periods"), [(0.0, 0), (0.01, 1), (0.5, 2), (0.51, 3), (1.0, 4), (9.0, 12)]
)
def test_a_begun_period_stands_empty_as_a_whole(vacancy_years, periods):
    """Quarters of a life of three years."""
    quarters = Calendar(12, 4)
    assert default.vacancy_period(quarters, vacancy_years, 4.0, FLOATS) == periods
