"""Bodies: what is refused, and how it is told."""

import msgspec
import pytest
import web

from economics import Problem
from service.web.problems import BadBody
from service.web.requests import DEEPEST, as_record, decode
from service.web.schema import QuoteRequest, SolveRequest, SweepRequest

JSON = "application/json"
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
    assert decode(b"[" * DEEPEST + b"]" * DEEPEST, JSON)
    with pytest.raises(BadBody, match="deeper"):
        decode(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), JSON)


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
