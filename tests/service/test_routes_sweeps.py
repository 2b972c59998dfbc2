"""Sweeps over HTTP."""

from functools import partial

import msgspec
import pytest
import web

from economics.scenario.checking import checked
from kernels.grids import engine_choice, engine_table
from kernels.grids.engine_table import CUDA
from kernels.language.verbs import BackendError
from service.settings import Settings
from service.web import examples
from service.web.formats import JSON
from service.web.problems import FieldError, NoEngine
from service.web.routes.sweeps import begin_sweep
from service.web.schema import SweepRequest

AXES = [examples.PRICES, examples.USE]


@pytest.fixture(scope="module")
def found():
    with web.client(max_inline_cells=20, max_sweep_cells=1000, max_sweep_bytes=2**26) as client:
        yield client


def asked(**more):
    return {
        "scenario": examples.SCENARIO,
        "axes": [examples.USE],
        "targets": ["npv_usd_per_rack"],
        **more,
    }


def test_cells_are_columns(found):
    answer = found.post("/v1/sweeps", json=asked()).json()
    assert answer["axes"] == ["utilisation"]
    assert answer["shape"] == [3]
    assert answer["columns"]["utilisation"]["values"] == [0.5, 0.7, 0.9]
    column = answer["columns"]["npv_usd_per_rack"]
    assert column["unit"] == "usd/rack"
    one = found.post(
        "/v1/quotes", json={"scenario": examples.SCENARIO, "targets": ["npv_usd_per_rack"]}
    ).json()
    assert column["values"][1] == pytest.approx(
        one["quantities"]["npv_usd_per_rack"]["value"], rel=1e-12
    )


def test_too_many_cells_are_refused_with_both_numbers(found, monkeypatch):
    monkeypatch.setattr("economics.prepare", lambda *_: pytest.fail("computed"))
    details = web.problem(found.post("/v1/sweeps", json=asked(axes=AXES)), 413, "too-large")
    assert details["errors"] == [
        {"path": "axes", "value": 21, "expected": "at most 20 cells in an answer"}
    ]
    assert "summary" in details["detail"]


def test_a_reduction_takes_more_cells(found):
    assert (
        found.post("/v1/sweeps", json=asked(axes=AXES, reduce={"kind": "summary"})).json()["cells"]
        == 21
    )
    many = [{**examples.PRICES, "count": 1001}]
    details = web.problem(
        found.post("/v1/sweeps", json=asked(axes=many, reduce={"kind": "summary"})),
        413,
        "too-large",
    )
    assert details["errors"][0]["value"] == 1001


def test_a_grid_that_no_machine_holds_is_refused_at_once(found):
    fields = [
        "utilisation",
        "pue",
        "tax_rate",
        "availability",
        "spare_fraction",
        "idle_load_fraction",
        "residual_fraction",
    ]
    axes = [
        {"kind": "linspace", "field": field, "start": 0.0, "stop": 1.0, "count": 1_000_000}
        for field in fields
    ]
    details = web.problem(
        found.post("/v1/sweeps", json=asked(axes=axes, reduce={"kind": "summary"})),
        413,
        "too-large",
    )
    assert f"{10**42:,} cells" in details["detail"]


def test_memory_and_time_are_limited(found):
    with web.client(max_sweep_bytes=2**20) as narrow:
        details = web.problem(
            narrow.post("/v1/sweeps", json=asked(axes=[{**examples.PRICES, "count": 100_000}])),
            413,
            "too-large",
        )
        assert details["errors"][0]["path"] == "targets"
    with web.client(max_seconds=1e-6) as hasty:
        axes = [
            {**examples.PRICES, "count": 1000},
            {**examples.USE, "kind": "linspace", "start": 0.1, "stop": 0.9, "count": 1000},
        ]
        del axes[1]["values"]
        web.problem(
            hasty.post("/v1/sweeps", json=asked(axes=axes, reduce={"kind": "summary"})),
            504,
            "time-over",
        )


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"axes": []}, "axes"),
        (
            {
                "axes": [
                    {"kind": "linspace", "field": "utilisation", "start": 0, "stop": 2, "count": 3}
                ]
            },
            "axes[0]",
        ),
        (
            {
                "axes": [
                    {"kind": "linspace", "field": "utilisation", "start": 0, "stop": 1, "count": 0}
                ]
            },
            "axes[0].count",
        ),
        ({"axes": [{"kind": "values", "field": "utilization", "values": [1]}]}, "axes[0].field"),
        ({"axes": [{"kind": "rows", "name": "r", "fields": {"pue": 1}}]}, "axes[0].fields"),
        ({"reduce": {"kind": "top", "count": 0}}, "reduce.count"),
        ({"reduce": {"kind": "share", "condition": "npv_usd_per_rack"}}, "reduce.condition"),
        ({"targets": ["cost"]}, "targets"),
        ({"scenario": "nothing-like-it"}, "scenario"),
        ({"backend": 3}, "backend"),
        ({"backend": ""}, "backend"),
    ],
)
def test_a_bad_sweep_says_where(found, more, path):
    details = web.problem(found.post("/v1/sweeps", json=asked(**more)), 422, "bad-input")
    assert details["errors"][0]["path"].startswith(path)


def test_an_engine_that_is_not_known_is_named_with_the_near_ones(found):
    details = web.problem(found.post("/v1/sweeps", json=asked(backend="nunpy")), 422, "bad-input")
    (error,) = details["errors"]
    assert (error["path"], error["value"]) == ("backend", "nunpy")
    assert (
        error["expected"]
        == f"a known engine ({', '.join(engine_choice.NAMES)}); did you mean numpy?"
    )


@pytest.mark.parametrize(
    "name", ["auto", *(one.name for one in engine_table.ENGINES if one.missing() is None)]
)
def test_each_engine_gives_the_same_numbers(found, name):
    more = {
        "axes": AXES,
        "targets": ["npv_usd_per_rack", "breakeven_utilisation"],
        "reduce": {"kind": "summary"},
    }
    answer = found.post("/v1/sweeps", json=asked(backend=name, **more))
    ours, plain = (
        answer.json(),
        found.post("/v1/sweeps", json=asked(backend="numpy", **more)).json(),
    )
    assert (ours["backend"], ours["why"]) == (
        (name, "asked for") if name != "auto" else ("numpy", "little to compute: under 0.01 s")
    )
    for target, summary in plain["targets"].items():
        own = ours["targets"][target]
        assert own.pop("quantiles") == pytest.approx(summary.pop("quantiles"), rel=1e-11)
        for part, value in summary.items():
            assert (
                own[part] == pytest.approx(value, rel=1e-11)
                if isinstance(value, float)
                else own[part] == value
            )


def test_a_request_stands_above_the_setting():
    with web.client(backend="jit") as client:
        answers = [
            client.post("/v1/sweeps", json=asked(**more)).json()
            for more in ({}, {"backend": "numpy"}, {"backend": None})
        ]
    assert [(one["backend"], one["why"]) for one in answers] == [
        ("jit", "asked for"),
        ("numpy", "asked for"),
        ("jit", "asked for"),
    ]


def run(settings=None, **more):
    record = checked(asked(**more), SweepRequest, "")
    encoded = begin_sweep(record, settings or Settings(), JSON, lambda *_: None)
    return msgspec.json.decode(encoded)


def test_an_engine_that_is_not_there_is_a_problem_with_its_reason_whoever_asks_for_it(monkeypatch):
    monkeypatch.setattr(engine_table, "find_spec", lambda name: None)
    by_setting = Settings(backend="jit")
    for ask in (partial(run, backend="jit"), partial(run, by_setting)):
        with pytest.raises(
            NoEngine, match=r"^backend = 'jit': llvmlite is not installed"
        ) as caught:
            ask()
        expected = FieldError("backend", "jit", "an engine that runs here, or auto")
        assert caught.value.errors == (expected,)
    assert run(by_setting, backend="auto")["backend"] == "numpy"


def test_an_engine_that_fails_on_the_way_is_a_problem_too(monkeypatch):
    def fail(*_):
        raise BackendError("backend = 'numpy': it has gone")

    monkeypatch.setattr("economics.run", fail, raising=False)
    with pytest.raises(NoEngine, match=r"^backend = 'numpy': it has gone$") as caught:
        run(backend="numpy")
    assert caught.value.errors[0].path == "backend"


@pytest.mark.skipif(CUDA.missing() is None, reason="there is a device")
def test_an_engine_that_is_not_there_is_told_from_the_worker_process(found):
    details = web.problem(found.post("/v1/sweeps", json=asked(backend="cuda")), 503, "no-backend")
    assert details["detail"].startswith("backend = 'cuda': ")
    assert details["errors"] == [
        {"path": "backend", "value": "cuda", "expected": "an engine that runs here, or auto"}
    ]
