"""What becomes of a job, told as it happens."""

import asyncio

import msgspec
import pytest
from msgspec.structs import replace

from service.jobs.records import Job, NoJob
from service.web import job_events
from service.web.job_events import STILL_THERE, event, event_id, events
from service.web.problems import ClientLeft

QUEUED = Job(
    id="a",
    kind="sweep",
    state="queued",
    waiting=None,
    error=None,
    shards=4,
    shards_done=0,
    cells=1_000_000,
    cells_done=0,
    result_bytes=0,
    seconds=0.0,
    seconds_left=None,
    version="1",
    digest="d",
    created="2026-11-30T21:00:00Z",
    finished=None,
)
RUNNING = replace(QUEUED, state="running", cells_done=1000, seconds=1.0, seconds_left=9.0)
DONE = replace(RUNNING, state="done", shards_done=4, cells_done=1_000_000)


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    monkeypatch.setattr(job_events, "LOOK_SECONDS", 0.001)


class Told:
    """The events of a job that is looked at again and again; the last look goes on."""

    def __init__(self, *looks, last="", server_ends=lambda: False):
        self.looks, self.gone = [*looks], asyncio.Event()
        self.events = events(self.look, last, self.receive, server_ends)

    async def look(self):
        found = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}


def told(*looks, **how):
    async def main():
        return [one async for one in Told(*looks, **how).events]

    return asyncio.run(main())


def test_each_change_is_told_once_until_the_end():
    later = replace(RUNNING, seconds=2.0, seconds_left=8.0)
    assert told(QUEUED, QUEUED, RUNNING, later, DONE) == [
        event(QUEUED),
        event(RUNNING),
        event(DONE),
    ]


def test_an_event_is_what_browsers_read():
    number, name, data, *rest = event(RUNNING).decode().split("\n")
    assert (number, name, rest) == (f"id: {event_id(RUNNING)}", "event: progress", ["", ""])
    assert msgspec.json.decode(data.removeprefix("data: "), type=Job) == RUNNING
    assert b"\nevent: end\n" in event(DONE)
    broken = replace(RUNNING, waiting="two\nlines")
    assert event(broken).count(b"\n") == 4


def test_who_comes_back_is_told_what_is_new():
    assert told(RUNNING, DONE, last=event_id(RUNNING)) == [event(DONE)]
    assert told(RUNNING, DONE, last=event_id(QUEUED)) == [event(RUNNING), event(DONE)]


def test_while_nothing_happens_it_is_said_that_somebody_is_there(monkeypatch):
    monkeypatch.setattr(job_events, "QUIET_SECONDS", 0.0)
    assert set(told(RUNNING, RUNNING, RUNNING, DONE)) == {event(RUNNING), STILL_THERE, event(DONE)}
    assert STILL_THERE.startswith(b":")


def test_it_ends_with_the_server_and_where_the_job_is_removed():
    assert told(RUNNING, server_ends=lambda: True) == [event(RUNNING)]
    assert told(RUNNING, NoJob("a")) == [event(RUNNING)]


def test_it_stops_when_its_client_leaves():
    async def main():
        one = Told(RUNNING)
        assert await anext(one.events) == event(RUNNING)
        one.gone.set()
        with pytest.raises(ClientLeft):
            await anext(one.events)

    asyncio.run(main())
