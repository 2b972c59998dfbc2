"""Jobs of a service, as calls: a question that is submitted instead of asked, what has become of
it, and what comes of it.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from msgspec import UNSET, Raw, Struct, UnsetType

from economics.vocabulary.problems import UnknownProblem
from service.answers import JobList
from service.client import calls
from service.client.conversation import Patience, Talk, conversation
from service.client.pieces_of_stream import ArrowFrames, FileBytes
from service.client.replies import Call, Stream, decoded, whole
from service.jobs.records import ENDED
from service.jobs.records import Job as Job

if TYPE_CHECKING:
    import polars

    from economics import Reduced, Sensitivity, Simulation, Table

QUESTIONS: dict[str, Callable[..., Call[Any]]] = {
    "sweep": calls.sweep,
    "simulate": calls.simulate,
    "sensitivity": calls.sensitivity,
}
FIRST_SECONDS, LONGEST_SECONDS = 0.2, 5.0  # between two looks at a job
RESTART_RETRIES = 9  # until a service that is started anew answers again: 51 to 77 seconds
CROSSINGS = "_crossings"  # how the name of a column of a frontier ends, and of no other


class _Answer(Struct, frozen=True):
    """What tells the answers to different questions apart."""

    columns: dict[str, Raw] | UnsetType = UNSET
    intervals: Raw | UnsetType = UNSET
    bars: Raw | UnsetType = UNSET


def submit(question: str, *asked: Any, key: str | None = None, **named: Any) -> Call[Job]:
    """A question as a job: `sweep`, `simulate` or `sensitivity`, and what it takes. The same `key`
    is the same job, however often it is submitted (default: one that nobody else has). Errors:
    Problem, BackendError.
    """
    if question not in QUESTIONS:
        known = f"question that can be a job ({', '.join(QUESTIONS)})"
        raise UnknownProblem("question", question, known, QUESTIONS)
    headers = (("Prefer", "respond-async"), ("Idempotency-Key", key or str(uuid.uuid4())))
    call = QUESTIONS[question](*asked, **named)
    return call._replace(read=partial(decoded, record=Job), headers=headers)


def jobs() -> Call[tuple[Job, ...]]:
    """The jobs of this key, the latest first."""
    return Call("GET", "/v1/jobs", None, lambda body: decoded(body, JobList).jobs)


def job(job: Job | str) -> Call[Job]:
    """A job as it is now, by itself or its id."""
    return Call("GET", _path(job), None, partial(decoded, record=Job))


def cancel(job: Job | str) -> Call[Job | None]:
    """Cancel a job that is queued or runs; remove one that has ended, and its result with it: then
    there is none.
    """
    return Call("DELETE", _path(job), None, lambda body: decoded(body, Job) if body else None)


def result(job: Job | str) -> "Call[Table | Reduced | Simulation | Sensitivity]":
    """What comes of a job, as the question itself gives it. Errors: NoAnswer."""
    return Call("GET", f"{_path(job)}/result", None, _answer)


def result_frames(job: Job | str) -> "Stream[polars.DataFrame]":
    """All cells of a sweep that was a job, as data frames one after another: no more is held here
    than one of them.
    """
    return Stream(_formatted(job, "arrow"), ArrowFrames)


def result_file(job: Job | str, form: str) -> Stream[bytes]:
    """What comes of a sweep that was a job, as the bytes of a file, piece by piece: `parquet`,
    `csv` or `arrow` (a stream).
    """
    return Stream(_formatted(job, form), FileBytes)


def until_ended(job_: Job | str, url: str, patience: Patience) -> Talk[Job]:
    """Look at a job again and again, until it has ended. A service that was there and is not is
    waited for about a minute, for a job outlives it. Errors: ServiceError.
    """
    call, pause = job(job_), FIRST_SECONDS
    while True:
        found = yield from conversation(call, partial(whole, call, url), patience)
        if found.state in ENDED:
            return found
        if patience.retries:
            patience = patience._replace(retries=max(patience.retries, RESTART_RETRIES))
        yield pause
        pause = min(1.5 * pause, LONGEST_SECONDS)


def _path(job: Job | str) -> str:
    return f"/v1/jobs/{quote(job if isinstance(job, str) else job.id, safe='')}"


def _formatted(job: Job | str, form: str) -> Call[None]:
    path = f"{_path(job)}/result?{urlencode({'format': form})}"
    return Call("GET", path, None, lambda _: None, accept="*/*")


def _answer(body: bytes) -> "Table | Reduced | Simulation | Sensitivity":
    """The record that an answer is, by the parts that it has."""
    found = decoded(body, _Answer)
    if found.columns is not UNSET:
        from service.client.whole_tables import cells
        from service.files.cells import frontier

        is_frontier = any(name.endswith(CROSSINGS) for name in found.columns)
        return frontier(body) if is_frontier else cells(body)
    import economics

    if found.bars is not UNSET:
        return decoded(body, economics.Sensitivity)
    if found.intervals is not UNSET:
        return decoded(body, economics.Simulation)
    return decoded(body, economics.Reduced)
