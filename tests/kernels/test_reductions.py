"""Reductions: exact counts, extremes and best cells; moments good to 1e-12; nothing depends on
tiles or threads.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_stand import AXES, column, grid, stand

from kernels.grids import reductions
from kernels.grids.best_cells import Best
from kernels.grids.engine_table import JIT, NUMPY

ALL = tuple(AXES)


def moments(evaluation, target, threads=1, tile_cells=None):
    return reductions.total(
        evaluation,
        lambda tile: reductions.moments(tile, target),
        threads,
        lambda a, b: a + b,
        tile_cells=tile_cells,
    )


WIDE = {
    name: np.linspace(0.1, 3.0, 50).tolist() for name in ("price", "passers_by", "lemon", "stall")
} | {"stock": [1.0, 0.0]}


@pytest.mark.parametrize("target", ["profit", "takings_per_lemon", "spending"])
@pytest.mark.parametrize("tile_cells", [1, 9, 10_000])
def test_moments(target, tile_cells):
    evaluation = stand([target], *ALL)
    values = column(evaluation, target).ravel()
    valued = values[np.isfinite(values)]
    found = moments(evaluation, target, 2, tile_cells)
    assert found.count == valued.size
    assert (found.least, found.greatest) == (valued.min(), valued.max())
    mean = math.fsum(valued) / valued.size
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.deviation == pytest.approx(
        math.sqrt(math.fsum((valued - mean) ** 2) / valued.size), rel=1e-12
    )
    assert sum(found.missing) == values.size - valued.size


def test_missing_cells_are_counted_by_status():
    evaluation = stand(["pride"], *ALL)
    found = dict(zip(evaluation.status_names, moments(evaluation, "pride").missing, strict=True))
    assert found == {"ok": 0, "free": 60, "out_of_stock": 120, "undefined": 0}


def test_nothing_to_count():
    found = moments(stand(["pride"], "stock", axes={"stock": [0.0, -1.0]}), "pride")
    assert found.count == 0
    assert math.isnan(found.deviation)
    assert sum(found.missing) == 2


@pytest.mark.parametrize("tile_cells", [3, 10_000])
def test_a_histogram_counts_every_cell_between_its_ends(tile_cells):
    evaluation = stand(["profit"], *ALL)
    values = column(evaluation, "profit").ravel()
    low, high = values.min(), values.max()
    found = reductions.total(
        evaluation,
        lambda t: reductions.histogram(t, "profit", low, high, 16),
        2,
        lambda a, b: a + b,
        tile_cells=tile_cells,
    )
    assert found.counts.sum() == values.size
    assert found.counts.tolist() == np.histogram(values, bins=16, range=(low, high))[0].tolist()


def test_a_histogram_of_one_value():
    evaluation = stand(["spending"], "price")
    counts = reductions.total(
        evaluation,
        lambda t: reductions.histogram(t, "spending", 70.0, 70.0, 4),
        1,
        lambda a, b: a + b,
    )
    assert counts.counts.tolist() == [3, 0, 0, 0]


@pytest.mark.parametrize("engine", [NUMPY, JIT])
def test_a_histogram_too_narrow_to_divide(engine):
    one = stand(["profit"], "price", "passers_by", "lemon", "stall", axes=WIDE).on(engine)
    found = reductions.total(
        one, lambda t: reductions.histogram(t, "profit", 0.0, 1e-310, 4), 1, lambda a, b: a + b
    )
    assert found.counts.shape == (4,)


def test_quantiles_from_bins_err_by_less_than_a_bin():
    values = np.sort(np.random.default_rng(1).lognormal(size=20_000))
    counts, _ = np.histogram(values, bins=1024)
    found = reductions.binned_quantiles(counts, values[0], values[-1])
    width = (values[-1] - values[0]) / 1024
    assert np.abs(np.asarray(found) - np.quantile(values, reductions.QUANTILES)).max() <= width


@pytest.mark.parametrize("condition", ["<", "<=", ">", ">="])
def test_shares(condition):
    evaluation = stand(["pride"], *ALL)
    values, level = column(evaluation, "pride"), 1000.0
    found = reductions.total(
        evaluation,
        lambda t: reductions.share(t, "pride", condition, level),
        2,
        lambda a, b: a + b,
        tile_cells=13,
    )
    assert found.counts == int(reductions.CONDITIONS[condition](values, level).sum())
    assert sum(found.missing) == int(np.isnan(values).sum())


def met(one, target, sign, level, tile_cells=None):
    return reductions.total(
        one,
        lambda tile: reductions.share(tile, target, sign, level),
        2,
        lambda a, b: a + b,
        tile_cells=tile_cells,
    )


@pytest.mark.parametrize("engine", [NUMPY, JIT])
@given(
    st.sampled_from(["takings_per_lemon", "pride", "profit"]),
    st.sampled_from(list(reductions.CONDITIONS)),
    st.floats(-1e3, 1e4),
    st.integers(1, 300),
)
def test_met_not_met_and_no_value_are_all_cells(engine, target, sign, level, tile_cells):
    """Lemons given away are above every value where that is what is asked, not at twice of it; a
    price that is infinite leaves no profit.
    """
    axes = {**AXES, "price": [0.5, float("inf"), 3.0]}
    one = stand([target], *ALL, axes=axes, conditions=(target,)).on(engine)
    values = column(stand([target], *ALL, axes=axes), target)
    lemon, stock = (
        np.asarray(axes[name]).reshape([-1 if at == name else 1 for at in ALL])
        for name in ("lemon", "stock")
    )
    free = np.broadcast_to((lemon == 0.0) & (stock > 0.0), values.shape)
    valued, above = np.isfinite(values), free & (target == "takings_per_lemon")
    meets = reductions.CONDITIONS[sign](values, level) & valued | above & (">" in sign)
    fails = ~meets & (valued | above)
    found = met(one, target, sign, level, tile_cells)
    assert (found.counts, sum(found.missing)) == (meets.sum(), (~meets & ~fails).sum())
    assert meets.sum() + fails.sum() + sum(found.missing) == one.grid.size
    named = dict(zip(one.status_names, found.missing, strict=False))
    assert named.get("free", 0) == (0 if target != "pride" else free.sum())


@pytest.mark.parametrize("engine", [NUMPY, JIT])
def test_without_a_condition_no_side_is_computed(engine):
    one = stand(["takings_per_lemon"], *ALL).on(engine)
    assert one.traced.sided == {}
    assert sum(met(one, "takings_per_lemon", ">", 0.0).missing) == 180


def test_an_infinite_value_is_none_in_a_column():
    evaluation = stand(["profit"], "price", axes={"price": [1.0, float("inf")]})
    columns, codes = {"profit": np.empty(2)}, {"profit": np.zeros(2, dtype=np.int16)}
    for _ in evaluation.over_tiles(lambda tile: reductions.fill(tile, ["profit"], columns, codes)):
        pass
    assert np.isnan(columns["profit"]).tolist() == [False, True]
    assert evaluation.status_names[codes["profit"][1]] == "undefined"


@pytest.mark.parametrize("target", ["profit", "spending", "pride"])
@pytest.mark.parametrize("tile_cells", [None, 7_000])
def test_every_engine_leaves_the_same(target, tile_cells):
    """Over 250,000 cells or more; of `pride` some have no value, `spending` does not depend on the
    price.
    """
    names = ("price", "passers_by", "lemon", "stock" if target == "pride" else "stall")
    one = stand([target], *names, axes=WIDE)
    left = {each.name: reduced(one.on(each), target, tile_cells) for each in (NUMPY, JIT)}
    for ours, theirs in zip(left["jit"], left["numpy"], strict=True):
        assert ours == theirs


def reduced(one, target, tile_cells):
    """All that can be left of a target; sums to 12 digits."""

    def total(partial, merge, every_axis=False):
        return reductions.total(
            one, partial, 2, merge, tile_cells=tile_cells, every_axis=every_axis
        )

    def added(a, b):
        return a + b

    moments = total(lambda tile: reductions.moments(tile, target), added)
    low, high = moments.least, moments.greatest
    bins = [
        total(lambda tile, n=n: reductions.histogram(tile, target, low, high, n), added)
        for n in (16, 5000)
    ]
    share = total(lambda tile: reductions.share(tile, target, ">", moments.mean), added)
    yield (
        moments.count,
        low,
        high,
        moments.missing,
        pytest.approx(moments.mean, rel=1e-12),
        pytest.approx(moments.squares, rel=1e-12),
    )
    yield from ((b.counts.tolist(), b.missing) for b in bins)
    yield share.counts, share.missing
    for greatest in (True, False):
        found, limit = None, None
        for _, part in one.over_tiles(
            lambda tile: Best.of(tile, target, 20, greatest, one.grid, limit),  # noqa: B023  called at once
            1,
            tile_cells,
            True,
        ):
            found = part if found is None else found.join(part, 20, greatest, one.grid)
            limit = found.limit(20)
        yield found.values.tolist(), found.indices.tolist()


def test_filling_writes_values_and_statuses():
    evaluation = stand(["pride", "spending"], *ALL)
    columns = {name: np.empty(evaluation.grid.shape) for name in ("pride", "spending")}
    codes = {name: np.zeros(evaluation.grid.shape, dtype=np.int16) for name in columns}
    for _ in evaluation.over_tiles(
        lambda tile: reductions.fill(tile, tuple(columns), columns, codes), 2, 5
    ):
        pass
    assert (np.isnan(columns["pride"]) == (codes["pride"] > 0)).all()
    assert not codes["spending"].any()


def test_progress_counts_cells():
    seen = []
    evaluation = stand(["profit"], *ALL)
    reductions.total(
        evaluation,
        lambda tile: 0,
        1,
        lambda a, b: 0,
        lambda done, cells: seen.append((done, cells)),
        12,
    )
    assert seen[-1] == (240, 240)
    assert seen == sorted(seen)
    assert grid(*ALL).size == 240
