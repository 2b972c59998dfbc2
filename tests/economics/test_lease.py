"""A lease: rent and yield by hand, and the rack's debt, tax and returns under their other names."""

import pytest
from racks import asked, changed, reference, status, value, values
from sellers import SITE

from economics import Problem, explain, quote, scenario
from economics.models.lease import leased
from economics.models.registry import variants
from economics.scenario.inputs import Inputs


def test_rent_that_only_returns_the_capital_earns_nothing():
    found = asked(SITE, "irr_per_year", "payback_years", "moic", "yield_on_cost_fraction")
    assert abs(found["irr_per_year"].value) <= 1e-9
    assert (found["payback_years"].value, found["moic"].value) == (15.0, 1.0)
    assert found["yield_on_cost_fraction"].value == pytest.approx(1 / 15)


def test_the_residual_that_earns_eight_percent():
    residual = value(SITE, "residual_for_return_usd")
    assert residual == pytest.approx(20_430_422_785.50, abs=0.005)
    assert value(changed(SITE, lease={"residual_usd": residual}), "irr_per_year") == pytest.approx(
        0.08, abs=1e-12
    )


@pytest.mark.parametrize("loss_treatment", ["refund", "carry_forward"])
def test_the_residual_earns_its_return_after_tax(loss_treatment):
    taxed = changed(
        SITE, finance={"tax_rate": 0.21, "loss_treatment": loss_treatment, "wacc_per_year": 0.05}
    )
    residual = value(taxed, "residual_for_return_usd")
    assert value(changed(taxed, lease={"residual_usd": residual}), "irr_per_year") == pytest.approx(
        0.08, abs=1e-10
    )


def test_no_residual_is_needed_where_rent_suffices():
    assert (
        status(changed(SITE, lease={"rent_usd_per_year": 3e9}), "residual_for_return_usd")
        == "not_needed"
    )


def test_the_target_return_is_the_wacc_where_none_is_stated():
    plain = changed(SITE, lease={"target_irr_per_year": None})
    assert value(plain, "residual_for_return_usd") == pytest.approx(20_430_422_785.50, abs=0.005)


def test_the_breakeven_rent_makes_the_npv_nothing():
    rent = value(
        changed(SITE, lease={"vacancy_fraction": 0.1, "operating_cost_usd_per_year": 5e7}),
        "breakeven_rent_usd_per_year",
    )
    lease = {"vacancy_fraction": 0.1, "operating_cost_usd_per_year": 5e7, "rent_usd_per_year": rent}
    assert abs(value(changed(SITE, lease=lease), "npv_usd")) < 1e-3


@pytest.mark.parametrize("loss_treatment", ["refund", "carry_forward"])
def test_why_there_is_no_breakeven_rent(loss_treatment):
    site = changed(SITE, finance={"loss_treatment": loss_treatment})
    assert (
        status(changed(site, lease={"vacancy_fraction": 1}), "breakeven_rent_usd_per_year")
        == "nothing_let"
    )
    assert (
        status(changed(site, lease={"residual_usd": 1e11}), "breakeven_rent_usd_per_year")
        == "not_needed"
    )


@pytest.mark.parametrize("cost", [0, 5e7])
def test_what_cost_nothing_to_build_must_earn_its_running_cost(cost):
    given = changed(SITE, lease={"build_capex_usd": 0, "operating_cost_usd_per_year": cost})
    assert value(given, "breakeven_rent_usd_per_year") == pytest.approx(cost, rel=1e-12, abs=1e-9)
    assert status(given, "residual_for_return_usd") == "not_needed"


def test_rent_rises_and_is_not_all_collected():
    lease = {
        "rent_escalation_per_year": 0.1,
        "vacancy_fraction": 0.2,
        "operating_cost_usd_per_year": 1e8,
        "lease_term_years": 3,
    }
    assert values(changed(SITE, lease=lease), "rent_usd_by_year") == pytest.approx(
        (8e8, 8.8e8, 9.68e8)
    )
    assert values(changed(SITE, lease=lease), "noi_usd_by_year") == pytest.approx(
        (7e8, 7.8e8, 8.68e8)
    )
    assert value(changed(SITE, lease=lease), "noi_usd_per_year") == pytest.approx(7e8)


DEBT = {
    "tax_rate": 0.21,
    "debt_fraction": 0.6,
    "debt_rate_per_year": 0.11,
    "debt_tenor_years": 5,
    "cost_of_equity_per_year": 0.12,
}


@pytest.mark.parametrize("amortisation", ["level", "straight", "bullet", "sculpted"])
@pytest.mark.parametrize("timing", ["end", "mid"])
def test_a_lease_is_a_rack_with_rent_for_revenue(amortisation, timing):
    """The same capital, income and finance give the same debt, tax and returns: they are the same
    formulas.
    """
    finance = {
        **DEBT,
        "amortisation": amortisation,
        "timing": timing,
        "wacc_per_year": 0.1,
        "periods_per_year": 4,
    }
    if amortisation == "sculpted":
        finance["target_dscr"] = 1.4
    price = 3.5
    rack = reference(finance=finance, revenue={"rental_price_usd_per_gpu_hour": price})
    rent, cost = price * 72 * 8760 * 0.7, 132 * 8760 * 1.25 * 0.08 + 120_000
    lease = {
        "build_capex_usd": 4e6,
        "rent_usd_per_year": rent,
        "operating_cost_usd_per_year": cost,
        "lease_term_years": 5,
    }
    let = {"model": "lease", "lease": lease, "finance": finance}
    for name in (
        "npv_usd_per_rack",
        "irr_per_year",
        "mirr_per_year",
        "equity_npv_usd_per_rack",
        "equity_irr_per_year",
        "min_dscr",
        "llcr",
    ):
        assert status(let, leased(name)) == status(rack, name)
        assert status(rack, name) != "ok" or value(let, leased(name)) == pytest.approx(
            value(rack, name), rel=1e-9
        ), name
    for name in (
        "tax_usd_per_rack_by_year",
        "debt_balance_usd_per_rack_by_year",
        "equity_flow_usd_per_rack_by_year",
    ):
        assert values(let, leased(name)) == pytest.approx(values(rack, name), rel=1e-9, abs=1e-6), (
            name
        )


def test_a_bullet_loan_must_be_refinanced_in_full():
    bullet = changed(
        SITE,
        finance={
            "debt_fraction": 0.5,
            "debt_rate_per_year": 0.06,
            "amortisation": "bullet",
            "debt_tenor_years": 10,
        },
    )
    assert values(bullet, "debt_balance_usd_by_year")[9:11] == (7.5e9, 0.0)
    assert value(bullet, "min_dscr") == pytest.approx(1e9 / (7.5e9 * 1.06))


def test_nothing_goes_by_use():
    method = {"method": "units_of_production", "life_years": 5}
    with pytest.raises(Problem, match=r"finance\.tax_depreciation.*no GPU-hours"):
        quote(changed(SITE, finance={"tax_depreciation": method}))


def test_the_terms_name_their_field():
    with pytest.raises(Problem, match=r"lease\.lease_term_years = 1.3: expected whole periods"):
        quote(changed(SITE, lease={"lease_term_years": 1.3}), ["npv_usd"])
    with pytest.raises(Problem, match="at most the lease term"):
        quote(
            changed(
                SITE,
                finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1, "debt_tenor_years": 20},
            ),
            ["min_dscr"],
        )


def test_no_name_of_a_rack_is_left():
    nodes = variants("lease")
    assert not [
        one.name for one in nodes if "rack" in one.name or "gpu" in one.name or "ebitda" in one.name
    ]
    assert not [need for one in nodes for need in one.needs if "rack" in need or "gpu" in need]
    assert not [
        one.name for one in nodes if " rack" in one.doc.lower() or "ebitda" in one.doc.lower()
    ]


def test_formulas_are_explained_in_the_names_of_the_lease():
    formula = explain(SITE, "npv_usd", 1).formula
    assert "build_capex_usd" in formula
    assert "rack" not in formula


def test_choices_are_those_of_its_finance():
    assert Inputs.of(scenario(SITE)).choices["model"] == "lease"
    assert Inputs.of(scenario(SITE)).choices["timing"] == "end"
