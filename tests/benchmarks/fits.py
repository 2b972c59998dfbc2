"""The constants of engines that fit measured seconds, and the bar of the choice."""

from statistics import median

import numpy as np

BAR = 1.3  # of the best engine's time, which that of the one that `auto` takes is to stay under
LEAST_SECONDS, MANY_WRITTEN = 0.01, 100  # from here on they tell something of constants


def fitted(rows, engine):
    """The constants of an engine that fit the measured seconds: of an operation of a cell in light
    plans and in flows, of a turn in operations of a flow, of an operation as it is written.
    """
    kept = [row["engines"][engine] for row in rows if row["state"] == "kept"]
    kept = [one for one in kept if one["seconds"] and one["seconds"] > LEAST_SECONDS]
    light = [one["seconds"] / one["light"] for one in kept if one["light"] > 10 * one["flow"]]
    flows = [one for one in kept if one["flow"]]
    terms = np.asarray([(one["flow"], one["turns"]) for one in flows])
    seconds = np.asarray([one["seconds"] for one in flows])
    found = np.linalg.lstsq(terms / seconds[:, None], np.ones(len(flows)))[0] if flows else (0, 0)
    compiling = [
        (new["seconds"] - old["seconds"]) / new["written"]
        for new, old in _pairs(rows, engine)
        if new["written"] > MANY_WRITTEN
    ]
    return {
        "light_operation_seconds": median(light) if light else None,
        "flow_operation_seconds": float(found[0]) or None,
        "TURNS": float(found[1] / found[0]) if found[0] else None,
        "compile_seconds": median(compiling) if compiling else None,
    }


def _pairs(rows, engine):
    """What an engine takes without and with kept code, of each question and size."""
    states = {(row["question"], row["cells"], row["state"]): row for row in rows}
    for (question, cells, state), row in states.items():
        old = states.get((question, cells, "kept"))
        if state == "new" and old:
            both = row["engines"][engine], old["engines"][engine]
            if all(one["seconds"] for one in both):
                yield both
