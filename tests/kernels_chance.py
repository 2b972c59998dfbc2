"""Formulas by chance, on whole arrays and traced, and tiles in any order: for the engines that run
traces.
"""

import random
from itertools import product

import numpy as np
from kernels_stand import bits

from kernels.engines.numpy.runner import Interpreter
from kernels.language.profile import Profile
from kernels.language.verbs import arrays
from kernels.trace.tracer import Tracer

SHAPE = (3, 4, 5)
XP = arrays()


def table(*axes, shape=SHAPE, seed=1):
    """Numbers over some axes."""
    return np.random.default_rng(seed).uniform(
        -2.0, 2.0, tuple(length if axis in axes else 1 for axis, length in enumerate(shape))
    )


def boxes(shape, sizes):
    """The tiles of a grid, in row-major order."""
    starts = product(*(range(0, length, size) for length, size in zip(shape, sizes, strict=True)))
    return [
        tuple(slice(a, min(a + s, n)) for a, s, n in zip(at, sizes, shape, strict=True))
        for at in starts
    ]


def whole(value, shape=SHAPE):
    return np.broadcast_to(value, shape)


class Case:
    """Formulas of some tables, on whole arrays and traced."""

    def __init__(
        self, formula, tables, shape=SHAPE, limit=0, runner=Interpreter, rolls=False, long=24
    ):
        self.shape, self.runner = shape, runner
        with np.errstate(all="ignore"):
            self.expected = [whole(value, shape) for value in formula(*tables, XP)]
            tracer = Tracer(shape, limit, XP, rolls, long)
            self.traced = list(formula(*map(tracer.lift, tables), tracer))

    def interpreter(self, sizes, others=0):
        split = len(self.traced) - others
        made = self.runner(self.traced[:split], self.traced[split:], self.shape, sizes, XP)
        if hasattr(made, "slots"):
            made.slots.fill(np.nan)  # what is read before it is written shows
        return made

    def check(self, interpreter, which, box, out=False):
        """Whether some values have the bits of the whole over a box."""
        for k in which:
            expected = self.expected[k][box]
            target = np.full(expected.shape, 7.0) if out else None
            if out:
                interpreter.fill([self.traced[k]], [target])
            found = interpreter.value(self.traced[k])
            assert (bits(np.broadcast_to(found, expected.shape)) == bits(expected)).all(), k
            if out:
                assert (bits(target) == bits(expected)).all(), k

    def run(self, sizes, order=None, others=0, out=False):
        """Every tile in some order; the others are asked for in every second one, and then
        everything once more.
        """
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
    """Formulas drawn from a seed: operations, choices, folds, repetitions of both kinds, some of
    them shared.
    """

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


def light(price, passers, cooling, xp):
    """One stage: every operation that lanes have, and powers that they leave to the host."""
    worth = xp.compound(cooling, 3.0) * price
    some = (worth > passers) & (price <= 2.0) | (passers == worth) ^ (price != passers)
    return [
        xp.where(some, worth / passers, worth - passers),
        xp.maximum(worth, -1.0 * passers),
        xp.minimum(price, passers) + cooling,
    ]


def searched(price, passers, cooling, xp):
    """A repetition that some cells leave early, some late, some never enter."""

    def halve(low, high, n, target):
        middle = 0.5 * (low + high)
        left = middle * middle < target
        return (
            xp.where(left, middle, low),
            xp.where(left, high, middle),
            n + 1.0,
        ), high - low > 1e-9 * target

    target = price * price + passers * passers
    return list(xp.iterate(halve, (0.0, 10.0, 0.0), 40, target, only=target > cooling))


LONG = (3, 2, 1029)
ROWS = (table(0, shape=LONG), table(0, 2, shape=LONG, seed=2), table(1, 2, shape=LONG, seed=3))
