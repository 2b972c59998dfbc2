"""The service beside the least that it could be, over HTTP.

One core serves, another asks (wrk, over loopback), in turns; times are what the server's processes
work for a request, of a batch for one scenario. *Raw* is an ASGI application that decodes the same
body by its types, answers it by the same kept plan and sends the same bytes, and does nothing else.
*FastAPI* has pydantic models of the whole request and the whole answer, and evaluates the same kept
plan. All run under uvicorn with uvloop and httptools; ours also checks keys, bodies and limits,
gives request ids, counts and logs. A ratio of 0.75 for raw means that ours answers 0.75 times as
many requests. Ours keeps the answers for shipped scenarios as bytes; raw computes them each time.
"""

import json
from functools import partial

import pytest
import served
from racks import reference
from served import Asked, Servers
from turns import Entry, in_turns

from economics import quote
from economics.models.rack import TARGETS
from service.files.reading import scenario_tables

pytestmark = pytest.mark.skipif(served.WRK is None, reason="wrk is not installed: apt install wrk")
SHIPPED, ONE = "nvl72-neocloud", ("cost_usd_per_gpu_hour",)
ROWS, BODIES = 1000, 16
USES = [0.5 + use / (2 * ROWS) for use in range(ROWS)]


def own(use):
    """A rack of its own, by its utilisation."""
    return reference(revenue={"utilisation": use})


def quotes(scenarios, targets, connections=16):
    """Requests for quotes."""
    asked = [json.dumps({"scenario": one, "targets": targets}) for one in scenarios]
    return Asked("/v1/quotes", tuple(asked), connections)


OWN = [*map(own, USES[:: ROWS // BODIES])]
QUESTIONS = {  # scenarios, targets, least times of FastAPI
    "a shipped scenario, one target": ([SHIPPED], ONE, 3),
    "own tables of a yearly rack, 20 targets": (OWN, TARGETS, 2),
}
BATCHES = {"one target": (ONE, 20), "20 targets": (TARGETS, 6)}  # least times of columns


def has_values_of(scenario, targets):
    """A check that an answer has the values of a quote, to the last bit."""

    def check(body):
        found = quote(scenario_tables(scenario) if scenario == SHIPPED else scenario, targets)
        expected = {name: one.value for name, one in found.quantities.items()}
        answer = json.loads(body)["quantities"]
        assert {name: one["value"] for name, one in answer.items()} == expected

    return check


def beside_rivals(title, connections):
    """Ours, raw and FastAPI."""
    scenarios, targets, times = QUESTIONS[title]
    check = has_values_of(scenarios[0], targets)
    rivals = {
        name: partial(served.serving, "tests/benchmarks/rivals_http.py", name.lower())
        for name in ("raw", "FastAPI")
    }
    entries = (
        Entry("ours", served.ours, check=check, engine="ours", note="bar for p99: 6 times"),
        Entry("raw", rivals["raw"], check=check, note="bar 0.75"),
        Entry("FastAPI", rivals["FastAPI"], check=check, note=f"bar {times}"),
    )
    asked = quotes(scenarios, targets, connections)
    where = f"{title}, {connections} connections"
    return Servers(where, entries, {one.name: asked for one in entries})


def batches(title):
    """A thousand scenarios as columns and as rows, beside as many requests."""
    targets, times = BATCHES[title]
    columns = {"kind": "columns", "scenario": own(0.5), "columns": {"utilisation": USES}}
    rows = {"kind": "rows", "scenarios": [*map(own, USES)]}
    bodies = {"columns": columns, "rows": rows}
    asked = {
        name: Asked("/v1/quotes/batch", (json.dumps({**body, "targets": targets}),), requests=5)
        for name, body in bodies.items()
    }
    entries = (
        Entry(
            "single quotes", served.ours, check=len, note=f"bar {times} over columns, 3 over rows"
        ),
        Entry("columns", served.ours, ROWS, check=len, engine="columns"),
        Entry("rows", served.ours, ROWS, check=len, engine="rows"),
    )
    return Servers(
        f"own tables, {title}", entries, {"single quotes": quotes(OWN, targets), **asked}
    )


@pytest.mark.parametrize(
    ("group", "entry"),
    in_turns(
        *(beside_rivals(title, count) for title in QUESTIONS for count in (16, 64)),
        *map(batches, BATCHES),
    ),
)
def test_service(benchmark, group, entry):
    """Times of a scenario."""
    group.replay(benchmark, entry)
