"""Questions that are to be jobs, as a worker sees them."""

import pytest
from jobs_over_http import CELLS

from economics import Problem
from economics.scenario.checking import checked
from service.jobs.specs import unpacked
from service.settings import Settings
from service.web.job_questions import as_question
from service.web.problems import TooLarge
from service.web.schema import SweepRequest
from service.work.watch import Stopped


def asked(settings=None, watch=lambda *_: None, **changes):
    body = checked({**CELLS, **changes}, SweepRequest, "")
    return as_question(body, settings or Settings(), watch)


def test_a_question_is_packed_with_all_that_it_needs_and_measured():
    spec, known = asked(scenario="hgx-h100")
    question = unpacked(spec)
    assert (known.cells, known.rows, known.shards, known.is_table) == (45, 45, 1, True)
    assert question.spec.targets == ("npv_usd_per_rack", "payback_years")
    assert question.spec.scenario["hardware"]["gpu_per_rack"]


def test_what_is_too_large_for_a_job_is_refused():
    long = [{**CELLS["axes"][0], "count": 100_000}]
    with pytest.raises(TooLarge, match=r"2,600,000 bytes of a result .* at most 1,024 are given"):
        asked(Settings(max_job_bytes=1024), axes=long)
    with pytest.raises(TooLarge, match="bytes of memory were asked for, at most 1,048,576"):
        asked(Settings(max_sweep_bytes=2**20), axes=long)
    with pytest.raises(TooLarge, match="45 cells in a job were asked for, at most 44"):
        asked(Settings(max_job_cells=44))


def test_what_is_wrong_is_told_before_it_is_a_job():
    with pytest.raises(Problem, match="a known engine"):
        asked(backend="nunpy")
    with pytest.raises(Problem, match="npv_usd_per_rack"):
        asked(targets=["npv_usd_per_rak"])


def test_it_stops_where_nobody_waits():
    def gone(*_):
        raise Stopped("nobody waits")

    with pytest.raises(Stopped):
        asked(watch=gone)
