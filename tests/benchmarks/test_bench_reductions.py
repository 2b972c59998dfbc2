"""What is left of a grid of eight axes without keeping it.

The rivals' forms are those of the question above; polars streams. Each answer is compared with ours
before anything is timed: values to a billionth, counts to a millionth of the cells, for a cell
within rounding of a bin's edge may fall on either side.
"""

from functools import cache, partial

import numpy as np
import ours
import pytest
import rivals_duckdb
import rivals_numpy
import rivals_polars
from grid_of_eight import CELLS, HISTOGRAM, spec
from ours import THREADS
from turns import Entry, Group, in_turns

from economics import sweep

TARGET = "npv_usd_per_rack"
LOW, HIGH, BINS = HISTOGRAM
QUESTIONS = {
    "least": spec("bottom", TARGET, count=1),
    "least, and where": spec("bottom", TARGET, count=1),
    "histogram": spec("histogram", TARGET, low=LOW, high=HIGH, bins=BINS),
    "top 100": spec("top", TARGET, count=100),
    "share": spec("share", TARGET, condition=f"{TARGET} > 0"),
}
RIVALS = (
    ("numpy, whole column, factors by hand", rivals_numpy.reduced, 1),
    ("polars, in every cell", partial(rivals_polars.reduced, rivals_polars.whole), THREADS),
    ("polars, factors by hand", partial(rivals_polars.reduced, rivals_polars.factored), THREADS),
    ("DuckDB, in every cell", partial(rivals_duckdb.reduced, rivals_duckdb.whole), THREADS),
    ("DuckDB, factors by hand", partial(rivals_duckdb.reduced, rivals_duckdb.factored), THREADS),
)


def plain(question, answer):
    """The numbers of an answer of ours, sorted."""
    if question == "share":
        return [answer.share]
    return sorted(
        answer.counts if question == "histogram" else (row[TARGET] for row in answer.rows)
    )


@cache
def expected(question):
    """Our numbers by numpy's engine."""
    return np.asarray(plain(question, sweep(QUESTIONS[question], "numpy")), dtype=float)


def agrees(question, answer):
    """Compare a rival's numbers, in any order, with ours."""
    found, wanted = np.sort(np.ravel(answer)), expected(question)
    counted = question in ("histogram", "share")
    found = np.pad(found, (len(wanted) - len(found), 0))  # a table has no rows for empty bins
    scale = {"histogram": CELLS, "share": 1.0}.get(question, 0.0)
    assert np.all(np.abs(found - wanted) <= (1e-6 * scale if counted else 1e-9 * np.abs(wanted))), (
        question
    )


def group(question):
    """All entries for a question."""
    entries = [
        ours.entry(
            f"rackrate, {engine}",
            QUESTIONS[question],
            engine,
            CELLS,
            lambda found: agrees(question, plain(question, found)),
        )
        for engine in ours.here()
    ]
    check = partial(agrees, question)
    entries += [
        Entry(name, partial(make, question, TARGET, CELLS), CELLS, check=check, threads=n)
        for name, make, n in RIVALS
    ]
    return Group(f"{question} of {TARGET}", tuple(entries))


@pytest.mark.parametrize(("group", "entry"), in_turns(*map(group, QUESTIONS)))
def test_reductions(benchmark, group, entry):
    """Times and cells a second."""
    group.replay(benchmark, entry)
