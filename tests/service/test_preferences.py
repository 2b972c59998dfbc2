"""What the head of a request says of a job."""

import pytest
from litestar.datastructures import Headers

from service.web.preferences import idempotency_key, prefers_job
from service.web.problems import BadRequest


@pytest.mark.parametrize(
    "said",
    [
        "respond-async",
        "Respond-Async",
        "wait=10, respond-async",
        "respond-async; a=1, handling=lax",
    ],
)
def test_a_job_is_preferred(said):
    assert prefers_job(Headers({"Prefer": said}))


@pytest.mark.parametrize("said", ["", "wait=10", "return=respond-async", "respond-asynchronously"])
def test_an_answer_is_waited_for(said):
    assert not prefers_job(Headers({"Prefer": said}))
    assert not prefers_job(Headers({}))


@pytest.mark.parametrize("key", ["a", '"8e03978e-40d5"', "x" * 255])
def test_a_key_is_taken_as_it_is(key):
    assert idempotency_key(Headers({"Idempotency-Key": key})) == key
    assert idempotency_key(Headers({})) is None


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "\xe9"])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(BadRequest, match="Idempotency-Key: expected 1 to 255 printable"):
        idempotency_key(Headers({"Idempotency-Key": key}))
