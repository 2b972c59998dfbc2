"""Simulations and sensitivity over HTTP: refused before anything is computed where they are too large."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from economics import Sensitivity, Simulation, sensitivity, simulating
from kernels.backend import BackendError
from kernels.sample import NoSampler
from service.problems import FieldError, NoEngine, TooLarge
from service.scenarios import tables
from service.schema import SensitivityRequest, SimulationRequest
from service.settings import Settings
from service.work import deadline


def simulated(asked: SimulationRequest, settings: Settings) -> Simulation:
    """The answer to a simulation. Errors: TooLarge, Problem, NoEngine."""
    with _here(spec := _spec(asked, settings)):
        plan = simulating.prepare(spec)
        if plan.prepared.bytes > settings.max_sweep_bytes:
            most = f"at most {settings.max_sweep_bytes} bytes of memory"
            detail = f"{plan.prepared.bytes} bytes of memory were asked for, {most} are given; ask for fewer targets or draws"
            raise TooLarge(detail, (FieldError("targets", plan.prepared.bytes, most),))
        return simulating.run(plan, deadline(settings.max_seconds))


def ranked(asked: SensitivityRequest, settings: Settings) -> Sensitivity:
    """The answer to a question of sensitivity. Errors: TooLarge, Problem, NoEngine."""
    with _here(spec := _spec(asked, settings)):
        return sensitivity(spec, progress=deadline(settings.max_seconds))


def _spec(asked: SimulationRequest | SensitivityRequest, settings: Settings) -> dict[str, Any]:
    """What was stated, with the service's engine where none was."""
    stated = {name: getattr(asked, name) for name in asked.__struct_fields__}
    return {"backend": settings.backend, **{name: v for name, v in stated.items() if v is not None}, "scenario": tables(asked.scenario)}


@contextmanager
def _here(spec: Mapping[str, Any]) -> Iterator[None]:
    """Errors: NoEngine for what cannot run here."""
    try:
        yield
    except NoSampler as error:
        raise NoEngine(str(error)) from None
    except BackendError as error:
        raise NoEngine(str(error), (FieldError("backend", spec["backend"], "an engine that runs here, or auto"),)) from None
