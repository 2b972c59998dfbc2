"""Metrics that are read where they are when somebody asks: of workers, of keys."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite

from service.files.key_files import Key
from service.jobs.records import Figures
from service.web.front.metrics import (
    BUSY,
    JOB_SHARDS,
    JOBS,
    JOBS_WAITING,
    KEY_END,
    RELOADS,
    WAITING,
    WORKER_MEMORY,
    WORKERS,
    Family,
    Labels,
    resident_bytes,
)
from service.web.job_desk import JobDesk
from service.web.keys import Keys
from service.web.workers import Workers

Sources = dict[Family, Callable[[], Mapping[Labels, float]]]


def of_workers(workers: Workers) -> Sources:
    """How many work, what waits for them, and what their processes take."""
    return {
        WORKERS: lambda: {(): workers.count},
        BUSY: lambda: {(): workers.taken - workers.waiting},
        WAITING: lambda: {(): workers.waiting},
        WORKER_MEMORY: lambda: {(str(one),): resident_bytes(one) for one in workers.pids},
    }


def of_jobs(desk: JobDesk) -> Sources:
    """How many jobs there are, and how far they are: told by the process that drives them."""
    return {
        JOBS: lambda: {(one.state,): one.jobs for one in desk.figures()},
        JOB_SHARDS: lambda: {(one.state,): one.shards_done for one in desk.figures()},
        JOBS_WAITING: lambda: _waiting(desk.figures()),
    }


def _waiting(figures: Sequence[Figures]) -> dict[Labels, float]:
    """How many jobs wait that run; nothing where there are none at all."""
    return {(): sum(one.waiting for one in figures)} if figures else {}


def of_keys(keys: Keys) -> Sources:
    """How often their file was read, and when each will have expired."""
    return {
        RELOADS: lambda: {("done",): keys.reloads, ("failed",): keys.failures},
        KEY_END: lambda: _ends(keys.known),
    }


def _ends(keys: Iterable[Key]) -> dict[Labels, float]:
    """When there will be no key of a name any more."""
    ends: dict[Labels, float] = {}
    for one in keys:
        ends[one.name,] = max(one.end, ends.get((one.name,), 0.0))
    return {name: end for name, end in ends.items() if isfinite(end)}
