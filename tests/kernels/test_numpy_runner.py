"""A program by tiles: the bits of the same formulas on whole arrays, whatever the tiles, their
order and what shares a buffer.
"""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels_chance import SHAPE, TABLES, Case, boxes, by_chance, table
from kernels_stand import bits
from laws import examples

from kernels.trace.program import program


@examples(150)
@given(st.data())
def test_programs_by_chance_keep_their_bits(data):
    case = Case(
        by_chance(data.draw(st.integers(0, 10**9))),
        TABLES,
        limit=data.draw(st.sampled_from((0, 4, 15))),
    )
    sizes = tuple(data.draw(st.integers(1, length)) for length in SHAPE)
    order = data.draw(st.permutations(boxes(SHAPE, sizes)))
    case.run(sizes, order, others=data.draw(st.integers(0, 5)), out=data.draw(st.booleans()))


def chain(a, b, c, ac, abc, xp):
    """A value of the last axis alone that much else is made from."""
    shaped = c * c + c
    first = shaped * a + b
    second = first * first + shaped
    return [second * abc, second - ac]


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 4, 5), (3, 1, 2), (2, 3, 3), (1, 4, 3)])
def test_a_tile_may_follow_one_that_differs_in_any_axis(sizes):
    tiles = boxes(SHAPE, sizes)
    for seed in range(10):
        order = tiles[:]
        random.Random(seed).shuffle(order)
        Case(chain, TABLES).run(sizes, [*order, order[-1], *order])


def test_the_same_box_twice_keeps_its_values():
    case = Case(chain, TABLES)
    interpreter, box = case.interpreter((3, 4, 2)), (slice(0, 3), slice(0, 4), slice(2, 4))
    for _ in range(3):
        interpreter.at(box)
        case.check(interpreter, (0, 1), box)


def walk(a, b, c, ac, abc, xp):
    """Targets of one repetition and, as another, its last state."""
    low, high, turns = xp.iterate(
        lambda x, y, n: ((0.5 * (x + y), y, n + 1.0), y - x > 0.01), (a, a + abc * abc, 0.0), 9
    )
    squared = low * low + c
    return [squared * squared + b, turns + high]


def test_others_do_not_disturb_the_targets():
    Case(walk, TABLES).run((1, 2, 3), others=1)
    Case(walk, TABLES).run((1, 2, 3), others=1, out=True)


def test_plain_targets():
    tables = (table(0), table(2, seed=2))
    case = Case(lambda a, c, xp: [a, c, 2.5, a + c, a + c, c], tables)
    case.run((2, 4, 2))
    case.run((3, 4, 5), out=True)
    assert case.interpreter((2, 4, 2)).value(2.5).shape == (1, 1, 1)


def test_a_last_operation_writes_into_the_answer():
    case = Case(lambda a, b, c, ac, abc, xp: [abc * a, xp.where(abc > 0.0, a, abc), a + c], TABLES)
    interpreter = case.interpreter(SHAPE)
    interpreter.at(boxes(SHAPE, SHAPE)[0])
    outs = [np.zeros(SHAPE) for _ in range(3)]
    found = [interpreter.value(one, out) for one, out in zip(case.traced, outs, strict=True)]
    assert [one is out for one, out in zip(found, outs, strict=True)] == [
        True,
        True,
        False,
    ]  # the last spans fewer axes
    assert found[2].shape == (3, 1, 5)
    assert all(
        (bits(out) == bits(expected)).all()
        for out, expected in zip(outs, case.expected, strict=True)
    )


def test_values_that_move_with_every_tile_or_stand_in_the_only_one_share_buffers():
    def deep(a, c, xp):
        for _ in range(50):
            a = a * 0.5 + c
        return [a]

    case = Case(deep, (table(0), table(2, seed=2)))
    for sizes in ((3, 4, 2), SHAPE):
        buffers = case.interpreter(sizes).buffers
        assert len({id(buffer) for buffer in buffers.values()}) < 10 < 50 < len(buffers)
        case.run(sizes)


def test_what_does_not_move_is_not_computed_again():
    case = Case(lambda a, c, xp: [xp.compound(a * 0.1, 2.5) * c], (table(0), table(2, seed=2)))
    for sizes, again in (((3, 4, 1), ["table"]), ((1, 4, 5), ["table", "*", "log1p", "*", "exp"])):
        interpreter, seen = case.interpreter(sizes), []
        for box in boxes(SHAPE, sizes):
            interpreter.at(box)
            case.check(interpreter, (0,), box)
            seen.append(
                [node.op for node, *_ in interpreter._listed(sizes, interpreter.changed, False)]
            )
        assert seen == [again] * len(seen)


def test_a_repetition_inside_a_repetition():
    def nested(a, b, c, ac, abc, xp):
        def outer(x, k):
            (inner,) = xp.iterate(lambda y: ((y * 0.5 + b + x,), y > x), (x + 4.0,), 7)
            return (inner * 0.25 + c, k + 1.0), k < 5.0

        return list(xp.iterate(outer, (a, 0.0), 40))

    Case(nested, TABLES).run((2, 3, 2))


def test_programs_are_in_the_order_of_need():
    case = Case(by_chance(5), TABLES)
    interpreter = case.interpreter((1, 4, 5), others=3)
    assert interpreter.nodes[: interpreter.own] == program(case.traced[:-3]).nodes
