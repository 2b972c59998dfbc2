"""A job as people see it, a part of its answer, and what can go wrong.

JobProblem      a job cannot be had
  NoJob         there is none of that id, for whoever asks
  OtherJob      the idempotency key belongs to another question
  TooManyJobs   the owner has as many as may be
  NoData        the data directory cannot be used
"""

from concurrent.futures import Future
from typing import Annotated as A
from typing import Literal, Protocol, get_args

from msgspec import Struct

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


class Part(Struct, frozen=True):
    """A part of an answer, as the file beside it says it."""

    index: int
    rows: int
    bytes: int
    sha256: str


class Executor(Protocol):
    """What computes shards, somewhere."""

    @property
    def width(self) -> int:
        """How many shards are to be in its hands at the same time."""
        ...

    def submit(self, version: str, spec: bytes, out: str, index: int) -> "Future[Part]":
        """Have a shard computed and kept in a folder, by the program of a version. Errors (of the
        future): OtherVersion, Stopped, Lost, OSError where the folder takes nothing, those of the
        model.
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


class OtherVersion(Exception):
    """The program that was to compute a shard is not that to which the job was submitted."""
