"""The one thread of all services of a data directory that drives its jobs, one after another.

Whoever holds the lock of a file drives; the others stand by, and one of them takes over when it has
ended, however that came. Nothing is known but what the table and the folders say: so the next one
goes on where the last one was.
"""

import fcntl
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from msgspec.structs import replace

from service.jobs.folders import discard_parts, folder
from service.jobs.records import Executor, Limits, NoData, Row, State, Told
from service.jobs.runs import NO_WORKERS, Failed, Hung, Run
from service.jobs.store import Store
from service.version import version

LOG = logging.getLogger("rackrate")
LOCK = "driver.lock"
STAND_BY_SECONDS = 0.5  # between two tries to take over
IDLE_SECONDS = 0.25  # between two looks for a job that another service has taken in
STEP_SECONDS = 0.1  # that a step waits for shards
TELL_SECONDS = 0.25  # between two times that the table is told
GRACE_SECONDS = 0.6  # for workers to see that a job is cancelled; then they are ended
RETAIN_SECONDS = 60.0
LEAVE_SECONDS = 60.0  # without a job, after which workers and their memory are given back


class Course:
    """A job that is being driven: its run, once that could begin, and how long it takes."""

    def __init__(self, row: Row, out: str) -> None:
        self.row, self.out, self.folder = row, out, folder(out)
        self.run: Run | None = None
        self.waiting: str | None = None
        self._began, self._told = time.monotonic(), 0.0

    @property
    def is_due(self) -> bool:
        """Whether the table is to be told again."""
        return time.monotonic() - self._told >= TELL_SECONDS

    def told(self) -> Told:
        """How far it is."""
        self._told = time.monotonic()
        seconds, row = self.row.seconds + self._told - self._began, self.row
        if self.run is None:
            return Told(row.done, row.cells_done, row.bytes, seconds, self.waiting)
        run = self.run
        return Told(len(run.parts), run.cells_done, run.taken, seconds, self.waiting)


def is_driven(data: Path) -> bool:
    """Whether somebody drives the jobs of a data directory at this moment. Errors: OSError."""
    try:
        with (data / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


class Driver:
    """Drives the jobs of a data directory, or stands by."""

    def __init__(
        self,
        data: Path,
        store: Store,
        make: Callable[[], Executor],
        limits: Limits,
        place: Callable[[Row], str],
        retain: Callable[[], None],
    ) -> None:
        self._lock_file, self._store, self._make = data / LOCK, store, make
        self._limits, self._place, self._retain = limits, place, retain
        self._executor: Executor | None = None
        self._making: Future[Executor] | None = None
        self._stopped, self._woken = Event(), Event()
        self._thread: Thread | None = None
        self.is_driving, self._said, self._retained = False, "", -RETAIN_SECONDS

    def start(self) -> None:
        """Drive, or stand by, from now on."""
        self._thread = Thread(target=self._stand_by, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the jobs to the next one; workers are ended."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    def _stand_by(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._lock_file.open("a") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.is_driving = True
                    self._drive()
            except BlockingIOError:
                pass  # somebody else drives
            except OSError as error:
                self._warn(f"jobs wait: {error}")
            self.is_driving = False
            self._stopped.wait(STAND_BY_SECONDS)

    def _drive(self) -> None:
        worked = time.monotonic()
        while not self._stopped.is_set():
            try:
                self._make_room()
                if (row := self._store.next()) is not None:
                    self._follow(Course(row, self._place(row)))
                    worked = time.monotonic()
                    continue
                if time.monotonic() - worked > LEAVE_SECONDS:
                    self._drop()
            except (NoData, OSError) as error:  # of the surroundings: nothing is lost by it
                self._warn(f"jobs wait: {error}")
            except Exception:
                LOG.exception("jobs: a fault of the driver, which goes on")
                self._drop()
                self._stopped.wait(STAND_BY_SECONDS)
            self._woken.wait(IDLE_SECONDS)
            self._woken.clear()
        self._drop()

    def _make_room(self) -> None:
        """Remove what need not be kept, now and then. Errors: NoData."""
        if time.monotonic() - self._retained >= RETAIN_SECONDS:
            self._retained = time.monotonic()
            self._retain()

    def _warn(self, text: str) -> None:
        """Log what is new."""
        if text != self._said:
            self._said = text
            LOG.warning("%s", text)

    def _follow(self, job: Course) -> None:
        """Drive a job to its end, or as long as this service goes on. Errors: Exception."""
        if job.row.version != version():
            why = f"submitted to version {job.row.version} of rackrate, this is {version()}"
            self._end(job, "failed", f"{why}: submit it again")
            return
        while not self._stopped.is_set():
            try:
                if self._is_cancelled(job):
                    self._cancel(job)
                    return
                if self._step(job):
                    self._end(job, "done")
                    return
                if job.waiting is not None:  # perhaps for room that others take
                    self._make_room()
            except Failed as failure:
                self._drop()
                self._end(job, "failed", str(failure))
                return
            except (OSError, NoData) as error:
                self._wait(job, error)
            if job.is_due:
                with suppress(NoData):  # told again soon
                    self._store.tell(job.row.id, job.told())

    def _step(self, job: Course) -> bool:
        """A step of a job; whether it is done. Errors: Failed, OSError, NoData."""
        if job.run is None:
            spec, counts = self._store.spec(job.row.id), (job.row.shards, job.row.cells)
            try:
                run = Run(job.row.version, spec, job.out, self._limits, counts)
            except Exception as error:  # noqa: BLE001 - of the question: it will not go away
                raise Failed(f"{type(error).__name__}: {error}") from None
            run.begin()
            job.run = run
        if not job.run.is_computed:
            executor = self._ready(job)
            if executor is None:
                self._stopped.wait(STEP_SECONDS)
                return False
            try:
                job.run.step(executor, STEP_SECONDS)
            except Hung as hung:
                self._warn(f"job {job.row.id}: {hung}; its workers are ended")
                job.run.lose(hung)  # asks what runs
                self._drop()
            except Failed:
                raise
            except Exception as error:  # noqa: BLE001 - of the executor: another one may do
                self._drop()
                job.run = None
                self._wait(job, error)
                return False
            job.waiting = job.run.waiting
        if job.run.is_computed:
            job.run.finish()
        return job.run.is_computed

    def _wait(self, job: Course, error: Exception) -> None:
        """Wait a moment; who asks for the job is told why, though of no path."""
        why = error.strerror if isinstance(error, OSError) else None
        is_plain = isinstance(error, OSError | NoData)
        job.waiting = why or (str(error) if is_plain else f"{type(error).__name__}: {error}")
        self._warn(f"job {job.row.id} waits: {error}")
        self._stopped.wait(STAND_BY_SECONDS / 2)

    def _ready(self, job: Course) -> Executor | None:
        """The executor, made beside this thread: reaching it may take a while, in which a job may
        be cancelled.
        """
        if self._executor is None and self._making is None:
            self._making = Future()
            Thread(target=self._make_in, args=(self._making,), name="make", daemon=True).start()
        if self._making is not None and self._making.done():
            made, self._making = self._making, None
            error = made.exception()
            if error is None:
                self._executor = made.result()
            else:
                job.waiting = f"{NO_WORKERS}: {error}"
        return self._executor

    def _make_in(self, made: "Future[Executor]") -> None:
        try:
            made.set_result(self._make())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said what is waited for
            self._stopped.wait(STAND_BY_SECONDS)
            made.set_exception(error)

    def _is_cancelled(self, job: Course) -> bool:
        """Whether nobody waits for a job: as the table says, a worker, or its folder, where the
        table could not be told.
        """
        row = self._store.get(job.row.id)
        if row is None or row.cancel or (job.run is not None and job.run.is_stopped):
            return True
        with suppress(OSError):
            return job.is_due and job.folder.is_cancelled()
        return False

    def _cancel(self, job: Course) -> None:
        """End what is under way: workers see it by themselves, or are ended. Errors: Exception."""
        with suppress(OSError):
            job.folder.cancel()
        until, is_hung = time.monotonic() + GRACE_SECONDS, False
        while job.run is not None and not job.run.withdraw():
            if time.monotonic() > until:
                is_hung = True
                break
            time.sleep(STEP_SECONDS / 4)
        self._end(job, "cancelled")
        if is_hung:
            self._drop()

    def _end(self, job: Course, state: State, error: str | None = None) -> None:
        """Write down how a job ended; the table may not take it at once. Without an answer its
        parts are of no use.
        """
        told = job.told() if state == "done" else replace(job.told(), bytes=0)
        while not self._stopped.is_set():
            try:
                self._store.end(job.row.id, told, state, error, time.time())
            except NoData as problem:
                self._warn(f"job {job.row.id} has ended ({state}), which waits: {problem}")
                self._stopped.wait(STAND_BY_SECONDS)
                continue
            if state != "done":
                with suppress(OSError):
                    discard_parts(job.folder)
            return

    def _drop(self) -> None:
        """End the executor, whatever it does, and one that is being made, when it is."""
        executor, self._executor, making, self._making = self._executor, None, self._making, None
        if executor is not None:
            executor.close()
        if making is not None:
            making.add_done_callback(_close)


def _close(made: "Future[Executor]") -> None:
    if made.exception() is None:
        made.result().close()
