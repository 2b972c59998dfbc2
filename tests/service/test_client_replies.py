"""What becomes of answers: records, the errors that are raised here too, and what only a service
can say.
"""

import msgspec
import pytest

from economics import NoAnswer, Problem, Quote
from economics.vocabulary.problems import as_one
from kernels.language.verbs import BackendError
from service.client import failures, replies
from service.client.replies import JSON, MODEL, Call, Reply, decoded, whole
from service.web import problems

URL = "http://a"
CALL = Call("GET", "/v1/catalog", None, lambda body: decoded(body, dict[str, int]))
OURS = {MODEL: replies.MODEL_VERSION, "content-type": JSON}


def refused(error):
    """What is raised for an error that a service answers with."""
    status, headers, body = problems.render(error)
    headers = {name.lower(): value for name, value in headers.items()}
    with pytest.raises(Exception) as raised:  # noqa: PT011
        whole(CALL, URL, Reply(False, status, {**headers, "x-request-id": "r1"}, body))
    return raised.value


def test_a_good_answer_is_a_record():
    assert whole(CALL, URL, Reply(True, 200, OURS, b'{"a":1}')) == {"a": 1}


def test_what_is_wrong_with_a_question_is_told_as_here():
    one = Problem("finance.wacc_per_year", -3, "a number above -0.99")
    found = refused(one)
    assert type(found) is Problem
    assert (str(found), found.where, found.value) == (str(one), one.where, one.value)
    several = as_one([one, Problem("revenue.utilisation", 2, "at most 1")])
    found = refused(several)
    assert [each.where for each in found.each] == [each.where for each in several.each]
    assert str(found) == str(several)
    found = refused(NoAnswer("nowhere a value"))
    assert (type(found), str(found)) == (NoAnswer, "nowhere a value")
    found = refused(problems.NoEngine("llvmlite is not installed"))
    assert (type(found), str(found)) == (BackendError, "llvmlite is not installed")


@pytest.mark.parametrize(
    ("error", "kind", "wait"),
    [
        (problems.NoKey("a key"), failures.NoKey, None),
        (problems.TooLarge("too many"), failures.TooLarge, None),
        (problems.Busy("later", headers={"Retry-After": "7"}), failures.Busy, 7.0),
        (problems.Ending("bye"), failures.Busy, replies.SOON),
        (problems.TimeOver("too long"), failures.TimeOver, None),
        (RuntimeError("inside"), failures.Fault, None),
        (problems.NotAcceptable("no format"), failures.Declined, None),
    ],
)
def test_what_only_a_service_can_say(error, kind, wait):
    found = refused(error)
    assert type(found) is kind
    assert found.retry_after == wait
    assert found.about.request_id == "r1"
    assert str(found).startswith(f"{URL}: ")
    assert "inside" not in str(found)


def test_every_kind_of_problem_of_the_service_is_known():
    """Those that are no question's fault have an error of their own, or are of one that a client
    does not make.
    """
    of_the_question = {"bad-input", "no-answer", "no-backend", "not-there"}
    not_made = {
        *("bad-body", "bad-request", "client-left", "not-acceptable", "too-slow"),
        *("unsupported-body", "headers-too-large", "wrong-method"),
        *("not-installed", "wrong-origin", "wrong-host"),  # of tools for agents
    }
    kinds = {one.name for one in (*problems.KINDS.values(), problems.FAULT)}
    assert kinds - of_the_question - not_made <= set(failures.KINDS)


def test_an_unknown_problem_with_a_time_to_come_back_is_busy():
    told = {"type": replies.PREFIX + "rate", "status": 429, "detail": "too often"}
    reply = Reply(False, 429, {"retry-after": "2"}, msgspec.json.encode(told))
    with pytest.raises(failures.Busy, match="too often") as raised:
        whole(CALL, URL, reply)
    assert raised.value.retry_after == 2.0


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(True, 200, {"content-type": "text/html"}, b"<html>"), "status 200, text/html"),
        (Reply(False, 404, {"content-type": "text/html"}, b"<html>"), "status 404, text/html"),
        (Reply(False, 301, {"location": "https://b"}, b""), "it refers to https://b"),
        (Reply(False, 404, {}, b'{"type": "about:blank", "status": 404, "detail": "x"}'), "404"),
    ],
)
def test_what_is_no_service_of_ours_is_said(reply, words):
    with pytest.raises(failures.NotService, match=words):
        whole(CALL, URL, reply)


def test_a_proxy_that_says_when_to_come_back_is_asked_again():
    with pytest.raises(failures.NotService) as raised:
        whole(CALL, URL, Reply(False, 503, {"retry-after": "3"}, b"<html>"))
    assert raised.value.retry_after == 3.0


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "nan", "-1", "inf"])
def test_a_time_that_is_no_number_of_seconds_is_soon(header):
    assert refused(problems.Busy("x", headers={"Retry-After": header})).retry_after == replies.SOON


def test_an_answer_that_cannot_be_read_names_the_versions_of_the_model():
    call = Call("POST", "/v1/quotes", b"", lambda body: decoded(body, Quote))
    other = Reply(True, 200, {**OURS, MODEL: "999"}, b'{"a":1}')
    with pytest.raises(failures.OtherModel, match="version 999 of the model, this program by"):
        whole(call, URL, other)
    with pytest.raises(failures.ServiceError, match="is not what was expected"):
        whole(call, URL, Reply(True, 200, OURS, b'{"a":1}'))
