"""Problems: one shape, one status for each kind, and never the fault of a stranger's bytes."""

import json

import msgspec
import pytest
import strategies
import web
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import HTTPException, MethodNotAllowedException

from economics import NoAnswer, Problem
from economics.vocabulary.problems import MissingProblem, as_one
from service.jobs.records import JobProblem
from service.web import examples
from service.web.named_scenarios import scenario_names
from service.web.problems import (
    KINDS,
    MEDIA_TYPE,
    NoEngine,
    ProblemDetails,
    Refused,
    TooLarge,
    render,
    with_head,
)
from service.web.quantities import quantities
from service.work.watch import Lost, NotDone, TimeOver


@pytest.fixture(scope="module")
def found():
    with web.client(max_seconds=20.0) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Problem("a.b", 1, "2"), 422),
        (NoAnswer("nowhere"), 422),
        (NoEngine("no device"), 503),
        (TooLarge("much"), 413),
        (TimeOver("long"), 504),
        (Lost("gone"), 503),
        (MethodNotAllowedException(), 405),
        (HTTPException(status_code=418), 400),
        (HTTPException(status_code=502), 500),
        (KeyError("inside"), 500),
    ],
)
def test_every_error_has_a_status(error, status):
    found = render(error)
    details = msgspec.json.decode(found.body, type=ProblemDetails)
    assert found.status == details.status == status
    assert "inside" not in details.detail


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1,
        0.5,
        "text",
        "x" * 1000,
        10**30,
        1e300,
        float("nan"),
        [1, 2],
        {"a": object()},
        b"bytes",
    ],
)
def test_the_value_of_a_field_is_short_and_plain(value):
    body = render(Problem("a", value, "b")).body
    assert len(body) < 700
    assert (
        json.loads(body, parse_constant=lambda name: pytest.fail(name))["errors"][0]["path"] == "a"
    )


def test_a_long_path_is_clipped():
    body = render(Problem("a" * 10**6, 1, "b" * 10**6)).body
    assert len(body) < 7000
    assert json.loads(body)["errors"][0]["path"].endswith("a ... (cut)")


def test_a_text_that_is_cut_ends_at_a_word_and_says_so():
    told = json.loads(render(Problem("a", 1, "some words " * 500)).body)
    assert told["detail"].endswith((" some ... (cut)", " words ... (cut)"))
    assert 1900 < len(told["detail"]) <= 2000
    whole = "some words " * 100
    assert json.loads(render(Problem("a", 1, whole)).body)["errors"][0]["expected"] == whole


def test_every_field_at_fault_is_listed():
    wrong = as_one([Problem("a.b", 8, "less"), Problem("c", "x", "a number")])
    listed = json.loads(render(wrong).body)["errors"]
    assert [(one["path"], one["value"]) for one in listed] == [("a.b", 8), ("c", "x")]
    missing = json.loads(render(MissingProblem("a.b", "npv", ("c", "d"))).body)
    assert [one["path"] for one in missing["errors"]] == ["a.b", "c", "d"]


def test_kinds_differ():
    assert len({(kind.status, kind.name) for kind in KINDS.values()}) == len(KINDS)
    assert all(
        issubclass(one, Refused | Problem | NoAnswer | NotDone | JobProblem) for one in KINDS
    )
    assert with_head("POST, OPTIONS") == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"hardware": {"gpu_per_rack": "nan"}}, "hardware.gpu_per_rack"),
        ({"hardware": {"gpu_per_rack": 10**30}}, "hardware.gpu_per_rack"),
        ({"finance": {"wacc_per_year": -1}}, "finance.wacc_per_year"),
        ({"finance": {"wac_per_year": 0.1}}, "finance.wac_per_year"),
        (
            {"revenue": {"price_path_usd_per_gpu_hour": [1, "inf"]}},
            "revenue.price_path_usd_per_gpu_hour[1]",
        ),
        ({"accelerator": "h1000"}, "accelerator"),
        ({"value": 1}, "value"),
        ({"power": {"tariff": "us-average", "kind": "x"}}, "power.kind"),
        ({"hardware": []}, "hardware"),
    ],
)
def test_a_bad_scenario_names_its_field(found, changes, path):
    details = web.problem(
        found.post("/v1/quotes", json={"scenario": {**examples.SCENARIO, **changes}}),
        422,
        "bad-input",
    )
    assert [one["path"] for one in details["errors"]] == [path]


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["nan", "inf"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "kind", "source", "a", ""]), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS, QUANTITIES = sorted(quantities().fields), sorted(quantities().quantities)
NAMES = (
    st.sampled_from(QUANTITIES)
    | st.sampled_from(FIELDS)
    | st.sampled_from(["book_value_usd_per_rack[3]", "tax_usd_per_rack_by_year[0]", "x", ""])
)
NUMBERS = st.sampled_from([0, 1, -1, 0.5, 3, 12, 1e15, -1e15, 1e-300]) | st.floats(-10, 1e6)
AXES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["linspace", "logspace"]),
        "field": st.sampled_from(FIELDS),
        "start": NUMBERS,
        "stop": NUMBERS,
        "count": st.integers(-1, 4),
    }
) | st.fixed_dictionaries(
    {
        "kind": st.just("values"),
        "field": st.sampled_from(FIELDS),
        "values": st.lists(NUMBERS, max_size=3),
    }
)
REDUCE = (
    st.sampled_from(
        [
            {"kind": kind}
            for kind in ("cells", "summary", "top", "bottom", "histogram", "share", "none")
        ]
    )
    | JUNK
)


@st.composite
def scenarios(draw):
    """Good ones, good ones with a field changed, and rubbish."""
    if draw(st.booleans()):
        return draw(st.sampled_from(scenario_names()) | JUNK)
    tables = json.loads(json.dumps(draw(strategies.scenarios())))
    for _ in range(draw(st.integers(0, 3))):
        info = quantities().fields[draw(st.sampled_from(FIELDS))][0]
        table, _, field = info.path.rpartition(".")
        if table == "revenue.tranches[0]":
            tables["revenue"] |= {
                "kind": "contract",
                "tranches": [{"hours_fraction": 1, field: draw(NUMBERS | JUNK)}],
            }
        else:
            tables.setdefault(table, {})[field] = draw(NUMBERS | JUNK)
    if draw(st.integers(0, 4)) == 0:
        tables["given"] = draw(st.dictionaries(st.sampled_from(QUANTITIES), NUMBERS, max_size=2))
    return tables


REQUESTS = {
    "/v1/quotes": st.fixed_dictionaries(
        {"scenario": scenarios()}, optional={"targets": st.lists(NAMES, max_size=4) | JUNK}
    ),
    "/v1/cashflows": st.fixed_dictionaries({"scenario": scenarios()}),
    "/v1/depreciation": st.fixed_dictionaries({"scenario": scenarios()}, optional={"x": JUNK}),
    "/v1/sweeps": st.fixed_dictionaries(
        {"scenario": scenarios(), "axes": st.lists(AXES, max_size=3) | JUNK},
        optional={
            "targets": st.lists(NAMES, max_size=3),
            "reduce": REDUCE,
            "backend": st.sampled_from(["auto", "numpy"]) | JUNK,
        },
    ),
    "/v1/solve": st.fixed_dictionaries(
        {"scenario": scenarios(), "target": NAMES, "value": NUMBERS | JUNK, "unknown": NAMES},
        optional={"between": st.tuples(NUMBERS, NUMBERS) | JUNK},
    ),
    "/v1/explain": st.fixed_dictionaries(
        {"scenario": scenarios(), "target": NAMES}, optional={"depth": st.integers(-1, 5) | JUNK}
    ),
}


def check(response):
    assert response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.headers["content-type"] == MEDIA_TYPE
    json.loads(response.content, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


@pytest.mark.parametrize("path", sorted(REQUESTS))
@given(data=st.data())
def test_no_request_is_our_fault(found, path, data):
    body = data.draw(REQUESTS[path])
    packed = msgspec.msgpack.encode(body) if data.draw(st.booleans()) and _fits(body) else None
    check(
        web.raw(found, path, packed, web.MSGPACK)
        if packed is not None
        else found.post(path, json=body)
    )


def _fits(body):
    try:
        msgspec.msgpack.encode(body)
    except OverflowError:
        return False
    return True


@given(
    path=st.sampled_from(sorted(REQUESTS)),
    body=st.binary(max_size=300),
    media=st.sampled_from(["application/json", web.MSGPACK]),
)
def test_no_bytes_are_our_fault(found, path, body, media):
    response = web.raw(found, path, body, media)
    assert 400 <= response.status_code < 500


@given(
    path=st.text(max_size=30),
    accept=st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=30),
    media=st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=30),
)
def test_no_path_or_header_is_our_fault(found, path, accept, media):
    from urllib.parse import quote

    headers = {
        "accept": accept,
        "content-type": media,
        "if-none-match": accept,
        "authorization": media,
    }
    for method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE"):
        for start in ("/", "/v1/catalog/", "/v1/quotes?", "/v1/scenarios/"):
            assert found.request(method, start + quote(path), headers=headers).status_code < 500
