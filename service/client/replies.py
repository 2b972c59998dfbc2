"""What becomes of an answer: a record, or the error that the same question raises here."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec
from msgspec import Struct

from economics import NoAnswer, Problem
from economics.models.assembly import MODEL_VERSION
from economics.vocabulary.problems import as_one
from kernels.language.caches import cached
from kernels.language.verbs import BackendError
from service.client.failures import (
    KINDS,
    About,
    Busy,
    Declined,
    NotService,
    OtherModel,
    ServiceError,
)

T = TypeVar("T")
P = TypeVar("P", covariant=True)
JSON = "application/json"
PREFIX = "urn:rackrate:problem:"
MODEL, REQUEST_ID, RETRY_AFTER = "x-model-version", "x-request-id", "retry-after"
SOON = 1.0  # seconds, where a service does not say when to ask again


class Call(NamedTuple, Generic[T]):
    """A question as it is sent, and how its answer is read."""

    method: str
    path: str
    body: bytes | None
    read: Callable[[bytes], T]
    accept: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


class Pieces(Protocol[P]):
    """What makes pieces of an answer of its bytes as they come."""

    def feed(self, data: bytes) -> Iterable[P]:
        """The pieces that are whole with these bytes."""

    def end(self) -> None:
        """No bytes follow. Errors: ServiceError where some should."""


class Stream(NamedTuple, Generic[T]):
    """A question whose answer comes in pieces."""

    call: Call[None]
    pieces: Callable[[], Pieces[T]]


class Reply(NamedTuple):
    """An answer as it came: whole, or open to be read on."""

    good: bool
    status: int
    headers: Mapping[str, str]
    body: bytes
    open: Any = None


class ToldField(Struct, frozen=True):
    """What a service says of a field."""

    path: str
    value: Any
    expected: str


class Told(Struct, frozen=True):
    """A problem as a service tells it (RFC 9457)."""

    type: str
    status: int
    detail: str
    errors: tuple[ToldField, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of problem."""
        return self.type.removeprefix(PREFIX)


def whole(call: Call[T], url: str, reply: Reply) -> T:
    """The record that an answer is. Errors: Problem, NoAnswer, BackendError, ServiceError."""
    opened(url, reply)
    try:
        return call.read(reply.body)
    except msgspec.MsgspecError as error:
        raise _not_read(reply, url, str(error)) from None


def opened(url: str, reply: Reply) -> Reply:
    """An answer of a service of rackrate, if it is a good one. Errors: as `whole`."""
    if not reply.good:
        raise _refusal(reply, url)
    if MODEL not in reply.headers:
        raise NotService(_foreign(reply, url))
    return reply


def decoded(body: bytes, record: type[T]) -> T:
    """A body as a record. Errors: MsgspecError."""
    return _decoder(record).decode(body)  # type: ignore[no-any-return,arg-type]


@cached(64)
def _decoder(record: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(record)


def _refusal(reply: Reply, url: str) -> Exception:
    """The error that a problem is."""
    try:
        told = decoded(reply.body, Told)
    except msgspec.MsgspecError:
        told = None
    wait = _seconds(reply.headers.get(RETRY_AFTER))
    if told is None or not told.type.startswith(PREFIX):
        return NotService(_foreign(reply, url), wait)
    about = About(reply.status, told.kind, reply.headers.get(REQUEST_ID))
    if told.kind == "not-there" and not told.errors:
        return NotService(f"{url} has no such question: {told.detail}")
    if found := problem_of(told):
        return found
    made = KINDS.get(told.kind, Declined if wait is None else Busy)
    if issubclass(made, Busy) and wait is None:
        wait = SOON
    named = f" (X-Request-ID {about.request_id})" if made is KINDS["fault"] else ""
    return made(f"{url}: {told.detail}{named}", about, wait)


def problem_of(told: Told) -> Exception | None:
    """The error that is raised here for what is wrong with a question; None where it is something
    else.
    """
    if told.kind == "no-answer":
        return NoAnswer(told.detail)
    if told.kind == "no-backend":
        return BackendError(told.detail)
    if told.kind in ("bad-input", "not-there"):
        at_fault = [Problem(one.path, one.value, one.expected) for one in told.errors]
        found = as_one(at_fault or [Problem("request", None, told.detail)])
        found.args = (told.detail,)  # as the service says it
        return found
    return None


def row_problem(told: Told) -> Problem | NoAnswer:
    """What is wrong with one of many scenarios."""
    found = problem_of(told)
    return found if isinstance(found, Problem | NoAnswer) else NoAnswer(told.detail)


def _not_read(reply: Reply, url: str, why: str) -> ServiceError:
    """Why an answer cannot be read."""
    theirs = reply.headers[MODEL]
    if theirs == MODEL_VERSION:
        return ServiceError(f"the answer of {url} is not what was expected: {why}")
    return OtherModel(other_model(url, theirs))


def other_model(url: str, theirs: str) -> str:
    """That a service computes by another version of the model, in words."""
    return (
        f"{url} computes by version {theirs} of the model, this program by {MODEL_VERSION}: install"
        " the same version of rackrate on both"
    )


def _foreign(reply: Reply, url: str) -> str:
    moved = reply.headers.get("location")
    what = reply.headers.get("content-type", "no content").partition(";")[0]
    elsewhere = f"; it refers to {moved}" if moved else ""
    return f"{url} answers, but as no service of rackrate: status {reply.status}, {what}{elsewhere}"


def _seconds(header: str | None) -> float | None:
    """The seconds that a Retry-After header says; SOON where it is a date."""
    if header is None:
        return None
    try:
        found = float(header)
    except ValueError:
        return SOON
    return found if math.isfinite(found) and found >= 0.0 else SOON
