"""Examples of jobs."""

import msgspec

from service.answers import JobList
from service.jobs.records import ENDED, Job
from service.web.job_examples import CANCELLED, DONE, EXAMPLES, QUEUED, RUNNING


def test_they_are_jobs_as_they_go():
    for one in (QUEUED, RUNNING, DONE, CANCELLED):
        assert one.id == QUEUED.id
        assert 0 <= one.shards_done * one.cells <= one.cells_done * one.shards
        assert (one.finished is None) == (one.state not in ENDED)
        assert one.finished is None or one.finished > one.created


def test_they_are_read_as_what_they_show():
    for name in ("submitted", "readJob", "deleteJob"):
        (shown,) = EXAMPLES[name].values()
        assert msgspec.convert(shown["value"], Job).id == QUEUED.id
    (shown,) = EXAMPLES["listJobs"].values()
    assert len(msgspec.convert(shown["value"], JobList).jobs) == 2
