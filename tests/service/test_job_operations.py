"""What the OpenAPI document says of jobs."""

import pytest

from service.web.job_operations import FOLLOW, PROBLEMS, QUESTIONS
from service.web.openapi import document
from service.web.problems import KINDS


@pytest.fixture(scope="module")
def operations():
    return {
        one["operationId"]: one for item in document()["paths"].values() for one in item.values()
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_may_be_answered_with_a_job(operations, name):
    said = operations[name]
    answer = said["responses"]["202"]
    assert {"Location", "Preference-Applied", "X-Request-ID"} <= set(answer["headers"])
    shape = answer["content"]["application/json"]["schema"]
    assert shape == {"$ref": "#/components/schemas/Job"}
    headers = {one["name"] for one in said["parameters"] if one["in"] == "header"}
    assert headers == {"Prefer", "Idempotency-Key"}


def test_other_questions_may_not(operations):
    told = {name for name, one in operations.items() if "202" in one["responses"]}
    assert told == set(QUESTIONS)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_problems_of_jobs_are_told(operations, name):
    told = str(
        [
            document()["components"]["responses"][one["$ref"].rpartition("/")[2]]["description"]
            for one in operations[name]["responses"].values()
            if "$ref" in one
        ]
    )
    assert all(f"`{KINDS[one].name}`" in told for one in PROBLEMS[name])


def test_no_answer_about_a_job_lasts(operations):
    for name in (FOLLOW, "listJobs", "readJob", "readJobResult"):
        assert "304" not in operations[name]["responses"]


def test_events_are_told_as_text(operations):
    (media,) = operations[FOLLOW]["responses"]["200"]["content"]
    assert media == "text/event-stream"
