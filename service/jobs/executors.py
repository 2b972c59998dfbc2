"""What computes shards on this machine: this process (Inline, Overlapped), or one process a device
(Local), so that the death of one ends no other.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import NamedTuple

from economics.sweeps.prepared import Progress
from service.jobs.devices import VISIBLE
from service.jobs.records import Part
from service.work.process import Process

MODULE = "service.jobs.ahead"  # which a process loads before it is ready
AHEAD = 3  # shards of a device: one is kept, one is computed meanwhile, the next one waits
SECONDS = 7 * 86_400.0  # that a shard may take; what makes no progress is ended long before


class Inline:
    """Shards computed in this process, one at a time, while `submit` waits."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    @property
    def width(self) -> int:
        """How many shards are to be in its hands at the same time."""
        return 1

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """A shard that has been computed, or why it has not."""
        from service.jobs import shards

        found: Future[Part] = Future()
        watch = self._progress or shards.no_watch
        try:
            found.set_result(shards.run_shard(version, spec, out, index, watch))
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits is told
            found.set_exception(error)
        return found

    def close(self) -> None:
        """Nothing is left to be ended."""


class Overlapped:
    """Shards computed in this process, one at a time, while `submit` waits; each is kept while the
    next one is computed.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress, self._keeper = progress, ThreadPoolExecutor(1, "keep")

    @property
    def width(self) -> int:
        """How many shards are to be in its hands at the same time."""
        return 2

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """A shard that has been computed and is being kept, or why it has not."""
        from service.jobs import shards

        try:
            made = shards.made_shard(version, spec, out, index, self._progress)
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits is told
            failed: Future[Part] = Future()
            failed.set_exception(error)
            return failed
        return self._keeper.submit(shards.kept_part, made)

    def close(self) -> None:
        """Keep nothing more; nobody waits for what is being kept."""
        self._keeper.shutdown(wait=False, cancel_futures=True)


class _Piece(NamedTuple):
    found: "Future[Part]"
    arguments: tuple[str, bytes, str, int]

    def before(self, after: "_Piece | None") -> int | None:
        """The index of a shard that comes after this one, if it is of the same job."""
        is_of_same = after is not None and after.arguments[:3] == self.arguments[:3]
        return after.arguments[3] if after is not None and is_of_same else None


class Local:
    """Shards computed in a process for each device, or in one that has all cores where there is no
    device; some of the environment is the processes' own.
    """

    def __init__(
        self, devices: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        own = dict(environment or {})
        each = [{**own, VISIBLE: one} for one in devices] or [own]
        self._processes = [Process(MODULE, one) for one in each]
        self._queue, self._closed = SimpleQueue[_Piece | None](), Event()
        for process in self._processes:
            process.start()
            Thread(target=self._work, args=(process,), name="shards", daemon=True).start()

    @property
    def width(self) -> int:
        """How many shards are to be in its hands at the same time."""
        return AHEAD * len(self._processes)

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that run."""
        return [pid for one in self._processes if (pid := one.pid) is not None]

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """Have a shard computed by the next process that is idle; its future runs from then on.
        Errors: those of `run_shard`, and Lost.
        """
        found: Future[Part] = Future()
        self._queue.put(_Piece(found, (version, spec, out, index)))
        return found

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._closed.set()
        for _ in self._processes:
            self._queue.put(None)
        for process in self._processes:
            process.close()

    def _work(self, process: Process) -> None:
        """One shard after another, in a process that is started anew when it has ended."""
        from service.jobs.ahead import run_shards

        after: _Piece | None = None
        while (piece := after or self._queue.get()) is not None:
            after = self._waiting()
            if self._closed.is_set():
                piece.found.cancel()
                continue
            if not piece.found.set_running_or_notify_cancel():
                continue
            try:
                part = process.call(SECONDS, run_shards, *piece.arguments, piece.before(after))
            except BaseException as error:  # noqa: BLE001 - whatever it is, who waits is told
                piece.found.set_exception(error)
            else:
                piece.found.set_result(part)

    def _waiting(self) -> _Piece | None:
        """A shard that waits, if there is one."""
        try:
            piece = self._queue.get_nowait()
        except Empty:
            return None
        if piece is None:  # the end is seen in its turn
            self._queue.put(None)
        return piece
