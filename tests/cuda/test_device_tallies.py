"""Reductions on devices: those of numpy, ties and all."""

import math
import operator
from functools import partial

import numpy as np
import pytest
from kernels_stand import AXES, column, stand
from tally import compared
from tuned import on_device

from kernels.grids import reductions
from kernels.grids.best_cells import Best

ALL = tuple(AXES)


def total(evaluation, use, *arguments, tile_cells=None):
    """What a reduction of every tile comes to; `use` takes a tile, a target of it, and more."""
    (target,) = evaluation.targets
    return reductions.total(
        evaluation,
        lambda tile: use(tile, target, *arguments),
        1,
        operator.add,
        tile_cells=tile_cells,
    )


@pytest.mark.parametrize("target", ["profit", "takings_per_lemon"])
@pytest.mark.parametrize("tile_cells", [16, 10_000])
def test_tallies_are_those_of_numpy(machine, target, tile_cells):
    there = machine()
    ours, plain = on_device([target], *ALL), stand([target], *ALL)
    values = column(plain, target)
    finite = values[np.isfinite(values)]
    moments = total(ours, reductions.moments, tile_cells=tile_cells)
    assert (moments.count, moments.least, moments.greatest) == (
        finite.size,
        finite.min(),
        finite.max(),
    )
    assert moments.mean == pytest.approx(math.fsum(finite) / finite.size, rel=1e-12)
    assert moments.deviation == pytest.approx(finite.std(), rel=1e-12)
    for bins in (7, 5_000):
        counts = [
            total(
                one, reductions.histogram, finite.min(), finite.max(), bins, tile_cells=tile_cells
            )
            for one in (ours, plain)
        ]
        assert (counts[0].counts == counts[1].counts).all()
        assert counts[0].counts.sum() == finite.size
    for sign, met in (("<", finite < 1.5), (">=", finite >= 1.5)):
        assert total(ours, reductions.share, sign, 1.5, tile_cells=tile_cells).counts == met.sum()
    compared(there, values.size)


@pytest.mark.parametrize("target", ["takings_per_lemon", "pride"])
@pytest.mark.parametrize("tile_cells", [16, 10_000])
def test_three_parts_of_a_condition_are_those_of_numpy(machine, target, tile_cells):
    """Lemons that are given away are above every value, not twice of what is above."""
    there = machine()
    asked = {"conditions": (target,)}
    ours, plain = on_device([target], *ALL, **asked), stand([target], *ALL, **asked)
    for sign in ("<", ">="):
        found, expected = (
            total(one, reductions.share, sign, 1.5, tile_cells=tile_cells) for one in (ours, plain)
        )
        assert (found.counts, found.missing) == (expected.counts, expected.missing)
    assert sum(found.missing) == (120 if target == "takings_per_lemon" else 180)
    compared(there, plain.grid.size)


@pytest.mark.parametrize("greatest", [True, False])
@pytest.mark.parametrize("count", [1, 9, 100])
def test_the_best_cells_are_those_of_numpy_ties_and_all(machine, count, greatest):
    there, found = machine(), []
    for one in (on_device(["profit"], *ALL), stand(["profit"], *ALL)):
        use = partial(Best.of, target="profit", count=count, greatest=greatest, grid=one.grid)
        merge = partial(Best.join, count=count, greatest=greatest, grid=one.grid)
        found.append(reductions.total(one, use, 1, merge, None, 32, True))
    assert (found[0].values == found[1].values).all()
    assert (found[0].indices == found[1].indices).all()
    assert "bests" in {kernel for _, kernel, *_ in there.launches}
    compared(there, found[0].values.size)
