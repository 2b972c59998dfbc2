"""The constants of engines that fit measured seconds, and the bar of the choice."""

from itertools import pairwise
from statistics import median

import numpy as np

BAR = 1.3  # of the best engine's time, which that of the one that `auto` takes is to stay under
COUNTED_SECONDS = 0.03  # what takes less is shown, and not held against the choice
LEAST_SECONDS, LONG_SECONDS, MANY_WRITTEN, MANY_FLOWS = (
    0.01,
    0.15,
    100,
    4,
)  # from here on they tell something


def turns(rows, engine="numpy"):
    """The turns of a repetition that fit an engine's seconds by least squares: in numpy's, which
    follow the operations closest, and of long runs, which the start does not blur.
    """
    flows = [one for one in _kept(rows, engine) if one["flow"] and one["turns"]]
    flows = [one for one in flows if one["seconds"] > LONG_SECONDS]
    if len(flows) < MANY_FLOWS:
        return None
    terms = np.asarray([(one["flow"], one["turns"]) for one in flows])
    seconds = np.asarray([one["seconds"] for one in flows])
    each, turn = np.linalg.lstsq(terms / seconds[:, None], np.ones(len(flows)))[0]
    return float(turn / each)


def fitted(rows, engine, taken):
    """The constants of an engine that fit the measured seconds, where a repetition takes so many
    turns: of an operation of a cell in light plans and in flows, of one however many cells, of
    compiling anything and of an operation as it is written.
    """
    kept = _kept(rows, engine)
    flows = [
        _line(low, high, taken)
        for low, high in pairwise(kept)
        if high["flow"] > low["flow"] > 0 and high["start"] == low["start"]  # the same question
    ]
    pairs = list(_pairs(rows, engine)) if engine != "numpy" else []
    least = [new["seconds"] - old["seconds"] for new, old in pairs if not new["written"]]
    compiling = [
        (new["seconds"] - old["seconds"]) / new["written"]
        for new, old in pairs
        if new["written"] > MANY_WRITTEN
    ]
    found = {
        "light_operation_seconds": [
            one["seconds"] / one["light"] for one in kept if one["light"] > 10 * one["flow"]
        ],
        "flow_operation_seconds": [each for each, _ in flows],
        "operation_start_seconds": [start for _, start in flows],
        "compile_least_seconds": least,
        "compile_seconds": compiling,
    }
    return {name: median(each) for name, each in found.items() if each}


def _line(low, high, taken):
    """Seconds of an operation of a cell, and of one however many cells, by two sizes."""
    fewer, more = (one["flow"] + taken * one["turns"] for one in (low, high))
    each = (high["seconds"] - low["seconds"]) / (more - fewer)
    return each, (low["seconds"] - each * fewer) / low["start"]


def _kept(rows, engine):
    """What an engine takes with kept code, where that tells something."""
    kept = [row["engines"][engine] for row in rows if row["state"] == "kept"]
    return [one for one in kept if one["seconds"] and one["seconds"] > LEAST_SECONDS]


def _pairs(rows, engine):
    """What an engine takes without and with kept code, of each question and size."""
    states = {(row["question"], row["cells"], row["state"]): row for row in rows}
    for (question, cells, state), row in states.items():
        old = states.get((question, cells, "kept"))
        if state == "new" and old:
            both = row["engines"][engine], old["engines"][engine]
            if all(one["seconds"] for one in both):
                yield both
