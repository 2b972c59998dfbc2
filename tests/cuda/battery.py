"""A small battery of checks that is to notice faults of the cuda engine: plans, chunks, boxes,
reductions, devices, memory.
"""

import math

import numpy as np
import pytest
from kernels_chance import XP, boxes, table
from kernels_stand import bits

from kernels.engines.cuda.device import Session
from kernels.engines.cuda.runner import Chunks
from kernels.engines.partials import CANDIDATES, Moments, Tally
from kernels.grids import reductions as reduce
from kernels.language.profile import Profile
from kernels.trace.tracer import Tracer

SHAPE, SIZES = (75, 2, 300), (40, 2, 300)  # three bands of rows, two parts of a row
LOW, LOW_SIZES = (3, 2, 140), (2, 2, 140)
NO_COUNTS = np.zeros(0, dtype=np.int64)


def light(a, b, c, d, xp):
    mixed = xp.where(c > d, c - a * b, d)
    return [a * b + (c + d) * 3.25, mixed + a / (2.0 + b * b)]


def heavy(a, b, c, d, xp):
    """A repetition that some cells take to its limit, a long fold, and more values than registers
    hold.
    """
    found, steps = xp.iterate(
        lambda x, n: ((0.5 * (x + b), n + 1.0), (x > b) & (n < 5.5)), (a, 0.0), 5, only=a > b - 1.0
    )
    (total,) = xp.fold(lambda t, v: (t * 0.75 + v,), (0.0,), Profile((c, d, a * b, c - d, a + d)))
    made = [a * float(k) + c for k in range(80)]
    down = [first * last for first, last in zip(made, reversed(made), strict=True)]
    while len(down) > 1:
        down = [x + y for x, y in zip(down[::2], down[1::2], strict=False)] + down[
            len(down) // 2 * 2 :
        ]
    return [found + total, xp.where(steps > 2.0, down[0], total)]


def chunks(traced, shape, sizes, session=None):
    """What computes some values, in short rows, by few blocks and in small pieces."""
    return Chunks(traced, [], shape, sizes, XP, session or small(), long_row=140, blocks=1)


def small(number=None):
    """A session that copies small pieces."""
    return Session(number, stage=1111)


class Trial:
    """Formulas on whole arrays, and what computes them on a device."""

    def __init__(self, formula, shape, sizes=None, session=None):
        self.shape = shape
        tables = [
            table(0, shape=shape),
            table(2, shape=shape, seed=2),
            table(0, 2, shape=shape, seed=3),
            table(1, 2, shape=shape, seed=4),
        ]
        self.wanted = [np.broadcast_to(value, shape) for value in formula(*tables, XP)]
        tracer = Tracer(shape, 0, XP, True, 3)
        self.traced = list(formula(*map(tracer.lift, tables), tracer))
        self.runner = chunks(self.traced, shape, sizes or shape, session)

    def at(self, box, rows=None):
        self.runner.at(box)
        self.runner.at_once = rows

    def check(self, which, box):
        found = self.runner.value(self.traced[which])
        assert (bits(found) == bits(self.wanted[which][box])).all()

    def fill(self, box):
        outs = [np.full(self.wanted[0][box].shape, 7.0) for _ in self.traced]
        self.runner.fill(self.traced, outs)
        for out, wanted in zip(outs, self.wanted, strict=True):
            assert (bits(out) == bits(wanted[box])).all()


def whole(shape):
    return tuple(slice(0, length) for length in shape)


def boxes_and_chunks(formula, shape, sizes):
    """Boxes one after another, in one go and in chunks, answers kept and asked for again."""
    trial = Trial(formula, shape, sizes)
    for box in boxes(shape, sizes):
        for rows in (1000, 7):
            trial.at(box, rows)
            trial.check(0, box)
            trial.check(1, box)
            trial.at(box, rows)
            trial.fill(box)


def two_share_a_session():
    session = small(1)
    one, two = Trial(light, (5, 2, 33), session=session), Trial(light, (4, 2, 31), session=session)
    for trial in (one, two):
        trial.at(whole(trial.shape), 1000)
        trial.check(0, whole(trial.shape))
    one.check(1, whole(one.shape))


def tally(trial, which, what, state, counts):
    """A reduction on the device."""
    return trial.runner.tally(trial.traced[which], what, state, counts)


def reductions():
    trial = Trial(light, SHAPE, SIZES)
    for box in boxes(SHAPE, SIZES):
        trial.at(box)
        for which in (0, 1):
            values = trial.wanted[which][box]
            state = np.zeros(5)
            assert tally(trial, which, Tally("moments"), state, NO_COUNTS)
            assert state[:3].tolist() == [values.size, values.min(), values.max()]
            assert abs(state[3] - math.fsum(values.ravel()) / values.size) <= 1e-13
            assert state[4] == pytest.approx(float(values.var()) * values.size, rel=1e-12)
            histograms(trial, which, values)
            the_best(trial, which, values)


def histograms(trial, which, values):
    low, high = float(values.min()), float(values.max())
    for bins in (5, 5000):
        counts = np.zeros((1, bins + 1), dtype=np.int64)
        assert tally(
            trial,
            which,
            Tally("bins"),
            np.array([low, high, bins / (high - low), bins - 1.0, 0.0]),
            counts,
        )
        assert (
            counts[0, :bins]
            == reduce._bin_counts(values.ravel(), low, high, bins / (high - low), bins)
        ).all()
    met = np.zeros(1, dtype=np.int64)
    assert tally(trial, which, Tally("share", "<"), np.array([0.5]), met)
    assert met[0] == np.count_nonzero(values < 0.5)


def the_best(trial, which, values):
    for greatest in (True, False):
        reached = trial.runner.reached(trial.traced[which], 9, greatest)
        ordered = np.sort(values.ravel())[:: -1 if greatest else 1]
        assert reached is not None
        assert (ordered[8] >= reached) if greatest else (ordered[8] <= reached)
        assert np.count_nonzero(values >= reached if greatest else values <= reached) < 2000
        limit = float(ordered[20])
        state, counts = (
            np.zeros(CANDIDATES + 1),
            np.zeros(CANDIDATES + 1, dtype=np.int64),
        )
        state[0] = limit
        assert tally(trial, which, Tally("candidates", ">=" if greatest else "<="), state, counts)
        where = np.flatnonzero(values.ravel() >= limit if greatest else values.ravel() <= limit)
        assert sorted(counts[1 : counts[0] + 1].tolist()) == where.tolist()
        assert (values.ravel()[counts[1 : counts[0] + 1]] == state[1 : counts[0] + 1]).all()


def sums_have_their_order():
    """The moments of one row to the last bit: each thread has a value or none, joined two
    by two.
    """
    trial = Trial(light, (1, 1, 200))
    trial.at(whole((1, 1, 200)))
    state = np.zeros(5)
    assert tally(trial, 0, Tally("moments"), state, NO_COUNTS)
    parts = [Moments(1, v, v, v, 0.0) for v in trial.wanted[0].ravel().tolist()] + [None] * 56
    while len(parts) > 1:
        half = len(parts) // 2
        parts = [joined(a, b) for a, b in zip(parts[:half], parts[half:], strict=True)]
    assert state.tolist() == [
        parts[0].count,
        parts[0].least,
        parts[0].greatest,
        parts[0].mean,
        parts[0].squares,
    ]


def all_are_above_0():
    """Nothing that starts at 0 gets in between."""
    trial = Trial(
        lambda a, b, c, d, xp: [value + 40.0 for value in light(a, b, c, d, xp)], (1, 1, 200)
    )
    trial.at(whole((1, 1, 200)))
    state = np.zeros(5)
    assert tally(trial, 0, Tally("moments"), state, NO_COUNTS)
    assert state[:3].tolist() == [200, trial.wanted[0].min(), trial.wanted[0].max()]
    the_best(trial, 0, trial.wanted[0])


def joined(a, b):
    """The moments of both, in the order of operations of the kernel."""
    if a is None or b is None:
        return a if b is None else b
    count, shift = a.count + b.count, b.mean - a.mean
    part = b.count / count
    squares = a.squares + b.squares + shift * shift * a.count * part
    return Moments(
        count, min(a.least, b.least), max(a.greatest, b.greatest), a.mean + shift * part, squares
    )


def what_is_no_number_is_said():
    trial = Trial(lambda a, b, c, d, xp: [a + c + d, xp.where(c > 0.0, b / 0.0, d)], (4, 2, 300))
    box = whole(trial.shape)
    trial.at(box)
    outs = [np.zeros(trial.shape) for _ in range(2)]
    trial.runner.fill(trial.traced, outs)
    assert [trial.runner.sound(one, out) for one, out in zip(trial.traced, outs, strict=True)] == [
        True,
        False,
    ]
    room = CANDIDATES + 1
    for what, state, counts in (
        (Tally("moments"), np.zeros(5), NO_COUNTS),
        (Tally("share", "<"), np.zeros(1), np.zeros(1, dtype=np.int64)),
        (Tally("bins"), np.array([0.0, 1.0, 8.0, 7.0, 0.0]), np.zeros((1, 9), dtype=np.int64)),
        (Tally("candidates", ">="), np.full(room, 1e9), np.zeros(room, dtype=np.int64)),
    ):
        assert not tally(trial, 1, what, state, counts)


def far_cells():
    """Candidates among the last rows of a box of 2.2e9 cells."""
    shape, room = (2_200_000, 1, 1000), 8
    tracer = Tracer(shape, 0, XP)
    rows, columns = (
        np.arange(shape[0], dtype=float).reshape(-1, 1, 1),
        np.arange(1000.0).reshape(1, 1, -1),
    )
    runner = chunks([tracer.lift(rows) * 1000.0 + tracer.lift(columns)], shape, shape)
    runner.at(whole(shape))
    launches = runner.launches
    launches.prepare()
    launches.run(
        "candidates", 3, shape[0] - 3, room, room + 2, [2.2e9 - 4], RELATION=">=", ROOM=room
    )
    counts, values = launches.take_counts(room + 2), np.empty(4)
    runner.session.take("outs", 0, values)
    assert counts[:2].tolist() == [0, 4]
    assert (
        sorted(counts[2:6].tolist())
        == sorted(values.tolist())
        == [2_200_000_000 - k for k in (4, 3, 2, 1)]
    )


def little_memory(machine):
    machine(free=500_000, promised=1 << 30)
    trial = Trial(light, SHAPE)
    trial.runner.at(whole(SHAPE))
    trial.fill(whole(SHAPE))


def run(machine):
    """Everything. Errors: AssertionError, Fault and whatever a fault leads to."""
    with np.errstate(all="ignore"):
        machine(devices=2)
        boxes_and_chunks(light, SHAPE, SIZES)
        boxes_and_chunks(heavy, LOW, LOW_SIZES)
        two_share_a_session()
        reductions()
        sums_have_their_order()
        all_are_above_0()
        what_is_no_number_is_said()
        little_memory(machine)
        machine()
        far_cells()
