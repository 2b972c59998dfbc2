"""gzip of answers and of bodies."""

import asyncio
import gzip
import zlib
from random import Random

import msgspec
import pytest
import web
from racks import reference

from service.web import compression
from service.web.compression import LEAST_BYTES, Compressed, accepts_gzip, unpacked
from service.web.problems import BadBody, TooLarge

ASKED = {"scenario": "nvl72-neocloud", "targets": ["npv_usd_per_rack"]}
AXES = [
    {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 1.0, "count": 300},
    {"kind": "linspace", "field": "pue", "start": 1, "stop": 2, "count": 331},
]
SWEEP = {"scenario": reference(), "axes": AXES, "targets": ["npv_usd_per_rack"]}
PACKED = {"content-type": "application/json", "content-encoding": "gzip"}


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        client.headers.pop("accept-encoding")
        yield client


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (b"gzip", True),
        (b"br, GZIP;q=0.5", True),
        (b"*", True),
        (b"gzip;q=0, *", False),
        (b"br", False),
        (b"", False),
        (b"gzip;q=abc", False),
    ],
)
def test_who_accepts_it(header, accepted):
    assert accepts_gzip(header) is accepted


def test_long_answers_are_compressed_for_who_accepts_it(found):
    plain = found.get("/v1/quantities")
    packed = found.get("/v1/quantities", headers={"accept-encoding": "gzip"})
    assert packed.content == plain.content
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 0.3 * int(plain.headers["content-length"])
    for one in (plain, packed):
        assert one.headers["vary"] == "Accept, Accept-Encoding"
    assert "content-encoding" not in plain.headers


def test_their_tags_mean_the_same_and_are_found_again(found):
    packed = {"accept-encoding": "gzip"}
    tag = found.get("/v1/quantities", headers=packed).headers["etag"]
    assert tag == "W/" + found.get("/v1/quantities").headers["etag"]
    for more in ({}, packed):
        again = found.get("/v1/quantities", headers={"if-none-match": tag, **more})
        assert (again.status_code, again.content) == (304, b"")


def test_short_answers_and_problems_are_not(found):
    for answer in (
        found.post("/v1/quotes", json=ASKED, headers={"accept-encoding": "gzip"}),
        found.get("/v1/scenarios", headers={"accept-encoding": "gzip"}),
        found.post("/v1/quotes", json={"scenario": "x" * 99_999}, headers=PACKED),
    ):
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("form", ["json", "msgpack", "csv", "arrow", "parquet"])
def test_streams_are_compressed_where_it_is_worth_it(found, form):
    path, packed = f"/v1/sweeps?format={form}", {"accept-encoding": "gzip"}
    plain, answer = found.post(path, json=SWEEP), found.post(path, json=SWEEP, headers=packed)
    assert answer.content == plain.content
    assert ("content-encoding" in answer.headers) is (form not in ("arrow", "parquet"))


def test_a_stream_is_compressed_in_threads_and_piece_by_piece(monkeypatch):
    threads, plain, sent, noise = [], asyncio.to_thread, [], Random(1).randbytes(2**18)

    async def noted(work):
        threads.append(work)
        return await plain(work)

    async def app(scope, receive, send):
        headers = [(b"content-type", b"text/csv; charset=utf-8"), (b"vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for at in range(4):
            body = noise
            await send({"type": "http.response.body", "body": body, "more_body": True})
            assert len(sent) == at + 2  # nothing is kept until the end
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def send(message):
        sent.append(message)

    monkeypatch.setattr(compression.asyncio, "to_thread", noted)
    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compressed(app)(scope, None, send))
    assert len(threads) == 4
    body = gzip.decompress(b"".join(one.get("body", b"") for one in sent))
    assert body == noise * 4
    assert sent[-1]["more_body"] is False


def test_a_compressed_body_is_understood_on_both_ways_of_a_quote(found):
    plain = found.post("/v1/quotes", json=ASKED)
    for encoding in ("gzip", "GZIP", "x-gzip"):
        body = gzip.compress(msgspec.json.encode(ASKED))
        headers = PACKED | {"content-encoding": encoding}
        assert found.post("/v1/quotes", content=body, headers=headers).content == plain.content
    same = {"content-type": "application/json", "content-encoding": "identity"}
    body = msgspec.json.encode(ASKED)
    assert found.post("/v1/quotes", content=body, headers=same).content == plain.content


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd", "x" * 999])
def test_another_encoding_is_refused_with_what_is_read(found, encoding):
    for path in ("/v1/quotes", "/v1/sweeps"):
        headers = PACKED | {"content-encoding": encoding}
        answer = found.post(path, content=b"{}", headers=headers)
        assert "gzip" in web.problem(answer, 415, "unsupported-body")["detail"]
        assert answer.headers["accept-encoding"] == "gzip"


def test_what_is_no_gzip_is_a_bad_body(found):
    whole = gzip.compress(b"{}")
    for body in (b"{}", whole[:-1], whole + b"more", whole + whole):
        answer = found.post("/v1/quotes", content=body, headers=PACKED)
        assert "is not gzip" in web.problem(answer, 400, "bad-body")["detail"]
    answer = found.post("/v1/quotes", content=gzip.compress(b""), headers=PACKED)
    assert web.problem(answer, 400, "bad-body")["detail"] == "the body is empty"


def test_a_small_body_that_unpacks_to_a_large_one_is_stopped_at_the_limit(found):
    bomb = gzip.compress(bytes(20 * 2**20))
    assert len(bomb) < 2**20
    answer = found.post("/v1/quotes", content=bomb, headers=PACKED)
    details = web.problem(answer, 413, "too-large")
    assert details["detail"] == "the body is larger than 1048576 bytes once it is unpacked"


def test_bodies_up_to_the_limit_are_unpacked():
    assert unpacked(gzip.compress(bytes(100)), 100) == bytes(100)
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(bytes(101)), 100)
    with pytest.raises(BadBody):
        unpacked(zlib.compress(b"a"), 100)
    assert LEAST_BYTES > 10_000
