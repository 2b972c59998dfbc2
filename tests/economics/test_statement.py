"""The statement of a cash flow: its totals are what the formulas of the flows come to, for any
scenario, and what is added to a rack has its line by itself.
"""

from itertools import zip_longest

import pytest
from contracts import contracts
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from racks import changed, reference
from strategies import late, renewed, scenarios

from economics import quote, scenario, sweep
from economics.formulas.statement import before_tax, in_sequence, sums
from economics.models.registry import graph, model_of
from economics.questions.ready_made import ready
from kernels.language.graph import Graph
from kernels.language.node import adds_to, by_year, node, taken_from
from kernels.language.profile import Profile

ANY = late(renewed(st.one_of(scenarios(whole_years=False), contracts())))


@by_year(1)
@adds_to("flow_before_tax_usd_per_rack_by_year")
def sales_usd():
    return Profile((5.0, 6.0))


@by_year(0)
@taken_from("flow_before_tax_usd_per_rack_by_year")
def stall_usd():
    return Profile((8.0, 0.0, 1.0))


def statement(tables):
    """(values from year 0 by name, the lines of each total) of a scenario's cash flow."""
    sourced = scenario(tables)
    answer = quote(sourced, ready("cashflow", sourced.scenario))
    series = {
        name: (*(0.0,) * one.index[0], *one.values)
        for name, one in answer.quantities.items()
        if name.endswith("_by_year")
    }
    return series, answer.sums


@examples(60)
@given(ANY)
def test_each_total_is_the_sum_of_its_lines(tables):
    series, lines = statement(tables)
    assert {"project_flow_usd_per_rack_by_year", "equity_flow_usd_per_rack_by_year"} <= {*lines}
    size = max(abs(value) for values in series.values() for value in values)
    for total, signs in lines.items():
        own = ([sign * value for value in series[name]] for name, sign in signs.items())
        come_to = [sum(year) for year in zip_longest(*own, fillvalue=0.0)]
        assert come_to == pytest.approx(series[total], rel=1e-9, abs=1e-9 * size), total


@examples(60)
@given(ANY)
def test_taxable_income_can_be_rebuilt_from_what_is_shown(tables):
    """Year by year: ebitda, the gain at disposal and depreciation; what was earned or paid before
    operations is of year 1.
    """
    series, _ = statement(tables)

    def line(name):
        return series.get(f"{name}_usd_per_rack_by_year", (0.0,) * len(ebitda))

    ebitda = series["ebitda_usd_per_rack_by_year"]
    parts = zip(ebitda, line("disposal_gain"), line("tax_depreciation"), strict=True)
    expected = [earned + gain - written for earned, gain, written in parts]
    expected[1] += line("net_prepayment")[0] - line("delay_rent")[0]
    size = max(map(abs, (*ebitda, *line("capital"))))
    income = line("unlevered_taxable_income")
    assert income == pytest.approx(expected, rel=1e-9, abs=1e-9 * size)


def test_what_is_bought_again_late_and_prepaid_is_in_it():
    tables = changed(
        reference(),
        hardware={"network_price_usd_per_gpu": 3000, "network_life_years": 2},
        operations={"delay_years": 1, "rent_during_delay": True},
        facility={"colocation_price_usd_per_kw_month": 100},
        finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1, "tax_rate": 0.2},
        revenue={
            "kind": "contract",
            "tranches": [
                {
                    "hours_fraction": 0.5,
                    "contract_price_usd_per_gpu_hour": 3,
                    "contract_term_years": 5,
                    "prepayment_fraction": 0.1,
                }
            ],
        },
    )
    series, lines = statement(tables)
    of = {
        name: dict(zip(lines[name], [series[one] for one in lines[name]], strict=True))
        for name in lines
    }
    before = of["flow_before_tax_usd_per_rack_by_year"]
    assert before["net_prepayment_usd_per_rack_by_year"][0] == pytest.approx(
        0.1 * 3 * 0.5 * 72 * 8760 * 5
    )
    assert before["delay_rent_usd_per_rack_by_year"][:2] == (132 * 100 * 12, 0)
    assert sum(before["renewal_usd_per_rack_by_year"]) == pytest.approx(2 * 3000 * 72)
    equity, debt = (
        of["equity_flow_usd_per_rack_by_year"],
        0.5 * series["capital_usd_per_rack_by_year"][0],
    )
    assert equity["debt_drawn_usd_per_rack_by_year"] == (debt, 0, 0, 0, 0, 0)
    assert equity["delay_interest_usd_per_rack_by_year"][0] == pytest.approx(0.1 * debt)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_lines_are_swept_with_the_bits_of_one_scenario(backend):
    """Lives and delays vary: no line has anything beyond the life."""
    names = [f"{name}_usd_per_rack_by_year[0]" for name in ("capital", "debt_drawn", "delay_rent")]
    names += [f"{name}_usd_per_rack_by_year[3]" for name in ("flow_before_tax", "residual")]
    loan = {"debt_fraction": 0.5, "debt_rate_per_year": 0.1, "debt_tenor_years": 2}
    tables = changed(
        reference(),
        hardware={"residual_fraction": 0.1},
        facility={"colocation_price_usd_per_kw_month": 100},
        operations={"rent_during_delay": True},
        finance=loan,
    )
    axes = [
        {"kind": "values", "field": "economic_life_years", "values": [2, 3, 5]},
        {"kind": "values", "field": "delay_years", "values": [1, 2]},
    ]
    found = sweep({"scenario": tables, "axes": axes, "targets": names}, backend=backend)
    for i, life in enumerate((2, 3, 5)):
        for j, delay in enumerate((1, 2)):
            one = changed(
                tables, hardware={"economic_life_years": life}, operations={"delay_years": delay}
            )
            for name in names if life > 2 else names[:3]:
                alone = quote(one, [name]).quantities[name].value
                assert found.columns[name].values[i, j] == alone, name


def test_a_line_is_one_where_it_is_marked():
    stall = {one.name: one for one in map(node, (sales_usd, stall_usd))}
    made = before_tax(stall)
    assert sums(stall) == {made.name: {"stall_usd": -1.0, "sales_usd": 1.0}}
    (step,) = Graph({made.name: made}).plan([made.name], stall)
    assert step.call(stall_usd(), sales_usd()).values == (-8.0, 5.0, 5.0)


def test_lines_are_read_before_their_totals_and_once():
    lines = {"rest": {"sale": 1.0, "cost": -1.0}, "mine": {"rest": 1.0}, "yours": {"rest": 1.0}}
    assert list(in_sequence(lines)) == ["sale", "cost", "rest", "mine", "yours"]


def test_a_lease_and_commitments_have_one():
    for model, lines in (
        ({"model": "lease"}, {"rent_usd_by_year", "operating_cost_usd_by_year"}),
        ({"model": "commitments"}, {"committed_usd_by_year", "cash_margin_usd_by_year"}),
    ):
        record = scenario(model).scenario
        nodes = graph(model_of(record).choices(record, {})).nodes
        assert lines <= {*in_sequence(sums(nodes))}
