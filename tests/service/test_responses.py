"""Answers in the formats that clients like, and ETags."""

import threading

import msgspec
import pytest
import web

from service.web import examples, responses
from service.web.responses import matches


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize(
    "media", ["application/msgpack", "application/x-msgpack", "application/vnd.msgpack"]
)
def test_messagepack_says_the_same_as_json(found, media):
    plain = found.get("/v1/quantities").json()
    packed = found.get("/v1/quantities", headers={"accept": media})
    assert packed.headers["content-type"] == media
    assert packed.headers["vary"] == "Accept, Accept-Encoding"
    assert msgspec.msgpack.decode(packed.content) == plain


def test_who_has_it_gets_no_body(found):
    first = found.get("/v1/catalog")
    tag = first.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = found.get("/v1/catalog", headers={"if-none-match": sent})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert found.get("/v1/catalog", headers={"if-none-match": '"other"'}).status_code == 200


def test_formats_have_tags_of_their_own(found):
    tags = {
        found.get("/v1/catalog", headers={"accept": media}).headers["etag"]
        for media in ("application/json", web.MSGPACK)
    }
    assert len(tags) == 2


def test_answers_to_questions_are_not_kept(found):
    response = found.post("/v1/quotes", json={"scenario": "nvl72-neocloud"})
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_a_tag_is_matched_whole():
    assert matches('"a"', '"a"')
    assert not matches("", '"a"')
    assert not matches('"aa"', '"a"')


def test_a_format_is_agreed_on_and_used_on_the_event_loop(found, monkeypatch):
    threads, plain = [], responses.answer_format

    def noted(*asked):
        threads.append(threading.current_thread())
        return plain(*asked)

    monkeypatch.setattr(responses, "answer_format", noted)
    asked = {"scenario": "nvl72-neocloud"}
    assert found.post("/v1/depreciation", json=asked).status_code == 200
    assert len(threads) == 2
    assert len({*threads}) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/v1/sweeps?fomat=csv",
            "fomat: expected a known part of the query (format); did you mean",
        ),
        ("/v1/sweeps?format=csv&cells=9", "cells: expected a known part of the query (format)"),
        (
            "/v1/quotes?format=csv",
            "format: expected a known part of the query (this path takes none",
        ),
    ],
)
def test_a_part_of_the_query_that_sets_nothing_is_told(found, path, said):
    name = path.partition("?")[0].rpartition("/")[2]
    body = examples.EXAMPLES[{"sweeps": "sweep", "quotes": "quote"}[name]]
    details = web.problem(found.post(path, json=next(iter(body.values()))), 400, "bad-request")
    assert details["detail"].startswith(said)
    assert details["errors"][0]["path"] in path
