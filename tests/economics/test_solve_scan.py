"""Solving against a scan of many more points: whatever the scan sees, the solve has found."""

import math
import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
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
CAPEX = "it_capex_usd_per_rack"
TARGETS = (
    *("npv_usd_per_rack", "irr_per_year", "mirr_per_year", "payback_years", "moic"),
    *("discounted_payback_years", "breakeven_utilisation", "breakeven_price_usd_per_gpu_hour"),
    *("cost_usd_per_gpu_hour", "lcoc_usd_per_gpu_hour", "min_dscr", "equity_npv_usd_per_rack"),
    *("equity_irr_per_year", "equity_payback_years", "margin_fraction", "debt_usd_per_rack"),
    *("retirement_age_years", "headroom_fraction", "llcr", "equity_breakeven_utilisation"),
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
    record, inputs, target = sourced.scenario, Inputs.of(sourced), rng.choice(TARGETS)
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


def check(tables, seed, count):
    """A solve for a value that the target has somewhere in the bracket, or nearly."""
    rng = random.Random(seed)
    asked = question(tables, rng)
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
    wanted = float(rng.choice([first, 0.5 * (first + second), 1.01 * first, *hard, *hard]))
    compare(asked, wanted, places, values)


def beside(values, finite, apart):
    """Values a little beside the first edge, and beside the first turn, where there is one."""
    edges = np.flatnonzero(finite[1:] != finite[:-1])[:1]
    rise = np.diff(np.where(finite, values, np.nan))
    turns = np.flatnonzero(rise[1:] * rise[:-1] < 0.0)[:1]
    near = [place + step for place in (*edges, *turns) for step in (-apart, apart)]
    return [values[place] for place in near if 0 <= place < len(values) and finite[place]]


def compare(asked, wanted, places, values):
    """Where the scan changes its side, the solve has a root, a stretch or a jump."""
    try:
        found = solve(asked.tables, asked.target, wanted, asked.field, (asked.low, asked.high))
    except NoAnswer as error:
        pytest.fail(f"{asked} {wanted!r}: {error}")
    side = np.where(values > wanted, 1, np.where(values < wanted, -1, 0))
    crossed = np.flatnonzero(side[1:] * side[:-1] < 0)
    ends = np.array([*found.roots, *found.jumps, *np.ravel(found.stretches)])
    if crossed.size:
        assert ends.size, (asked, wanted)
    apart = np.diff(crossed, prepend=-len(places), append=2 * len(places))
    for place in crossed[np.minimum(apart[1:], apart[:-1]) > CLOSE * len(places)]:
        low, high = places[place], places[place + 1]
        slack = high - low  # of rounding, where the target hardly moves
        assert ((ends >= low - slack) & (ends <= high + slack)).any(), (asked, wanted, low, high)
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
