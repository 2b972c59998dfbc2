"""What compiled plans make of rows of values, against numpy on the whole."""

from types import SimpleNamespace

import numpy as np
import pytest
from kernels_chance import XP

from kernels.engines.llvm.runner import Lanes
from kernels.engines.partials import CANDIDATES, LANES, Tally, reaching
from kernels.grids import best_cells
from kernels.grids.reductions import CONDITIONS
from kernels.trace.tracer import Tracer


def tallied(tally, state, counts, values):
    """What a tally makes of rows of values."""
    shape = values.shape
    tracer = Tracer(shape, 0, XP)
    one = tracer.lift(values) * tracer.lift(np.ones((shape[0], 1)))
    lanes = Lanes([one], [], shape, shape, XP)
    lanes.at(tuple(slice(0, length) for length in shape))
    return lanes.tally(one, tally, state, counts)


VALUES = np.random.default_rng(5).normal(size=(7, 1003))
NONE = np.zeros(0, dtype=np.int64)


def test_moments():
    state = np.array([0.0, np.inf, -np.inf, 0.0, 0.0])
    assert tallied(Tally("moments"), state, NONE, VALUES)
    assert state[:3].tolist() == [VALUES.size, VALUES.min(), VALUES.max()]
    assert state[3:] == pytest.approx(
        [VALUES.mean(), np.square(VALUES - VALUES.mean()).sum()], rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("lanes", [1, LANES])
def test_bins(lanes):
    counts, (low, high, bins) = np.zeros((lanes, 11), dtype=np.int64), (-1.0, 1.5, 10)
    state = np.array([low, high, bins / (high - low), bins - 1.0, bins + 1.0 if lanes > 1 else 0.0])
    assert tallied(Tally("bins"), state, counts, VALUES)
    assert counts.sum(axis=0)[:bins].tolist() == np.histogram(VALUES, bins, (low, high))[0].tolist()
    assert counts.sum() % LANES == VALUES.shape[0] * -(-VALUES.shape[1] // LANES) * LANES % LANES


@pytest.mark.parametrize("condition", CONDITIONS)
def test_shares(condition):
    met = np.zeros(1, dtype=np.int64)
    assert tallied(Tally("share", condition), np.array([0.5]), met, VALUES)
    assert met[0] == CONDITIONS[condition](VALUES, 0.5).sum()


@pytest.mark.parametrize("greatest", [True, False])
def test_candidates(greatest):
    state, counts = (
        np.empty(CANDIDATES + 1),
        np.zeros(CANDIDATES + 1, dtype=np.int64),
    )
    state[0] = 2.5 if greatest else -2.5
    assert tallied(Tally("candidates", reaching(greatest)), state, counts, VALUES)
    expected = np.flatnonzero(VALUES.ravel() >= 2.5 if greatest else VALUES.ravel() <= -2.5)
    assert counts[1 : counts[0] + 1].tolist() == expected.tolist()
    assert state[1 : counts[0] + 1].tolist() == VALUES.ravel()[expected].tolist()


def test_too_many_candidates_are_counted_and_not_kept():
    state, counts = (
        np.empty(CANDIDATES + 1),
        np.zeros(CANDIDATES + 1, dtype=np.int64),
    )
    state[0] = -100.0
    assert tallied(Tally("candidates", ">="), state, counts, VALUES)
    assert counts[0] > CANDIDATES


def test_as_many_candidates_as_there_is_room_for_are_left_to_numpy():
    values = np.zeros((7, 1003))
    values.ravel()[:CANDIDATES] = 2.0
    tracer = Tracer(values.shape, 0, XP)
    one = tracer.lift(values) * tracer.lift(np.ones((7, 1)))
    lanes = Lanes([one], [], values.shape, values.shape, XP)
    lanes.at((slice(0, 7), slice(0, 1003)))
    tile = SimpleNamespace(
        tally=lambda target, tally, state, counts: int(lanes.tally(one, tally, state, counts))
    )
    assert best_cells._reaching(tile, "any", True, 1.0) is None
    assert best_cells._reaching(tile, "any", True, 2.5)[0].size == 0


def test_a_tally_of_what_is_not_a_number_is_refused():
    values = VALUES.copy()
    values[3, 77] = np.nan
    met = np.zeros(1, dtype=np.int64)
    assert not tallied(Tally("share", ">"), np.array([0.5]), met, values)
