"""The face of jobs: submit a question, look how it goes, cancel it, read its answer.

data/jobs.sqlite   the table (store.py)
data/driver.lock   who drives (driver.py)
data/jobs/ID/      the parts of an answer (folders.py), or elsewhere, where `results` says so
"""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from service.jobs.data import data_directory as data_directory
from service.jobs.driver import Driver
from service.jobs.folders import MANIFEST, folder
from service.jobs.records import (
    ENDED,
    Executor,
    Figures,
    Job,
    Limits,
    NoData,
    NoJob,
    NoResult,
    NotEnded,
    OtherJob,
    Row,
    TooManyJobs,
)
from service.jobs.results import Results, results
from service.jobs.specs import Outline, Question, digest, outline, packed, resolved, unpacked
from service.jobs.store import Store
from service.version import version

DAY_SECONDS = 86_400.0
AT_ONCE = 100  # jobs that are looked at, of those that have ended


class Jobs:
    """The jobs of a data directory; where several services share one, one of them drives."""

    def __init__(
        self,
        data: Path,
        make: Callable[[], Executor],
        limits: Limits | None = None,
        results: str | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._data = data.absolute()  # whoever computes may run elsewhere
        self._results = results
        self._store = Store(data)
        self._driver = Driver(data, self._store, make, self._limits, self._place, self.retain)

    @property
    def is_driving(self) -> bool:
        """Whether it is this service that drives."""
        return self._driver.is_driving

    def start(self) -> None:
        """Drive the jobs, or stand by until whoever drives them ends."""
        self._driver.start()

    def stop(self) -> None:
        """Drive no more: workers are ended, and jobs go on where the next one drives them."""
        self._driver.stop()
        self._store.close()

    def submit(
        self, question: Question, owner: str = "", key: str | None = None
    ) -> tuple[Job, bool]:
        """A job for a question, and whether it is new; the same one for the same key. Errors:
        OtherJob, TooManyJobs, NoData, Problem, BackendError.
        """
        spec = packed(resolved(question))
        return self.take_in(spec, outline(spec), owner, key)

    def take_in(
        self, spec: bytes, known: Outline, owner: str = "", key: str | None = None
    ) -> tuple[Job, bool]:
        """The same of a question that is packed, and whose outline is known. Errors: OtherJob,
        TooManyJobs, NoData.
        """
        row = Row(
            id=secrets.token_hex(8),
            owner=owner,
            key=key,
            kind=unpacked(spec).kind,
            digest=digest(spec),
            version=version(),
            results=self._results,
            shards=known.shards,
            cells=known.cells,
            expected=known.bytes,
            created=time.time(),
        )
        there = self._store.add(row, spec, self._limits.owner_jobs, self._limits.owner_bytes)
        if isinstance(there, str):
            raise TooManyJobs(there)
        if there is not None and there.digest != row.digest:
            raise OtherJob(f"the key {key} belongs to another question, that of job {there.id}")
        self._driver.wake()
        return _job(there or row), there is None

    def status(self, job: str, owner: str | None = None) -> Job:
        """A job of an owner (None: of anybody). Errors: NoJob, NoData."""
        return _job(self._row(job, owner))

    def list(self, owner: str | None = None, most: int | None = None) -> tuple[Job, ...]:
        """The jobs of an owner (None: all), the latest first, so many at most. Errors: NoData."""
        return tuple(map(_job, self._store.all(owner, most)))

    def figures(self) -> Sequence[Figures]:
        """The jobs in each state, counted. Errors: NoData."""
        return self._store.figures()

    def cancel(self, job: str, owner: str | None = None) -> Job:
        """Cancel a job that has not ended: it is so a moment later. Errors: NoJob, NoData."""
        row = self._row(job, owner)
        if row.state in ENDED:
            return _job(row)
        try:
            self._store.cancel(job, time.time())
        except NoData as problem:  # the folder alone says it too
            try:
                folder(self._place(row)).cancel()
            except OSError:
                raise problem from None
        else:
            row = self._row(job, owner)
            if row.state == "running":
                with suppress(OSError):
                    folder(self._place(row)).cancel()
        self._driver.wake()
        return _job(row)

    def remove(self, job: str, owner: str | None = None) -> None:
        """Remove a job that has ended, with its answer. Errors: NoJob, NotEnded, NoData."""
        row = self._row(job, owner)
        if row.state not in ENDED:
            raise NotEnded(f"job {job} is {row.state}: cancel it first")
        try:
            folder(self._place(row)).remove()  # first, so that nothing stays that nobody knows of
        except OSError as error:
            why = error.strerror or error
            raise NoData(f"the result of job {job} cannot be removed: {why}") from None
        self._store.remove(job)

    def retain(self) -> None:
        """Remove jobs that ended too long ago, and the oldest ones while all answers take too many
        bytes; never one that is queued or runs. Errors: NoData, when all have been tried.
        """
        oldest = time.time() - self._limits.kept_days * DAY_SECONDS
        taken = sum(one.bytes for one in self._store.figures())
        last, problems = 0, list[NoData]()
        while rows := self._store.ended(
            inf if taken > self._limits.kept_bytes else oldest, last, AT_ONCE
        ):
            for row in rows:
                last = row.number or last
                is_old = row.finished is not None and row.finished < oldest
                if is_old or taken > self._limits.kept_bytes:
                    taken -= row.bytes
                    try:
                        self.remove(row.id)
                    except NoJob:
                        pass  # somebody else was first
                    except NoData as problem:
                        problems.append(problem)
        if problems:
            raise problems[0]

    def results(self, job: str, owner: str | None = None) -> Results:
        """The answer of a job. Errors: NoJob, NoResult, NoData."""
        return results(*self.kept(job, owner))

    def kept(self, job: str, owner: str | None = None) -> tuple[str, bytes]:
        """Where the answer of a job is kept, and its question: for whoever reads it elsewhere.
        Errors: NoJob, NoResult, NoData.
        """
        row = self._row(job, owner)
        if row.state in ("queued", "running"):
            raise NoResult(f"job {job} is {row.state}: its result is there when it is done")
        if row.state != "done":
            why = f"has failed: {row.error}" if row.error else f"was {row.state}"
            raise NoResult(f"job {job} {why}")
        if folder(self._place(row)).size(MANIFEST) is None:
            raise NoResult(f"the result of job {job} is not there any more")
        return self._place(row), self._store.spec(job)

    def _row(self, job: str, owner: str | None) -> Row:
        row = self._store.get(job, owner)
        if row is None:
            raise NoJob(f"there is no job {job}")
        return row

    def _place(self, row: Row) -> str:
        """Where a job's answer is: where they went when it was submitted."""
        return f"{row.results or self._data / 'jobs'}/{row.id}"


def _job(row: Row) -> Job:
    is_under_way = row.state == "running" and row.waiting is None and row.cells_done > 0
    left = row.seconds * (row.cells - row.cells_done) / row.cells_done if is_under_way else None
    return Job(
        id=row.id,
        kind=row.kind,
        state=row.state,
        waiting=row.waiting,
        error=row.error,
        shards=row.shards,
        shards_done=row.done,
        cells=row.cells,
        cells_done=row.cells_done,
        result_bytes=row.bytes,
        seconds=row.seconds,
        seconds_left=left,
        version=row.version,
        digest=row.digest,
        created=_moment(row.created),
        finished=None if row.finished is None else _moment(row.finished),
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
