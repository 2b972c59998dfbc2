"""Answers of many cells over HTTP, in every format; one that fails on the way is seen to."""

import asyncio
import pickle
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from io import BytesIO

import msgspec
import polars as pl
import pytest
import server
import web
from racks import reference

import economics
from kernels.language.caches import clear_caches
from service.files import frames, pieces
from service.files.cells import cells
from service.settings import Settings
from service.web.cell_answers import row_part
from service.web.formats import OF_TABLES
from service.web.middleware import Front
from service.web.problems import Busy, TimeOver
from service.web.routes.sweeps import begin_sweep
from service.web.schema import SweepRequest
from service.web.streaming import Streamed
from service.web.table_answers import FORMS
from service.web.workers import Workers

READ = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc_stream}
USE = {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0}
PUE = {"kind": "linspace", "field": "pue", "start": 1, "stop": 2}
TARGETS = ["npv_usd_per_rack", "payback_years"]


def asked(*counts, **more):
    axes = [{**axis, "count": count} for axis, count in zip((USE, PUE), counts, strict=True)]
    named = {"backend": "numpy"}  # auto takes another one where it finds compiled code
    return {"scenario": reference(), "axes": axes, "targets": TARGETS, **named, **more}


FEW, MANY = asked(5, 4), asked(300, 331)  # the latter in more than one part


@pytest.fixture(scope="module")
def client():
    with web.client() as found:
        yield found


@pytest.fixture(scope="module")
def tables():
    return {"few": economics.sweep(FEW), "many": economics.sweep(MANY)}


def media_of(answer):
    return answer.headers["content-type"].removesuffix("; charset=utf-8")


@pytest.mark.parametrize("size", ["few", "many"])
@pytest.mark.parametrize("form", OF_TABLES)
def test_every_format_has_the_whole_table(client, tables, form, size):
    answer = client.post(f"/v1/sweeps?format={form}", json={"few": FEW, "many": MANY}[size])
    assert answer.status_code == 200
    assert media_of(answer) == OF_TABLES[form]
    if form in READ:
        whole = frames.frame(tables[size])
        name = "sweep.arrows" if form == "arrow" else f"sweep.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        read = READ[form](BytesIO(answer.content))
        assert read.equals(whole) or form == "csv"
        assert form != "csv" or answer.text == frames.plain_words(whole).write_csv()
    else:
        encode = {"json": msgspec.json.encode, "msgpack": msgspec.msgpack.encode}[form]
        assert answer.content == encode(cells(tables[size]))
        assert "content-disposition" not in answer.headers


def test_accept_decides_where_no_format_is_named(client):
    for media, form in FORMS.items():
        answer = client.post("/v1/sweeps", json=FEW, headers={"accept": media})
        assert media_of(answer) == media
        named = client.post(f"/v1/sweeps?format={form}", json=FEW, headers={"accept": web.MSGPACK})
        assert media_of(named) == media
        assert named.content == answer.content


def test_a_format_that_is_not_known_is_named_with_the_near_ones(client):
    for sent in ("/v1/sweeps?format=parket", "/v1/sweeps?format=csv&format=parket"):
        details = web.problem(client.post(sent, json=FEW), 422, "bad-input")
        assert details["errors"][0]["path"] == "format"
        assert details["errors"][0]["expected"].endswith("did you mean parquet?")
    details = web.problem(
        client.post("/v1/sweeps", json=FEW, headers={"accept": "text/html"}), 406, "not-acceptable"
    )
    assert details["detail"].endswith(", ".join(OF_TABLES.values()))


@pytest.mark.parametrize("form", pieces.FORMATS)
def test_reductions_and_frontiers_are_tables_too(client, form):
    for reduce in ({"kind": "top", "count": 3}, {"kind": "frontier", "field": "utilisation"}):
        spec = {**FEW, "reduce": reduce}
        answer = client.post(f"/v1/sweeps?format={form}", json=spec)
        whole = frames.frame(economics.sweep(spec))
        read = READ[form](BytesIO(answer.content))
        assert read.equals(whole) or form == "csv"
        assert read.height == whole.height


def test_what_has_no_rows_is_no_table(client):
    none = asked(2, 2, reduce={"kind": "top", "target": "payback_years"})
    none["axes"][0] = {"kind": "values", "field": "utilisation", "values": [0.0]}
    details = web.problem(client.post("/v1/sweeps?format=csv", json=none), 422, "no-answer")
    assert "no rows" in details["detail"]
    assert client.post("/v1/sweeps", json=none).json()["kind"] == "top"


def test_streams_have_a_limit_of_their_own():
    with web.client(max_inline_cells=10, max_stream_cells=99_000, max_sweep_cells=10) as narrow:
        details = web.problem(narrow.post("/v1/sweeps?format=arrow", json=MANY), 413, "too-large")
        assert details["errors"] == [
            {"path": "axes", "value": 99_300, "expected": "at most 99,000 cells in a stream"}
        ]
        assert narrow.post("/v1/sweeps?format=arrow", json=asked(300, 330)).status_code == 200
        web.problem(narrow.post("/v1/sweeps", json=MANY), 413, "too-large")


def test_one_stream_too_many_is_refused_before_it_is_computed(monkeypatch):
    def busy(_):
        raise Busy("1 long answer is being sent")

    monkeypatch.setattr(Workers, "check_streams", busy)
    monkeypatch.setattr(Workers, "run", lambda *_: pytest.fail("computed"))
    with web.client() as found:
        web.problem(found.post("/v1/sweeps", json=MANY), 503, "busy")


def test_parts_are_of_the_catalog_as_it_was_when_the_answer_began(tmp_path, monkeypatch):
    def price(amount):
        row = f"[mine.hardware]\nserver_price_usd_per_rack = {amount}\n"
        (tmp_path / "accelerators.toml").write_text(row)
        clear_caches()  # as another worker has seen nothing yet

    monkeypatch.setenv("RACKRATE_CATALOG", str(tmp_path))
    price(4_000_000)
    bare = reference(hardware={"server_price_usd_per_rack": None}, accelerator="mine")
    tables = {**MANY, "scenario": bare}
    sweep = msgspec.convert(tables, SweepRequest)
    known = begin_sweep(sweep, Settings(), OF_TABLES["csv"], lambda *_: None)
    first, again = row_part(known.asked, "csv", 1, 9, lambda *_: None), pickle.dumps(known.asked)
    price(9_000_000)
    assert row_part(pickle.loads(again), "csv", 1, 9, lambda *_: None) == first


def test_what_is_wrong_from_the_start_is_a_problem(client):
    for wrong in ({"targets": ["nvp_usd_per_rack"]}, {"scenario": "nothing-like-it"}):
        web.problem(client.post("/v1/sweeps?format=arrow", json=MANY | wrong), 422, "bad-input")


def test_a_stream_that_fails_is_seen_as_incomplete():
    async def failing():
        yield b"second"
        raise TimeOver("the work took 120 seconds")

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            for _ in range(2):
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
            return
        await Streamed(b"first", failing(), "text/csv", {})(scope, receive, send)

    def ask(port):
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/")
            answer = connection.getresponse()
            assert answer.status == 200
            with pytest.raises((IncompleteRead, ConnectionResetError)):
                answer.read()

    async def main():
        async with server.serving(Front(app, Settings())) as port:
            await asyncio.to_thread(ask, port)

    asyncio.run(main())
