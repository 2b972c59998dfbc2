"""A plan as expressions: what it computes for each cell, and why a cell has no value."""

import numpy as np
from kernels_stand import GRAPH, bits, stand

from kernels.grids.traced_plan import status_names


def test_statuses_come_from_the_first_input_without_a_value():
    evaluation = stand(["pride"], "lemon", "stock")
    ((_, tile),) = evaluation.over_tiles(lambda tile: tile)
    names = [[evaluation.status_names[code] for code in row] for row in tile.status("pride")]
    assert names == [["free", "out_of_stock"], ["ok", "out_of_stock"]]


def test_a_value_lost_without_a_word_is_undefined():
    evaluation = stand(["profit"], "price", axes={"price": [1.0, float("inf")]})
    ((_, tile),) = evaluation.over_tiles(lambda tile: tile)
    assert [evaluation.status_names[code] for code in tile.status("profit")] == ["ok", "undefined"]


def test_a_side_is_known_where_a_condition_is_asked_and_the_status_of_the_target_itself_says_it():
    for target, free in (("takings_per_lemon", float("inf")), ("pride", float("nan"))):
        evaluation = stand([target], "lemon", "stock", conditions=(target,))
        ((_, tile),) = evaluation.over_tiles(lambda tile: tile)
        sided, own = tile.sided(target), tile.own(target)
        assert bits(sided[0]).tolist() == bits([free, float("nan")]).tolist()
        assert (sided[1, 0] == own[1, 0], np.isnan(sided[1, 1])) == (True, True)
        assert np.isnan(own[0]).all()


def test_statuses_are_named_in_one_order():
    steps = GRAPH.plan(["pride"], ["passers_by", "price", "lemon", "stock", "thirst_by_period"])
    assert status_names(steps) == ("ok", "free", "out_of_stock", "undefined")
    assert status_names(()) == ("ok", "undefined")


def test_what_is_known_of_a_plan_beside_its_values():
    plan = stand(["profit", "pride"], "price", "cooling", "passers_by", small_cells=1).traced
    assert plan.targets == ("profit", "pride")
    assert plan.cell_operations > plan.operations > 0
    assert set(plan.statuses) == {"profit", "pride"}
