"""The constants of engines that fit measured seconds, and the bar of the choice."""

from statistics import median

import numpy as np

BAR = 1.3  # of the best engine's time, which that of the one that `auto` takes is to stay under
COUNTED_SECONDS = 0.03  # what takes less is shown, and not held against the choice
LEAST_SECONDS, MANY_WRITTEN, MANY_FLOWS = 0.01, 100, 4  # from here on they tell something


def turns(rows, engine="numpy"):
    """The turns of a repetition that fit an engine's seconds by least squares: in numpy's, which
    follow the operations closest.
    """
    flows = [one for one in _kept(rows, engine) if one["flow"] and one["turns"]]
    if len(flows) < MANY_FLOWS:
        return None
    each, turn, _ = _least_squares(
        [(one["flow"], one["turns"], one["start"]) for one in flows], flows
    )
    return turn / each


def fitted(rows, engine, taken):
    """The constants of an engine that fit the measured seconds, where a repetition takes so many
    turns: of an operation of a cell in light plans and in flows, of one however many cells, of one
    as it is written.
    """
    kept = _kept(rows, engine)
    light = [one["seconds"] / one["light"] for one in kept if one["light"] > 10 * one["flow"]]
    flows = [one for one in kept if one["flow"] and not one["light"]]
    compiling = [
        (new["seconds"] - old["seconds"]) / new["written"]
        for new, old in _pairs(rows, engine)
        if new["written"] > MANY_WRITTEN
    ]
    found = {
        "light_operation_seconds": light,
        "compile_seconds": compiling if engine != "numpy" else (),
    }
    constants = {name: median(each) for name, each in found.items() if each}
    if len(flows) < MANY_FLOWS:
        return constants
    terms = [(one["flow"] + taken * one["turns"], one["start"]) for one in flows]
    each = _least_squares(terms, flows)
    names = "flow_operation_seconds", "operation_start_seconds"
    return constants | dict(zip(names, each, strict=True))


def _least_squares(terms, rows):
    """What of each term makes the seconds of rows, by the least sum of squares of shares."""
    seconds = np.asarray([one["seconds"] for one in rows])
    return np.linalg.lstsq(np.asarray(terms) / seconds[:, None], np.ones(len(rows)))[0].tolist()


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
