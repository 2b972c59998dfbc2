"""Cover of the debt by hand: a rack of 100 that earns 40 a year, 60 lent at 10 % for two of its
four years.
"""

import math

import pytest
from hypothesis import given
from racks import (
    asked,
    case,
    changed,
    late,
    small,
    status,
    value,
    values,
    with_network,
)
from strategies import late as delayed
from strategies import renewed, scenarios

from economics import simulate, solve, sweep

LOAN = {"debt_fraction": 0.6, "debt_rate_per_year": 0.1, "debt_tenor_years": 2}
COVERS = (
    *("dscr_by_year", "min_dscr", "mean_dscr", "llcr", "plcr", "debt_average_life_years"),
    *("after_tax_dscr_by_year", "after_tax_min_dscr", "after_tax_mean_dscr"),
)
SCULPTED = {**LOAN, "debt_fraction": None, "amortisation": "sculpted", "target_dscr": 1.6}


def test_cover_by_hand():
    answers = asked(small(finance={**LOAN, "amortisation": "straight"}), *COVERS)
    assert answers["dscr_by_year"].values == (
        pytest.approx(40 / 36, rel=1e-14),
        pytest.approx(40 / 33, rel=1e-14),
        None,
        None,
    )
    assert answers["dscr_by_year"].status == "partly"
    assert answers["min_dscr"].value == pytest.approx(40 / 36, rel=1e-14)
    assert answers["mean_dscr"].value == pytest.approx((40 / 36 + 40 / 33) / 2, rel=1e-14)
    assert answers["llcr"].value == pytest.approx((40 / 1.1 + 40 / 1.21) / 60, rel=1e-14)
    worth = 40 / 1.1 + 40 / 1.21 + 40 / 1.331 + 40 / 1.4641
    assert answers["plcr"].value == pytest.approx(worth / 60, rel=1e-14)
    assert answers["debt_average_life_years"].value == pytest.approx(1.5, rel=1e-14)


def test_a_residual_covers_no_debt():
    tables = small(finance={**LOAN, "debt_tenor_years": 4, "amortisation": "level"})
    richer = changed(tables, hardware={"residual_fraction": 0.9})
    assert value(richer, "min_dscr") == value(tables, "min_dscr")


def test_cover_counts_the_periods_in_which_service_is_due():
    """Half a year of service in year 2 is covered by half a year's ebitda."""
    tables = small(
        finance={
            **LOAN,
            "debt_tenor_years": 1.5,
            "debt_rate_per_year": 0.0,
            "amortisation": "straight",
            "periods_per_year": 4,
        }
    )
    assert values(tables, "principal_usd_per_rack_by_year") == pytest.approx(
        [40, 20, 0, 0], rel=1e-13
    )
    assert value(tables, "min_dscr") == pytest.approx(1.0, rel=1e-13)


def test_sculpted_debt_below_its_cap_has_the_cover_it_was_sized_to():
    tables = small(
        finance={**LOAN, "debt_fraction": None, "amortisation": "sculpted", "target_dscr": 1.6},
        revenue={"ramp_years": 1.5},
    )
    answers = asked(tables, "debt_usd_per_rack", "min_dscr", "mean_dscr", "llcr")
    ebitda = values(tables, "ebitda_usd_per_rack_by_year")
    assert answers["debt_usd_per_rack"].value == pytest.approx(
        ebitda[0] / 1.6 / 1.1 + ebitda[1] / 1.6 / 1.21, rel=1e-13
    )
    for target in ("min_dscr", "mean_dscr", "llcr"):
        assert answers[target].value == 1.6


def test_a_bullet_is_owed_to_its_end_and_interest_is_all_the_service_before():
    tables = small(finance={**LOAN, "amortisation": "bullet"})
    assert value(tables, "debt_average_life_years") == pytest.approx(2, rel=1e-14)
    assert values(tables, "dscr_by_year")[:2] == pytest.approx((40 / 6, 40 / 66), rel=1e-14)


def test_without_debt_there_is_no_cover_and_it_says_so():
    answers = asked(small(), *COVERS)
    assert [answers[name].status for name in COVERS if "by_year" in name] == ["no_service"] * 2
    assert {answers[name].status for name in COVERS if "by_year" not in name} == {"no_debt"}


def test_a_year_without_service_says_so():
    tables = small(finance=LOAN)
    assert value(tables, "dscr_by_year[2]") == values(tables, "dscr_by_year")[1]
    assert status(tables, "dscr_by_year[3]") == "no_service"


def test_tax_is_paid_before_what_is_left():
    """25 a year are written off: 40 less 25 less interest, at 50 %."""
    tables = small(finance={**LOAN, "amortisation": "straight", "tax_rate": 0.5})
    tax = [0.5 * (15 - 6), 0.5 * (15 - 3), 7.5, 7.5]
    assert values(tables, "after_tax_cfads_usd_per_rack_by_year") == pytest.approx(
        [40 - one for one in tax], rel=1e-13
    )
    cover = [(40 - 4.5) / 36, (40 - 6) / 33]
    assert values(tables, "after_tax_dscr_by_year")[:2] == pytest.approx(cover, rel=1e-13)
    assert value(tables, "after_tax_min_dscr") == pytest.approx(min(cover), rel=1e-13)
    assert value(tables, "after_tax_mean_dscr") == pytest.approx(sum(cover) / 2, rel=1e-13)


def test_a_delay_moves_no_cover():
    """It is counted from the start of operations, when as much is owed as was drawn."""
    loan = {**LOAN, "tax_rate": 0.0}
    for name in ("min_dscr", "llcr", "plcr", "debt_average_life_years"):
        prompt = value(small(finance=loan), name)
        assert value(late(finance=loan), name) == pytest.approx(prompt, rel=1e-14), name


def test_a_sculpted_loan_takes_interest_on_where_nothing_is_left():
    """The network costs 90 again in year 2, out of the 40 that the rack earns."""
    tables = with_network(
        2,
        hardware={"network_price_usd_per_gpu": 90, "gpu_price_usd_per_gpu": 10},
        finance={**SCULPTED, "debt_tenor_years": 4},
    )
    answers = asked(
        tables, "debt_usd_per_rack", "debt_balance_usd_per_rack_by_year", "dscr_by_year", "min_dscr"
    )
    debt = answers["debt_usd_per_rack"].value
    assert debt == pytest.approx(25 / 1.1 + 25 / 1.331 + 25 / 1.4641, rel=1e-13)
    owed = answers["debt_balance_usd_per_rack_by_year"].values
    assert owed[2] == pytest.approx(1.1 * owed[1], rel=1e-13)
    assert owed[4] == pytest.approx(0, abs=1e-11)
    assert answers["dscr_by_year"].values == (1.6, None, 1.6, 1.6)
    assert answers["min_dscr"].value == 1.6


def test_a_year_with_a_bad_month_has_the_cover_that_it_has():
    """The network is bought again in the last quarter of year 2: its other three serve the loan."""
    tables = with_network(
        2,
        hardware={"network_price_usd_per_gpu": 30, "gpu_price_usd_per_gpu": 70},
        finance={**SCULPTED, "debt_tenor_years": 4, "periods_per_year": 4},
    )
    answers = asked(tables, "dscr_by_year", "llcr", "min_dscr")
    low = (40 - 30) / (30 / 1.6)
    assert answers["dscr_by_year"].values == (1.6, pytest.approx(low, rel=1e-13), 1.6, 1.6)
    assert answers["min_dscr"].value == pytest.approx(low, rel=1e-13)
    assert low < answers["llcr"].value < 1.6


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_no_covenant_hangs_on_a_rounding(backend):
    """Lent less than could be, and more than 60 % of the capital, by price and month."""
    tables = small(
        finance={**SCULPTED, "debt_fraction": 0.6, "target_dscr": 1.3, "periods_per_year": 12},
        revenue={"ramp_years": 1.5, "price_decline_per_year": 0.07},
    )
    axes = [
        {
            "kind": "linspace",
            "field": "rental_price_usd_per_gpu_hour",
            "start": 0.001,
            "stop": 0.01,
            "count": 41,
        }
    ]
    names = ("min_dscr", "mean_dscr", "llcr", "after_tax_min_dscr")
    spec = {"scenario": tables, "axes": axes, "targets": names, "backend": backend}
    least, *others = (sweep(spec).columns[name].values.tolist() for name in names)
    assert others == [least] * 3
    assert 1 < least.count(1.3) < 41
    assert min(least) == 1.3


LOANS = ("level", "straight", "bullet", "sculpted")


@given(scenarios(whole_years=False, amortisations=("sculpted",)))
def test_a_sculpted_loan_has_one_cover_to_the_last_bit(scenario):
    """Its target, times what it could repay over what is lent, in every year of earnings."""
    finance = scenario["finance"]
    answers = asked(
        scenario,
        *(
            "dscr_by_year",
            "min_dscr",
            "mean_dscr",
            "llcr",
            "debt_usd_per_rack",
            "cfads_usd_per_rack_by_year",
        ),
        *("sculpted_debt_usd_per_rack", "it_capex_usd_per_rack"),
    )
    cash = answers["cfads_usd_per_rack_by_year"].values
    debt, sculpted = answers["debt_usd_per_rack"].value, answers["sculpted_debt_usd_per_rack"].value
    if finance["periods_per_year"] == 1 and min(cash) >= 0 and debt > 0:
        one = finance["target_dscr"] * (sculpted / debt)
        assert {cover for cover in answers["dscr_by_year"].values if cover is not None} == {one}
        assert {answers[name].value for name in ("min_dscr", "mean_dscr", "llcr")} == {one}
        assert sculpted > debt or one == finance["target_dscr"]


@given(renewed(delayed(scenarios(whole_years=False, amortisations=LOANS))))
def test_laws_of_cover(scenario):
    answers = asked(scenario, *COVERS, "cfads_usd_per_rack_by_year", "tax_usd_per_rack_by_year")
    if answers["llcr"].value is None:
        return
    cash = answers["cfads_usd_per_rack_by_year"].values
    before, after = (
        [math.nan if one is None else one for one in answers[name].values]
        for name in ("dscr_by_year", "after_tax_dscr_by_year")
    )
    if min(cash) >= 0 and scenario["finance"]["periods_per_year"] == 1:
        assert answers["plcr"].value >= answers["llcr"].value
    assert answers["min_dscr"].value <= answers["mean_dscr"].value
    tenor = scenario["finance"].get("debt_tenor_years", scenario["hardware"]["economic_life_years"])
    average = answers["debt_average_life_years"].value
    assert average <= tenor * (1 + 1e-12) or scenario["finance"]["amortisation"] == "sculpted"
    for year, tax in enumerate(answers["tax_usd_per_rack_by_year"].values):
        assert tax < 0 or not after[year] > before[year]
        assert tax != 0 or after[year] == before[year] or before[year] != before[year]


def test_a_covenant_that_a_sculpted_loan_is_sized_to_is_nowhere_broken():
    """By price and use, by chance, and for a price at which it would be: it is held throughout."""
    tables, price = case("h200-sculpted"), "rental_price_usd_per_gpu_hour"
    ends = {price: (2.0, 4.0), "utilisation": (0.5, 1.0)}
    axes = [
        {"kind": "linspace", "field": field, "start": low, "stop": high, "count": 6}
        for field, (low, high) in ends.items()
    ]
    fields = {
        field: {"kind": "uniform", "low": low, "high": high} for field, (low, high) in ends.items()
    }
    asked, broken = {"scenario": tables, "targets": ["min_dscr"]}, "min_dscr < 1.3"
    share = sweep({**asked, "axes": axes, "reduce": {"kind": "share", "condition": broken}})
    drawn = {"scenario": tables, "draws": {"count": 512, "fields": fields}, "conditions": [broken]}
    (chance,) = simulate(drawn).conditions
    for found, count in ((share, 36), (chance, 512)):
        assert (found.met, found.not_met, found.no_value) == (0, count, {})
    held = solve(tables, "min_dscr", 1.3, price, (2.0, 4.0))
    assert (held.roots, held.stretches) == ((), ((2.0, 4.0),))
