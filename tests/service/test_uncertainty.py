"""Simulations and sensitivity as the service runs them: limits, engines."""

import sys

import pytest

from service import examples
from service.problems import NoEngine, TooLarge
from service.schema import SensitivityRequest, SimulationRequest
from service.settings import Settings
from service.uncertainty import ranked, simulated

DRAWN = {"scenario": examples.SHIPPED, "draws": examples.DRAWN}


def request(kind, **parts):
    from economics.scenario import checked

    return checked({**DRAWN, **parts}, kind, "")


def test_a_simulation_by_the_engine_of_the_service():
    assert simulated(request(SimulationRequest, targets=[examples.NPV]), Settings(backend="jit")).backend == "jit"
    assert simulated(request(SimulationRequest, targets=[examples.NPV], backend="numpy"), Settings(backend="jit")).backend == "numpy"
    assert ranked(request(SensitivityRequest, target=examples.NPV), Settings(backend="jit")).backend == "jit"


def test_more_memory_than_is_given_is_refused():
    many = {**examples.DRAWN, "count": 800_000}
    with pytest.raises(TooLarge, match="bytes of memory were asked for") as caught:
        simulated(request(SimulationRequest, draws=many, targets=[examples.NPV]), Settings(max_sweep_bytes=2**20))
    assert caught.value.errors[0].path == "targets"


def test_more_time_than_is_given_is_refused():
    many = {**examples.DRAWN, "count": 800_000}
    with pytest.raises(TooLarge, match="the most that one request may take"):
        simulated(request(SimulationRequest, draws=many, targets=["irr_per_year"]), Settings(max_seconds=1e-3))


def test_what_cannot_run_here_is_named(monkeypatch):
    with pytest.raises(NoEngine, match="backend = 'cuda'") as caught:
        simulated(request(SimulationRequest, backend="cuda"), Settings())
    assert caught.value.errors[0].path == "backend"
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(NoEngine, match="scipy is not installed"):
        ranked(request(SensitivityRequest, target=examples.NPV), Settings())
