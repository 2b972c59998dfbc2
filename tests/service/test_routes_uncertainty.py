"""Simulations and sensitivity over HTTP."""

import sys

import msgspec
import pytest
import web

import economics
from service.settings import Settings
from service.web import examples
from service.web.problems import NoEngine, TooLarge
from service.web.routes.uncertainty import run_sensitivity, run_simulation
from service.web.schema import SensitivityRequest, SimulationRequest
from service.work.watch import TimeOver, Watch

NPV = examples.NPV


def watch(seconds):
    return Watch(seconds, lambda: False)


NO_LIMIT = watch(600.0)
SIMULATION = {
    "scenario": examples.SCENARIO,
    "draws": examples.DRAWN,
    "targets": [NPV],
    "conditions": [f"{NPV} > 0"],
}


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


def plain(answer):
    return {name: part for name, part in answer.items() if name != "seconds"}


def test_a_simulation_is_the_librarys(found):
    answer = found.post("/v1/simulations", json=SIMULATION).json()
    assert plain(answer) == plain(
        msgspec.json.decode(msgspec.json.encode(economics.simulate(SIMULATION)))
    )
    assert answer["targets"][NPV]["quantiles"]["p50"].keys() == {
        "value",
        "standard_error",
        "low",
        "high",
    }


def test_sensitivity_is_the_librarys(found):
    asked = {"scenario": examples.SCENARIO, "target": NPV, "by_fraction": 0.2, "backend": "numpy"}
    answer = found.post("/v1/sensitivity", json=asked).json()
    assert plain(answer) == plain(
        msgspec.json.decode(msgspec.json.encode(economics.sensitivity(asked)))
    )


def test_a_sweep_may_draw(found):
    axes = [{"kind": "draws", **examples.DRAWN, "count": 64}]
    answer = found.post(
        "/v1/sweeps",
        json={"scenario": examples.SCENARIO, "axes": axes, "targets": [NPV, "utilisation"]},
    ).json()
    assert answer["shape"] == [64]
    assert answer["columns"]["draw"]["values"][:3] == [0.0, 1.0, 2.0]
    assert len(set(answer["columns"]["utilisation"]["values"])) == 64


def with_field(**distribution):
    return {
        "draws": {
            "fields": {
                "pue": {"kind": "uniform", "low": 1.1, "high": 1.4},
                "utilisation": distribution,
            }
        }
    }


@pytest.mark.parametrize(
    ("more", "path", "expected"),
    [
        ({"draws": None}, "draws", "a table"),
        (
            with_field(kind="uniform", low=0.9, high=0.5),
            "draws.fields.utilisation.high",
            "at least low",
        ),
        (with_field(kind="uniform", low=0.5), "draws.fields.utilisation.high", "a value"),
        (
            with_field(kind="beta", low=0.5),
            "draws.fields.utilisation.kind",
            "'uniform' or 'triangular'",
        ),
        (
            with_field(kind="uniform", low="half", high=1),
            "draws.fields.utilisation.low",
            "a number",
        ),
        (
            with_field(kind="discrete", values=[0.5], probabilities=[1.5]),
            "draws.fields.utilisation.probabilities[0]",
            "<= 1",
        ),
        ({"draws": {**examples.DRAWN, "count": 10**7}}, "draws.count", "<= 1000000"),
        (
            {"draws": {"fields": {"utilization": examples.PRICE}}},
            "draws.fields.utilization",
            "did you mean utilisation",
        ),
        ({"conditions": ["npv"]}, "conditions[0]", "a condition such as"),
        ({"axes": []}, "axes", "part of the request"),
    ],
)
def test_a_bad_simulation_says_where(found, more, path, expected):
    details = web.problem(
        found.post("/v1/simulations", json={**SIMULATION, **more}), 422, "bad-input"
    )
    assert details["errors"][0]["path"] == path
    assert expected in details["errors"][0]["expected"]


def test_a_matrix_that_cannot_be_is_named(found):
    share = {"kind": "uniform", "low": 0.1, "high": 0.4}
    fields = {
        "pue": {"kind": "uniform", "low": 1.1, "high": 1.4},
        "tax_rate": share,
        "utilisation": share,
    }
    known = (
        ("pue", "tax_rate", 0.9),
        ("tax_rate", "utilisation", 0.9),
        ("pue", "utilisation", -0.9),
    )
    pairs = [{"between": [a, b], "coefficient": c} for a, b, c in known]
    asked = {**SIMULATION, "draws": {"fields": fields, "correlations": pairs}}
    (error,) = web.problem(found.post("/v1/simulations", json=asked), 422, "bad-input")["errors"]
    assert error["path"] == "draws.correlations"
    assert "[1.0, 0.9, -0.9]" in error["value"]
    assert (
        error["expected"]
        == "a positive semi-definite matrix of pue, tax_rate, utilisation; this one's least"
        " eigenvalue is -0.8"
    )


DRAWN = {"scenario": examples.SHIPPED, "draws": examples.DRAWN}


def request(kind, **parts):
    from economics.scenario.checking import checked

    return checked({**DRAWN, **parts}, kind, "")


def test_a_simulation_by_the_engine_of_the_service():
    assert (
        run_simulation(
            request(SimulationRequest, targets=[examples.NPV]), Settings(backend="jit"), NO_LIMIT
        ).backend
        == "jit"
    )
    assert (
        run_simulation(
            request(SimulationRequest, targets=[examples.NPV], backend="numpy"),
            Settings(backend="jit"),
            NO_LIMIT,
        ).backend
        == "numpy"
    )
    assert (
        run_sensitivity(
            request(SensitivityRequest, target=examples.NPV), Settings(backend="jit"), NO_LIMIT
        ).backend
        == "jit"
    )


def test_more_memory_than_is_given_is_refused():
    many = {**examples.DRAWN, "count": 800_000}
    with pytest.raises(TooLarge, match="bytes of memory were asked for") as caught:
        run_simulation(
            request(SimulationRequest, draws=many, targets=[examples.NPV]),
            Settings(max_sweep_bytes=2**20),
            NO_LIMIT,
        )
    assert caught.value.errors[0].path == "targets"


def test_more_time_than_is_given_is_refused():
    many = {**examples.DRAWN, "count": 800_000}
    with pytest.raises(TimeOver, match="the most that one request may take"):
        run_simulation(
            request(SimulationRequest, draws=many, targets=["irr_per_year"]),
            Settings(),
            watch(1e-3),
        )


def test_a_sensitivity_has_the_same_limit_from_its_draws_on(monkeypatch):
    monkeypatch.setattr("economics.uncertainty.sensitivity.tornado", lambda *_: pytest.fail("on"))
    with pytest.raises(TimeOver, match="the most that one request may take"):
        run_sensitivity(request(SensitivityRequest, target=NPV), Settings(), watch(1e-3))


def test_what_cannot_run_here_is_named(monkeypatch):
    with pytest.raises(NoEngine, match="backend = 'cuda'") as caught:
        run_simulation(request(SimulationRequest, backend="cuda"), Settings(), NO_LIMIT)
    assert caught.value.errors[0].path == "backend"
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(NoEngine, match="scipy is not installed"):
        run_sensitivity(request(SensitivityRequest, target=examples.NPV), Settings(), NO_LIMIT)
