"""Figures of one server process: counted as requests go by, read when somebody asks."""

import os
import platform
import resource
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from economics.models.assembly import MODEL_VERSION
from service.standard_error import LINES
from service.version import version

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
METHODS = {"", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER = "other"  # so that nobody can make up names without end
Labels = tuple[str, ...]
Numbers = dict[Labels, list[float]]


class Family(NamedTuple):
    """Figures of one name."""

    name: str
    kind: str
    about: str
    labels: Labels = ()


REQUESTS = Family(
    "rackrate_requests_total",
    "counter",
    "Requests that were answered.",
    ("route", "method", "status"),
)
SECONDS = Family(
    "rackrate_request_seconds", "histogram", "Time from a request to its whole answer.", ("route",)
)
CELLS = Family(
    "rackrate_cells_total", "counter", "Scenarios of grids, draws and batches.", ("route",)
)
RATED = Family("rackrate_rate_refusals_total", "counter", "Requests above a rate.", ("limit",))
RELOADS = Family(
    "rackrate_key_reloads_total", "counter", "Times that the file of keys was read.", ("result",)
)
DROPPED = Family(
    "rackrate_log_lines_dropped_total", "counter", "Lines of the log that nobody read in time."
)
CONNECTIONS = Family("rackrate_connections", "gauge", "Open connections.")
IN_PROGRESS = Family(
    "rackrate_work_in_progress", "gauge", "Work that runs or waits, by its route.", ("route",)
)
BUSY = Family("rackrate_workers_busy", "gauge", "Workers that are at work.")
WORKERS = Family("rackrate_workers", "gauge", "Workers that there are.")
WORKER_MEMORY = Family(
    "rackrate_worker_resident_memory_bytes", "gauge", "Memory of a worker process.", ("worker",)
)
WAITING = Family("rackrate_work_waiting", "gauge", "Work that waits for a worker.")
JOBS = Family("rackrate_jobs", "gauge", "Jobs, by their state.", ("state",))
JOB_SHARDS = Family(
    "rackrate_job_shards_done", "gauge", "Shards that are done, of jobs by their state.", ("state",)
)
JOBS_WAITING = Family(
    "rackrate_jobs_waiting", "gauge", "Jobs that run and wait, as for disk or for workers."
)
KEY_END = Family(
    "rackrate_key_expiry_timestamp_seconds", "gauge", "When a key will have expired.", ("key",)
)
INFO = Family(
    "rackrate_build_info",
    "gauge",
    "Always 1: what is running.",
    ("version", "model_version", "python"),
)
MEMORY = Family("process_resident_memory_bytes", "gauge", "Memory that the process takes.")
CPU = Family("process_cpu_seconds_total", "counter", "Time of CPUs that the process took.")
START = Family("process_start_time_seconds", "gauge", "When the process started.")
FAMILIES = (
    *(REQUESTS, SECONDS, CELLS, RATED, RELOADS, DROPPED, CONNECTIONS, IN_PROGRESS, BUSY, WORKERS),
    *(WAITING, WORKER_MEMORY, JOBS, JOB_SHARDS, JOBS_WAITING, KEY_END, INFO, MEMORY, CPU, START),
)


class Snapshot(Struct, frozen=True):
    """The figures of a process at a moment: by family, the values of each set of labels."""

    process: int
    figures: dict[str, list[tuple[Labels, list[float]]]]


class Metrics:
    """What one process counts, and what it reads of itself (`sources`) when it is asked."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._seconds: dict[str, list[float]] = {}
        self.counts: dict[Family, dict[Labels, float]] = {CELLS: {}, RATED: {}, IN_PROGRESS: {}}
        self.connections = 0
        self.sources: dict[Family, Callable[[], Mapping[Labels, float]]] = {}
        self._start = time.time()

    def start(self) -> None:
        """The process begins to serve."""
        self._start = time.time()

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request and its answer."""
        key = (route, method if method in METHODS else OTHER, status)
        self._requests[key] = self._requests.get(key, 0) + 1
        found = self._seconds.get(route)
        if found is None:
            found = self._seconds[route] = [0.0] * (len(BOUNDS) + 2)
        found[bisect_left(BOUNDS, seconds)] += 1
        found[-1] += seconds

    def add(self, family: Family, label: str, amount: float) -> None:
        """More, or less, of what is counted by one label."""
        counts = self.counts[family]
        counts[label,] = counts.get((label,), 0) + amount

    def snapshot(self) -> Snapshot:
        """All figures as they are now."""
        asked: dict[Labels, list[float]] = {
            (*key[:2], str(key[2])): [value] for key, value in self._requests.items()
        }
        found: dict[Family, Mapping[Labels, list[float]]] = {
            REQUESTS: asked,
            SECONDS: {(route,): [*numbers] for route, numbers in self._seconds.items()},
        }
        plain: dict[Family, Mapping[Labels, float]] = {
            **self.counts,
            **{family: read() for family, read in self.sources.items()},
            DROPPED: {(): LINES.dropped},
            CONNECTIONS: {(): self.connections},
            INFO: {(version(), MODEL_VERSION, platform.python_version()): 1},
            MEMORY: {(): resident_bytes()},
            CPU: {(): time.process_time()},
            START: {(): self._start},
        }
        found |= {
            family: {labels: [value] for labels, value in values.items()}
            for family, values in plain.items()
        }
        return Snapshot(
            os.getpid(), {family.name: [*values.items()] for family, values in found.items()}
        )


def resident_bytes(process: int | None = None) -> int:
    """Memory that a process takes (default: this one), 0 where it has ended; where the system does
    not say, the most that this one ever took.
    """
    try:
        pages = Path(f"/proc/{process or 'self'}/statm").read_text("ascii").split()[1]
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if process is None else 0
        return most if sys.platform == "darwin" else most * 1024
    return int(pages) * resource.getpagesize()
