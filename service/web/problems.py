"""What goes wrong over HTTP, as RFC 9457 problems. The only module that knows status codes.

Refused                the request cannot be served as it is; Problem and NoAnswer are below
  BadBody              the bytes are not what their type says
  BadRequest           the request line or a header is not what it should be
  NoKey                no known API key came with the request
  WrongOrigin          a page that is not ours asks
  TooSlow              the request has not come in the time that it may take
  HeadersTooLarge      the headers are above a stated limit
  NotThere             nothing is at this path
  NotAcceptable        the answer has none of the formats that the client accepts
  TooLarge             the body or what is asked is above a stated limit
  WrongHost            the request names a host that is not ours
  UnsupportedBody      the body is in no format that is read
  NotInstalled         what the route needs is not installed
  TooOften             more is asked than a rate that is stated
  NoEngine             the engine that is asked for cannot run here
  Busy                 too many requests wait already
  Ending               the service is about to end
  ClientLeft           nobody is there to be answered
TimeOver, Lost         of work: it took too long, or its process ended (service/work/)
NoJob, NoResult, OtherJob, TooManyJobs, NoData   of jobs (service/jobs/records.py)
"""

import logging
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import Meta, Struct

from economics import NoAnswer, Problem
from economics.vocabulary.name_kinds import NAMES
from service.jobs.records import NoData, NoJob, NoResult, OtherJob, TooManyJobs
from service.web.request_paths import path_in
from service.web.short_texts import clipped, plain
from service.work.watch import Lost, TimeOver

OK = 200
ACCEPTED = 202
NO_CONTENT = 204
NOT_MODIFIED = 304
MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("rackrate")
ASKED = "asked"  # under which the state of a request has what its body says


class FieldError(Struct, frozen=True):
    """What is wrong with one field."""

    path: Annotated[
        str,
        Meta(description="dotted path of the field, as in finance.wacc_per_year or axes[0].stop"),
    ]
    value: Annotated[Any, Meta(description="what was found there")]
    expected: Annotated[str, Meta(description="what would be right")]


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why there is no answer (RFC 9457)."""

    type: Annotated[
        str,
        Meta(description="kind of problem; does not change"),
        Meta(extra_json_schema={NAMES: "ProblemType"}),
    ]
    title: Annotated[str, Meta(description="the kind in words")]
    status: Annotated[int, Meta(ge=400, le=599, description="the HTTP status")]
    detail: Annotated[str, Meta(description="what is wrong with this request")]
    errors: Annotated[tuple[FieldError, ...], Meta(description="the fields at fault")] = ()


class Refused(Exception):
    """The request cannot be served as it is."""

    def __init__(
        self,
        detail: str,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.errors, self.headers = errors, dict(headers or {})
        super().__init__(detail)


class BadBody(Refused):
    """The bytes are not what their type says."""


class BadRequest(Refused):
    """The request line or a header is not what it should be."""


class NoKey(Refused):
    """No known API key came with the request."""


class WrongOrigin(Refused):
    """A page that is not ours asks."""


class TooSlow(Refused):
    """The request has not come in the time that it may take."""


class HeadersTooLarge(Refused):
    """The headers are above a stated limit."""


class NotThere(Refused):
    """Nothing is at this path."""


class NotAcceptable(Refused):
    """The answer has none of the formats that the client accepts."""


class TooLarge(Refused):
    """The body or what is asked is above a stated limit."""


class UnsupportedBody(Refused):
    """The body is in no format that is read."""


class WrongHost(Refused):
    """The request names a host that is not ours."""


class NotInstalled(Refused):
    """What the route needs is not installed."""


class TooOften(Refused):
    """More is asked than a rate that is stated."""


class NoEngine(Refused):
    """The engine that is asked for cannot run here."""


class Busy(Refused):
    """Too many requests wait already."""


class Ending(Refused):
    """The service is about to end."""


class ClientLeft(Refused):
    """Nobody is there to be answered."""


class Kind(NamedTuple):
    """A kind of problem."""

    status: int
    name: str
    title: str


KINDS: dict[type[Exception], Kind] = {
    BadBody: Kind(400, "bad-body", "The body cannot be read"),
    BadRequest: Kind(400, "bad-request", "The request cannot be read"),
    ClientLeft: Kind(400, "client-left", "The client has left"),
    NoKey: Kind(401, "no-key", "An API key is needed"),
    WrongOrigin: Kind(403, "wrong-origin", "The page may not ask"),
    NotThere: Kind(404, "not-there", "There is nothing here"),
    NoJob: Kind(404, "no-job", "There is no such job"),
    NotAcceptable: Kind(406, "not-acceptable", "No acceptable format"),
    TooSlow: Kind(408, "too-slow", "The request came too slowly"),
    NoResult: Kind(409, "no-result", "The job has no result"),
    OtherJob: Kind(409, "other-job", "The key belongs to another question"),
    TooLarge: Kind(413, "too-large", "Too much is asked"),
    UnsupportedBody: Kind(415, "unsupported-body", "The body's format is not read"),
    HeadersTooLarge: Kind(431, "headers-too-large", "The headers are too large"),
    WrongHost: Kind(421, "wrong-host", "The host is not ours"),
    Problem: Kind(422, "bad-input", "Bad input"),
    NoAnswer: Kind(422, "no-answer", "There is no answer"),
    NotInstalled: Kind(501, "not-installed", "The route is not installed"),
    TooOften: Kind(429, "too-often", "More is asked than the rate that is stated"),
    TooManyJobs: Kind(429, "too-many-jobs", "There are too many jobs"),
    NoData: Kind(503, "no-jobs", "No jobs can be kept"),
    NoEngine: Kind(503, "no-backend", "The engine is not there"),
    Busy: Kind(503, "busy", "Too many requests wait"),
    Ending: Kind(503, "ending", "The service is about to end"),
    Lost: Kind(503, "work-lost", "The work was lost"),
    TimeOver: Kind(504, "time-over", "The time is over"),
}
WRONG_METHOD = Kind(405, "wrong-method", "The path does not take this method")
BY_STATUS = {
    405: WRONG_METHOD,
    **{KINDS[kind].status: KINDS[kind] for kind in (BadRequest, NotThere, TooLarge)},
}
FAULT = Kind(500, "fault", "A fault of the service")


def type_of(name: str) -> str:
    """The URI of a kind of problem."""
    return f"urn:rackrate:problem:{name}"


class Rendered(NamedTuple):
    """A problem as it is sent."""

    status: int
    headers: dict[str, str]
    body: bytes


def render(error: Exception, request_id: str = "", asked: Any = None) -> Rendered:
    """Any exception as a problem of what was `asked`; what is not foreseen is logged and sent
    without its inside.
    """
    kind, headers = _kind(error), _headers(error)
    if kind is FAULT:
        said, about = "unforeseen %s in request %s", {"request_id": request_id}
        LOG.error(said, type(error).__name__, request_id, exc_info=error, extra=about)
    return Rendered(kind.status, headers, msgspec.json.encode(problem_details(error, asked)))


def problem_details(error: Exception, asked: Any = None) -> ProblemDetails:
    """Any exception in words, its fields by their paths in what was `asked`."""
    kind = _kind(error)
    return ProblemDetails(
        type=type_of(kind.name),
        title=kind.title,
        status=kind.status,
        detail=_detail(kind, error),
        errors=_errors(error, asked),
    )


def _kind(error: Exception) -> Kind:
    if isinstance(error, HTTPException):
        return BY_STATUS.get(
            error.status_code, BY_STATUS[400] if error.status_code < 500 else FAULT
        )
    return next((kind for one, kind in KINDS.items() if isinstance(error, one)), FAULT)


def _detail(kind: Kind, error: Exception) -> str:
    if kind is FAULT:
        return (
            "The request met a fault of the service, which was logged with the request's"
            " X-Request-ID."
        )
    return clipped((error.detail if isinstance(error, HTTPException) else str(error)) or kind.title)


def _errors(error: Exception, asked: Any) -> tuple[FieldError, ...]:
    if isinstance(error, Problem):
        return tuple(field_error(one, asked) for one in error.each)
    return error.errors if isinstance(error, Refused) else ()


def field_error(problem: Problem, asked: Any = None) -> FieldError:
    """A problem's field, its value short and plain."""
    path = path_in(asked, problem.where, problem.value)
    return FieldError(clipped(path), plain(problem.value), clipped(problem.expected))


def _headers(error: Exception) -> dict[str, str]:
    return dict(error.headers or {}) if isinstance(error, HTTPException | Refused) else {}


def with_head(allow: str) -> str:
    """The methods of an Allow header, HEAD wherever there is GET."""
    allowed = {method.strip() for method in allow.split(",")}
    return ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The response to an exception."""
    state = request.scope.get("state", {})
    status, headers, body = render(error, state.get("request_id", ""), state.get(ASKED))
    return Response(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


HANDLERS: dict[int | type[Exception], Any] = {Exception: respond}
