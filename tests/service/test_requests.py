"""Bodies: what is refused, and how it is told."""

import threading

import msgspec
import pytest
import web

from economics import Problem
from service.web import requests
from service.web.problems import BadBody, Refused, TooLarge
from service.web.requests import DEEPEST, as_record, decode
from service.web.schema import QuoteRequest, SolveRequest, SweepRequest

JSON = "application/json"
MOST = 1000
DEEP = b'{"scenario":' * 5000


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"x",
            b'{"a":1}x',
            b'"\xff"',
            b'{"a":"\\ud800"}',
            b"[" * 100_000,
            DEEP,
            b"1" * 5000,
            b"1e999",
            b"-1e999",
        ),
        *(
            b'{"scenario": NaN}',
            b'{"scenario": Infinity}',
            b'{"scenario": -Infinity}',
            b"\xef\xbb\xbf{}",
            b"\x00",
        ),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_bytes_that_are_no_json(found, body):
    web.problem(web.raw(found, "/v1/quotes", body), 400, "bad-body")


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"\xc1",
            b"\x81",
            b"\x91" * 5000,
            b"\xdd\xff\xff\xff\xff",
            b"\xdb\xff\xff\xff\xff",
            b"\xa1\xff",
            b"\x81\x80\x01",
        ),
        *(msgspec.msgpack.encode(bad) for bad in ({1: 2}, {"scenario": {"finance": {None: 1}}})),
        *(
            msgspec.msgpack.encode({"scenario": {"hardware": {"gpu_per_rack": bad}}})
            for bad in (float("nan"), float("inf"))
        ),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_bytes_that_are_no_messagepack_of_numbers(found, body):
    web.problem(web.raw(found, "/v1/quotes", body, web.MSGPACK), 400, "bad-body")


@pytest.mark.parametrize(
    "media",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
    ],
)
def test_a_body_of_another_type(found, media):
    response = web.raw(found, "/v1/quotes", b'{"scenario": "nvl72-neocloud"}', media)
    web.problem(response, 415, "unsupported-body")
    assert "application/json" in response.headers["accept-post"]


def test_a_body_as_messagepack_gets_the_same_answer(found):
    body = {"scenario": "nvl72-neocloud"}
    packed = web.raw(found, "/v1/quotes", msgspec.msgpack.encode(body), web.MSGPACK)
    assert packed.json() == found.post("/v1/quotes", json=body).json()


def test_depth_is_limited_to_the_level():
    assert decode(b"[" * DEEPEST + b"]" * DEEPEST, JSON, MOST)
    with pytest.raises(BadBody, match="deeper"):
        decode(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), JSON, MOST)


@pytest.mark.parametrize("media", [JSON, web.MSGPACK])
def test_values_are_counted_before_they_are_looked_into(media):
    encode = msgspec.json.encode if media == JSON else msgspec.msgpack.encode
    assert decode(encode({"a": [{}, {}, {"b": [1]}]}), media, 7)
    with pytest.raises(TooLarge, match=r"7 values or more, at most 6 are read"):
        decode(encode({"a": [{}, {}, {"b": [1]}]}), media, 6)


def test_a_body_of_nothing_is_refused_before_it_is_walked():
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    many = b",".join([b"{}"] * 340_000)
    for body in (b'{"scenario": {"hardware": [%s]}}' % many, b'{"targets": [%s]}' % many):
        threading.setprofile(count)  # for the threads that the client starts
        try:
            with web.client() as new:
                before = calls
                details = web.problem(web.raw(new, "/v1/quotes", body), 413, "too-large")
        finally:
            threading.setprofile(None)
        assert "100000" in details["detail"]
        assert 0 < calls - before < 30_000  # a walk takes more than one of each of 340,000


def test_the_setting_says_how_many_values_there_may_be():
    with web.client(max_body_items=100) as narrow:
        body = {"scenario": "nvl72-neocloud", "targets": ["npv_usd_per_rack"] * 100}
        web.problem(narrow.post("/v1/quotes", json=body), 413, "too-large")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"scenario": "reference-project", "scenario": "nvl72-neocloud"}', "scenario"),
        (b'{"scenario": {"hardware": {"a": 1, "b": {}, "\\u0061": 2}}}', "a"),
    ],
)
def test_a_name_stands_once_in_an_object(found, body, name):
    details = web.problem(web.raw(found, "/v1/quotes", body), 400, "bad-body")
    assert details["detail"] == f"an object of the body has '{name}' twice"


def test_a_colon_in_a_text_is_no_name(found):
    body = b'{"scenario": "reference-project", "overrides": {"note": "a: b"}}'
    assert web.raw(found, "/v1/quotes", body).status_code == 200


def test_an_extension_of_messagepack_is_no_value(found):
    own = msgspec.msgpack.Ext(5, b"abc")
    for body in ({"scenario": own}, {"scenario": {"hardware": {"gpu_per_rack": own}}}):
        sent = msgspec.msgpack.encode(body)
        details = web.problem(web.raw(found, "/v1/quotes", sent, web.MSGPACK), 400, "bad-body")
        assert details["detail"].endswith("it has a value of an extension type (5)")


@pytest.mark.parametrize(
    ("plain", "wanted", "where"),
    [
        ([], QuoteRequest, "body"),
        (None, QuoteRequest, "body"),
        ({}, QuoteRequest, "scenario"),
        ({"scenario": 1}, QuoteRequest, "scenario"),
        ({"scenario": {}, "target": []}, QuoteRequest, "target"),
        ({"scenario": {}, "targets": "npv_usd_per_rack"}, QuoteRequest, "targets"),
        ({"scenario": {}, "targets": ["a", 1]}, QuoteRequest, "targets[1]"),
        ({"scenario": {}, "target": "a", "value": "1", "unknown": "b"}, SolveRequest, "value"),
        ({"scenario": {}, "target": "a", "value": True, "unknown": "b"}, SolveRequest, "value"),
        (
            {"scenario": {}, "target": "a", "value": 1, "unknown": "b", "between": [1]},
            SolveRequest,
            "between",
        ),
    ],
)
def test_a_body_of_another_shape_says_where(plain, wanted, where):
    with pytest.raises(Problem) as caught:
        as_record(plain, wanted)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("plain", "wanted", "wheres"),
    [
        ({"scenario": {}}, SolveRequest, ["target", "value", "unknown"]),
        ({"scenario": []}, QuoteRequest, ["scenario"]),
        ({"scenario": {}, "axes": []}, SweepRequest, ["axes"]),
        (
            {"scenario": 5, "axis": 1, "between": [1], "value": "x"},
            SolveRequest,
            ["axis", "target", "unknown", "scenario", "between", "value"],
        ),
        (
            {"scenario": {}, "axes": [{"kind": "linspace", "field": 5}], "targets": [1]},
            SweepRequest,
            ["axes[0].field", "targets[0]"],
        ),
    ],
)
def test_all_that_is_wrong_with_a_body_is_told_at_once_and_nothing_else(plain, wanted, wheres):
    with pytest.raises(Problem) as caught:
        as_record(plain, wanted)
    assert [one.where for one in caught.value.each] == wheres


def test_what_is_no_record_is_left_alone():
    assert as_record([1], list) == [1]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "b": {"c": [1, 2]}}',
        b'{"a": 1, "a": 2}',
        b'{"a": ":", "b": "{[,"}',
        b'{"a": 1, "b": {"a": 1}, "b": "\\u003a"}',
        b'{"\\u003a": 1, "\\u003a": 2, "c": "::"}',
        b'{"a": {"b": {"b": 1, "b": ":"}}}',
        b"[" * 40 + b"1" + b"]" * 40,
        b"[" * 31 + b"1" + b"]" * 31,
        b"[" * 32 + b"]" * 32,
        b"[" * 32 + b"1" + b"]" * 32,
        b"[" + b"1," * 300 + b"1]",
        b"[" + b"1," * 90 + b"1]",
        b"1",
    ],
)
def test_a_small_body_is_taken_and_refused_as_a_large_one(body, monkeypatch):
    """What its bytes show is what its values would."""

    def said():
        try:
            return requests.decode(body, JSON, 200)
        except Refused as error:
            return type(error), str(error)

    found = said()
    monkeypatch.setattr(requests, "is_small", lambda *_: False)
    assert found == said()
