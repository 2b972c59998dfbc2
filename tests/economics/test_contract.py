"""Racks whose hours are sold in tranches: sums, costs by use, breakevens, sweeps, units."""

import itertools

import numpy as np
import pytest
from contracts import contract, contracts, in_tranches
from hypothesis import given
from laws import examples
from racks import asked, changed, status, value, values

from economics import Problem, quote, scenario, solve, sweep
from economics.extensions.contract.contract import OF_TRANCHE, OWN, TOTALS
from economics.models.assembly import is_public
from economics.models.rack import TARGETS as USUAL
from economics.models.registry import graph
from economics.questions.explain import explain
from economics.scenario.inputs import Inputs
from economics.vocabulary.units import unit_text

RESERVED = {
    "label": "reserved",
    "hours_fraction": 0.5,
    "default_probability_per_year": 0.2,
    "backstop_fraction": 0.5,
}
AS_USED = {"take_or_pay_fraction": 0, "default_probability_per_year": 0}
ON_DEMAND = {
    **AS_USED,
    "label": "on demand",
    "hours_fraction": 0.25,
    "contract_price_usd_per_gpu_hour": 3,
    "use_fraction": 0.4,
}
SPOT = {
    **AS_USED,
    "label": "spot",
    "hours_fraction": 0.125,
    "contract_price_usd_per_gpu_hour": 0.5,
    "use_fraction": 0.8,
}


def test_reserved_on_demand_and_spot_are_tranches():
    """500 reserved hours at 2 USD, 250 on demand of which 100 are used at 3, 125 of spot of which
    100 are used at 0.5, 125 at 1.
    """
    tables = contract({**RESERVED, "default_probability_per_year": 0}, ON_DEMAND, SPOT)
    assert values(tables, "revenue_usd_per_rack_by_year") == pytest.approx(
        [1000 + 300 + 50 + 125] * 3, rel=1e-14
    )
    assert value(tables, "sold_gpu_hour_per_rack_year") == pytest.approx(
        500 + 100 + 100 + 125, rel=1e-14
    )
    assert value(tables, "steady_revenue_usd_per_rack_year") == pytest.approx(1475, rel=1e-14)
    assert value(tables, "mean_price_usd_per_gpu_hour") == pytest.approx(1475 / 825, rel=1e-14)
    assert value(tables, "merchant_fraction") == 0.125


def test_each_tranche_has_quantities_of_its_own():
    names = [f"tranches[{at}].contract_value_usd_per_rack" for at in range(3)]
    answers = asked(
        contract(RESERVED, ON_DEMAND, SPOT),
        *names,
        "contract_value_usd_per_rack",
        "tranches[0].lgd",
    )
    assert sum(answers[name].value for name in names) == pytest.approx(
        answers["contract_value_usd_per_rack"].value, rel=1e-14
    )
    assert answers["tranches[0].lgd"].value == 0.5
    assert answers[names[0]].unit == "usd/rack"


def test_two_halves_are_a_whole():
    one = {
        "default_probability_per_year": 0.15,
        "vacancy_years": 1,
        "backstop_fraction": 0.3,
        "prepayment_fraction": 0.1,
    }
    whole = asked(
        in_tranches({**one, "hours_fraction": 0.8}),
        *USUAL,
        "breakeven_default_probability_per_year",
    )
    halves = asked(
        in_tranches(*[{**one, "hours_fraction": 0.4}] * 2),
        *USUAL,
        "breakeven_default_probability_per_year",
    )
    for name, answer in whole.items():
        assert halves[name].status == answer.status, name
        assert answer.value is None or halves[name].value == pytest.approx(
            answer.value, rel=1e-9
        ), name


def test_a_prepayment_lowers_the_outlay_and_is_taxed_with_year_1():
    finance = {"tax_rate": 0.2, "debt_fraction": 0.5, "debt_rate_per_year": 0.1}
    tables = in_tranches(
        {"hours_fraction": 1, "prepayment_fraction": 0.1},
        finance=finance,
        operations={"revenue_overhead_fraction": 0.05},
    )
    promised = 72 * 8760 * 3.5 * 5
    answers = asked(
        tables,
        "project_outlay_usd_per_rack",
        "equity_outlay_usd_per_rack",
        "prepayment_usd_per_rack",
        "moic",
        "taxable_income_usd_per_rack_by_year",
        "project_flow_usd_per_rack_by_year",
        "npv_usd_per_rack",
    )
    assert answers["prepayment_usd_per_rack"].value == pytest.approx(0.1 * promised, rel=1e-13)
    outlay = 4e6 - 0.095 * promised
    assert answers["project_outlay_usd_per_rack"].value == pytest.approx(outlay, rel=1e-13)
    assert answers["equity_outlay_usd_per_rack"].value == pytest.approx(outlay - 2e6, rel=1e-12)
    first, second, *_ = answers["taxable_income_usd_per_rack_by_year"].values
    interest = asked(tables, "interest_usd_per_rack_by_year")[
        "interest_usd_per_rack_by_year"
    ].values
    assert first - second == pytest.approx(0.095 * promised - (interest[0] - interest[1]), rel=1e-9)
    flows = answers["project_flow_usd_per_rack_by_year"].values
    assert flows[0] == pytest.approx(-outlay, rel=1e-13)
    assert answers["npv_usd_per_rack"].value == pytest.approx(
        sum(flow * 1.1**-year for year, flow in enumerate(flows)), rel=1e-12
    )


def test_a_price_of_others_that_matters_only_beyond_that_of_the_contract():
    """All hours reserved for a year, missing payments made good: 1,000, and 1,000 or half of what
    others pay, for costs of 2,210.
    """
    tranche = {"default_probability_per_year": 0.5, "backstop_fraction": 1}
    tables = changed(contract(tranche, years=1), operations={"other_cost_usd_per_rack_year": 2100})
    for losses in ("refund", "carry_forward"):
        bent = changed(tables, finance={"loss_treatment": losses})
        assert value(bent, "breakeven_price_usd_per_gpu_hour") == pytest.approx(2.42, rel=1e-12)
    never = changed(
        tables,
        revenue={
            "tranches": [{**tables["revenue"]["tranches"][0], "default_probability_per_year": 0}]
        },
    )
    assert status(never, "breakeven_price_usd_per_gpu_hour") == "no_others"


def test_the_probability_of_default_that_leaves_nothing():
    tables = in_tranches(
        {"hours_fraction": 1, "vacancy_years": 5}, revenue={"rental_price_usd_per_gpu_hour": 1}
    )
    found = value(tables, "breakeven_default_probability_per_year")
    tables["revenue"]["tranches"][0]["default_probability_per_year"] = found
    assert value(tables, "npv_usd_per_rack") == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("price", "expected"), [(30, "always_above"), (0.1, "always_below")])
def test_no_probability_of_default_leaves_nothing(price, expected):
    tables = in_tranches({"hours_fraction": 1}, revenue={"rental_price_usd_per_gpu_hour": price})
    tables["revenue"]["tranches"][0]["contract_price_usd_per_gpu_hour"] = price
    assert status(tables, "breakeven_default_probability_per_year") == expected


def test_default_that_is_a_gain_has_no_breakeven():
    """Others pay 30 USD, the contract 0.1: NPV is below 0 without default, and rises with it."""
    tables = in_tranches({"hours_fraction": 1}, revenue={"rental_price_usd_per_gpu_hour": 30})
    (own,) = tables["revenue"]["tranches"]
    own |= {"contract_price_usd_per_gpu_hour": 0.1, "vacancy_years": 0}
    assert status(tables, "breakeven_default_probability_per_year") == "gains_by_default"


@pytest.mark.parametrize("price", [30, 0.1])
def test_breakevens_of_what_is_sold_to_others_where_nobody_else_buys(price):
    tables = in_tranches({"hours_fraction": 1, "default_probability_per_year": 0})
    tables["revenue"]["tranches"][0]["contract_price_usd_per_gpu_hour"] = price
    for target in (
        *("breakeven_utilisation", "accounting_breakeven_utilisation"),
        *("equity_breakeven_utilisation", "breakeven_price_usd_per_gpu_hour"),
    ):
        expected = "below_zero" if price == 30 else "no_others"
        assert status(tables, target) == expected, target


def test_an_expected_loss_may_be_a_gain_where_it_is_given():
    for tranches in (1, 2):
        tables = in_tranches(*({"hours_fraction": 0.5},) * tranches)
        gain = changed(tables, given={"expected_loss_usd_per_rack": -5})
        assert value(gain, "expected_loss_usd_per_rack") == -5


def test_what_a_backstop_is_worth():
    tables = contract({"recovery_fraction": 0.4, "backstop_fraction": 0.5})
    without = contract({"recovery_fraction": 0.4})
    gained = value(tables, "npv_usd_per_rack") - value(without, "npv_usd_per_rack")
    assert value(tables, "backstop_value_usd_per_rack") == pytest.approx(gained, rel=1e-12)


TARGETS = (
    *(
        "npv_usd_per_rack",
        "irr_per_year",
        "expected_loss_usd_per_rack",
        "breakeven_default_probability_per_year",
        "breakeven_utilisation",
    ),
    *(
        "equity_npv_usd_per_rack",
        "moic",
        "cost_usd_per_gpu_hour",
        "backstop_value_usd_per_rack",
        "fair_spread_per_year",
    ),
)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_fields_of_a_lone_tranche_are_swept_by_their_names(backend):
    tables = in_tranches(
        {"hours_fraction": 0.7, "vacancy_years": 1, "backstop_fraction": 0.2},
        finance={"debt_fraction": 0.4, "debt_rate_per_year": 0.08, "tax_rate": 0.2},
    )
    axes = {
        "contract_price_usd_per_gpu_hour": [2.0, 4.5],
        "default_probability_per_year": [0.0, 0.3],
        "vacancy_years": [0, 0.75, 2],
        "contract_term_years": [1, 4],
        "utilisation": [0.2, 0.9],
    }
    spec = {
        "scenario": tables,
        "axes": [{"kind": "values", "field": name, "values": each} for name, each in axes.items()],
        "targets": TARGETS,
    }
    columns = sweep(spec, backend=backend).columns
    for at in itertools.islice(
        itertools.product(*(range(len(each)) for each in axes.values())), 0, None, 7
    ):
        chosen = {name: each[k] for (name, each), k in zip(axes.items(), at, strict=True)}
        own = changed(tables, revenue={"utilisation": chosen.pop("utilisation")})
        own["revenue"]["tranches"] = [{**tables["revenue"]["tranches"][0], **chosen}]
        for name, answer in asked(own, *TARGETS).items():
            found = float(np.asarray(columns[name].values)[at])
            assert found == pytest.approx(
                float("nan") if answer.value is None else answer.value,
                rel=1e-9,
                abs=1e-6,
                nan_ok=True,
            ), (
                name,
                at,
            )


def test_fields_of_several_tranches_are_swept_by_their_paths():
    tables = in_tranches(RESERVED, {"hours_fraction": 0.2})
    axis = {
        "kind": "values",
        "field": "tranches[1].contract_price_usd_per_gpu_hour",
        "values": [1.0, 2.0],
    }
    found = (
        sweep({"scenario": tables, "axes": [axis], "targets": ["npv_usd_per_rack"]})
        .columns["npv_usd_per_rack"]
        .values
    )
    for price, npv in zip((1.0, 2.0), found, strict=True):
        tables["revenue"]["tranches"][1]["contract_price_usd_per_gpu_hour"] = price
        assert npv == value(tables, "npv_usd_per_rack")


@pytest.mark.parametrize("unknown", ["contract_term_years", "tranches[1].contract_term_years"])
def test_a_term_of_whole_periods_is_not_solved_for(unknown):
    tables = (
        in_tranches({"hours_fraction": 1})
        if unknown[0] == "c"
        else in_tranches(RESERVED, {"hours_fraction": 0.2})
    )
    with pytest.raises(Problem, match="sweep it instead"):
        solve(tables, "npv_usd_per_rack", 0.0, unknown, (1, 4))


def test_fields_of_tranches_can_be_solved_for():
    lone = in_tranches({"hours_fraction": 1})
    (price,) = solve(
        lone, "npv_usd_per_rack", 0.0, "contract_price_usd_per_gpu_hour", (0.5, 10)
    ).roots
    lone["revenue"]["tranches"][0]["contract_price_usd_per_gpu_hour"] = price
    assert value(lone, "npv_usd_per_rack") == pytest.approx(0.0, abs=1e-6)
    unknown = "tranches[1].contract_price_usd_per_gpu_hour"
    two = in_tranches(RESERVED, {"hours_fraction": 0.2})
    found = solve(two, "npv_usd_per_rack", value(two, "npv_usd_per_rack"), unknown, (0, 100))
    assert (found.roots, found.unit) == ((pytest.approx(3.5, rel=1e-12),), "usd/(gpu hour)")


@examples(12)
@given(contracts(whole_years=False))
def test_whatever_is_stated_is_answered(tables):
    said = quote(tables)
    assert said.quantities["npv_usd_per_rack"].status == "ok"
    assert "undefined" not in {answer.status for answer in said.quantities.values()}


@pytest.mark.parametrize("count", [1, 2])
def test_names_say_their_units_and_quantities_what_they_are(count):
    tables = contract(RESERVED) if count == 1 else in_tranches(RESERVED, {"hours_fraction": 0.2})
    nodes = graph(Inputs.of(scenario(tables)).choices).nodes
    for name in set(nodes) - {"dates_per_year"}:
        assert name.endswith("_search") or unit_text(name), name
        doc = nodes[name].doc.split("\n\n")[0].strip()
        assert not is_public(name, nodes) or doc.endswith((".", ":")), name
    assert {one.__name__ for one in OWN} | set(TOTALS.values()) <= set(nodes)
    assert count > 1 or {one.name for one in OF_TRANCHE} <= set(nodes)


def test_a_number_of_a_contract_is_explained():
    said = explain(contract(RESERVED), "expected_loss_usd_per_rack")
    assert (
        said.value
        == quote(contract(RESERVED), ["expected_loss_usd_per_rack"])
        .quantities["expected_loss_usd_per_rack"]
        .value
    )
    assert Inputs.of(scenario(contract())).choices["tranches"] == "1"
