"""Tallies by kernels: what they leave of the values of a box, taken from the device.

The first count says whether a value is no number.
"""

import numpy as np
from numpy.typing import NDArray

from kernels.engines.cuda.launches import Launches
from kernels.engines.partials import CANDIDATES, Moments, Tally, reaching

FEW_BINS = 4096  # counted by each block for itself
Values = NDArray[np.float64]
Counts = NDArray[np.int64]


def run_tally(launches: Launches, tally: Tally, state: Values, counts: Counts) -> bool:
    """Whether a tally saw all values of a box; else the state and counts are not to be used."""
    launches.prepare()
    match tally.kind:
        case "moments":
            found = _moments(launches, state)
        case "share":
            found = _share(launches, tally.relation, state, counts)
        case "bins":
            found = _bins(launches, state, counts)
        case "candidates":
            found = _candidates(launches, tally.relation, state, counts)
    return not found[0]


def _moments(launches: Launches, state: Values) -> Counts:
    parts = np.empty((launches.blocks(launches.rows), 5))
    launches.run("moments", launches.rows, 0, parts.size, 1)
    launches.session.take("outs", 0, parts.reshape(-1))
    every = sum((Moments(int(n), a, b, c, d) for n, a, b, c, d in parts.tolist() if n), Moments())
    state[:] = every.count, every.least, every.greatest, every.mean, every.squares
    return launches.take_counts(1)


def _share(launches: Launches, relation: str, state: Values, counts: Counts) -> Counts:
    launches.run("share", launches.rows, 0, 1, 2, state.tolist(), RELATION=relation)
    found = launches.take_counts(2)
    counts[0] += found[1]
    return found


def _bins(launches: Launches, state: Values, counts: Counts) -> Counts:
    bins = counts.shape[1] - 1
    few = FEW_BINS if bins <= FEW_BINS else 0
    launches.run("bins", launches.rows, 0, 1, bins + 1, state.tolist(), FEW_BINS=few)
    found = launches.take_counts(bins + 1)
    counts[0, :bins] += found[1:]
    return found


def _candidates(launches: Launches, relation: str, state: Values, counts: Counts) -> Counts:
    room, limit = CANDIDATES, [float(state[0])]
    sizes = launches.rows, 0, room, room + 2
    launches.run("candidates", *sizes, limit, RELATION=relation, ROOM=room)
    found = launches.take_counts(room + 2)
    many = min(int(found[1]), room)
    counts[0], counts[1 : many + 1] = many, found[2 : many + 2]
    launches.session.take("outs", 0, state[1 : many + 1])
    return found


def reached(launches: Launches, count: int, greatest: bool) -> float | None:
    """What at least `count` values of a box reach: the last of the best of as many threads. None
    where there are not so many.
    """
    launches.prepare()
    best = np.empty(launches.blocks(launches.rows) * launches.threads)
    launches.run("bests", launches.rows, 0, best.size, 1, RELATION=reaching(greatest))
    launches.session.take("outs", 0, best)
    best = best[np.isfinite(best)]
    if len(best) < count:
        return None
    at = len(best) - count if greatest else count - 1
    return float(np.partition(best, at)[at])
