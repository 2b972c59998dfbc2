"""What requests ask of many scenarios, as specs: the same whether they are answered or are jobs."""

from msgspec.structs import replace

from economics.sweeps.spec import SweepSpec
from economics.uncertainty.sensitivity import SensitivitySpec
from economics.uncertainty.simulate import SimulationSpec
from service.settings import Settings
from service.web.named_scenarios import asked_scenario, asked_tables
from service.web.schema import SensitivityRequest, SimulationRequest, SweepRequest

LongRequest = SweepRequest | SimulationRequest | SensitivityRequest


def spec_of(asked: LongRequest, settings: Settings) -> SweepSpec | SimulationSpec | SensitivitySpec:
    """What is asked, with its scenario. Errors: TooLarge, Problem."""
    if isinstance(asked, SweepRequest):
        return replace(grid_spec(asked, settings), scenario=asked_scenario(asked))
    if isinstance(asked, SimulationRequest):
        return simulation_spec(asked, settings)
    return sensitivity_spec(asked, settings)


def grid_spec(asked: SweepRequest, settings: Settings) -> SweepSpec:
    """What is asked of a sweep, but for its scenario."""
    return SweepSpec(
        scenario={},
        axes=asked.axes,
        targets=asked.targets,
        reduce=asked.reduce,
        backend=asked.backend or settings.backend,
    )


def simulation_spec(asked: SimulationRequest, settings: Settings) -> SimulationSpec:
    """What is asked of a simulation. Errors: TooLarge, Problem."""
    return SimulationSpec(
        scenario=asked_tables(asked),
        draws=asked.draws,
        targets=asked.targets,
        conditions=asked.conditions,
        backend=asked.backend or settings.backend,
    )


def sensitivity_spec(asked: SensitivityRequest, settings: Settings) -> SensitivitySpec:
    """What is asked of a target's inputs. Errors: TooLarge, Problem."""
    return SensitivitySpec(
        scenario=asked_tables(asked),
        target=asked.target,
        draws=asked.draws,
        by_fraction=asked.by_fraction,
        backend=asked.backend or settings.backend,
    )
