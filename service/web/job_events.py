"""What becomes of a job, told as it happens: server-sent events, each the whole job, the next one
when something of it has changed.

An id is made of what its event tells, so that whoever lost the connection is told what is new, by
whichever process. An answer ends with the job, and when the server does; who asks again then goes
on where it was.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from service.jobs.records import ENDED, Job, NoJob
from service.web.problems import ClientLeft
from service.web.workers import Receive, has_left

MEDIA = "text/event-stream"
LAST = "Last-Event-ID"
LOOK_SECONDS = 0.5
QUIET_SECONDS = 15.0  # after which it is said that somebody is there
FIRST = b"retry: 2000\n\n"  # milliseconds after which a client that lost the connection asks again
STILL_THERE = b": still there\n\n"
PROGRESS, END = "progress", "end"


def event_id(job: Job) -> str:
    """The id of the event that tells of a job as it is; its seconds alone make no new one."""
    told = msgspec.json.encode(replace(job, seconds=0.0, seconds_left=None))
    return sha256(told).hexdigest()[:16]


def event(job: Job) -> bytes:
    """The event that tells of a job as it is."""
    name = END if job.state in ENDED else PROGRESS
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        event_id(job).encode(),
        name.encode(),
        msgspec.json.encode(job),
    )


async def events(
    look: Callable[[], Awaitable[Job]],
    last: str,
    receive: Receive,
    server_ends: Callable[[], bool],
) -> AsyncGenerator[bytes, None]:
    """The events of a job after the one with the id `last`, until it ends, is removed, or the
    server ends. Errors: ClientLeft.
    """
    left, since = asyncio.create_task(has_left(receive)), time.monotonic()
    try:
        while True:
            try:
                job = await look()
            except NoJob:
                return
            if event_id(job) != last:
                last, since = event_id(job), time.monotonic()
                yield event(job)
            elif time.monotonic() - since > QUIET_SECONDS:
                since = time.monotonic()
                yield STILL_THERE
            if job.state in ENDED or server_ends():
                return
            await asyncio.wait({left}, timeout=LOOK_SECONDS)
            if left.done():
                raise ClientLeft("the client left before the job ended")
    finally:
        left.cancel()
