"""Kernels over the rows of a box: tables and scratch memory that do not fit, blocks for
many rows.
"""

import numpy as np
import pytest
from kernels_chance import XP, table
from kernels_stand import AXES
from tuned import on_device

from kernels.engines.cuda.runner import Chunks
from kernels.grids.reductions import moments
from kernels.language.verbs import BackendError
from kernels.trace.tracer import Tracer

WIDE = {**AXES, "cooling": np.linspace(-0.3, 0.3, 1500).tolist()}
OVER = ("price", "passers_by", "cooling")  # 15 rows of 1,500 cells, 180 kB


@pytest.mark.parametrize("free", [100, 20_000])
def test_tables_and_scratch_that_do_not_fit_end_the_sweep(machine, free):
    machine(free=free)
    evaluation = on_device(["fair_price"], *OVER, axes=WIDE)
    with pytest.raises(
        BackendError, match=r"backend = 'cuda': no memory for (tables|scratch|[0-9]+ answers)"
    ):
        for _ in evaluation.over_tiles(lambda tile: moments(tile, "fair_price")):
            pass


def chunks(shape, **tuned):
    tracer = Tracer(shape, 0, XP)
    one = tracer.lift(table(0, shape=shape)) * tracer.lift(table(1, shape=shape))
    made = Chunks([one], [], shape, shape, XP, long_row=2, **tuned)
    made.at(tuple(slice(0, length) for length in shape))
    made.launches.prepare()
    return made.launches


def test_many_rows_are_taken_by_as_many_blocks_as_keep_a_device_busy(machine):
    machine(processors=3)
    assert chunks((2, 300)).blocks(1) == 2  # parts of a row
    assert chunks((10_000, 300)).blocks(10_000) == 3 * 8
    assert chunks((10_000, 300), blocks=1).blocks(10_000) == 3


def test_tables_are_put_there_again_where_another_plan_was(machine):
    machine()
    one = chunks((3, 40))
    one.session.owner = None
    one.prepare()
    assert one.session.owner is one.token
    assert not one.resident
