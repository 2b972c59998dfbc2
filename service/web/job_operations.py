"""What the OpenAPI document says of jobs: which questions may be some, what is asked of these."""

from typing import Any

from economics import NoAnswer
from service.jobs.records import Job, NoData, NoJob, NoResult, OtherJob, TooManyJobs
from service.web.formats import JSON, MSGPACK
from service.web.job_events import LAST
from service.web.job_examples import EXAMPLES
from service.web.job_questions import PATH as PATH
from service.web.name_lists import REFERENCE
from service.web.preferences import ASYNC, KEY, LONGEST_KEY, PREFER
from service.web.problems import ACCEPTED, NO_CONTENT
from service.work.watch import Lost, TimeOver

QUESTIONS = ("sweep", "simulate", "sensitivity")  # that may be jobs
LIST, READ, FOLLOW, RESULT = "listJobs", "readJob", "followJob", "readJobResult"
DELETE, SUBMITTED = "deleteJob", "submitted"
HEADERS = {
    "Location": "Where the job is.",
    "Preference-Applied": f"{ASYNC}: the answer is a job.",
}
PROBLEMS: dict[str, tuple[type[Exception], ...]] = {
    **dict.fromkeys(QUESTIONS, (OtherJob, TooManyJobs, NoData)),
    LIST: (NoData,),
    **dict.fromkeys((READ, FOLLOW, DELETE), (NoJob, NoData)),
    RESULT: (NoJob, NoResult, NoAnswer, NoData, Lost, TimeOver),
}
NOTHING = {
    DELETE: "The job had ended, and is removed with its result.",
    FOLLOW: f"The job has ended, and {LAST} names the event that told so.",
}
Schema = dict[str, Any]


def _header(name: str, description: str, **schema: Any) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


PREFERENCES = (
    _header(PREFER, f"`{ASYNC}`: answer with a job (202), which outlives this request."),
    _header(
        KEY,
        "Of a question that is to be a job: the same key and body are the same job, however often"
        " they are sent.",
        minLength=1,
        maxLength=LONGEST_KEY,
        pattern="^[!-~]+$",
    ),
)
LAST_EVENT = _header(LAST, "The id of the last event that came: only what is new is told.")


def parameters_of(name: str) -> tuple[Schema, ...]:
    """The headers of a request to an operation."""
    return PREFERENCES if name in QUESTIONS else (LAST_EVENT,) if name == FOLLOW else ()


def other_answers(name: str, headers: Schema) -> Schema:
    """The good answers of an operation beside the usual one, by status, with usual headers."""
    if name in NOTHING:
        return {str(NO_CONTENT): {"description": NOTHING[name], "headers": headers}}
    if name not in QUESTIONS:
        return {}
    own = {one: {"$ref": f"#/components/headers/{one}"} for one in HEADERS}
    shape = {"$ref": REFERENCE.format(name=Job.__name__)}
    return {
        str(ACCEPTED): {
            "description": "A job, which will answer the question: where it was preferred.",
            "headers": {**headers, **own},
            "content": {
                JSON: {"schema": shape, "examples": EXAMPLES[SUBMITTED]},
                MSGPACK: {"schema": shape},
            },
        }
    }
