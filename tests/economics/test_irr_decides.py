"""An IRR says of every WACC from 0 % up whether the NPV is above 0; and racks by the month have
one.
"""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples, sample
from racks import case, changed, plain_server
from strategies import late, renewed, scenarios

from economics import simulate, sweep
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute, finite, side_of
from economics.scenario.reading import scenario as read

ASKED = (
    ("irr_per_year", "npv_usd_per_rack", "wacc_per_year"),
    ("equity_irr_per_year", "equity_npv_usd_per_rack", "cost_of_equity_per_year"),
)
DRAWS = 25


@examples(20)
@given(renewed(late(scenarios(whole_years=False, without=("path",)))), st.integers(0, 2**32 - 1))
def test_where_it_has_a_value_or_a_side_it_says_the_sign_of_the_npv(scenario, seed):
    rng = random.Random(seed)
    price = scenario["revenue"]["rental_price_usd_per_gpu_hour"]
    for _ in range(DRAWS):
        drawn = {
            "rental_price_usd_per_gpu_hour": price * rng.uniform(0.3, 2.5),
            "utilisation": rng.uniform(0.05, 1.0),
        }
        inputs = Inputs.of(read(changed(scenario, revenue=drawn)))
        plan = inputs.plan([name for each in ASKED for name in each] + ["it_capex_usd_per_rack"])
        values = compute(plan, inputs.given(plan))
        for irr, npv, rate in ASKED:
            if finite(values[irr]) is None:
                above = side_of(irr, plan.nodes, values)
            else:
                above = values[irr] - values[rate]
            if above and abs(values[npv]) > 1e-9 * values["it_capex_usd_per_rack"]:
                assert (above > 0) == (values[npv] > 0), (irr, values)


@examples(20)
@given(renewed(late(scenarios(whole_years=False, without=("path",)))), st.integers(0, 2**32 - 1))
def test_the_chance_of_a_profit_lies_between_those_of_a_return(scenario, seed):
    price = scenario["revenue"]["rental_price_usd_per_gpu_hour"]
    ends = {"rental_price_usd_per_gpu_hour": (0.3 * price, 2.5 * price), "utilisation": (0.05, 1.0)}
    fields = {name: {"kind": "uniform", "low": a, "high": b} for name, (a, b) in ends.items()}
    draws = {"count": 256, "seed": seed % 1000, "fields": fields}
    rates = [scenario["finance"].get(rate) for _, _, rate in ASKED]
    levels = (rates[0], rates[0] if rates[1] is None else rates[1])
    for (irr, npv, _), level in zip(ASKED, levels, strict=True):
        asked = [f"{irr} > {level!r}", f"{npv} > 0"]
        spec = {"scenario": scenario, "draws": draws, "conditions": asked}
        returns, profit = simulate(spec).conditions
        assert returns.met <= profit.met <= returns.met + sum(returns.no_value.values())


METHODS = (
    (None,),
    ({"method": "macrs", "recovery_years": 5},),
    ({"method": "bonus", "fraction": 1.0, "then": {"method": "macrs", "recovery_years": 5}},),
)


@pytest.mark.parametrize("instalments", [1, 4])
@pytest.mark.parametrize("method", sample(METHODS, 3))
def test_every_cell_of_a_plain_grid_by_the_month_has_an_irr(method, instalments):
    """With one instalment 3,104 of these 4,752 have a second root within a hair of -100 %."""
    axes = [
        {"kind": "linspace", "start": 1.5, "stop": 5, "count": 36},
        {"kind": "linspace", "start": 0.5, "stop": 1, "count": 11},
        {"kind": "values", "values": [0.21, 0.25, 0.3]},
        {"kind": "values", "values": [3, 4, 5, 6]},
    ]
    fields = ("rental_price_usd_per_gpu_hour", "utilisation", "tax_rate", "economic_life_years")
    finance = {"tax_instalments_per_year": instalments, "tax_depreciation": method}
    found = sweep(
        {
            "scenario": plain_server(finance=finance),
            "axes": [{**axis, "field": field} for axis, field in zip(axes, fields, strict=True)],
            "targets": ["irr_per_year", "root_count", "npv_usd_per_rack"],
        }
    ).columns
    irr, npv = (found[name].values for name in ("irr_per_year", "npv_usd_per_rack"))
    assert irr.size == 4752
    assert np.isfinite(irr).all()
    assert ((irr > 0.1) == (npv > 0)).all()
    if method is None or instalments == 4:
        assert (found["root_count"].values == 1).all()


def test_chances_of_a_server_by_its_irr_and_by_its_npv_are_one():
    """In a third of these draws or more the flow turns twice where all tax is paid at once."""
    for instalments in (1, 4):
        spec = {
            "scenario": plain_server(finance={"tax_instalments_per_year": instalments}),
            "draws": {
                "count": 8192,
                "fields": {
                    "utilisation": {"kind": "uniform", "low": 0.6, "high": 0.95},
                    "rental_price_usd_per_gpu_hour": {"kind": "uniform", "low": 1.8, "high": 3.2},
                },
            },
            "conditions": ["irr_per_year > 0.1", "npv_usd_per_rack > 0"],
        }
        irr, npv = simulate(spec).conditions
        assert (irr.met, irr.not_met, irr.no_value) == (npv.met, npv.not_met, {})


@pytest.mark.parametrize(
    ("instalments", "rates"), [(1, (0.190, 0.308, 0.426, 0.544)), (4, (0.189, 0.306, 0.421, 0.536))]
)
def test_shares_and_the_best_cells_count_every_rack_that_returns(instalments, rates):
    finance = {"periods_per_year": 12, "tax_instalments_per_year": instalments}
    use = {"kind": "linspace", "field": "utilisation", "start": 0.6, "stop": 0.9, "count": 4}
    tables = case("nvl72-own-hall", finance=finance)
    spec = {"scenario": tables, "axes": [use], "targets": ["irr_per_year"]}
    assert sweep(spec).columns["irr_per_year"].values == pytest.approx(rates, abs=5e-4)
    share = sweep({**spec, "reduce": {"kind": "share", "condition": "irr_per_year > 0.1"}})
    assert (share.met, share.cells, share.no_value) == (4, 4, {})
    best = sweep({**spec, "reduce": {"kind": "top", "count": 3}})
    assert [row["utilisation"] for row in best.rows] == pytest.approx([0.9, 0.8, 0.7])
    assert (best.missing, best.ahead) == ({}, {})
