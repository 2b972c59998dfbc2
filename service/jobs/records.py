"""A job as people see it, a part of its answer, and what can go wrong.

JobProblem      a job cannot be had
  NoJob         there is none of that id, for whoever asks
  OtherJob      the idempotency key belongs to another question
  TooManyJobs   the owner has as many as may be
  NoData        the data directory cannot be used
  NoResult      it is not done, so that there is no answer
  NotEnded      it has not ended, so that it cannot be removed
"""

from concurrent.futures import Future
from typing import Annotated as A
from typing import Literal, Protocol, get_args

from msgspec import Meta, Struct

from economics.vocabulary.header import is_

Kind = Literal["sweep", "simulation", "sensitivity"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")


class Job(Struct, frozen=True, kw_only=True):
    """A job, as it is at the moment."""

    id: A[str, is_("by which it is asked for")]
    kind: A[Kind, is_("what is asked")]
    state: A[State, is_("queued, running, or how it ended")]
    waiting: A[str | None, is_("of a running job: what it waits for, such as free disk")]
    error: A[str | None, is_("of a failed job: why")]
    shards: A[int, is_("parts that it has")]
    shards_done: A[int, is_("parts that are computed and kept")]
    cells: A[int, is_("scenarios that it computes")]
    cells_done: A[int, is_("of these, as far as is known")]
    result_bytes: A[int, is_("that its parts take")]
    seconds: A[float, is_("that it has run, in all")]
    seconds_left: A[float | None, is_("that it will still run, by what it has done; null: unknown")]
    version: A[str, is_("of the program that it was submitted to")]
    digest: A[str, is_("SHA-256 of what is asked, with the scenario as it was then")]
    created: A[str, is_("when it was submitted, in UTC")]
    finished: A[str | None, is_("when it ended, in UTC")]


class Row(Struct, frozen=True, kw_only=True):
    """A job as the table has it; its question stands beside it."""

    number: int | None = None  # in the order in which they came
    id: str
    owner: str
    key: str | None = None
    kind: Kind
    digest: str
    version: str
    results: str | None = None  # where its answer is, if not in the data directory
    state: State = "queued"
    waiting: str | None = None
    error: str | None = None
    cancel: int = 0
    shards: int
    done: int = 0
    cells: int
    cells_done: int = 0
    expected: int  # bytes of its answer
    bytes: int = 0
    seconds: float = 0.0
    created: float
    finished: float | None = None


class Told(Struct, frozen=True):
    """How far a job is that runs."""

    done: int
    cells_done: int
    bytes: int
    seconds: float
    waiting: str | None


class Figures(Struct, frozen=True):
    """All jobs in a state, counted: their shards that are done, those that wait for something, and
    the bytes of their answers.
    """

    state: State
    jobs: int
    shards_done: int
    waiting: int
    bytes: int


class Part(Struct, frozen=True):
    """A part of an answer, as the file beside it says it: with the engine that computed it, the
    targets that have no value in some of its rows, and, of an answer that says so, the seconds that
    it took.
    """

    index: int
    rows: int
    bytes: int
    sha256: str
    backend: str = ""
    lacking: tuple[str, ...] = ()
    seconds: float | None = None


class Executor(Protocol):
    """What computes shards, somewhere."""

    @property
    def width(self) -> int:
        """How many shards are to be in its hands at the same time; 0: there are no workers."""
        ...

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """Have a shard computed and kept in a folder, by the program of a version. Its future runs
        from when it has begun. Errors (of the future): OtherVersion, Stopped, Lost, OSError where
        the folder takes nothing, those of the model.
        """
        ...

    def close(self) -> None:
        """End it, whatever it does."""
        ...


class JobProblem(Exception):
    """A job cannot be had."""


class NoJob(JobProblem):
    """There is no job of that id, for whoever asks."""


class OtherJob(JobProblem):
    """The idempotency key belongs to another question."""


class TooManyJobs(JobProblem):
    """The owner has as many jobs, or as many bytes of answers, as may be."""


class NoData(JobProblem):
    """The data directory cannot be used."""


class NoResult(JobProblem):
    """The job is not done."""


class NotEnded(JobProblem):
    """The job has not ended."""


class Limits(Struct, frozen=True, kw_only=True):
    """What jobs may take, and how long they are waited for."""

    owner_jobs: A[int, Meta(ge=1, le=1_000_000), is_("of an owner, queued or running")] = 100
    owner_bytes: A[int, Meta(ge=2**10, le=2**60), is_("of an owner's answers")] = 2**40
    kept_bytes: A[int, Meta(ge=2**10, le=2**60), is_("of all answers; above, the oldest go")] = (
        2**40
    )
    kept_days: A[float, Meta(gt=0.0, le=36_500.0), is_("that a job is kept when it has ended")] = (
        30.0
    )
    free_bytes: A[int, Meta(ge=0, le=2**50), is_("of disk that are left to others")] = 2**28
    stall_seconds: A[
        float, Meta(gt=0.0, le=86_400.0), is_("without progress, after which work is begun anew")
    ] = 300.0
    tries: A[int, Meta(ge=1, le=100), is_("again of a shard whose process ended in it")] = 3


class OtherVersion(Exception):
    """The program that was to compute a shard is not that to which the job was submitted."""
