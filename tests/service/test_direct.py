"""The short way of a quote: the same bytes as by the framework, whatever is asked."""

import json
import random

import anyio
import msgspec
import pytest
import web
from racks import reference

from economics import quote
from economics.scenario import catalog
from service.files.reading import shipped_names
from service.settings import Settings
from service.web import direct
from service.web.api import api
from service.web.app import create_app
from service.web.direct import Direct
from service.web.examples import EXAMPLES, SCENARIO
from service.web.middleware import Front

LIMIT = 20_000
NPV = "npv_usd_per_rack"
JSON = (b"content-type", b"application/json")
GOOD = {"scenario": SCENARIO, "targets": [NPV, "irr_per_year", "book_value_usd_per_rack"]}


@pytest.fixture(scope="module")
def ways():
    """The service as it is served, and without its short way."""
    settings = Settings(max_body_bytes=LIMIT)
    return create_app(settings, web.POOL), Front(api(settings, pool=web.POOL), settings)


def sent_by(app, messages, headers=(JSON,), path="/v1/quotes", method="POST"):
    """All messages that an application sends for those that it receives."""
    waiting, found, whole = list(messages), [], False
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"x"), (b"x-request-id", b"same"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }

    async def receive():
        nonlocal whole
        if whole:
            await anyio.sleep_forever()  # the client waits for its answer
        message = waiting.pop(0) if waiting else {"type": "http.disconnect"}
        whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    async def send(message):
        found.append(message)

    anyio.run(app, scope, receive, send)
    start, *rest = found
    assert start["type"] == "http.response.start"
    assert all(one["type"] == "http.response.body" for one in rest)
    body = b"".join(one.get("body", b"") for one in rest)
    return start["status"], [(bytes(n), bytes(v)) for n, v in start["headers"]], body


def one(body):
    return [{"type": "http.request", "body": body, "more_body": False}]


def assert_alike(ways, messages, *headers, **asked):
    """Both ways say the same to the byte; gives the status."""
    short, whole = (sent_by(app, messages, headers or (JSON,), **asked) for app in ways)
    assert short == whole
    return short[0]


def plain(asked):
    return json.dumps(asked).encode()


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_shipped_scenarios(ways, name):
    assert assert_alike(ways, one(plain({"scenario": name}))) == 200


@pytest.mark.parametrize("name", EXAMPLES["quote"])
def test_examples_in_each_format(ways, name):
    body = plain(EXAMPLES["quote"][name])
    for accept in (b"", b"*/*", b"application/msgpack", b"application/x-msgpack;q=0.9, */*;q=0.1"):
        assert assert_alike(ways, one(body), JSON, (b"accept", accept)) == 200
    packed = msgspec.msgpack.encode(EXAMPLES["quote"][name])
    assert assert_alike(ways, one(packed), (b"content-type", b"application/msgpack")) == 200


def test_what_is_asked_often_is_answered_by_other_code_and_says_the_same(ways):
    """After so many like it, formulas give way to a function that is written for them."""
    for use in range(40):
        tables = reference(revenue={"utilisation": 0.5 + use / 100})
        assert_alike(ways, one(plain({"scenario": tables, "targets": [NPV]})))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"\xff", 400),
        (b'{"scenario": NaN}', 400),
        (b'{"scenario": 1e999}', 400),
        (b'{"scenario":' * 40 + b"1" + b"}" * 40, 400),
        (plain({}), 422),
        (plain({"scenario": 5}), 422),
        (plain({"scenario": "nvl72-neoclout"}), 422),
        (plain({"scenario": SCENARIO, "target": NPV}), 422),
        (plain({"scenario": SCENARIO, "targets": ["npv"]}), 422),
        (plain({"scenario": SCENARIO, "targets": [1]}), 422),
        (plain({"scenario": SCENARIO, "targets": []}), 200),
        (plain({**GOOD, "scenario": {**SCENARIO, "finance": {"wacc_per_year": 10}}}), 422),
        (plain({**GOOD, "scenario": reference(revenue={"utilisation": None})}), 422),
        (plain({**GOOD, "overrides": {"finance": {"wacc_per_year": "8%"}}}), 200),
        (plain({**GOOD, "overrides": {"finance": {"wacc": 1}}}), 422),
        (plain(GOOD) + b" " * LIMIT, 413),
        (plain(GOOD), 200),
    ],
    ids=lambda one: repr(one[:40]) if isinstance(one, bytes) else "",
)
def test_whatever_the_body(ways, body, status):
    assert assert_alike(ways, one(body)) == status


def test_whatever_is_damaged(ways):
    """Bytes changed, taken out or doubled at random."""
    chance, body = random.Random(7), plain(GOOD)
    statuses = set()
    for _ in range(300):
        damaged = bytearray(body)
        at, length = chance.randrange(len(body)), chance.randint(1, 9)
        put = (bytes([chance.randrange(256)]), b"", body[at : at + length] * 2)
        damaged[at : at + length] = chance.choice(put)
        statuses.add(assert_alike(ways, one(bytes(damaged))))
    assert statuses == {200, 400, 422}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 415),
        ([(b"content-type", b"text/plain")], 415),
        ([(b"content-type", b"application/json; charset=utf-8")], 200),
        ([(b"content-type", b"APPLICATION/JSON")], 200),
        ([JSON, (b"content-type", b"text/plain")], 200),
        ([(b"content-type", b"text/plain"), JSON], 415),
        ([JSON, (b"accept", b"text/csv")], 406),
        ([JSON, (b"accept", b"text/csv"), (b"accept", b"*/*")], 406),
        ([JSON, (b"content-length", b"x")], 400),
        ([JSON, (b"content-length", str(LIMIT + 1).encode())], 413),
        ([JSON, (b"content-length", b"9" * 5000)], 400),
        ([JSON, (b"content-length", b"7")], 200),
    ],
)
def test_whatever_the_headers(ways, headers, status):
    waiting = one(plain(GOOD))
    short, whole = (sent_by(app, waiting, headers) for app in ways)
    assert short == whole
    assert short[0] == status


def test_a_body_in_pieces_and_a_client_that_leaves(ways):
    body = plain(GOOD)
    pieces = [
        {"type": "http.request", "body": body[at : at + 50], "more_body": True}
        for at in range(0, len(body), 50)
    ]
    assert assert_alike(ways, [*pieces, *one(b"")]) == 200
    assert assert_alike(ways, pieces[:3]) == 400
    assert assert_alike(ways, []) == 400
    long = [{"type": "http.request", "body": b" " * 15_000, "more_body": True}] * 2
    assert assert_alike(ways, [*long, *one(body)]) == 413


def test_other_methods_and_paths_go_by(ways):
    body = one(plain(GOOD))
    assert assert_alike(ways, body, method="GET") == 405
    assert assert_alike(ways, body, method="HEAD") == 405
    assert assert_alike(ways, body, method="OPTIONS") == 204
    assert assert_alike(ways, body, path="/v1/quotes/") == 200
    assert assert_alike(ways, body, path="/v1/depreciation") == 422


def test_long_lives_are_left_to_the_workers(ways, monkeypatch):
    months = {"periods_per_year": 12}
    tables = reference(finance=months, hardware={"economic_life_years": 20})
    body = plain({"scenario": tables, "targets": [NPV]})
    assert assert_alike(ways, one(body)) == 200
    monkeypatch.setattr(direct, "written", lambda *_: pytest.fail("on the event loop"))
    assert direct._answer(body, "", Settings().max_body_items) is None


def test_a_quote_takes_the_short_way():
    async def nobody(scope, receive, send):
        raise AssertionError("the framework was asked")

    status, _, body = sent_by(Direct(nobody, Settings(max_body_bytes=LIMIT)), one(plain(GOOD)))
    assert status == 200
    assert body == msgspec.json.encode(quote(SCENARIO, GOOD["targets"]))


def test_a_fault_is_told_as_any_other(ways, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("inside")

    monkeypatch.setattr("economics.quote", fail)
    monkeypatch.setattr(direct, "written", fail)
    assert assert_alike(ways, one(plain(GOOD))) == 500
    assert len([one for one in caplog.records if "RuntimeError" in one.message]) == 2


def test_the_answer_for_a_shipped_scenario_is_kept_while_the_catalog_stays(ways, monkeypatch):
    asked, whole, counted = plain({"scenario": "hgx-h200", "targets": [NPV]}), direct.written, []
    monkeypatch.setattr(direct, "written", lambda *ask: counted.append(ask) or whole(*ask))
    direct._kept.cache_clear()
    answers = {sent_by(ways[0], one(asked))[2] for _ in range(3)}
    assert len(answers) == len(counted) == 1
    monkeypatch.setattr(catalog, "state", lambda: (("own", 1, 1),))
    assert sent_by(ways[0], one(asked))[2] in answers
    assert len(counted) == 2
    changed = plain({"scenario": "hgx-h200", "overrides": {"finance": {"wacc_per_year": "8%"}}})
    assert {sent_by(ways[0], one(changed))[0] for _ in range(2)} == {200}
    assert len(counted) == 3
    own = plain({"scenario": SCENARIO, "targets": [NPV]})  # whose numbers change all the time
    assert {sent_by(ways[0], one(own))[0] for _ in range(2)} == {200}
    assert len(counted) == 5


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"revenue": {"utilisation": "70%"}}, 200),
        ({"revenue": {"utilisation": {"value": 0.7, "source": "a survey", "as_of": "2026"}}}, 200),
        ({"revenue": {"kind": None}}, 200),
        ({"power": {"tariff": "us-california"}, "accelerator": "gb200-nvl72"}, 200),
        ({"given": {"it_capex_usd_per_rack": 5e6}}, 200),
        ({"given": {"value": 5e6}}, 422),
        ({"revenue": {"utilisation": 0.0}}, 200),
        ({"hardware": {"economic_life_years": 4.5}}, 422),
        ({"finance": {"debt_fraction": 0.5}}, 422),
        ({"note": 'a \\ and " and : and {[,'}, 200),
    ],
)
def test_tables_that_are_more_than_plain(ways, changes, status):
    body = plain({"scenario": reference(**changes), "targets": [NPV, "irr_per_year"]})
    assert assert_alike(ways, one(body)) == status
    with_null = body.replace(b'"utilisation": 0.7', b'"utilisation": 0.7, "ramp_years": 0')
    assert assert_alike(ways, one(with_null)) == status
