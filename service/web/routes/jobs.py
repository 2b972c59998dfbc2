"""Jobs: what has become of questions that are answered later, and their results. One sees those of
one's own key only.
"""

from functools import partial
from typing import Annotated as A
from typing import Any, cast

from litestar import HttpMethod, Response, delete, get, route
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from economics import Reduced, Sensitivity, Simulation
from service.answers import JobList
from service.files.cells import CellTable
from service.jobs.records import ENDED, Job
from service.web.job_desk import JobDesk
from service.web.job_events import FIRST, LAST, MEDIA, event_id, events
from service.web.job_examples import QUEUED
from service.web.job_questions import owner_of
from service.web.job_results import Kept, begin_result
from service.web.middleware import FRONT
from service.web.problems import NO_CONTENT, OK
from service.web.responses import OFFERS, PASSING, TABLES, AnyRequest, answer, asked_format
from service.web.streaming import Streamed
from service.web.table_answers import cells_response
from service.web.workers import Workers

MOST_JOBS = 1000  # of a list
JobId = A[str, PathParameter(description="id of a job", examples=[Example(value=QUEUED.id)])]


@get("/jobs", operation_id="listJobs", tags=["Jobs"], summary="The jobs of a key")
async def list_jobs(request: AnyRequest, desk: NamedDependency[JobDesk]) -> Response[JobList]:
    """Those that wait, run and have ended, the latest first: a thousand at most."""
    found = await desk.ask(lambda known: known.list(owner_of(request), MOST_JOBS))
    return answer(JobList(found), request)


@get("/jobs/{job:str}", operation_id="readJob", tags=["Jobs"], summary="A job, as it is now")
async def read_job(
    job: JobId, request: AnyRequest, desk: NamedDependency[JobDesk]
) -> Response[Job]:
    """Its state, how far it is, what it waits for, why it failed."""
    return answer(await _look(job, request, desk), request)


@get(
    "/jobs/{job:str}/events",
    operation_id="followJob",
    tags=["Jobs"],
    summary="What becomes of a job, as it happens",
    media_type=MEDIA,
    opt={OFFERS: (MEDIA,)},
)
async def follow_job(
    job: JobId, request: AnyRequest, desk: NamedDependency[JobDesk]
) -> Response[str]:
    """Server-sent events, each with the job as JSON: `progress` when something of it has changed,
    `end` when it has ended, and the answer with it.
    """
    last, found = request.headers.get(LAST, ""), await _look(job, request, desk)
    if found.state in ENDED and event_id(found) == last:  # so that a browser does not ask again
        return Response(cast(str, None), status_code=NO_CONTENT, headers=PASSING)
    front = request.scope["state"].get(FRONT)
    told = events(
        partial(_look, job, request, desk),
        last,
        request.receive,
        lambda: front is not None and front.ends,
    )
    return Streamed(FIRST, told, MEDIA, PASSING)


@get(
    "/jobs/{job:str}/result",
    operation_id="readJobResult",
    tags=["Jobs"],
    summary="What comes of a job",
    opt={TABLES: True},
)
async def read_result(
    job: JobId,
    request: AnyRequest,
    workers: NamedDependency[Workers],
    desk: NamedDependency[JobDesk],
) -> Response[CellTable | Reduced | Simulation | Sensitivity]:
    """The answer to the question that was asked, in the formats that it has."""
    media = asked_format(request)
    kept = Kept(*await desk.ask(lambda known: known.kept(job, owner_of(request))))
    found = await workers.run(request.receive, begin_result, kept, media)
    return await cells_response(found, media, workers, request)


@delete(
    "/jobs/{job:str}",
    operation_id="deleteJob",
    tags=["Jobs"],
    summary="Cancel a job, or remove it",
    status_code=OK,
)
async def delete_job(
    job: JobId, request: AnyRequest, desk: NamedDependency[JobDesk]
) -> Response[Job]:
    """One that is queued or runs is cancelled, and answered as it then is; one that has ended is
    removed with its result, and nothing is answered.
    """
    owner = owner_of(request)

    def end(known: Any) -> Job | None:
        if known.status(job, owner).state in ENDED:
            known.remove(job, owner)
            return None
        found: Job = known.cancel(job, owner)
        return found

    found = await desk.change(end)
    if found is None:
        return Response(cast(Job, None), status_code=NO_CONTENT, headers=PASSING)
    return answer(found, request)


@route(
    "/jobs/{job:str}",
    http_method=HttpMethod.OPTIONS,
    status_code=NO_CONTENT,
    include_in_schema=False,
)
async def methods() -> Response[None]:
    """What may be asked at a path that two share; the framework says it of the first."""
    return Response(None, headers={"Allow": "DELETE, GET, OPTIONS"})


async def _look(job: str, request: AnyRequest, desk: JobDesk) -> Job:
    return await desk.ask(lambda known: known.status(job, owner_of(request)))


ROUTES = (methods, list_jobs, read_job, follow_job, read_result, delete_job)
