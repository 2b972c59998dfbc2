"""Clients against a service: the same questions, answers and errors as here, for both kinds."""

import asyncio
import inspect

import numpy as np
import polars
import pytest
from serving import serving

import rackrate
from rackrate.client import AsyncClient, Client
from service.answers import Quantities
from service.client import calls, conversation, failures
from service.client.clients import Question, Questions
from service.settings import Settings
from service.web.app import create_app

RACK, NPV = "hgx-h100", "npv_usd_per_rack"
USED = {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 1.0, "count": 11}
DRAWS = {"fields": {"utilisation": {"kind": "uniform", "low": 0.4, "high": 0.9}}, "count": 64}
ALIKE = {
    "quote": (RACK, [NPV]),
    "explain": (RACK, NPV, 1),
    "solve": (RACK, NPV, 0.0, "utilisation"),
    "compare": ([RACK, "hgx-h200"], [NPV]),
}


@pytest.fixture(scope="module")
def client(url):
    with Client(url) as one:
        yield one


@pytest.mark.parametrize("question", ALIKE)
def test_one_scenario_is_answered_as_here(client, question):
    asked = ALIKE[question]
    assert getattr(client, question)(*asked) == getattr(rackrate, question)(*asked)


def test_coroutines_are_answered_alike(url):
    async def ask():
        async with AsyncClient(url) as one:
            return await asyncio.gather(*(getattr(one, name)(*ALIKE[name]) for name in ALIKE))

    assert asyncio.run(ask()) == [getattr(rackrate, name)(*ALIKE[name]) for name in ALIKE]


@pytest.mark.parametrize("reduce", [None, {"kind": "frontier", "field": "utilisation"}])
def test_a_table_is_the_one_that_is_computed_here(client, reduce):
    rates = {"kind": "values", "field": "wacc_per_year", "values": [0.0, 0.1, 0.9]}
    asked = (RACK, [USED, rates], ["irr_per_year"], reduce)
    there, here = client.sweep(*asked), rackrate.sweep(*asked)
    assert (there.axes, there.shape, there.basis) == (here.axes, here.shape, here.basis)
    assert list(there.columns) == list(here.columns)
    for name, column in here.columns.items():
        assert (there.columns[name].unit, there.columns[name].description) == (
            column.unit,
            column.description,
        )
    assert (
        rackrate.frame(there)
        .cast(polars.String)
        .equals(rackrate.frame(here).cast(polars.String), null_equal=True)
    )


def test_cells_come_as_frames_and_as_files(client, url):
    asked = (RACK, [USED], ["irr_per_year"])
    here = rackrate.frame(rackrate.sweep(*asked))
    found = polars.concat(client.frames(*asked))
    assert found.equals(here, null_equal=True)
    assert found.schema == here.schema

    async def frames():
        async with AsyncClient(url) as one:
            return [rows async for rows in one.frames(*asked)]

    assert polars.concat(asyncio.run(frames())).equals(here, null_equal=True)
    text = b"".join(client.file(*asked[:2], "csv", asked[2]))
    assert polars.read_csv(text)["utilisation"].to_list() == here["utilisation"].to_list()
    with pytest.raises(rackrate.Problem, match="npv_usd_per_rack"):
        next(client.frames(RACK, [USED], ["npv_usd_per_rak"]))


def test_what_is_left_of_grids_and_draws_is_the_same(client):
    reduce = {"kind": "top", "count": 2}
    there, here = (one.sweep(RACK, [USED], [NPV], reduce) for one in (client, rackrate))
    assert there.rows == here.rows
    there, here = (one.simulate(RACK, DRAWS, [NPV]) for one in (client, rackrate))
    assert there.targets == here.targets
    there, here = (one.sensitivity(RACK, NPV, DRAWS) for one in (client, rackrate))
    assert there.bars == here.bars


def test_ready_made_questions_and_what_can_be_looked_up(client):
    assert NPV in client.cashflows(RACK).quantities
    assert "book_value_usd_per_rack" in client.depreciation(RACK).quantities
    assert "breakeven_utilisation" in client.breakeven(RACK).quantities
    assert tuple(client.catalog()) == rackrate.catalog.kinds()
    assert client.rows("rentals").keys() == rackrate.catalog.rows("rentals").keys()
    assert client.row("accelerators", RACK)["hardware"]["gpu_per_rack"]["value"] == 8
    assert client.scenarios() == rackrate.catalog.scenarios()
    assert client.scenario(RACK) == rackrate.read(RACK)
    assert client.shipped_sweeps() == rackrate.catalog.sweeps()
    assert client.shipped_sweep("stargate-rack-grid")["axes"]
    assert isinstance(client.quantities(), Quantities)
    assert client.health().model_version == client.model_version


def test_many_scenarios_as_rows_and_as_columns(client):
    frame = polars.DataFrame({"utilisation": [0.6, 1.7], "wacc_per_year": [0.1, 0.1]})
    found = client.batch(RACK, frame, [NPV])
    assert found.problems[1].where == "columns.utilisation[1]"
    made = rackrate.frame(found)
    assert made.columns == [NPV, f"{NPV}_status"]
    assert made[f"{NPV}_status"].to_list() == ["ok", "refused"]
    single = {"revenue": {"utilisation": 0.6}, "finance": {"wacc_per_year": 0.1}}
    alone = rackrate.quote(rackrate.scenario(RACK, single), [NPV]).quantities[NPV].value
    assert made[NPV].to_list() == [pytest.approx(alone, rel=1e-12), None]
    assert client.batch(RACK, {"utilisation": np.array([0.6])}, [NPV]).problems == {}
    good, bad = client.quotes([RACK, "hgx-h10"], [NPV])
    assert good.quantities == rackrate.quote(RACK, [NPV]).quantities
    assert (bad.quantities, bad.problem.where) == ({}, "scenario")


@pytest.mark.parametrize(
    "asked",
    [
        ("quote", "hgx-h10"),
        ("quote", {"revenue": {"utilisation": 1.2}}),
        ("explain", RACK, "npv"),
        ("sweep", RACK, [{**USED, "stop": 2.0}], [NPV]),
    ],
)
def test_problems_are_those_that_are_told_here(client, asked):
    name, *what = asked
    with pytest.raises(rackrate.Problem) as there:
        getattr(client, name)(*what)
    if asked[1] != "hgx-h10":  # which is a file that is not there, here
        with pytest.raises(rackrate.Problem) as here:
            getattr(rackrate, name)(*what)
        assert (str(there.value), there.value.where) == (str(here.value), here.value.where)


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (("quote", RACK, NPV), "targets"),
        (("sweep", RACK, USED, [NPV]), "axes"),
        (("simulate", RACK, {"fields": {}}, [NPV], "npv_usd_per_rack > 0"), "conditions"),
    ],
)
def test_one_value_in_the_place_of_a_list_is_told_as_such(client, asked, where):
    name, *what = asked
    with pytest.raises(rackrate.Problem) as there:
        getattr(client, name)(*what)
    assert where in {one.where for one in there.value.each}
    assert "expected a list" in str(there.value)


def test_both_clients_have_every_question_with_its_own_words():
    asked = {name: one for name, one in vars(Questions).items() if isinstance(one, Question)}
    for name, one in asked.items():
        assert inspect.signature(getattr(Client, name)) == inspect.signature(one.call)
        assert one.__doc__ == one.call.__doc__
        assert one.__name__ == name
        told = inspect.signature(getattr(Client("http://localhost"), name))
        assert told.parameters == inspect.signature(one.call).parameters
    own = inspect.getmembers(calls, inspect.isfunction)
    public = {
        name for name, one in own if one.__module__ == calls.__name__ and not name.startswith("_")
    }
    assert public <= set(vars(Questions)) | {"sweep_parts"}


def test_neither_shows_its_key(url):
    for kind in (Client, AsyncClient):
        one = kind(url, key="open-sesame")
        assert repr(one) == f"{kind.__name__}('{url}')"
        assert "open-sesame" not in repr(vars(one))


@pytest.mark.parametrize("is_async", [False, True])
def test_a_busy_service_is_asked_again(monkeypatch, is_async):
    monkeypatch.setattr(conversation, "FIRST_SECONDS", 0.001)
    whole, seen = create_app(Settings()), []

    async def busy_at_first(scope, receive, send):
        seen.append(scope["path"])
        if len(seen) > 2:
            return await whole(scope, receive, send)
        body = b'{"type": "urn:rackrate:problem:busy", "status": 503, "detail": "later"}'
        headers = [(b"retry-after", b"0")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        return await send({"type": "http.response.body", "body": body})

    async def coroutine(url):
        async with AsyncClient(url, retries=2) as one:
            return await one.quote(RACK, [NPV])

    with serving(busy_at_first) as url:
        if is_async:
            found = asyncio.run(coroutine(url))
        else:
            with Client(url, retries=2) as one:
                found = one.quote(RACK, [NPV])
        assert found == rackrate.quote(RACK, [NPV])
        assert seen == ["/v1/quotes"] * 3
        seen.clear()
        with Client(url, retries=1) as one, pytest.raises(failures.Busy, match="later") as raised:
            one.quote(RACK)
    assert raised.value.about.status == 503


def test_who_does_not_answer_in_time_is_not_asked_again():
    seen = []

    async def never(scope, receive, send):
        seen.append(scope)
        await asyncio.sleep(0.3)

    with serving(never) as url, Client(url, timeout=0.05) as one:
        with pytest.raises(failures.Unreachable, match="did not answer in time"):
            one.quote(RACK)
        assert len(seen) == 1
