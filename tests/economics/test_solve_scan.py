"""Solving against a scan of many more points: whatever the scan sees, the solve has found."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios

from economics import NoAnswer, Problem, quote, scenario, solve, sweep
from economics.models.assembly import public_names
from economics.models.registry import graph, model_of
from economics.scenario.fields import (
    GIVEN,
    bounds,
    field_type,
    flat,
    is_life,
    is_whole,
    known_fields,
)
from economics.scenario.inputs import Inputs

POINTS = 100_000
CLOSE = POINTS // 256  # roots closer together than a 256th of the bracket may be missed
LOOSE = 1e-9  # of the greatest value: what a change of side is more than, if it is not rounding
TARGETS = (
    *("npv_usd_per_rack", "irr_per_year", "mirr_per_year", "payback_years", "moic"),
    *("discounted_payback_years", "breakeven_utilisation", "breakeven_price_usd_per_gpu_hour"),
    *("cost_usd_per_gpu_hour", "lcoc_usd_per_gpu_hour", "min_dscr", "equity_npv_usd_per_rack"),
    *("equity_irr_per_year", "equity_payback_years", "margin_fraction", "debt_usd_per_rack"),
    *("retirement_age_years", "headroom_fraction", "llcr", "equity_breakeven_utilisation"),
)


def triple(tables, seed):
    """A target, a field that it depends on, a bracket and a value that it may have in it; None where
    there is none.
    """
    rng, sourced = random.Random(seed), scenario(tables)
    record, inputs = sourced.scenario, Inputs.of(sourced)
    nodes = graph(model_of(record).choices(record, {})).nodes
    target = rng.choice([name for name in TARGETS if name in public_names(nodes)])
    plan = inputs.plan([target])
    fields = [
        name
        for name in sorted(known_fields(record))
        if name in plan.needs and not is_whole(field_type(name, record)) and not is_life(name)
    ]
    stated = [name for name in fields if inputs.values.get(name)]
    capital = [f"{GIVEN}it_capex_usd_per_rack"] if "it_capex_usd_per_rack" in plan.needs else []
    if not (stated or capital):
        return None
    field = rng.choice([*stated, *stated, *fields, *capital])
    low, high = bounds(field_type(field, record))
    base = float(inputs.values.get(flat(field)) or rng.choice([1.0, 1e3, 1e6]))
    if rng.random() < 0.8:
        low, high = max(low, base - abs(base) * rng.random() * 3), min(high, base * 4)
    places = points(low, high)
    at = rng.uniform(*places[(first := rng.randrange(POINTS - 1)) : first + 2])
    try:
        seen = table(tables, target, field, np.array([at, high]))[0]
        table(tables, target, field, np.array([low, high]))
    except Problem:  # such as a price of 0 beside no other
        return None
    if not np.isfinite(seen).any() or not low < high:
        return None
    wanted = float(seen[np.isfinite(seen)][0])
    return target, field, (low, high), wanted * rng.choice([1.0, 1.0, 1.01, 0.97])


def points(low, high):
    """As far apart as the samples of a solve, many more of them."""
    if low >= 0.0 and high > 1e3 * max(low, 1.0):
        return np.concatenate([[low], np.geomspace(max(low, 1e-6), high, POINTS)[1:]])
    return np.linspace(low, high, POINTS)


def table(tables, target, field, places):
    """The target at some places, infinite where its status says the side."""
    axis = {"kind": "values", "field": field, "values": places.tolist()}
    found = sweep({"scenario": tables, "axes": [axis], "targets": [target]}, backend="numpy")
    values, codes = found.columns[target].values.copy(), found.columns.get(f"{target}_status")
    inputs = Inputs.of(scenario(tables), {field: places[0]})
    node = inputs.plan([target]).nodes[target]
    if codes is not None:
        for status, side in zip(node.statuses, node.sides, strict=False):
            if side and node.statuses.count(status) == 1:
                values[codes.values == codes.categories.index(status)] = side * math.inf
    return values, found


def changes(values, wanted):
    """The places after which the scan changes its side."""
    scale = LOOSE * max(abs(wanted), np.nanmax(np.abs(values[np.isfinite(values)]), initial=0.0))
    side = np.where(values > wanted + 0.0, 1, np.where(values < wanted, -1, 0))
    side = np.where(np.isnan(values), 0, side)
    crossed = np.flatnonzero(side[1:] * side[:-1] < 0)
    return [k for k in crossed if not abs(values[k + 1] - values[k]) < scale * 1e-3]


def compare(tables, seed):
    """Whether a solve finds what a scan sees; how often it changed its side."""
    chosen = triple(tables, seed)
    if chosen is None:
        return 0
    target, field, between, wanted = chosen
    places = points(*between)
    values, _ = table(tables, target, field, places)
    crossed = changes(values, wanted)
    try:
        found = solve(tables, target, wanted, field, between)
    except NoAnswer:
        assert not np.isfinite(values).any()
        return 0
    told = sorted([*found.roots, *found.jumps, *(end for one in found.stretches for end in one)])
    assert bool(told) >= bool(crossed), (chosen, "none")
    for before, k, after in zip([-POINTS, *crossed], crossed, [*crossed[1:], 3 * POINTS], strict=False):
        if min(k - before, after - k) <= CLOSE:
            continue
        low, high = places[k], places[k + 1]
        slack = 1e-9 * (high - low)
        assert any(low - slack <= x <= high + slack for x in told), (chosen, low, high, told)
    least, greatest = found.reach
    for root in found.roots:
        (there,) = table(tables, target, field, np.array([root]))[0].reshape(-1)
        span = max(abs(wanted), greatest - least)
        assert there == pytest.approx(wanted, rel=1e-6, abs=1e-6 * span), (chosen, root)
    return len(crossed)
