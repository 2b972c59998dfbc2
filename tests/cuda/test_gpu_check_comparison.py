"""What is said of answers that are not the same."""

import numpy as np
import pytest

from kernels.engines.partials import Moments
from kernels.gpu_check import comparison
from kernels.grids.best_cells import Best
from kernels.grids.reductions import CellCounts

ONES = np.ones((2, 3))


def changed(value, at=(1, 0)):
    values = ONES.copy()
    values[at] = value
    return values


def test_answers_are_the_same_to_the_last_bit():
    assert comparison.difference(ONES, ONES.copy()) is None
    assert comparison.difference(changed(np.nan), changed(-np.nan)) is None
    assert (
        comparison.difference(ONES, changed(1.0 + 2**-52))
        == "1 of 6 cells differ; number 3 is 1.0000000000000002, not 1.0"
    )
    assert (
        comparison.difference(changed(0.0), changed(-0.0))
        == "1 of 6 cells differ; number 3 is -0.0, not 0.0"
    )
    assert (
        comparison.difference(ONES, changed(np.nan))
        == "1 of 6 cells differ; number 3 is nan, not 1.0"
    )
    codes = np.zeros(4, dtype=np.int16)
    assert comparison.difference(codes, codes) is None
    assert comparison.difference(codes, codes + 1) == "4 of 4 cells differ; number 0 is 1, not 0"


def test_columns_are_compared_by_name():
    line = comparison.columns("all", 2.0, {"a": ONES}, {"a": ONES})
    assert (line.cells, line.fault, line.seconds, line.cells_per_second) == (6, None, 2.0, 3.0)
    assert comparison.columns(
        "all", 2.0, {"a": ONES, "b": ONES}, {"a": ONES, "b": changed(2.0)}
    ).fault.startswith("1 of 6 cells differ")
    assert (
        comparison.columns("all", 2.0, {"a": ONES, "a_status": ONES}, {"a": ONES}).fault
        == "columns are a, not a, a_status"
    )


MOMENTS = Moments(10, -1.0, 3.0, 0.5, 20.0, (0, 2))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (MOMENTS, None),
        (Moments(10, -1.0, 3.0, 0.5 + 1e-13, 20.0, (0, 2)), None),
        (Moments(9, -1.0, 3.0, 0.5, 20.0, (0, 2)), "count, least"),
        (Moments(10, -1.0, 3.0 + 1e-15, 0.5, 20.0, (0, 2)), "count, least"),
        (Moments(10, -1.0, 3.0, 0.5, 20.0, (0, 1)), "count, least"),
        (Moments(10, -1.0, 3.0, 0.5 + 1e-10, 20.0, (0, 2)), "mean and deviation"),
        (Moments(10, -1.0, 3.0, 0.5, 20.0 + 1e-8, (0, 2)), "mean and deviation"),
    ],
)
def test_sums_may_differ_a_little_and_nothing_else(other, said):
    found = comparison._other_moments(MOMENTS, other)
    assert found is None if said is None else found.startswith(said)


def test_counts_and_reasons_are_the_same():
    counts = CellCounts(np.array([1, 2, 3]), (0, 4))
    assert comparison._other_counts(counts, CellCounts(np.array([1, 2, 3]), (0, 4))) is None
    assert comparison._other_counts(counts, CellCounts(np.array([1, 3, 2]), (0, 4))).startswith(
        "2 counts differ"
    )
    assert comparison._other_counts(CellCounts(5), CellCounts(6)).startswith("1 counts differ")
    assert comparison._other_counts(counts, CellCounts(counts.counts, (0, 5))).endswith("(0, 5)")


def test_the_best_cells_are_the_same():
    best = Best(np.array([3.0, 2.0]), np.array([7, 1]))
    assert comparison._other_best(best, Best(best.values.copy(), best.indices.copy())) is None
    assert comparison._other_best(best, Best(best.values, np.array([7, 2]))).startswith(
        "1 of 2 cells differ"
    )
    assert comparison._other_best(best, Best(np.array([3.0, 1.0]), best.indices)).startswith(
        "1 of 2 cells differ"
    )
    assert comparison._other_best(best, Best(best.values[:1], best.indices[:1])) == "1 cells, not 2"
