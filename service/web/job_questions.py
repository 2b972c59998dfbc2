"""Questions that are to be jobs: checked and measured by a worker, for that may take a while, and
kept before it is said that they will be answered.
"""

from typing import Any

from litestar import Response

from economics.sweeps.prepared import Progress
from economics.sweeps.sweep import engine_name
from service.jobs.records import Job
from service.jobs.specs import Outline, outline, packed, question, resolved
from service.settings import Settings
from service.web.asked_specs import LongRequest, spec_of
from service.web.formats import ENCODERS, JSON, answer_format
from service.web.front.exchange import EXCHANGE
from service.web.job_desk import JobDesk
from service.web.limits import check_job, engine_problems
from service.web.preferences import APPLIED, idempotency_key
from service.web.problems import ACCEPTED, NotAcceptable
from service.web.responses import PASSING, AnyRequest
from service.web.workers import Workers

PATH = "/v1/jobs"


def owner_of(request: AnyRequest) -> str:
    """Whose jobs a request is about: the name of its key; without keys all are one owner's."""
    exchange = request.scope["state"].get(EXCHANGE)
    return exchange.key.name if exchange is not None and exchange.key is not None else ""


def as_question(asked: LongRequest, settings: Settings, watch: Progress) -> tuple[bytes, Outline]:
    """A request as the question of a job, and what is known of its answer. Errors: TooLarge,
    Problem, NoAnswer, NoEngine, and those of the watch.
    """
    spec = spec_of(asked, settings)
    engine_name(spec.backend)
    found = packed(resolved(question(spec)))
    watch(0, 1)
    with engine_problems(spec.backend):
        known = outline(found)
    check_job(known, settings)
    return found, known


async def submitted(
    asked: LongRequest,
    request: AnyRequest,
    workers: Workers,
    desk: JobDesk,
    settings: Settings,
) -> Response[Any]:
    """That a question will be answered: its job, and where it is. Errors: BadRequest, those of
    `as_question` and `workers.run`, OtherJob, TooManyJobs, NoData.
    """
    key = idempotency_key(request.headers)
    found = await workers.run(request.receive, as_question, asked, settings)
    job, _ = await desk.change(lambda jobs: jobs.take_in(*found, owner_of(request), key))
    return accepted(job, request)


def accepted(job: Job, request: AnyRequest) -> Response[Any]:
    """The response to a question that has become a job: in JSON where only formats of tables are
    accepted.
    """
    try:
        media = answer_format(request.headers.get("accept"))
    except NotAcceptable:
        media = JSON
    headers = {**PASSING, **APPLIED, "Location": f"{PATH}/{job.id}"}
    body = ENCODERS[media](job)
    return Response(body, status_code=ACCEPTED, media_type=media, headers=headers)
