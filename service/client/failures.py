"""Why a service gives no answer. What is wrong with the question itself is raised as it is where it
is computed here: Problem, NoAnswer, BackendError.

ServiceError       no answer
  NotInstalled     httpx, which sends questions, is not installed
  Unreachable      nobody answers at the address, or not in time
  NotService       what answers there is no service of rackrate
  OtherModel       its answer cannot be read: it computes by another version of the model
  Declined         the service says why it does not answer
    NoKey          it needs an API key that it knows
    NoJob          it has no such job, for this key
    NoResult       the job is not done
    OtherJob       the idempotency key belongs to another question
    TooManyJobs    this key has as many jobs, or results, as may be
    NoJobs         it cannot keep jobs
    TooLarge       too much is asked of it
    Busy           it has too much to do, or is about to end; `retry_after` says when to ask again
      TooOften     this key has asked for too much of late
    TimeOver       the work took all the time that one request may take
    WorkLost       its process that did the work ended before it was done
    Fault          a fault of its own
"""

from typing import NamedTuple


class ServiceError(Exception):
    """No answer of a service; `retry_after` are the seconds after which asking again may help, None
    where it does not.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class NotInstalled(ServiceError):
    """httpx, which sends questions, is not installed."""


class Unreachable(ServiceError):
    """Nobody answers at the address, or not in time."""


class NotService(ServiceError):
    """What answers there is no service of rackrate."""


class OtherModel(ServiceError):
    """The service computes by another version of the model."""


class About(NamedTuple):
    """What a service says of an answer that it does not give."""

    status: int
    kind: str
    request_id: str | None


class Declined(ServiceError):
    """The service says why it does not answer: `about` has the HTTP status, the kind of problem and
    the request's id in its log.
    """

    def __init__(self, message: str, about: About, retry_after: float | None = None) -> None:
        self.about = about
        super().__init__(message, retry_after)


class NoKey(Declined):
    """The service needs an API key that it knows."""


class TooLarge(Declined):
    """Too much is asked of the service."""


class NoJob(Declined):
    """The service has no such job, for this key."""


class NoResult(Declined):
    """The job is not done."""


class OtherJob(Declined):
    """The idempotency key belongs to another question."""


class TooManyJobs(Declined):
    """This key has as many jobs, or results, as may be."""


class NoJobs(Declined):
    """The service cannot keep jobs."""


class Busy(Declined):
    """The service has too much to do, or is about to end."""


class TooOften(Busy):
    """This key has asked for too much of late."""


class TimeOver(Declined):
    """The work took all the time that one request may take."""


class WorkLost(Declined):
    """The process that did the work ended before it was done, perhaps for want of memory."""


class Fault(Declined):
    """A fault of the service."""


KINDS: dict[str, type[Declined]] = {
    "no-key": NoKey,
    "no-job": NoJob,
    "no-result": NoResult,
    "other-job": OtherJob,
    "too-many-jobs": TooManyJobs,
    "no-jobs": NoJobs,
    "too-large": TooLarge,
    "busy": Busy,
    "ending": Busy,
    "too-often": TooOften,
    "time-over": TimeOver,
    "work-lost": WorkLost,
    "fault": Fault,
}
