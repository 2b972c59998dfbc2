"""`/mcp` over HTTP: a real client, keys, hosts and pages, bounds, and clients that leave."""

import json
import logging
import time

import anyio
import msgspec
import pytest
import talking
import web
from hypothesis import given
from hypothesis import strategies as st

from service.settings import Settings
from service.web.agents import answering
from service.web.agents.tools import TOOLS
from service.web.app import create_app

QUOTE = talking.message("quote", {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]})


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def ask(client, body, **headers):
    """A message, sent as a client of the protocol sends it."""
    base = {**talking.HEADERS, "host": "localhost:8000"}
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return client.post("/mcp", content=content, headers={**base, **headers})


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_of_either_age_is_greeted_lists_the_tools_and_calls_one(mode):
    async def use(client):
        listed = await client.list_tools()
        told = await client.call_tool("quote", QUOTE["params"]["arguments"])
        return client.server_info.name, listed.tools, told

    name, tools, told = talking.talk(use, mode=mode)
    assert name == "rackrate"
    assert len(tools) == 8
    npv = told.structured_content["quantities"]["npv_usd_per_rack"]
    assert npv["value"] == pytest.approx(964_535.658394)
    assert (npv["unit"], npv["status"]) == ("usd/rack", "ok")
    assert json.loads(told.content[0].text) == told.structured_content


def test_calls_at_the_same_time_are_each_answered(found):
    async def use(client):
        answers = {}

        async def one(at):
            asked = {**web.SOLVE, "value": 1000.0 * at}
            answers[at] = (await client.call_tool("solve", asked)).structured_content

        async with anyio.create_task_group() as group:
            for at in range(12):
                group.start_soon(one, at)
        return answers

    answers = talking.talk(use)
    assert {at: one["value"] for at, one in answers.items()} == {
        at: 1000.0 * at for at in range(12)
    }
    assert len({one["roots"][0] for one in answers.values()}) == 12


def test_agents_need_a_key_where_all_do(tmp_path):
    from hashlib import sha256

    keys = tmp_path / "keys"
    keys.write_text(sha256(b"secret").hexdigest())
    with web.client(api_keys_file=str(keys)) as client:
        web.problem(ask(client, QUOTE), 401, "no-key")
        assert ask(client, QUOTE, authorization="Bearer secret").status_code == 200
    app = create_app(Settings(api_keys_file=str(keys)), web.POOL)
    told = talking.call("quote", {"scenario": "hgx-h100"}, app=app, authorization="Bearer secret")
    assert not told.is_error


def test_rates_hold_for_agents_too(tmp_path):
    sweep = {**web.SWEEP, "axes": [{**one, "count": 10} for one in web.SWEEP["axes"]]}
    app = create_app(Settings(cells_per_second=1.0), web.POOL)

    async def use(client):
        return [await client.call_tool("sweep", sweep) for _ in range(2)]

    first, second = talking.talk(use, app=app)
    assert (first.is_error, second.is_error) == (False, True)
    assert "1 cells a second" in second.content[0].text
    assert app.metrics.snapshot().figures["rackrate_cells_total"] == [(("/mcp",), [100])]


@pytest.mark.parametrize(
    ("headers", "status", "name"),
    [
        ({"host": "evil.example:8000"}, 421, "wrong-host"),
        ({"host": "localhost.evil.example"}, 421, "wrong-host"),
        ({"origin": "http://evil.example"}, 403, "wrong-origin"),
        ({"origin": "null"}, 403, "wrong-origin"),
        ({"content-type": "text/plain"}, 415, "unsupported-body"),
        ({"content-type": "application/msgpack"}, 415, "unsupported-body"),
    ],
)
def test_what_may_not_ask_is_a_problem(found, headers, status, name):
    web.problem(ask(found, QUOTE, **headers), status, name)


def test_pages_of_ours_may_ask(found):
    assert ask(found, QUOTE, origin="http://127.0.0.1:3000").status_code == 200
    with web.client(agent_hosts=("rates.example",)) as client:
        asked = {"host": "rates.example", "origin": "https://rates.example"}
        answer = ask(client, QUOTE, **asked).json()["result"]["structuredContent"]
        assert answer["link"] == "http://rates.example/v1/quotes"


def test_methods_of_sessions_are_not_there(found):
    for method in ("get", "delete", "put"):
        answer = getattr(found, method)("/mcp", headers=talking.HEADERS)
        web.problem(answer, 405, "wrong-method")
        assert answer.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 400, "bad-body"),
        (b"{", 400, "bad-body"),
        (b"[" * 40 + b"]" * 40, 400, "bad-body"),
        (b'{"id": 1, "id": 2}', 400, "bad-body"),
        (b"[" + b"1," * 5000 + b"1]", 413, "too-large"),
        (b'"' + b"x" * 20_000 + b'"', 413, "too-large"),
    ],
)
def test_bodies_are_bounded_before_they_are_looked_into(body, status, name):
    with web.client(max_body_items=4000, max_body_bytes=16_384) as client:
        web.problem(ask(client, body), status, name)


def test_without_the_extra_the_answer_names_it(found, monkeypatch):
    def missing(_):
        raise ModuleNotFoundError("No module named 'mcp'", name="mcp")

    monkeypatch.setattr(answering, "import_module", missing)
    details = web.problem(ask(found, QUOTE), 501, "not-installed")
    assert "pip install 'rackrate[agents]'" in details["detail"]


def test_a_tool_that_there_is_not_is_told_with_near_ones(found):
    error = ask(found, talking.message("qoute", {})).json()["error"]
    assert error["message"] == "no tool is called 'qoute'; did you mean quote?"


def test_a_fault_is_told_without_its_inside(found, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret path")

    monkeypatch.setattr(answering, "run_tool", broken)
    with caplog.at_level(logging.ERROR, "rackrate"):
        result = ask(found, QUOTE).json()["result"]
    assert result["isError"] is True
    assert "secret" not in result["content"][0]["text"]
    assert "unforeseen RuntimeError" in caplog.text


def test_work_has_a_time_limit_that_is_told_to_the_agent():
    sweep = {**web.SWEEP, "axes": [{**one, "count": 14_000} for one in web.SWEEP["axes"]]}
    with web.client(max_seconds=0.05) as client:
        result = ask(client, talking.message("sweep", sweep)).json()["result"]
    assert result["isError"]
    assert json.loads(result["content"][0]["text"])["type"] == "urn:rackrate:problem:time-over"


WORDS = ["hgx-h100", "npv_usd_per_rack", "utilisation", "5%"]
PLAIN = (
    *(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False)),
    *(st.text(max_size=20), st.sampled_from(WORDS)),
)
JSON = st.recursive(
    st.one_of(PLAIN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=8,
)
FIELDS = sorted({name for one in TOOLS for name in one.input_schema["properties"]})
TOOL = st.sampled_from([one.name for one in TOOLS])


@given(TOOL, st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON)
def test_no_arguments_break_the_protocol(found, name, arguments):
    answer = ask(found, talking.message(name, arguments))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["id"] == 1
    if isinstance(arguments, dict):
        told = json.loads(body["result"]["content"][0]["text"])
        if body["result"]["isError"]:
            assert told["type"] != "urn:rackrate:problem:fault", told
            assert told["detail"]
    else:
        assert "result" in body or body["error"]["code"] == -32602


@given(JSON)
def test_no_message_breaks_the_protocol(found, body):
    answer = ask(found, body)
    assert answer.status_code in (200, 202, 400), answer.text


def busy():
    """How many processes work."""
    return len(web.POOL._all) - len(web.POOL._idle)


def test_work_stops_when_its_agent_leaves():
    heavy = {**web.SWEEP, "axes": [{**one, "count": 14_000} for one in web.SWEEP["axes"]]}
    headers = {**talking.HEADERS, "host": "localhost"}
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "root_path": "",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def use():
        left = anyio.Event()
        body = msgspec.json.encode(talking.message("sweep", heavy))
        messages = [{"type": "http.request", "body": body}]

        async def receive():
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(_):
            pass

        async with anyio.create_task_group() as group:
            group.start_soon(create_app(Settings(), web.POOL), scope, receive, send)
            while not busy():
                await anyio.sleep(0.01)
            await anyio.sleep(0.2)
            assert busy()
            left.set()
            gone = time.monotonic()
        while busy():
            await anyio.sleep(0.01)
        return time.monotonic() - gone

    assert anyio.run(use) < 2.0
