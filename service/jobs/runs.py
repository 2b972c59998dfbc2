"""A job on its way: which shards stand, which are in an executor's hands, which failed how often.

It knows its folder and an executor, nothing of the table of jobs: so the command line goes the same
way. What goes wrong with a shard:

Lost                   its process ended: it is tried again, so many times; counted is what ran
NotStarted             no process could be started: it waits, uncounted
OSError                the folder takes nothing (a full disk): it waits, uncounted
Stopped                the job was cancelled, as a worker has seen
all else               of the model, or of another version: the job has failed
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from errno import ENOENT

import msgspec
from msgspec import Struct

from service.jobs.folders import (
    MANIFEST,
    PROGRESS,
    TABLE,
    folder,
    part_name,
    progress_name,
    standing_parts,
)
from service.jobs.records import Executor, Limits, Part
from service.jobs.specs import Outline, digest, outline, unpacked
from service.work.watch import Lost, NotStarted, Stopped

PAUSE_SECONDS, LONGEST_PAUSE = 0.5, 8.0  # before a folder that took nothing is tried again
PROGRESS_SECONDS = 0.25  # between two looks how far shards are
ASLEEP_SECONDS = 5.0  # without a look, which nothing takes but a machine that is stopped
NO_WORKERS = "there are no workers"


class Failed(Exception):
    """The job has failed, in words."""


class Hung(Exception):
    """Nothing has moved for too long."""


class Manifest(Struct, frozen=True):
    """All parts of an answer, as the last file says it."""

    version: str
    digest: str
    shards: tuple[Part, ...]


class Run:
    """The shards of a job, driven by whoever calls `step` again and again. `counts` are those of
    its shards and cells, where they are known already: to find them may take a while.
    """

    def __init__(
        self,
        version: str,
        spec: bytes,
        out: str,
        limits: Limits,
        counts: tuple[int, int] | None = None,
    ) -> None:
        self.version, self.spec, self.out, self.folder = version, spec, out, folder(out)
        self._limits, self._form = limits, unpacked(spec).form
        self._shards, self._cells = counts or (self.outline.shards, self.outline.cells)
        self.indexes = range(self._shards)
        self.parts: dict[int, Part] = {}
        self.waiting: str | None = None
        self.is_stopped = False  # as a worker has seen
        self._tries = dict[int, int]()
        self._flying = dict["Future[Part]", int]()
        self._todo = list[int]()
        self._progress = dict[str, bytes]()
        self._pause, self._resume, self._looked = PAUSE_SECONDS, 0.0, 0.0
        self._beat = time.monotonic()

    @property
    def outline(self) -> Outline:
        """The outline of the answer."""
        return outline(self.spec)

    def begin(self, indexes: range | None = None) -> None:
        """Find out what stands already, and what is to be computed: of all parts, or of some only,
        while others may be at work on theirs. Errors: OSError.
        """
        self.indexes = self.indexes if indexes is None else indexes
        if len(self.indexes) == self._shards:
            self.folder.begin()
        self._find()

    def _find(self) -> None:
        """Which parts stand, and which are to be computed."""
        standing = standing_parts(self.folder, self._form)
        self.parts = {index: standing[index] for index in self.indexes if index in standing}
        self._todo = [one for one in self.indexes if one not in self.parts][::-1]

    @property
    def is_computed(self) -> bool:
        """Whether every part stands that is to be computed."""
        return len(self.parts) == len(self.indexes)

    @property
    def cells_done(self) -> int:
        """How many cells are computed, as far as is known."""
        if self.is_computed and self.parts and self._form != TABLE:
            return self._cells
        running = sum(int(one.split()[0]) for one in self._progress.values())
        return min(sum(one.rows for one in self.parts.values()) + running, self._cells)

    @property
    def taken(self) -> int:
        """How many bytes the parts take that stand."""
        return sum(one.bytes for one in self.parts.values())

    def step(self, executor: Executor, seconds: float) -> None:
        """Hand out what the executor takes, wait for at most so long, and take what it has done.
        Errors: Failed.
        """
        self._hand_out(executor)
        if self._flying:
            for one in wait(self._flying, seconds, FIRST_COMPLETED).done:
                self._take(one)
            self._watch(executor)
        elif not self.is_computed:
            time.sleep(seconds)

    def _hand_out(self, executor: Executor) -> None:
        self.waiting = self._hindrance(executor)
        while self._todo and self.waiting is None and len(self._flying) < executor.width:
            if not self._flying:
                self._beat = time.monotonic()
            index = self._todo.pop()
            found = executor.submit(self.version, self.spec, self.out, index)
            self._flying[found] = index

    def _hindrance(self, executor: Executor) -> str | None:
        """Why nothing is handed out, in words."""
        if time.monotonic() < self._resume:
            return self.waiting
        free, floor = self.folder.free(), self._limits.free_bytes
        if free is not None and free < floor:
            return f"less than {floor:,} bytes of disk are free"  # the same text while it waits
        return None if executor.width else NO_WORKERS

    def _take(self, ended: "Future[Part]") -> None:
        index = self._flying.pop(ended)
        self._progress.pop(progress_name(index), None)
        self._beat = time.monotonic()
        if ended.cancelled():
            self._todo.append(index)
            return
        error = ended.exception()
        if error is None:
            self.parts[index], self._pause = ended.result(), PAUSE_SECONDS
            return
        self._todo.append(index)
        if isinstance(error, Stopped):
            self.is_stopped = True
        elif isinstance(error, NotStarted):
            self._wait(str(error))
        elif isinstance(error, Lost):
            self._count(index, error)
        elif isinstance(error, OSError):
            self._wait(f"shard {index} cannot be kept: {error.strerror or error}")
        else:
            raise Failed(f"shard {index}: {type(error).__name__}: {error}")

    def _wait(self, why: str) -> None:
        """Hand out nothing for a while, each time for longer."""
        self.waiting, self._resume = why, time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _count(self, index: int, why: object) -> None:
        with suppress(OSError):
            self.folder.discard(progress_name(index))  # of work that is gone
        self._tries[index] = self._tries.get(index, 0) + 1
        if self._tries[index] > self._limits.tries:
            raise Failed(f"shard {index}: {why}, {self._tries[index]} times")

    def _watch(self, executor: Executor) -> None:
        """Look how far the shards are; where nothing has moved for too long, their processes are
        hung: they are ended, and what ran is counted. Errors: Failed, Hung.
        """
        now = time.monotonic()
        if now - self._looked < PROGRESS_SECONDS:
            return
        if now - self._looked > ASLEEP_SECONDS:
            self._beat = now  # this process stood still, and its workers perhaps with it
        self._looked = now
        seen = self.folder.notes(map(progress_name, self._flying.values()))
        if seen != self._progress or not executor.width:
            self._progress, self._beat = dict(seen), now
        if now - self._beat > self._limits.stall_seconds:
            raise Hung(f"no progress for {self._limits.stall_seconds:g} seconds")

    def withdraw(self) -> bool:
        """Take back what has not begun; whether nothing is under way any more."""
        for one in [one for one in self._flying if one.cancel() or one.done()]:
            self._todo.append(self._flying.pop(one))
        return not self._flying

    def lose(self, why: object = None) -> None:
        """Take back everything from an executor that was ended; where there is a reason, what ran
        is counted. Errors: Failed.
        """
        flying, self._flying, self._progress = self._flying, {}, {}
        self._todo += reversed(flying.values())
        self._beat = time.monotonic()
        for one, index in flying.items():
            if why is not None and one.running():
                self._count(index, why)

    def finish(self) -> None:
        """Write down that all parts stand. Errors: OSError, where one has been removed: then it is
        to be computed.
        """
        self.folder.begin()  # and nothing is left of what ended processes wrote by halves
        names = self.folder.names()
        parts = tuple(self.parts[index] for index in range(self._shards))
        for part in parts:
            name = part_name(part.index, self._form)
            if names.get(name) != part.bytes:
                self._find()
                raise FileNotFoundError(ENOENT, "it has been removed", name)
        found = Manifest(self.version, digest(self.spec), parts)
        self.folder.put(MANIFEST, msgspec.json.encode(found))
        self.folder.discard(*(one for one in names if one.startswith(PROGRESS)))
