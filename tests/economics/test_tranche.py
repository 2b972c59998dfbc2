"""One tranche: the worked numbers, the laws, the mean of simulated defaults."""

import pytest
from contracts import contract, contracts
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from racks import asked, changed, value, values
from strategies import scenarios

REVENUE = "revenue_usd_per_rack_by_year"


@pytest.mark.parametrize(
    ("tranche", "revenue"),
    [
        ({}, [1900, 1810, 1729]),
        ({"default_probability_per_year": 0}, [2000, 2000, 2000]),
        ({"vacancy_years": 1}, [1800, 1720, 1648]),
        ({"recovery_fraction": 0.4, "backstop_fraction": 0.5}, [1970, 1943, 1918.7]),
        ({"backstop_fraction": 1}, [2000, 2000, 2000]),
        ({"default_probability_per_year": 0, "contract_term_years": 2}, [2000, 2000, 1000]),
        ({"contract_term_years": 1, "vacancy_years": 1}, [1800, 1000, 1000]),
        ({"contract_term_years": 1, "vacancy_years": 2}, [1800, 900, 1000]),
        ({"vacancy_years": 0.5}, [1800, 1720, 1648]),
        ({"default_probability_per_year": 0, "prepayment_fraction": 0.25}, [1500, 1500, 1500]),
        (
            {"default_probability_per_year": 0, "use_fraction": 0.2, "take_or_pay_fraction": 0.6},
            [1200, 1200, 1200],
        ),
        (
            {"default_probability_per_year": 0, "use_fraction": 0.8, "take_or_pay_fraction": 0.6},
            [1600, 1600, 1600],
        ),
    ],
)
def test_expected_revenue(tranche, revenue):
    """1,000 hours a year at 2 USD for 3 years, 1 USD from others, default 10 % a year."""
    assert values(contract(tranche), REVENUE) == pytest.approx(revenue, rel=1e-14)


def test_present_values():
    answers = asked(
        contract(), "contract_value_usd_per_rack", "expected_loss_usd_per_rack", "npv_usd_per_rack"
    )
    assert answers["contract_value_usd_per_rack"].value == pytest.approx(
        4973.703981968444, rel=1e-15
    )
    assert answers["npv_usd_per_rack"].value + 100 == pytest.approx(4522.163786626596, rel=1e-15)
    assert answers["expected_loss_usd_per_rack"].value == pytest.approx(
        451.5401953418477, rel=1e-12
    )


def test_a_prepayment_is_kept_and_worth_more_than_what_it_replaces():
    tables = contract({"prepayment_fraction": 0.5})
    assert value(tables, "prepayment_usd_per_rack") == 3000
    # all that is still due is 1,000 a year, as much as others pay: default costs nothing
    assert values(tables, REVENUE) == pytest.approx([1000, 1000, 1000], rel=1e-14)
    assert value(tables, "contract_value_usd_per_rack") == pytest.approx(
        3000 + 4973.703981968444 / 2, rel=1e-15
    )


def test_the_fair_spread():
    """h = 10 %, recovery 40 %, rate 5 %."""
    tables = contract(finance={"lender_recovery_fraction": 0.4, "debt_rate_per_year": 0.05})
    assert round(value(tables, "fair_spread_per_year"), 10) == 0.0670212766
    assert value(tables, "lgd") == 0.6
    half = contract(
        {"backstop_fraction": 0.5},
        finance={"lender_recovery_fraction": 0.4, "debt_rate_per_year": 0.05},
    )
    assert value(half, "lgd") == 0.3


def test_the_ramp_lowers_use_but_not_what_is_paid_unused():
    """Use of 25, 75 and 100 % of the hours while the ramp lasts two years."""
    tables = contract(
        {"default_probability_per_year": 0, "take_or_pay_fraction": 0.5}, ramp_years=2
    )
    assert values(tables, REVENUE) == pytest.approx([1000, 1500, 2000], rel=1e-14)


@examples(25)
@given(
    scenarios(
        without=("path", "decline", "ramp"),
        methods=("default", "straight_line", "macrs"),
        max_life=4,
    )
)
def test_a_safe_contract_for_all_hours_is_a_rental_of_all_hours(scenario):
    price = scenario["revenue"]["rental_price_usd_per_gpu_hour"]
    rental = changed(scenario, revenue={"utilisation": 1})
    tranche = {"hours_fraction": 1, "contract_price_usd_per_gpu_hour": price}
    under_contract = changed(
        rental,
        revenue={"kind": "contract", "rental_price_usd_per_gpu_hour": 0.1, "tranches": [tranche]},
    )
    names = (
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
        "cost_usd_per_gpu_hour",
        "lcoc_usd_per_gpu_hour",
        "margin_fraction",
        "tax_usd_per_rack_by_year",
        "project_flow_usd_per_rack_by_year",
        "irr_per_year",
        "moic",
        "payback_years",
    )
    expected, found = asked(rental, *names), asked(under_contract, *names)
    near = 1e-10 * max(
        asked(rental, "it_capex_usd_per_rack")["it_capex_usd_per_rack"].value,
        *values(rental, REVENUE),
    )
    for name in names:
        if isinstance(expected[name].values, tuple):
            assert found[name].values == pytest.approx(
                expected[name].values, abs=near, rel=1e-10
            ), name
        elif expected[name].value is None:
            assert found[name].status == expected[name].status, name
        else:
            assert found[name].value == pytest.approx(
                expected[name].value, abs=near if "npv" in name else 1e-8, rel=1e-8
            ), name


DEAR = {"contract_price_usd_per_gpu_hour": 3, "take_or_pay_fraction": 1}


@given(st.floats(0, 0.99), st.sampled_from((0, 0.25, 1, 2)), st.sampled_from((1, 4, 12)))
def test_a_full_backstop_is_as_good_as_a_customer_who_never_defaults(probability, vacancy, periods):
    risk = {
        "default_probability_per_year": probability,
        "vacancy_years": vacancy,
        "backstop_fraction": 1,
    }
    finance = {"periods_per_year": periods}
    safe = contract({**DEAR, "default_probability_per_year": 0}, finance=finance)
    assert value(contract({**DEAR, **risk}, finance=finance), "npv_usd_per_rack") == pytest.approx(
        value(safe, "npv_usd_per_rack"), rel=1e-12
    )


@given(
    st.floats(0, 0.99),
    st.floats(0, 0.99),
    st.sampled_from((0, 0.25, 1, 2)),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_value_does_not_rise_in_the_probability_of_default(one, other, vacancy, recovery, backstop):
    """Over the whole life, or with no vacancy: hours left empty by a late default, after the term,
    are borne by nobody, and an early default leaves fewer of them.
    """
    rest = {
        **DEAR,
        "vacancy_years": vacancy,
        "recovery_fraction": recovery,
        "backstop_fraction": backstop,
        "contract_term_years": 3 if vacancy else 2,
    }
    low, high = (
        value(contract({**rest, "default_probability_per_year": h}), "npv_usd_per_rack")
        for h in sorted((one, other))
    )
    assert high <= low + 1e-9


@examples(15)
@given(contracts())
def test_what_is_expected_adds_up(tables):
    names = (
        "revenue_usd_per_rack_by_year",
        "expected_loss_usd_per_rack",
        "contract_value_usd_per_rack",
        "npv_usd_per_rack",
    )
    answers = asked(tables, *names)
    assert all(amount >= 0.0 for amount in answers["revenue_usd_per_rack_by_year"].values)
    safe = changed(
        tables,
        revenue={
            "tranches": [
                {**one, "default_probability_per_year": 0} for one in tables["revenue"]["tranches"]
            ]
        },
    )
    assert value(safe, "expected_loss_usd_per_rack") == pytest.approx(
        0, abs=1e-9 * max(1.0, answers["contract_value_usd_per_rack"].value)
    )
    assert value(safe, "contract_value_usd_per_rack") == pytest.approx(
        answers["contract_value_usd_per_rack"].value, rel=1e-12
    )
