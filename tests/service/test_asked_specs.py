"""What requests ask of many scenarios, as specs."""

import pytest

from economics import Problem
from economics.scenario.checking import checked
from economics.sweeps.spec import SweepSpec
from economics.uncertainty.sensitivity import SensitivitySpec
from economics.uncertainty.simulate import SimulationSpec
from service.settings import Settings
from service.web.asked_specs import grid_spec, spec_of
from service.web.examples import EXAMPLES
from service.web.schema import SensitivityRequest, SimulationRequest, SweepRequest

KINDS = {
    "sweep": (SweepRequest, SweepSpec),
    "simulate": (SimulationRequest, SimulationSpec),
    "sensitivity": (SensitivityRequest, SensitivitySpec),
}


@pytest.mark.parametrize("operation", KINDS)
def test_each_request_is_the_spec_of_its_kind_with_the_engine_of_the_service(operation):
    record, kind = KINDS[operation]
    for body in EXAMPLES[operation].values():
        asked = checked(body, record, "")
        spec = spec_of(asked, Settings(backend="numpy"))
        assert isinstance(spec, kind)
        assert spec.backend == "numpy"
        assert spec.scenario
        own = spec_of(checked({**body, "backend": "jit"}, record, ""), Settings(backend="numpy"))
        assert own.backend == "jit"


def test_the_grid_of_a_sweep_is_known_before_its_scenario_is_read():
    asked = checked({**EXAMPLES["sweep"]["cells"], "scenario": "nowhere"}, SweepRequest, "")
    assert grid_spec(asked, Settings()).cells == 21
    with pytest.raises(Problem, match="nowhere"):
        spec_of(asked, Settings())
