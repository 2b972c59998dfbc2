"""Edges of what devices compute: odd numbers, one row or one column, widths of no whole block,
cells far into a grid.
"""

import math
from itertools import product

import numpy as np
import pytest
from kernels_chance import XP, by_chance, light, searched, table
from kernels_stand import BASE, GRAPH, bits
from tally import compared
from tuned import with_rows

from kernels.engines.cuda.runner import Chunks
from kernels.engines.engine import Unsupported
from kernels.grids.engine_table import CUDA, NUMPY
from kernels.grids.evaluation import Evaluation
from kernels.language.timeline import Calendar
from kernels.trace.grid import Axis, Grid, lengths
from kernels.trace.tracer import Tracer

ODD = np.array([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, -1.5, 1.7976931348623157e308])
WIDTHS = (1, 2, 31, 33, 128, 255, 256, 257, 513)
ROWS = (1, 2, 32, 33, 65)


def equal(found, wanted):
    """Bit for bit, but for the sign and the rest of what is no number."""
    found, wanted = (
        np.ascontiguousarray(np.broadcast_to(one, np.shape(wanted)), dtype=float)
        for one in (found, wanted)
    )
    return bool(((np.isnan(found) & np.isnan(wanted)) | (bits(found) == bits(wanted))).all())


def same(there, formula, tables, shape, row_cells):
    """Whether formulas have the same values on whole arrays and on a device."""
    with np.errstate(all="ignore"):
        wanted = [np.broadcast_to(value, shape) for value in formula(*tables, XP)]
        tracer = Tracer(shape, 0, XP, True)
        traced = list(formula(*map(tracer.lift, tables), tracer))
        runner = Chunks(traced, [], shape, shape, XP, long_row=row_cells)
        box = tuple(slice(0, length) for length in shape)
        runner.at(box)
        for one, values in zip(traced, wanted, strict=True):
            assert equal(runner.value(one), values)
        runner.at(box)
        outs = [np.full(shape, 7.0) for _ in traced]
        runner.fill(traced, outs)
    for one, out, values in zip(traced, outs, wanted, strict=True):
        assert equal(out, values)
        assert runner.sound(one, out) == np.isfinite(values).all()
    compared(there, len(traced) * math.prod(shape))


def odd(axis):
    return ODD.reshape([-1 if at == axis else 1 for at in range(3)])


def arithmetic(a, b, c, xp):
    return [
        a + b,
        a - b,
        a * b,
        a / b,
        xp.minimum(a, b),
        xp.maximum(b, a),
        xp.where(a < b, c, a),
        xp.where(a != b, c * a, -1.0 * c),
    ]


@pytest.mark.parametrize("row_cells", [1, 9, 4096])
def test_odd_numbers_fall_as_on_numpy(cuda, row_cells):
    same(cuda(), arithmetic, [odd(0), odd(1), odd(2)], (8, 8, 8), row_cells)


@pytest.mark.parametrize("seed", range(6))
def test_odd_numbers_in_programs_by_chance(cuda, seed):
    try:
        same(
            cuda(),
            by_chance(seed, 12),
            [odd(0), odd(1), odd(2), odd(0) * 0.5, odd(1) + 1.0],
            (8, 8, 8),
            9,
        )
    except Unsupported as error:
        assert "search" in str(error) or "repetition" in str(error)  # noqa: PT017


@pytest.mark.parametrize("formula", [light, searched])
def test_rows_and_columns_of_any_number(cuda, formula):
    there = cuda(processors=1)
    for width, rows in product(WIDTHS, ROWS):
        if width in (1, 257) or rows in (1, 33):
            shape = (rows, 1, width)
            tables = [
                table(0, shape=shape),
                table(2, shape=shape, seed=2),
                table(0, 2, shape=shape, seed=3),
            ]
            same(there, formula, tables, shape, max(width, 2))


FAR = {
    "price": np.linspace(0.5, 3.0, 10_000),
    "cooling": np.linspace(-0.3, 0.1, 1000),
    "passers_by": np.linspace(0, 130, 1000),
    "lemon": np.linspace(0.0, 2.0, 100),
}


def far_off(evaluation, box):
    """Its targets over a box."""
    tiles = evaluation.tiles(lengths(box))
    ((_, found),) = tiles.over(
        box,
        lambda tile: [
            np.array(np.broadcast_to(tile.own(target), tile.shape)) for target in tile.targets
        ],
    )
    return found


def test_a_box_far_into_a_grid_of_a_million_million_cells(cuda):
    there, grid = cuda(), Grid(tuple(Axis(name, {name: values}) for name, values in FAR.items()))
    assert grid.size == 10**12
    given = {**BASE, "calendar": Calendar(6, 1), **grid.arrays()}
    box = tuple(
        slice(length - many, length) for length, many in zip(grid.shape, (3, 2, 5, 33), strict=True)
    )
    targets = ("profit", "takings_per_lemon")
    plain = Evaluation(GRAPH.plan(targets, given), targets, given, grid, GRAPH.nodes, NUMPY)
    found = [far_off(one, box) for one in (plain, plain.on(with_rows(CUDA, 100)))]
    for theirs, ours in zip(*found, strict=True):
        assert equal(ours, theirs)
    compared(there, 2 * 990)


def test_numbers_of_cells_take_more_than_32_bits(cuda):
    """The last rows of a box of 2.2e9 cells, of which nothing else is visited."""
    there, shape = cuda(), (2_200_000, 1, 1000)
    tables = [
        np.arange(shape[0], dtype=float).reshape(-1, 1, 1),
        np.arange(1000.0).reshape(1, 1, -1),
    ]
    tracer = Tracer(shape, 0, XP)
    (traced,) = [tracer.lift(tables[0]) * 1000.0 + tracer.lift(tables[1])]
    runner = Chunks([traced], [], shape, shape, XP, long_row=1000)
    runner.at(tuple(slice(0, length) for length in shape))
    launches = runner.launches
    launches.prepare()
    room = 8
    first = shape[0] - 3
    launches.run("candidates", 3, first, room, room + 2, [2.2e9 - 4], RELATION=">=", ROOM=room)
    counts, values = launches.take_counts(room + 2), np.empty(4)
    runner.session.take("outs", 0, values)
    assert counts[:2].tolist() == [0, 4]
    assert (
        sorted(counts[2:6].tolist())
        == sorted(values.tolist())
        == [2_200_000_000 - k for k in (4, 3, 2, 1)]
    )
    compared(there, 3000)
