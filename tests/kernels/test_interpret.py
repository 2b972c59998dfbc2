"""A program by tiles: the bits of the same formulas on whole arrays, whatever the tiles, their order and what shares a buffer."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels_stand import bits

from kernels.backend import arrays
from kernels.interpret import Interpreter
from kernels.program import program
from kernels.series import Profile
from kernels.trace import Tracer

SHAPE = (3, 4, 5)
XP = arrays()


def table(*axes, shape=SHAPE, seed=1):
    """Numbers over some axes."""
    return np.random.default_rng(seed).uniform(-2.0, 2.0, tuple(length if axis in axes else 1 for axis, length in enumerate(shape)))


def boxes(shape, sizes):
    """The tiles of a grid, in row-major order."""
    starts = product(*(range(0, length, size) for length, size in zip(shape, sizes, strict=True)))
    return [tuple(slice(a, min(a + s, n)) for a, s, n in zip(at, sizes, shape, strict=True)) for at in starts]


def whole(value, shape=SHAPE):
    return np.broadcast_to(value, shape)


class Case:
    """Formulas of some tables, on whole arrays and traced."""

    def __init__(self, formula, tables, shape=SHAPE, limit=0):
        self.shape = shape
        with np.errstate(all="ignore"):
            self.expected = [whole(value, shape) for value in formula(*tables, XP)]
            tracer = Tracer(shape, limit, XP)
            self.traced = list(formula(*map(tracer.lifted, tables), tracer))

    def interpreter(self, sizes, others=0):
        split = len(self.traced) - others
        return Interpreter(self.traced[:split], self.traced[split:], self.shape, sizes, XP)

    def check(self, interpreter, which, box, out=False):
        """Whether some values have the bits of the whole over a box."""
        for k in which:
            expected = self.expected[k][box]
            target = np.full(expected.shape, 7.0) if out else None
            found = interpreter.value(self.traced[k], target)
            assert (bits(np.broadcast_to(found, expected.shape)) == bits(expected)).all(), k
            if out:
                assert (bits(target) == bits(expected)).all(), k

    def run(self, sizes, order=None, others=0, out=False):
        """Every tile in some order; the others are asked for in every second one, and then everything once more."""
        interpreter, split = self.interpreter(sizes, others), len(self.traced) - others
        with np.errstate(all="ignore"):
            for turn, box in enumerate(order or boxes(self.shape, sizes)):
                interpreter.at(box)
                self.check(interpreter, range(split), box, out)
                if others and turn % 2 == 0:
                    interpreter.at(box, others=True)
                    self.check(interpreter, range(split, len(self.traced)), box)
                    self.check(interpreter, range(split), box, out)


def by_chance(seed, count=24):
    """Formulas drawn from a seed: operations, choices, folds, repetitions of both kinds, some of them shared."""

    def formula(*given):
        *values, xp = given
        rng, values = random.Random(seed), [*values, 0.5, -1.0]
        for _ in range(count):
            a, b, c, d = (rng.choice(values) for _ in range(4))
            values += made(rng.randrange(10), a, b, c, d, xp)
        return [values[-1 - k] for k in range(4)] + [rng.choice(values) for _ in range(3)]

    return formula


def made(kind, a, b, c, d, xp):
    """One more value, or a few."""
    if kind < 3:
        return [(a + b, a - b, a * b)[kind]]
    if kind == 3:
        return [a / (1.0 + b * b)]
    if kind == 4:
        return [xp.where((a < b) & (c <= d), a, d)]
    if kind == 5:
        return [xp.minimum(a, b), xp.maximum(a, b)]
    if kind == 6:
        bounded = a / (2.0 + 2.0 * a * a)  # within a quarter of 0
        return [xp.compound(bounded, 3.0), xp.excess(bounded, 0.5)]
    if kind == 7:
        return list(xp.fold(lambda t, n, v: (t * 0.5 + v, n + t), (a, 0.0), Profile((a, b, c, d))))
    if kind == 8:
        return list(xp.iterate(lambda x, y: ((0.5 * (x + b), y + x), x > b), (a, d), 6, only=a > b))

    def turn(x, n, series, outside):  # nothing but its arguments
        (total,) = xp.fold(lambda t, v: (t * 0.25 + v * x,), (0.0,), series)
        return (0.5 * x + 0.1 * total + outside * 0.125, n + 1.0), (n < 4.0) & (x < outside)

    return list(xp.iterate(turn, (a, 0.0), 7, Profile((b, c, d)), d, only=a < b))


TABLES = (table(0), table(1, seed=2), table(2, seed=3), table(0, 2, seed=4), table(0, 1, 2, seed=5))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_programs_by_chance_keep_their_bits(data):
    case = Case(by_chance(data.draw(st.integers(0, 10**9))), TABLES, limit=data.draw(st.sampled_from((0, 4, 15))))
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
    low, high, turns = xp.iterate(lambda x, y, n: ((0.5 * (x + y), y, n + 1.0), y - x > 0.01), (a, a + abc * abc, 0.0), 9)
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
    assert [one is out for one, out in zip(found, outs, strict=True)] == [True, True, False]  # the last spans fewer axes
    assert found[2].shape == (3, 1, 5)
    assert all((bits(out) == bits(expected)).all() for out, expected in zip(outs, case.expected, strict=True))


def test_values_that_move_with_every_tile_share_buffers():
    def deep(a, c, xp):
        for _ in range(50):
            a = a * 0.5 + c
        return [a]

    case = Case(deep, (table(0), table(2, seed=2)))
    cut, uncut = case.interpreter((3, 4, 2)), case.interpreter(SHAPE)
    assert len({id(buffer) for buffer in cut.buffers.values()}) < 10
    assert len({id(buffer) for buffer in uncut.buffers.values()}) == len(uncut.buffers) > 50
    case.run((3, 4, 2))


def test_what_does_not_move_is_not_computed_again():
    case = Case(lambda a, c, xp: [xp.compound(a * 0.1, 2.5) * c], (table(0), table(2, seed=2)))
    for sizes, again in (((3, 4, 1), ["table"]), ((1, 4, 5), ["table", "*", "log1p", "*", "exp"])):
        interpreter, seen = case.interpreter(sizes), []
        for box in boxes(SHAPE, sizes):
            interpreter.at(box)
            case.check(interpreter, (0,), box)
            seen.append([node.op for node, *_ in interpreter._listed(sizes, interpreter.changed, False)])
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
