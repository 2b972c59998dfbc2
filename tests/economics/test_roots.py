"""All rates of which an IRR is one, beside it in answers of one scenario."""

import pytest
from racks import asked, case, changed, reference, small

from economics import explain, quote
from economics.questions.roots import Root, counts, roots
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute
from economics.scenario.reading import scenario


def flows(*later, outlay=100.0, **finance):
    """A rack that costs `outlay` and has these flows by year: what it earns less 1,000."""
    return small(
        hardware={"server_price_usd_per_rack": outlay, "economic_life_years": len(later)},
        operations={"other_cost_usd_per_rack_year": 20_000},
        finance=finance,
        revenue={
            "rental_price_usd_per_gpu_hour": None,
            "price_path_usd_per_gpu_hour": [(20_000 + flow) / 8760 for flow in later],
        },
    )


@pytest.mark.parametrize(
    ("tables", "status", "expected"),
    [
        (flows(50, 72), "ok", [(0.135, "falls")]),
        (flows(150, -50), "ok", [(-0.5, "rises"), (0.0, "falls")]),
        (
            flows(6000, -11000, 6000, outlay=1000),
            "several_roots",
            [(0.0, "falls"), (1.0, "rises"), (2.0, "falls")],
        ),
        (flows(-100, 600, 300, -100, outlay=50), "ok", [(-0.7689, "rises"), (1.8544, "falls")]),
        (flows(2000, -1, outlay=1000), "ok", [(0.9995, "falls")]),
        (flows(300, -250), "no_root", []),
        (flows(0.5), "below_minus_99_percent", []),
    ],
)
def test_the_roots_of_a_flow(tables, status, expected):
    answers = asked(tables, "irr_per_year", "root_count")
    irr = answers["irr_per_year"]
    found = [(one.rate_per_year, one.npv) for one in irr.roots]
    assert [npv for _, npv in found] == [npv for _, npv in expected]
    assert [rate for rate, _ in found] == pytest.approx([rate for rate, _ in expected], abs=1e-3)
    assert (irr.status, answers["root_count"].value) == (status, len(expected))
    assert explain(tables, "irr_per_year", 0).roots == irr.roots


def test_the_roots_of_equity_are_of_its_own_flow():
    loan = {"debt_fraction": 1, "debt_rate_per_year": 0.08, "cost_of_equity_per_year": 0.15}
    tables = reference(finance=loan, revenue={"price_decline_per_year": 0.25})
    answers = asked(tables, "irr_per_year", "equity_irr_per_year")
    assert answers["equity_irr_per_year"].value is None
    (lone,) = answers["equity_irr_per_year"].roots
    assert (lone.rate_per_year, lone.npv) == (pytest.approx(0.84676, abs=1e-5), "rises")
    assert answers["irr_per_year"].roots == (Root(answers["irr_per_year"].value, "falls"),)


@pytest.mark.parametrize(
    ("use", "loss", "rate"), [(0.8, -0.87, 0.0569), (0.9, -0.96, 0.2853), (1.0, -0.985, 0.4852)]
)
def test_a_return_stands_beside_a_rate_far_below_0_at_which_the_npv_rises(use, loss, rate):
    """All tax of a year in its last quarter makes that rate; in four parts there is none."""
    lent = case("nvl72-lent", revenue={"utilisation": use})
    once = changed(lent, finance={"tax_instalments_per_year": 1})
    roots = asked(once, "equity_irr_per_year")["equity_irr_per_year"].roots
    assert [one.npv for one in roots] == ["rises", "falls"]
    assert [one.rate_per_year for one in roots] == pytest.approx([loss, rate], abs=5e-3)
    (alone,) = asked(lent, "equity_irr_per_year")["equity_irr_per_year"].roots
    assert alone.npv == "falls"


def test_a_lease_has_roots_too():
    lease = {
        "model": "lease",
        "lease": {"build_capex_usd": 100, "rent_usd_per_year": 60, "lease_term_years": 2},
        "finance": {"wacc_per_year": 0.1, "periods_per_year": 1},
    }
    irr = asked(lease, "irr_per_year")["irr_per_year"]
    assert irr.roots == (Root(irr.value, "falls"),)


def test_what_is_given_or_no_rate_has_no_roots():
    tables = {**reference(), "given": {"irr_per_year": 0.5}}
    answers = quote(tables, ["irr_per_year", "npv_usd_per_rack"]).quantities
    assert not answers["irr_per_year"].roots
    assert not answers["npv_usd_per_rack"].roots


def test_counts_are_asked_for_beside_and_nothing_else_where_there_is_one_root(monkeypatch):
    inputs = Inputs.of(scenario(reference()))
    plan = inputs.plan(["npv_usd_per_rack", "irr_per_year"])
    assert counts(plan) == ("root_count",)
    counted = inputs.plan((*plan.targets, *counts(plan)))
    values = compute(counted, inputs.given(counted))
    monkeypatch.setattr("economics.questions.roots.interpret", None)
    assert [one.npv for one in roots(inputs, plan, values)["irr_per_year"]] == ["falls"]
