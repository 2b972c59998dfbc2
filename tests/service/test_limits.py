"""What one request may take."""

import pytest

from economics.sweeps.axes import Linspace, Rows, Values
from economics.sweeps.spec import Frontier, Summarise, SweepSpec
from kernels.grids.sampling import NoSampler
from kernels.language.verbs import BackendError
from service.jobs.specs import Outline
from service.settings import Settings
from service.web.limits import (
    MOST_SHARDS,
    check_cells,
    check_job,
    check_memory,
    engine_problems,
    job_instead,
)
from service.web.problems import NoEngine, TooLarge
from service.work.watch import TimeOver

AXES = (
    Linspace(field="utilisation", start=0.0, stop=1.0, count=4),
    Values(field="pue", values=(1.1, 1.2, 1.3)),
    Rows(name="r", fields={"tax_rate": (0.1, 0.2), "wacc_per_year": (0.1, 0.2)}),
)


def test_cells_are_the_product_of_all_axes():
    asked = SweepSpec(scenario={}, axes=AXES)
    check_cells(asked, Settings(max_inline_cells=24))
    with pytest.raises(TooLarge, match=r"24 cells .* at most 23"):
        check_cells(asked, Settings(max_inline_cells=23))


def test_a_table_of_cells_that_streams_has_a_limit_of_its_own():
    asked, narrow = SweepSpec(scenario={}, axes=AXES), Settings(max_inline_cells=1)
    check_cells(asked, narrow, streams=True)
    limit = Settings(max_inline_cells=100, max_stream_cells=23)
    with pytest.raises(TooLarge, match=r"24 cells in a stream .* at most 23"):
        check_cells(asked, limit, streams=True)
    reduced = SweepSpec(scenario={}, axes=AXES, reduce=Frontier("utilisation"))
    with pytest.raises(TooLarge, match=r"6 cells in an answer .* at most 1"):
        check_cells(reduced, narrow, streams=True)


def test_a_frontier_lists_the_cells_beside_its_field():
    asked = SweepSpec(scenario={}, axes=AXES, reduce=Frontier("utilisation"))
    check_cells(asked, Settings(max_inline_cells=6))
    with pytest.raises(TooLarge, match=r"6 cells .* at most 5"):
        check_cells(asked, Settings(max_inline_cells=5))


def test_a_reduction_has_a_limit_of_its_own():
    asked = SweepSpec(scenario={}, axes=AXES, reduce=Summarise())
    check_cells(asked, Settings(max_inline_cells=1, max_sweep_cells=24))
    with pytest.raises(TooLarge, match="at most 23"):
        check_cells(asked, Settings(max_inline_cells=100, max_sweep_cells=23))


def test_memory_has_a_limit_that_is_said_with_what_to_ask_for_instead():
    check_memory(2**20, Settings(max_sweep_bytes=2**20), "cells")
    said = "1,048,577 bytes of memory were asked for, at most 1,048,576 are given; ask for fewer"
    with pytest.raises(TooLarge, match=f"{said} targets or draws") as caught:
        check_memory(2**20 + 1, Settings(max_sweep_bytes=2**20), "draws")
    assert caught.value.errors[0].path == "targets"


@pytest.mark.parametrize(
    ("error", "paths"), [(BackendError("gone"), ["backend"]), (NoSampler("no scipy"), [])]
)
def test_what_is_not_there_is_said_with_the_field_that_asked_for_it(error, paths):
    with pytest.raises(NoEngine, match=str(error)) as caught, engine_problems("cuda"):
        raise error
    assert [one.path for one in caught.value.errors] == paths


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"cells": 11}, "11 cells in a job were asked for, at most 10 are given"),
        ({"bytes": 2001}, "2,001 bytes of a result were asked for, at most 2,000 are given"),
        ({"memory": 2**20 + 1}, "1,048,577 bytes of memory were asked for"),
        ({"shards": MOST_SHARDS + 1}, "100,001 shards of a job were asked for"),
    ],
)
def test_a_job_has_limits_of_its_own(more, said):
    usual = {"cells": 10, "bytes": 2000, "memory": 2**20, "shards": 1, "rows": 10, "columns": ()}
    limits = Settings(max_job_cells=10, max_job_bytes=2000, max_sweep_bytes=2**20)
    check_job(Outline(is_table=True, **usual), limits)
    with pytest.raises(TooLarge, match=said):
        check_job(Outline(is_table=True, **{**usual, **more}), limits)


def test_an_answer_that_is_read_whole_is_no_longer_as_a_job():
    limits, parts = Settings(max_inline_cells=10), {"shards": 1, "columns": (), "is_table": False}
    check_job(Outline(cells=99, rows=10, bytes=1, memory=1, **parts), limits)
    with pytest.raises(TooLarge, match="11 cells in an answer were asked for, at most 10"):
        check_job(Outline(cells=99, rows=11, bytes=1, memory=1, **parts), limits)


def test_what_takes_too_long_may_be_a_job():
    with (
        pytest.raises(TimeOver, match="took 9 seconds; ask for a job by the header"),
        job_instead(),
    ):
        raise TimeOver("the work took 9 seconds")
