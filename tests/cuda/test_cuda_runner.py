"""Plans on devices: the bits of numpy for any plan, tile, chunk, stream and device; reductions
alike; memory that runs out.
"""

import gc
import math
import weakref

import numpy as np
import pytest
from fake_cupy import Array
from hypothesis import given
from hypothesis import strategies as st
from kernels_chance import (
    LONG,
    ROWS,
    SHAPE,
    TABLES,
    XP,
    Case,
    boxes,
    by_chance,
    light,
    searched,
    table,
)
from kernels_stand import AXES, bits, column, stand
from laws import examples
from tally import compared
from tuned import Tuned, on_device

from kernels.engines.cuda import device
from kernels.engines.cuda.runner import Chunks
from kernels.engines.engine import Unsupported
from kernels.language.verbs import BackendError
from kernels.trace.tracer import Tracer

ALL = tuple(AXES)
SHORT = Tuned(Chunks, long_row=2)


@examples(40)
@given(st.data())
def test_programs_by_chance_keep_their_bits(machine, data):
    there = machine(processors=data.draw(st.integers(1, 3)))
    formula = by_chance(data.draw(st.integers(0, 10**9)))
    sizes = tuple(data.draw(st.integers(1, length)) for length in SHAPE)
    try:
        case = Case(
            formula,
            TABLES,
            limit=data.draw(st.sampled_from((0, 4, 15))),
            runner=SHORT,
            rolls=True,
            long=3,
        )
        case.run(
            sizes,
            data.draw(st.permutations(boxes(SHAPE, sizes)))[:4],
            others=2,
            out=data.draw(st.booleans()),
        )
    except Unsupported:
        return
    compared(there, 7 * math.prod(SHAPE))


@pytest.mark.parametrize("formula", [light, searched])
def test_long_rows_keep_their_bits(machine, formula):
    there = machine()
    case = Case(formula, ROWS, LONG, runner=SHORT)
    case.run((2, 2, 1029), out=True)
    compared(there, 3 * math.prod(LONG))


@pytest.mark.parametrize("target", ["profit", "takings_per_lemon", "pride", "best_week"])
@pytest.mark.parametrize("devices", [1, 3])
def test_streams_and_devices_take_turns_and_change_no_bit(machine, target, devices):
    there = machine(devices=devices)
    expected = column(stand([target], *ALL), target)
    assert (
        bits(column(on_device([target], *ALL), target, 2 * devices, 16)) == bits(expected)
    ).all()
    assert {device for device, *_ in there.launches} == set(range(devices)) or target != "profit"
    compared(there, expected.size)


def test_answers_are_written_in_place_where_they_lie_in_a_row(machine):
    machine()
    evaluation = on_device(["profit", "takings_per_lemon"], *ALL)
    outs = {target: np.full(evaluation.grid.shape, -1.0) for target in evaluation.targets}
    lacking = [
        found for _, found in evaluation.over_tiles(lambda tile: tile.fill(outs), tile_cells=17)
    ]
    assert ("takings_per_lemon",) in lacking
    for target in outs:
        assert (bits(outs[target]) == bits(column(stand([target], *ALL), target))).all()


WIDE = {**AXES, "cooling": np.linspace(-0.3, 0.3, 1500).tolist()}
OVER = ("price", "passers_by", "cooling")  # 15 rows of 1,500 cells, 180 kB


@pytest.mark.parametrize(
    ("stated", "launches"), [({"free": 150_000}, 4), ({"free": 150_000, "promised": 1 << 30}, 2)]
)
def test_rows_that_do_not_fit_are_taken_in_more_chunks(machine, stated, launches):
    there = machine(**stated)
    found = column(on_device(["profit"], *OVER, axes=WIDE), "profit")
    assert (bits(found) == bits(column(stand(["profit"], *OVER, axes=WIDE), "profit"))).all()
    assert len(there.launches) == launches


def test_where_not_even_an_eighth_fits_the_sweep_ends(machine):
    machine(free=30_000, promised=1 << 30)
    with pytest.raises(BackendError, match=r"backend = 'cuda': no memory for [0-9]+ answers"):
        column(on_device(["profit"], *OVER, axes=WIDE), "profit")


def test_what_a_sweep_held_is_let_go_when_it_ends(machine, monkeypatch):
    machine()
    sessions, plain = weakref.WeakSet(), device.Session.__init__

    def noted(self, *stated):
        plain(self, *stated)
        sessions.add(self)

    monkeypatch.setattr(device.Session, "__init__", noted)
    gc.disable()
    try:
        for _ in range(3):
            column(on_device(["profit", "takings_per_lemon"], *ALL), "profit", 2, 16)
        assert len(sessions) == 0
    finally:
        gc.enable()


def test_two_axes_are_not_one_row_that_the_host_computes(machine):
    there = machine()
    column(on_device(["profit"], "price", "passers_by", row_cells=4), "profit")
    (launch,) = there.launches
    assert launch[-1].real_operations > 0


def test_powers_of_what_is_searched_for_are_refused():
    tracer = Tracer((3, 600), 0, XP)
    rate = tracer.lift(table(0, 1, shape=(3, 600)))
    (found,) = tracer.iterate(lambda x: ((tracer.compound(x, 0.5),), x > 0.1), (rate,), 5)
    with pytest.raises(Unsupported, match="searched for"):
        Chunks.check([found], (3, 6000))


def test_a_device_that_fails_is_said_and_not_replaced(machine, monkeypatch):
    machine()
    import cupy

    def fails(*_, **__):
        raise cupy.cuda.runtime.CUDARuntimeError(700)

    monkeypatch.setattr(Array, "set", fails)
    with pytest.raises(
        BackendError, match="the device failed, and this process cannot use it any more"
    ):
        column(on_device(["profit"], "price", "cooling"), "profit")
