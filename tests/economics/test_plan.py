"""What to evaluate for some targets: near names, years, closed forms, one function of floats."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from racks import reference, refused
from strategies import scenarios

from economics import quote, scenario
from economics.models.rack import TARGETS as DEFAULT_TARGETS
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute, interpret, status_of
from economics.vocabulary.problems import NoAnswer, UnknownProblem
from kernels.engines.floats.runner import OFTEN

ANSWERS = (
    *DEFAULT_TARGETS,
    *(
        "mirr_per_year",
        "discounted_payback_years",
        "llcr",
        "retirement_age_years",
        "equity_breakeven_price_usd_per_gpu_hour",
    ),
    *(
        "book_value_usd_per_rack",
        "tax_depreciation_usd_per_rack_year",
        "project_flow_usd_per_rack_by_year",
        "tax_usd_per_rack_by_year",
    ),
)


def bits(number):
    """A number's bits; NaN has one, however it came about."""
    if hasattr(number, "values"):
        return [bits(one) for one in number.values]
    return struct.pack("d", number if number == number else float("nan"))


@pytest.mark.parametrize(
    ("target", "near"),
    [
        ("npv_usd_per_rak", "npv_usd_per_rack"),
        ("lcoc", ""),
        ("break_even_utilisation", "breakeven_utilisation"),
        ("irr_search", ""),
        ("calendar", ""),
        ("revenue_usd_per_rack_by_period", ""),
        ("", ""),
    ],
)
def test_an_unknown_target_is_refused_with_near_ones(target, near):
    problem = refused({}, target)
    assert isinstance(problem, UnknownProblem)
    assert (problem.where, problem.value) == ("targets", target)
    assert near in problem.expected


@pytest.mark.parametrize("name", ["hours_fraction", "lgd"])
def test_what_every_tranche_has_is_asked_of_one(name):
    tranches = [
        {"hours_fraction": share, "contract_price_usd_per_gpu_hour": 3} for share in (0.4, 0.2)
    ]
    with pytest.raises(
        UnknownProblem, match=rf"did you mean tranches\[0\]\.{name} or tranches\[1\]\.{name}\?"
    ):
        quote(reference(revenue={"kind": "contract", "tranches": tranches}), [name])


def test_closed_forms_walk_no_periods():
    inputs = Inputs.of(scenario(reference()))
    assert not inputs.plan(["cost_usd_per_gpu_hour", "cash_breakeven_utilisation"]).over_time
    assert inputs.plan(["lcoc_usd_per_gpu_hour"]).over_time


@examples(15)
@given(scenarios(max_life=3, periods=(1, 4)), st.randoms(use_true_random=False))
def test_what_is_asked_often_keeps_its_bits_and_statuses(tables, rng):
    inputs = Inputs.of(scenario(tables))
    plan = inputs.plan(ANSWERS)
    for _ in range(OFTEN):
        compute(plan, inputs.given(plan))
    for _ in range(10):
        known = inputs.given(plan)
        known.update(
            {
                n: x * 10.0 ** rng.uniform(-1, 1)
                for n, x in known.items()
                if n in plan.shortcut.varying and isinstance(x, float)
            }
        )
        try:
            expected = interpret(plan, known)
        except NoAnswer:
            continue  # perhaps of what no target needs
        found = compute(plan, known)
        assert len(found) < len(expected)
        assert {name: bits(found[name]) for name in found} == {
            name: bits(expected[name]) for name in found
        }
        for target in DEFAULT_TARGETS:
            if found[target] - found[target] != 0.0:
                assert status_of(target, plan.nodes, found) == status_of(
                    target, plan.nodes, expected
                )


def test_what_is_asked_often_is_answered_without_the_rest():
    inputs = Inputs.of(scenario(reference()))
    plan = inputs.plan(["cost_usd_per_gpu_hour", "accounting_breakeven_utilisation"])
    for _ in range(OFTEN):
        compute(plan, inputs.given(plan))
    assert set(compute(plan, inputs.given(plan))) == {
        name for one in plan.targets for name in (one, f"{one}_status")
    }
    assert set(interpret(plan, inputs.given(plan))) > plan.names


def test_what_a_target_lacks_is_said_by_the_paths_of_fields():
    half = reference(revenue={"rental_price_usd_per_gpu_hour": None, "utilisation": None})
    lacking = Inputs.of(scenario(half)).lacking(
        ("it_capex_usd_per_rack", "cost_usd_per_gpu_hour", "npv_usd_per_rack")
    )
    use, price = "revenue.utilisation", "revenue.rental_price_usd_per_gpu_hour"
    assert lacking == {"cost_usd_per_gpu_hour": (use,), "npv_usd_per_rack": (price, use)}


def test_sums_are_named_where_the_totals_and_their_lines_are_targets():
    inputs = Inputs.of(scenario(reference()))
    total, *lines = (
        f"{name}_usd_per_rack_by_year"
        for name in ("project_flow", "flow_before_tax", "unlevered_tax")
    )
    assert inputs.plan([total, *lines]).sums == {total: dict(zip(lines, (1.0, -1.0), strict=True))}
    assert inputs.plan([total, lines[0]]).sums == {}
    assert inputs.plan(["npv_usd_per_rack"]).sums == {}
