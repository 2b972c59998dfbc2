"""Examples of jobs for the OpenAPI document: one on its way from queued to done."""

from typing import Any

import msgspec
from msgspec.structs import replace

from service.answers import JobList
from service.jobs.records import Job
from service.web.job_events import FIRST, event

QUEUED = Job(
    id="4f1c2a9b7d3e8056",
    kind="sweep",
    state="queued",
    waiting=None,
    error=None,
    shards=400,
    shards_done=0,
    cells=100_000_000,
    cells_done=0,
    result_bytes=0,
    seconds=0.0,
    seconds_left=None,
    version="0.1.0",
    digest="9d7c1f0e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d",
    created="2026-11-30T21:00:00+00:00",
    finished=None,
)
RUNNING = replace(
    QUEUED,
    state="running",
    shards_done=100,
    cells_done=25_000_000,
    result_bytes=200_000_000,
    seconds=20.0,
    seconds_left=60.0,
)
ENDED = {"seconds_left": None, "finished": "2026-11-30T21:01:20+00:00"}
CANCELLED = replace(RUNNING, state="cancelled", **ENDED)
DONE = replace(
    RUNNING,
    state="done",
    shards_done=400,
    cells_done=100_000_000,
    result_bytes=800_000_000,
    seconds=80.0,
    **ENDED,
)


def _example(name: str, value: Any) -> dict[str, Any]:
    return {name: {"value": msgspec.json.decode(msgspec.json.encode(value))}}


ANSWERED_AS = {"readJobResult": "sweep"}  # an operation whose answers are those of another
EXAMPLES = {
    "submitted": _example("queued", QUEUED),
    "listJobs": _example("two", JobList((RUNNING, DONE))),
    "readJob": _example("running", RUNNING),
    "followJob": _example("followed", b"".join([FIRST, event(RUNNING), event(DONE)]).decode()),
    "deleteJob": _example("cancelled", CANCELLED),
}
