"""Solving against a scan of many more points: whatever the scan sees, the solve has found."""

import math
import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from racks import changed
from strategies import scenarios

from economics import NoAnswer, Problem, Solution, scenario, solve, sweep
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

CLOSE = 1.0 / 256.0  # of the bracket: roots closer together may be missed
ROUNDING = 1e-6  # of a step of the scan, beside which a root may lie
CAPEX = "it_capex_usd_per_rack"
EDGED = (  # without a value in a part of most brackets
    *("irr_per_year", "payback_years", "discounted_payback_years", "breakeven_utilisation"),
    *("equity_irr_per_year", "equity_payback_years", "equity_breakeven_utilisation"),
    *("breakeven_price_usd_per_gpu_hour", "min_dscr", "llcr", "retirement_age_years"),
)
TARGETS = (
    *("npv_usd_per_rack", "mirr_per_year", "moic", "cost_usd_per_gpu_hour"),
    *("lcoc_usd_per_gpu_hour", "equity_npv_usd_per_rack", "margin_fraction"),
    *("debt_usd_per_rack", "headroom_fraction", "after_tax_min_dscr"),
)
WORTH = (
    ("npv_usd_per_rack", "wacc_per_year"),
    ("mirr_per_year", "wacc_per_year"),
    ("discounted_payback_years", "wacc_per_year"),
    ("equity_npv_usd_per_rack", "cost_of_equity_per_year"),
)


@dataclass
class Asked:
    """A question to a solve, whose bracket is scanned too."""

    tables: dict
    target: str
    field: str
    low: float
    high: float

    def places(self, count):
        """As far apart as the samples of a solve, many more of them."""
        if self.high > 1e3 * max(self.low, 1.0) and self.low >= 0.0:
            wide = np.geomspace(max(self.low, 1e-6), self.high, count)
            return np.concatenate([[self.low], wide[1:-1], [self.high]])
        return np.linspace(self.low, self.high, count)

    def values(self, places):
        """The target at some places, infinite where its own status says the side."""
        axis = {"kind": "values", "field": self.field, "values": list(map(float, places))}
        spec = {"scenario": self.tables, "axes": [axis], "targets": [self.target]}
        found = sweep(spec, backend="numpy")
        values, codes = (found.columns.get(f"{self.target}{end}") for end in ("", "_status"))
        made = values.values.copy()
        node = Inputs.of(scenario(self.tables)).plan([self.target]).nodes[self.target]
        for status, side in zip(node.statuses, node.sides, strict=False):
            if codes is not None and side and node.statuses.count(status) == 1:
                made[codes.values == codes.categories.index(status)] = side * math.inf
        return made


def question(tables, rng):
    """A target, a field that it depends on, stated ones above all, and a bracket around its value,
    or all that it can be; None where there is none.
    """
    sourced = scenario(tables)
    record, inputs = sourced.scenario, Inputs.of(sourced)
    target = rng.choice(EDGED if rng.random() < 0.7 else TARGETS)
    needs = inputs.plan([target]).needs
    fields = [
        name
        for name in sorted(known_fields(record) & needs)
        if not (is_whole(field_type(name, record)) or is_life(name))
    ]
    stated = [name for name in fields if inputs.values.get(name)]
    fields += 2 * stated + ([f"{GIVEN}{CAPEX}"] if CAPEX in needs else [])
    if not fields:
        return None
    field = rng.choice(fields)
    low, high = bounds(field_type(field, record))
    base = float(inputs.values.get(flat(field)) or rng.choice([1.0, 1e3, 1e6]))
    if rng.random() < 0.8:
        low, high = max(low, base - 3.0 * abs(base) * rng.random()), min(high, 4.0 * base)
    return Asked(tables, target, field, low, high) if low < high else None


def turning(tables, rng):
    """What a rack is worth that costs more than it earns in its last years, by the rate at which
    those count: it turns for many a rack of several years.
    """
    price = tables["revenue"]["rental_price_usd_per_gpu_hour"]
    rack = tables["hardware"]
    cost = rng.uniform(0.05, 0.3) * rack["gpu_per_rack"] * rack["gpu_price_usd_per_gpu"]
    late = changed(
        tables,
        operations={
            "other_cost_usd_per_rack_year": cost,
            "opex_escalation_per_year": rng.uniform(0.1, 1.0),
        },
        revenue={
            "rental_price_usd_per_gpu_hour": price * rng.uniform(1.0, 4.0),
            "price_path_usd_per_gpu_hour": None,
            "price_decline_per_year": rng.uniform(0.2, 0.6),
        },
    )
    target, field = rng.choice(WORTH)
    return Asked(late, target, field, -0.5 * rng.random(), rng.uniform(0.2, 1.0))


def check(tables, seed, count):
    """A solve for a value that the target has somewhere in the bracket, or nearly."""
    rng = random.Random(seed)
    asked = question(tables, rng) if rng.random() < 0.7 else turning(tables, rng)
    assume(asked is not None)
    places = asked.places(count)
    try:
        values = asked.values(places)
    except Problem:  # of the scenario: no price at all, for one
        assume(False)
    finite = np.isfinite(values)
    assume(finite.any())
    first, second = rng.choice(values[finite]), rng.choice(values[finite])
    hard = beside(values, finite, rng.randrange(1, max(2, len(places) // 1000)))
    wanted = float(rng.choice(hard or [first, 0.5 * (first + second), 1.01 * first]))
    compare(asked, wanted, places, values)


def beside(values, finite, apart):
    """Values that are passed a little beside an edge, and beside a turn, where there is one."""
    edges = np.flatnonzero(finite[1:] != finite[:-1])
    rise = np.diff(np.where(finite, values, np.nan))
    turns = np.flatnonzero(rise[1:] * rise[:-1] < 0.0)
    near = {place + step for place in (*edges[:2], *turns[:2]) for step in (-apart, apart)}
    pairs = [values[place : place + 2] for place in sorted(near) if place >= 0]
    return [pair.mean() for pair in pairs if pair.size == 2 and np.isfinite(pair).all()]


def compare(asked, wanted, places, values):
    """Where the scan changes its side, the solve has a root, a stretch or a jump, or has seen a gap
    between two places of the scan.
    """
    try:
        found = solve(asked.tables, asked.target, wanted, asked.field, (asked.low, asked.high))
    except NoAnswer as error:
        pytest.fail(f"{asked} {wanted!r}: {error}")
    side = np.sign(values - wanted)
    marked = np.flatnonzero(side != 0.0)
    crossed = np.flatnonzero(side[marked[1:]] * side[marked[:-1]] < 0.0)
    parts = [*found.stretches, *((x, x) for x in (*found.roots, *found.jumps))]
    gaps = [(span.low, span.high) for span in found.statuses if span.status != "ok"]
    if crossed.size or (side == 0.0).any():
        assert parts, (asked, wanted)
    apart = np.diff(marked[crossed], prepend=-len(places), append=2 * len(places))
    for at in crossed[np.minimum(apart[1:], apart[:-1]) > CLOSE * len(places)]:
        low, high = places[marked[at]], places[marked[at + 1]]
        slack = ROUNDING * (high - low)
        met = any(a <= high + slack and b >= low - slack for a, b in parts)
        assert met or any(low < a and b < high for a, b in gaps), (asked, wanted, low)
    held(asked, wanted, found)


def held(asked, wanted, found: Solution):
    """The target has the value at the roots."""
    if found.roots:
        there = asked.values(found.roots)
        span = max(abs(wanted), found.reach[1] - found.reach[0])
        assert there == pytest.approx(wanted, rel=1e-6, abs=1e-6 * span), (asked, wanted)


@settings(max_examples=12)
@given(scenarios(), st.integers(0, 2**32 - 1))
def test_a_solve_finds_what_a_scan_sees(tables, seed):
    check(tables, seed, 5_000)


@pytest.mark.slow
@settings(max_examples=300)
@given(scenarios(), st.integers(0, 2**32 - 1))
def test_300_solves_find_what_scans_see(tables, seed):
    check(tables, seed, 100_000)
