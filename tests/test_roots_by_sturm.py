"""A thousand flows whose roots are hard to find, a second opinion by Sturm sequences over exact
fractions: how many, where, on which side of each there is a gain, and what an IRR is then.
"""

import random

import oracle_roots
import pytest
from kernels_flows import unconventional
from laws import sample

from kernels.language.every_root import every_rate
from kernels.language.irr import STATUSES, irr
from kernels.language.node import node, statuses
from kernels.language.profile import Profile
from kernels.language.verbs import FLOATS

NAMES = node(statuses(**STATUSES)(lambda: None)).statuses
BATCH = 20


def levered(rng):
    """(outlay, flows, dates a year) of the equity in something that earns less every year, pays tax
    in instalments and serves a level loan for a part of its life.
    """
    m = rng.choice((1, 1, 4, 12))
    years = rng.randint(3, 12) if m == 1 else rng.randint(2, 40 // m)
    share, rate, tax = rng.choice((0.0, 0.5, 0.8, 1.0)), rng.uniform(0.03, 0.15), 0.25
    earned, falls = rng.uniform(15, 70), rng.uniform(0, 0.4)
    tenor, instalments = rng.randint(m, years * m), 1 if m == 1 else rng.choice((1, 4))
    written = (
        [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576] if rng.random() < 0.4 else [1 / years] * years
    )
    payment = share * 100 * (rate / m) / (1 - (1 + rate / m) ** -tenor)
    owed, flows = share * 100, []
    for year in range(years):
        income = earned * (1 - falls) ** year - 12
        taxable = income - 100 * (written[year] if year < len(written) else 0.0)
        for k in range(m):
            interest = owed * rate / m
            taxable -= interest
            due = payment if year * m + k < tenor else 0.0
            owed -= due - interest if due else 0.0
            flows.append(income / m - due)
        for k in range(instalments):
            flows[year * m + (k + 1) * m // instalments - 1] -= tax * taxable / instalments
    flows[-1] += rng.choice((0.0, 0.0, 10.0))
    return 100 - share * 100, flows, m


def drawn(seed):
    """A flow, half of the time a levered one."""
    rng = random.Random(seed)
    if seed % 2:
        return levered(rng)
    while True:
        outlay, later = unconventional(rng)
        if sum(1 for amount in later if amount) <= 36:
            return outlay, later, rng.choice((1, 4, 12))


@pytest.mark.parametrize("first", sample([(seed,) for seed in range(0, 1000, BATCH)], 10))
def test_a_second_finder_of_roots_agrees(first, monkeypatch):
    monkeypatch.setattr(oracle_roots, "STURM_DATES", 10_000)
    for seed in range(first, first + BATCH):
        outlay, later, steps = drawn(seed)
        flows = dict(enumerate([-outlay, *later]))
        rate, status, count = oracle_roots.internal_rate(flows, steps)
        found = irr(outlay, Profile(later), steps, FLOATS)
        assert (NAMES[int(found.status)], found.root_count) == (status, count), seed
        if rate is not None:
            assert found.rate == pytest.approx(rate, rel=1e-9, abs=1e-9), seed
        listed = every_rate(outlay, Profile(later), steps)
        exact = oracle_roots.rates(flows, steps) if count else []
        assert ["fall" if one.falls else "rise" for one in listed] == [k for _, k in exact], seed
        assert [one.rate for one in listed] == pytest.approx(
            [one for one, _ in exact], rel=1e-7, abs=1e-9
        ), seed
