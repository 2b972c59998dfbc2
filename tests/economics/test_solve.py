"""Solving: every root that samples can see, to the last bit, and what cannot be solved for."""

import pytest
from racks import CHOICES, JOB, case, changed, reference, value

from economics import NoAnswer, Problem, scenario, solve
from economics.models.assembly import graph, public_names
from economics.scenario.fields import field_paths
from economics.scenario.inputs import Inputs


def test_the_breakeven_utilisation_is_a_root_of_the_npv():
    found = solve(reference(), "npv_usd_per_rack", 0.0, "utilisation")
    assert found.roots == pytest.approx([0.5847384953155493], rel=1e-14)
    assert found.between == (0.0, 1.0)
    assert "257 samples" in found.note


@pytest.mark.parametrize(
    ("target", "wanted", "unknown", "table"),
    [
        ("cost_usd_per_gpu_hour", 2.5, "server_price_usd_per_rack", "hardware"),
        ("cost_usd_per_gpu_hour", 2.5, "economic_life_years", "hardware"),
        ("npv_usd_per_rack", 0.0, "wacc_per_year", "finance"),
        ("npv_usd_per_rack", 5e5, "electricity_price_usd_per_kwh", "power"),
        ("irr_per_year", 0.15, "rental_price_usd_per_gpu_hour", "revenue"),
    ],
)
def test_a_root_put_back_gives_the_wanted_value(target, wanted, unknown, table):
    (root,) = solve(reference(), target, wanted, unknown).roots
    assert value(changed(reference(), **{table: {unknown: root}}), target) == pytest.approx(
        wanted, rel=1e-9, abs=1e-3
    )


def test_all_roots_are_found():
    tables = reference(hardware={"economic_life_years": 2}, finance={"debt_fraction": 0.0})
    tables["revenue"] = {
        "kind": "rental",
        "price_path_usd_per_gpu_hour": [29.3, 0.01],
        "utilisation": 1.0,
    }
    tables["operations"] = {"other_cost_usd_per_rack_year": 7_300_000}
    found = solve(tables, "npv_usd_per_rack", 0.0, "wacc_per_year", (-0.5, 5.0))
    assert len(found.roots) == 2
    for root in found.roots:
        assert value(
            changed(tables, finance={"wacc_per_year": root}), "npv_usd_per_rack"
        ) == pytest.approx(0.0, abs=1e-3)


SERVER = case("plain-server", finance={"tax_rate": None})


def price_for(months):
    """The price of an untaxed server whose month pays a share 1 / `months` of its price back."""
    running = 10.2 * 150 + 10.2 * 1.3 * 730 * 0.08
    return (300_000 / months + running) / (8 * 730 * 0.8)


def worth(rate, months):
    """What 1 USD a month is worth for some months, the last one in part."""
    step = (1 + rate) ** (1 / 12)
    whole = int(months)
    return sum(step**-k for k in range(1, whole + 1)) + (months - whole) * step ** -(whole + 1)


@pytest.mark.parametrize(
    ("target", "wanted", "price"),
    [
        ("payback_years", 3.95, price_for(3.95 * 12)),
        ("discounted_payback_years", 3.99, price_for(worth(0.1, 3.99 * 12))),
        ("irr_per_year", 0.15, price_for(worth(0.15, 48))),
        ("breakeven_utilisation", 0.95, price_for(worth(0.1, 48)) * 0.8 / 0.95),
    ],
)
def test_a_root_between_the_last_value_and_a_sample_without_one(target, wanted, price):
    """Lower prices never pay back, or have a breakeven above one: the crossing lies beside them."""
    found = solve(SERVER, target, wanted, "rental_price_usd_per_gpu_hour")
    assert found.roots == pytest.approx([price], rel=1e-9)
    assert found.reason is None


def test_a_breakeven_above_one_is_above_every_value():
    """With 25 % of tax an independent model has a price of 1.8491."""
    taxed = changed(SERVER, finance={"tax_rate": 0.25, "tax_instalments_per_year": 1})
    field = "rental_price_usd_per_gpu_hour"
    found = solve(taxed, "breakeven_utilisation", 0.95, field)
    assert found.roots == pytest.approx([1.8491], abs=5e-5)
    assert [one.status for one in found.statuses] == ["no_margin", "above_one", "ok"]
    beyond = solve(taxed, "breakeven_utilisation", 1.5, field)
    assert (beyond.roots, beyond.stretches) == ((), ())
    assert beyond.jumps == pytest.approx([found.statuses[-1].low])
    assert f"to 100 % there; it passes the value in a jump at {field}" in beyond.reason
    assert "(over 100 %: even full utilisation does not break even)" in beyond.reason


@pytest.mark.parametrize(
    ("target", "wanted", "instalments", "price"),
    [
        ("payback_years", 3.95, 1, 1.85257),
        ("payback_years", 3.95, 4, 1.85338),
        ("discounted_payback_years", 3.99, 1, 2.19749),
        ("discounted_payback_years", 3.99, 4, 2.20404),
        ("irr_per_year", 0.15, 1, 2.37795),
        ("irr_per_year", 0.15, 4, 2.38724),
    ],
)
def test_prices_of_a_taxed_server_by_an_independent_model(target, wanted, instalments, price):
    finance = {"tax_rate": 0.25, "tax_instalments_per_year": instalments}
    taxed, field = changed(SERVER, finance=finance), "rental_price_usd_per_gpu_hour"
    assert solve(taxed, target, wanted, field).roots == pytest.approx([price], abs=5e-6)


def test_the_price_at_which_a_lent_rack_breaks_even_at_95_percent():
    lent = case("nvl72-lent", finance={"tax_instalments_per_year": 1})
    found = solve(lent, "breakeven_utilisation", 0.95, "rental_price_usd_per_gpu_hour")
    assert found.roots == pytest.approx([2.66063], abs=5e-6)


def test_a_stretch_is_no_root():
    """A sculpted loan has its target DSCR until its cap; the reason of a miss is the range."""
    loan = {
        "debt_fraction": 0.6,
        "debt_rate_per_year": 0.08,
        "amortisation": "sculpted",
        "target_dscr": 1.3,
    }
    field = "rental_price_usd_per_gpu_hour"
    found = solve(reference(finance=loan), "min_dscr", 1.3, field, (1.0, 10.0))
    assert found.roots == ()
    ((low, high),) = found.stretches
    assert 1.0 <= low < high < 10.0
    below = changed(reference(finance=loan), revenue={field: 0.99 * high})
    above = changed(reference(finance=loan), revenue={field: 1.01 * high})
    assert value(below, "min_dscr") == pytest.approx(1.3, rel=1e-12)
    assert value(above, "min_dscr") > 1.3 + 1e-3
    assert (found.reach[0], found.reason) == (pytest.approx(1.3), None)


def test_a_given_quantity_can_be_solved_for():
    """Capex that makes the NPV 0 is the capex and the NPV; what stands behind it is told."""
    found = solve(reference(), "npv_usd_per_rack", 0.0, "given.it_capex_usd_per_rack")
    assert found.roots == pytest.approx([4e6 + value(reference(), "npv_usd_per_rack")], rel=1e-12)
    assert (found.unit, found.between) == ("usd/rack", (0.0, 1e15))


def test_a_method_s_own_field_can_be_solved_for():
    tables = reference(finance={"book_depreciation": {"method": "straight_line", "life_years": 6}})
    found = solve(
        tables, "book_value_usd_per_rack[1]", 3e6, "book_depreciation_life_years", (1.0, 20.0)
    )
    assert found.roots == pytest.approx([4.0])


def test_a_jump_is_no_root_but_is_told():
    dear = {"other_cost_usd_per_rack_year": 600_000}
    rise = "opex_escalation_per_year"
    found = solve(reference(operations=dear), "retirement_age_years", 2.5, rise, (0.0, 1.0))
    assert found.roots == ()
    (jump,) = found.jumps
    ages = [
        value(reference(operations={**dear, rise: jump + step}), "retirement_age_years")
        for step in (-1e-9, 1e-9)
    ]
    assert ages == [3.0, 2.0]
    assert f"in a jump at opex_escalation_per_year = {jump!r}" in found.reason


def test_no_root_in_the_bracket_says_what_the_target_is_there():
    found = solve(reference(), "npv_usd_per_rack", 1e9, "utilisation")
    assert found.roots == ()
    ends = [value(reference(revenue={"utilisation": use}), "npv_usd_per_rack") for use in (0, 1)]
    assert found.reach == tuple(ends)
    assert found.reason == f"npv_usd_per_rack goes from {ends[0]:g} to {ends[1]:g} there"


def test_a_value_may_be_meant_in_percent():
    found = solve(reference(), "irr_per_year", 15, "utilisation")
    assert found.roots == ()
    assert found.note.endswith('did you mean 0.15 or "15%"?')


def test_a_target_without_any_value():
    tables = reference(revenue={"utilisation": 0.0})
    with pytest.raises(
        NoAnswer, match=r"no value for wacc_per_year from -100 % to 1000 %: .*no hours are"
    ):
        solve(tables, "cost_usd_per_gpu_hour", 1.0, "wacc_per_year")


UNKNOWNS = (
    "utilisation",
    "wacc_per_year",
    "server_price_usd_per_rack",
    "it_load_kw_per_rack",
    "residual_fraction",
    "availability",
    "pue",
)
NODES = graph(CHOICES).nodes
SOLVABLE = [name for name in public_names(NODES) if NODES[name].first_year is None]


@pytest.mark.parametrize("target", SOLVABLE)
def test_every_quantity_of_one_number_can_be_solved_for(target):
    loan = {"debt_fraction": 0.4, "debt_rate_per_year": 0.08, "tax_rate": 0.2}
    tables = reference(finance=loan, hardware={"residual_fraction": 0.1}, operations=JOB)
    wanted = value(tables, target)
    inputs = Inputs.of(scenario(tables))
    unknown = next((name for name in UNKNOWNS if name in inputs.plan([target]).needs), None)
    if unknown is None:
        with pytest.raises(Problem, match="depends on"):
            solve(tables, target, wanted, UNKNOWNS[0])
        return
    found = solve(tables, target, 0.0 if wanted is None else wanted, unknown)
    for root in [root for root in found.roots[:2] if root > 0.0]:
        table = field_paths()[unknown].partition(".")[0]
        assert value(changed(tables, **{table: {unknown: root}}), target) == pytest.approx(
            found.value, rel=1e-6, abs=1e-6
        )


@pytest.mark.parametrize(
    ("arguments", "where", "expected"),
    [
        (("npv_usd_per_rack", 0.0, "utilization"), "unknown", "utilisation"),
        (("npv_usd_per_rack", 0.0, "gpu_per_rack"), "unknown", "real-valued"),
        (("npv_usd_per_rack", 0.0, "it_capex_usd_per_rack"), "unknown", "mean given.it_capex_"),
        (
            ("npv_usd_per_rack", 0.0, "given.capex_usd"),
            "unknown",
            " or given.it_capex_usd_per_rack",
        ),
        (("npv_usd_per_rack", 0.0, "given.utilisation"), "unknown", "real-valued"),
        (("npv_usd_per_rack", 0.0, "given.llcr"), "unknown", "depends on"),
        (("npv_usd_per_rack", 0.0, "timing"), "unknown", "real-valued"),
        (("npv_usd_per_rack", 0.0, "economic_life_years"), "unknown", "need not be whole periods"),
        (("npv_usd_per_rack", 0.0, "rack_count"), "unknown", "real-valued"),
        (("cost_usd_per_gpu_hour", 0.0, "tax_rate"), "unknown", "depends on"),
        (("npv", 0.0, "utilisation"), "target", "npv_usd_per_rack"),
        (("revenue_usd_per_rack_by_year", 0.0, "utilisation"), "target", "[1]"),
        (("npv_usd_per_rack", float("nan"), "utilisation"), "value", "finite"),
        (("npv_usd_per_rack", True, "utilisation"), "value", "a number"),
        (("npv_usd_per_rack", 0.0, None), "unknown", "text"),
        (("npv_usd_per_rack", 0.0, "utilisation", (0.9, 0.1)), "between", "lower"),
        (("npv_usd_per_rack", 0.0, "utilisation", (0.1,)), "between", "length 2"),
        (("npv_usd_per_rack", 0.0, "utilisation", ("8%%", 0.5)), "between[0]", "a number"),
        (("npv_usd_per_rack", 0.0, "utilisation", (0.0, 1.1)), "between", "can have"),
    ],
)
def test_what_cannot_be_solved_for(arguments, where, expected):
    with pytest.raises(Problem) as caught:
        solve(reference(), *arguments)
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_value_and_bracket_may_be_percentages():
    asked = ("rental_price_usd_per_gpu_hour", (1.0, 3.0))
    found = solve(reference(), "breakeven_utilisation", "95%", *asked)
    assert found == solve(reference(), "breakeven_utilisation", 0.95, *asked)
    assert found.roots
    shares = [
        solve(reference(), "npv_usd_per_rack", 0.0, "utilisation", between)
        for between in (("10%", 0.9), [0.1, 0.9])
    ]
    assert shares[0] == shares[1]
    assert shares[0].between == (0.1, 0.9)


def test_progress_may_stop_a_solve():
    seen = []

    def watch(done, more):
        seen.append(done)
        if done == 10:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        solve(reference(), "npv_usd_per_rack", 0.0, "utilisation", progress=watch)
    assert seen == list(range(1, 11))
