"""Shards on several machines, by dask.distributed: its scheduler, and workers that `rackrate
worker` has started, all with one folder or one store.

submit -> thread "cluster" -- outcome(shard) --> scheduler --> worker
   |              |  <- begun; then the Part or the error, as bytes --
Future <----------+

A worker that ends is dask's business first: the shard goes to another one, and is lost only after
some more have ended with it. With a scheduler all is lost that it had; a new client is connected
as soon as there is a scheduler again, and until then there is room for no shard.
"""

import asyncio
import logging
import traceback
from collections.abc import Iterable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from threading import Thread
from typing import Any

import dask.config

from service.jobs.devices import GPU
from service.jobs.records import OtherVersion, Part
from service.work.messages import packed, unpacked
from service.work.watch import Lost, NotStarted

QUIET = {"version": 1, "incremental": True, "loggers": {"distributed": {"level": "CRITICAL"}}}
with dask.config.set(logging=QUIET):  # what is the matter is said below, a line each
    from distributed import Client, get_worker
    from distributed.client import ClosedClientError
    from distributed.scheduler import KilledWorker

RUNNING = "running"  # of a client and of a worker
AHEAD = 2  # shards in the hands of a worker: while it computes one, the next is there
CONNECT_SECONDS = 3.0
LOOK_SECONDS = 0.5  # between looks at which workers there are
END_SECONDS = 0.2  # for the cluster to be told of the end; who closes waits no longer
RESTART_SECONDS = 10.0  # for workers to end that are told to
LOG = logging.getLogger("rackrate")


class Dask:
    """The workers of a dask scheduler, those that are there at the moment."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None  # for as long as its first connection holds
        self._connection: object = None
        self._width, self._resources = 0, dict[str, int]()
        self._found = dict[str, Future[Part]]()  # of all shards that are there, by dask's keys
        self._workers = dict[str, str]()  # those that compute, by the keys of their shards
        self._tasks = set[asyncio.Task[None]]()  # that follow a shard each
        self._said = ""  # what is the matter with the cluster, so that it is said once
        self._loop, self._closed = asyncio.SelectorEventLoop(), asyncio.Event()
        self._thread = Thread(target=self._run, name="cluster", daemon=True)
        self._thread.start()

    @property
    def width(self) -> int:
        """How many shards keep all workers at work; 0 while there are none."""
        return self._width if self._is_connected else 0

    @property
    def _is_connected(self) -> bool:
        """Whether the client knows what it had: one that connects again by itself does not."""
        client = self._client
        return (
            client is not None
            and client.status == RUNNING
            and client.scheduler_comm is self._connection
        )

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """Have a shard computed by a worker; its future runs from when a worker has begun. Errors
        (of the future): OtherVersion, Stopped, Lost, OSError where the folder takes nothing, those
        of the model.
        """
        found: Future[Part] = Future()
        self._loop.call_soon_threadsafe(self._begin, found, (version, spec, out, index))
        return found

    def close(self) -> None:
        """End all work for this executor. Workers that are at it are started anew: nothing else
        ends work that looks at no watch.
        """
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join(END_SECONDS)

    def _begin(self, found: "Future[Part]", shard: tuple[str, bytes, str, int]) -> None:
        task = self._loop.create_task(self._follow(found, shard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

        def ended(_: object) -> None:
            if found.cancelled() and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(task.cancel)

        found.add_done_callback(ended)

    async def _follow(self, found: "Future[Part]", shard: tuple[str, bytes, str, int]) -> None:
        """A shard from when it is submitted until it has ended in whatever way."""
        try:
            part = await self._part(found, shard)
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits is told
            if _begun(found):
                found.set_exception(error)
        except asyncio.CancelledError:
            if _begun(found):
                found.set_exception(Lost("the work was ended before it was done"))
        else:
            if _begun(found):
                found.set_result(part)

    async def _part(self, found: "Future[Part]", shard: tuple[str, bytes, str, int]) -> Part:
        client = self._client
        if not self._is_connected:
            raise self._lost(found)
        there = client.submit(
            outcome,
            *(_topic(client), *shard),
            pure=False,  # each is computed, whatever was computed before
            retries=0,  # who submits it counts
            resources=self._resources or None,
        )
        self._found[there.key] = found
        try:
            answer = unpacked(await there)
        except KilledWorker as error:
            count = error.allowed_failures + 1
            raise Lost(f"{count} workers of the cluster ended before the work was done") from None
        except (CancelledError, ClosedClientError, OSError):
            raise self._lost(found) from None
        except Exception as error:  # noqa: BLE001 - those of the work are answers
            raise OtherVersion(
                "the cluster cannot load what computes shards: its scheduler and its workers need"
                f" rackrate {shard[0]} ({str(error).partition('.')[0]})"
            ) from None
        except asyncio.CancelledError:  # by whoever submitted it
            with suppress(Exception):
                await there.cancel(force=True)
            raise
        finally:
            del self._found[there.key]
            self._workers.pop(there.key, None)
            there.release()  # or the scheduler keeps it
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def _lost(self, found: "Future[Part]") -> Lost:
        """That the scheduler has ended, and the shard with it."""
        kind = Lost if found.running() else NotStarted
        return kind(f"the scheduler {self._address} ended before the work was done")

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        """Be connected until it is closed."""
        connection = asyncio.create_task(self._stay_connected())
        await self._closed.wait()
        with suppress(Exception):
            await asyncio.wait_for(self._end(), RESTART_SECONDS)
        connection.cancel()
        await asyncio.wait([connection])

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._connect()
                self._say(f"the scheduler {self._address} is gone")
            except Exception as error:  # noqa: BLE001 - whatever it is, there may be one later
                self._say(f"the scheduler {self._address} cannot be reached: {error}")
            await asyncio.sleep(LOOK_SECONDS)

    async def _connect(self) -> None:
        """A client, for as long as its scheduler is there."""
        client: Any = Client(  # type: ignore[no-untyped-call]
            self._address,
            asynchronous=True,
            set_as_default=False,
            timeout=CONNECT_SECONDS,
            name="rackrate",
        )
        try:
            await client
            client.subscribe_topic(_topic(client), self._hear)
            self._client, self._connection = client, client.scheduler_comm
            while self._is_connected:
                self._look((await client.scheduler.identity())["workers"].values())
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._client, self._width = None, 0  # first: closing takes its time
            await client.close()  # also one that was never connected

    def _hear(self, event: tuple[float, tuple[str, str]]) -> None:
        """That a worker has begun a shard."""
        key, worker = event[1]
        found = self._found.get(key)
        if found is not None and _begun(found):
            self._workers[key] = worker

    def _look(self, workers: Iterable[Mapping[str, Any]]) -> None:
        """See how many workers there are; those with a device alone, if there are any."""
        running = [one for one in workers if one["status"] == RUNNING]
        devices = sum(int(one["resources"].get(GPU, 0)) for one in running)
        self._resources = {GPU: 1} if devices else {}
        self._width = AHEAD * (devices or sum(one["nthreads"] for one in running))
        self._say("" if self._width else f"the scheduler {self._address} has no workers")

    def _say(self, what: str) -> None:
        if what not in ("", self._said):
            LOG.warning("%s", what)
        self._said = what

    async def _end(self) -> None:
        """Take all shards back, or other workers would be given them, and have those workers start
        anew that compute one.
        """
        workers, tasks = sorted(set(self._workers.values())), list(self._tasks)
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None and workers:
            await self._client.scheduler.restart_workers(
                workers=workers,
                timeout=RESTART_SECONDS,
                wait_for_workers=False,
                on_error="return",
                stimulus_id="rackrate-end",
            )


def _topic(client: Any) -> str:
    """Under which workers tell a client what they have begun."""
    return f"{client.id}-begun"


def _begun(found: "Future[Part]") -> bool:
    """Let a future run that does not yet; whether anybody waits for it."""
    if found.cancelled():
        return False
    return found.running() or found.set_running_or_notify_cancel()


def outcome(topic: str, version: str, spec: bytes, out: str, index: int) -> bytes:
    """What becomes of a shard, in a worker: its part or an error, as bytes, so that it arrives as
    it was; that it has begun is told first.
    """
    from service.jobs.shards import run_shard  # here, for the scheduler loads this module too

    worker = get_worker()
    worker.log_event(topic, (worker.get_current_task(), worker.address))
    try:
        return packed(run_shard(version, spec, out, index))
    except Exception as error:  # noqa: BLE001 - whatever it is, who waits is told
        error.add_note(traceback.format_exc())
        with suppress(Exception):
            return packed(error)
        return packed(RuntimeError(f"{type(error).__name__}: {error}"))
