"""A plan over a grid: the same bits whatever the tiles, threads and order of axes; work only where
an axis matters.
"""

import threading
from dataclasses import replace
from itertools import permutations, product
from math import prod

import numpy as np
import pytest
from kernels_stand import AXES, BASE, GRAPH, bits, column, stand

from kernels.grids.engine_table import NUMPY
from kernels.grids.evaluation import MANY_OPERATIONS
from kernels.language.graph import run
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar
from kernels.language.verbs import FLOATS

TARGETS = ("profit", "takings_per_lemon", "pride", "best_week", "fair_price")
ALL = tuple(AXES)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("tile_cells", [1, 7, 60, 100_000])
def test_tiles_and_threads_change_no_bit(target, tile_cells):
    whole = column(stand([target], *ALL), target)
    for threads in (1, 2):
        assert (
            bits(column(stand([target], *ALL), target, threads, tile_cells)) == bits(whole)
        ).all()


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_axes_changes_no_bit(order):
    names = ALL[:4]
    whole = column(stand(["profit", "fair_price"], *names), "profit")
    other = column(
        stand(["profit", "fair_price"], *(names[k] for k in order)), "profit", tile_cells=11
    )
    assert (bits(whole.transpose(order)) == bits(other)).all()


@pytest.mark.parametrize("target", TARGETS)
def test_a_cell_is_the_same_alone(target):
    whole = column(stand([target], *ALL), target)
    for at in list(product(*(range(len(AXES[name])) for name in ALL)))[::17]:
        alone = {name: [AXES[name][k]] for name, k in zip(ALL, at, strict=True)}
        assert (
            bits(column(stand([target], *ALL, axes=alone), target)).ravel()[0]
            == bits(whole[at]).ravel()[0]
        )


@pytest.mark.parametrize("target", TARGETS)
def test_floats_agree(target):
    whole = column(stand([target], *ALL), target)
    for at in list(product(*(range(len(AXES[name])) for name in ALL)))[::7]:
        given = {
            **BASE,
            "calendar": Calendar(6, 1),
            **{name: AXES[name][k] for name, k in zip(ALL, at, strict=True)},
        }
        expected = run(GRAPH.plan([target], given), given, FLOATS)[target]
        assert whole[at] == pytest.approx(expected, rel=1e-13, nan_ok=True)


def test_a_target_keeps_the_shape_of_its_axes():
    evaluation = stand(["spending"], *ALL)
    ((_, tile),) = evaluation.over_tiles(lambda tile: tile)
    assert tile.own("spending").shape == (1, 1, 5, 2, 1)
    assert tile.shape == (3, 4, 5, 2, 2)


def test_axes_that_no_target_needs_are_not_visited():
    evaluation = stand(["spending"], *ALL)
    assert evaluation.needed_axes == {2, 3}
    assert evaluation.tile_sizes(4) == (3, 4, 2, 2, 2)


def test_plans_of_many_operations_get_smaller_tiles():
    axes = {
        name: np.linspace(0.1, 1.0, 40).tolist()
        for name in ("price", "cooling", "passers_by", "lemon", "stall")
    }
    walking = stand(["best_week"], "passers_by", "cooling", "lemon", "stall", weeks=120, axes=axes)
    light = stand(["profit"], "passers_by", "price", "lemon", "stall", axes=axes)
    walking.__dict__["traced"] = replace(walking.traced, operations=MANY_OPERATIONS + 1)
    assert light.traced.operations < MANY_OPERATIONS
    assert prod(walking.tile_sizes()[:2]) <= NUMPY.flow_tile_cells < prod(light.tile_sizes())


def test_what_is_made_of_a_profile_by_two_threads_at_once_is_one_object():
    profile, gate, made = Profile(float(k) for k in range(1000)), threading.Barrier(4), []

    def make():
        gate.wait()
        made.append(profile.grouped(10))

    workers = [threading.Thread(target=make) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({id(one) for one in made}) == 1


def test_arrays_that_are_read_only_can_be_swept():
    evaluation = stand(["profit"], "price", "cooling")
    for array in evaluation.given.values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    assert column(evaluation, "profit").shape == (3, 4)


@pytest.mark.parametrize("target", TARGETS)
def test_some_cells_alone_have_the_bits_of_the_whole(target):
    evaluation = stand([target], *ALL)
    whole = column(evaluation, target)
    chosen = np.asarray([0, 7, 33, 34, 119, 239])
    picked = evaluation.at(evaluation.grid.places(chosen))
    assert picked.grid.shape == (6,)
    assert (bits(column(picked, target)) == bits(whole.ravel()[chosen])).all()


def test_tiles_can_be_cut_along_idle_axes_too():
    evaluation = stand(["spending"], *ALL)
    assert evaluation.tile_sizes(4, every_axis=True) == (1, 1, 1, 2, 2)
    assert evaluation.tile_cells() == 10
