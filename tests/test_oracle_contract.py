"""The oracle on contracts, delays and gear with a life of its own: worked numbers, values by hand,
laws over random scenarios.
"""

import math

import pytest
from contracts import contract, contracts
from hypothesis import given
from laws import examples
from oracle import all_finite, evaluate
from racks import changed, small
from strategies import late, renewed, scenarios


@pytest.mark.parametrize(
    ("tranche", "revenue"),
    [
        ({}, [1900, 1810, 1729]),
        ({"vacancy_years": 1}, [1800, 1720, 1648]),
        ({"recovery_fraction": 0.4, "backstop_fraction": 0.5}, [1970, 1943, 1918.7]),
        ({"backstop_fraction": 1}, [2000, 2000, 2000]),
        ({"contract_term_years": 1, "vacancy_years": 1.5}, [1800, 900, 1000]),
        ({"default_probability_per_year": 0, "prepayment_fraction": 0.25}, [1500, 1500, 1500]),
        (
            {"default_probability_per_year": 0, "use_fraction": 0.2, "take_or_pay_fraction": 0.6},
            [1200, 1200, 1200],
        ),
    ],
)
def test_worked_contracts(tranche, revenue):
    assert evaluate(contract(tranche))["revenue_usd_per_rack_by_year"]["values"] == pytest.approx(
        revenue, rel=1e-14
    )


def test_present_values_of_a_contract():
    answer = evaluate(
        contract(finance={"lender_recovery_fraction": 0.4, "debt_rate_per_year": 0.05})
    )
    assert answer["npv_usd_per_rack"] + 100 == pytest.approx(4522.163786626596, rel=1e-14)
    assert answer["contract_value_usd_per_rack"] == pytest.approx(4973.703981968444, rel=1e-14)
    assert answer["expected_loss_usd_per_rack"] == pytest.approx(451.5401953418477, rel=1e-12)
    assert answer["fair_spread_per_year"] == pytest.approx(0.0670212766, abs=5e-11)


def test_a_prepayment_lowers_the_outlay_and_is_taxed_with_year_1():
    tables = contract({"prepayment_fraction": 0.25}, finance={"tax_rate": 0.5}, years=1)
    answer = evaluate(changed(tables, operations={"revenue_overhead_fraction": 0.1}))
    assert answer["project_outlay_usd_per_rack"] == pytest.approx(100 - 450, rel=1e-14)
    assert answer["unlevered_taxable_income_usd_per_rack_by_year"]["values"] == pytest.approx(
        [450 + 0.9 * (1350 + 100) - 100], rel=1e-13
    )


def test_a_delay_by_hand():
    """A year of rent of 3 and of interest of 4 before two years of 37 each; both deducted with year
    1.
    """
    tables = small(
        hardware={"economic_life_years": 2, "it_load_kw_per_rack": 0.25},
        facility={"colocation_price_usd_per_kw_month": 1},
        operations={"delay_years": 1, "rent_during_delay": True},
        finance={
            "wacc_per_year": 0.1,
            "tax_rate": 0.5,
            "debt_fraction": 0.5,
            "debt_rate_per_year": 0.08,
            "amortisation": "bullet",
        },
    )
    answer = evaluate(tables)
    project = [-100, -3, 37 - 0.5 * (37 - 50 - 3), 37 - 0.5 * (37 - 50)]
    equity = [-50, -7, 33 - 0.5 * (33 - 50 - 7), -17 - 0.5 * (33 - 50)]
    for prefix, flows in (("", project), ("equity_", equity)):
        assert answer[f"{prefix}npv_usd_per_rack"] == pytest.approx(
            sum(f * 1.1**-k for k, f in enumerate(flows)), rel=1e-12
        )
        assert answer[f"{prefix or 'project_'}flow_usd_per_rack_by_year"][
            "values"
        ] == pytest.approx([flows[0] + flows[1], *flows[2:]], rel=1e-13)
    prompt = evaluate(changed(tables, operations={"delay_years": 0}))["npv_usd_per_rack"]
    assert answer["cost_of_delay_usd_per_rack_month"] == pytest.approx(
        (prompt - answer["npv_usd_per_rack"]) / 12, rel=1e-12
    )


def test_renewed_gear_by_hand():
    """GPUs for 60, a network for 40 that lasts three of the four years: bought again for 40 less 4,
    sold with two thirds of its life.
    """
    hardware = {
        "server_price_usd_per_rack": 0,
        "gpu_price_usd_per_gpu": 60,
        "network_price_usd_per_gpu": 40,
        "network_life_years": 3,
    }
    answer = evaluate(small(hardware={**hardware, "residual_fraction": 0.1}))
    assert answer["project_flow_usd_per_rack_by_year"]["values"] == pytest.approx(
        [-100, 40, 40, 4, 40 + 6 + 4 + 24], rel=1e-13
    )
    assert answer["capital_charge_usd_per_rack_year"] == pytest.approx(54 / 4 + 36 / 3, rel=1e-13)
    assert answer["book_value_usd_per_rack"]["values"] == pytest.approx(
        [100, 74.5, 49, 19.5 + 40, 6 + 28], rel=1e-13
    )
    assert answer["scrap_value_usd_per_rack"]["values"] == pytest.approx(
        [46, 34, 22, 46, 34], rel=1e-13
    )


@given(renewed(late(contracts(whole_years=False, max_life=2))))
@examples(20)
def test_every_answer_of_these_is_finite(scenario):
    assert all_finite(evaluate(scenario))


@given(contracts(whole_years=False, max_life=2))
@examples(20)
def test_probabilities_sum_to_1_and_a_loss_is_what_revenue_lacks(scenario):
    """Without discounting, the revenue of customers who never default is that which is expected and
    what is lost.
    """
    tables = changed(scenario, finance={"wacc_per_year": 0.0})
    safe = [
        {**tranche, "default_probability_per_year": 0.0}
        for tranche in tables["revenue"]["tranches"]
    ]
    answer, certain = evaluate(tables), evaluate(changed(tables, revenue={"tranches": safe}))
    expected, without = (
        math.fsum(one["revenue_usd_per_rack_by_year"]["values"]) for one in (answer, certain)
    )
    assert expected + answer["expected_loss_usd_per_rack"] == pytest.approx(without, rel=1e-10)
    assert certain["contract_value_usd_per_rack"] == pytest.approx(
        answer["contract_value_usd_per_rack"], rel=1e-12
    )


@given(late(scenarios(whole_years=False, max_life=3, without=("tax", "decline", "path"))))
@examples(20)
def test_lcoc_as_price_makes_npv_0_after_a_delay(scenario):
    lcoc = evaluate(scenario)["lcoc_usd_per_gpu_hour"]
    answer = evaluate(changed(scenario, revenue={"rental_price_usd_per_gpu_hour": lcoc}))
    assert answer["npv_usd_per_rack"] == pytest.approx(
        0, abs=1e-9 * answer["it_capex_usd_per_rack"]
    )


@given(renewed(scenarios(whole_years=False, max_life=3)))
@examples(20)
def test_undiscounted_gear_costs_its_charge_times_the_years(scenario):
    answer = evaluate(changed(scenario, finance={"wacc_per_year": 0.0}))
    renewals = answer.get("renewal_usd_per_rack_by_year", {"values": [0.0]})["values"]
    spent = answer["it_capex_usd_per_rack"] + math.fsum(renewals) - answer["residual_usd_per_rack"]
    years = scenario["hardware"]["economic_life_years"]
    assert spent == pytest.approx(answer["capital_charge_usd_per_rack_year"] * years, rel=1e-11)
