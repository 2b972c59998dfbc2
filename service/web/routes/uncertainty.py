"""What becomes of targets when fields are uncertain, and which fields matter: refused before
anything is computed where too large.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from economics import Sensitivity, Simulation, sensitivity
from economics.uncertainty import simulate
from kernels.grids.sampling import NoSampler
from kernels.language.verbs import BackendError
from service.settings import Settings
from service.web.named_scenarios import tables
from service.web.problems import OK, FieldError, NoEngine, TooLarge
from service.web.responses import AnyRequest, answer
from service.web.schema import SensitivityRequest, SimulationRequest
from service.web.workers import Workers, deadline


def simulated(asked: SimulationRequest, settings: Settings) -> Simulation:
    """The answer to a simulation. Errors: TooLarge, Problem, NoEngine."""
    with _here(spec := _spec(asked, settings)):
        plan = simulate.prepare(spec)
        if plan.prepared.bytes > settings.max_sweep_bytes:
            most = f"at most {settings.max_sweep_bytes} bytes of memory"
            detail = (
                f"{plan.prepared.bytes} bytes of memory were asked for, {most} are given; ask for"
                " fewer targets or draws"
            )
            raise TooLarge(detail, (FieldError("targets", plan.prepared.bytes, most),))
        return simulate.run(plan, deadline(settings.max_seconds))


def ranked(asked: SensitivityRequest, settings: Settings) -> Sensitivity:
    """The answer to a question of sensitivity. Errors: TooLarge, Problem, NoEngine."""
    with _here(spec := _spec(asked, settings)):
        return sensitivity(spec, progress=deadline(settings.max_seconds))


def _spec(asked: SimulationRequest | SensitivityRequest, settings: Settings) -> dict[str, Any]:
    """What was stated, with the service's engine where none was."""
    stated = {name: getattr(asked, name) for name in asked.__struct_fields__}
    return {
        "backend": settings.backend,
        **{name: v for name, v in stated.items() if v is not None},
        "scenario": tables(asked.scenario),
    }


@contextmanager
def _here(spec: Mapping[str, Any]) -> Iterator[None]:
    """Errors: NoEngine for what cannot run here."""
    try:
        yield
    except NoSampler as error:
        raise NoEngine(str(error)) from None
    except BackendError as error:
        raise NoEngine(
            str(error),
            (FieldError("backend", spec["backend"], "an engine that runs here, or auto"),),
        ) from None


@post(
    "/simulations",
    status_code=OK,
    operation_id="simulate",
    summary="Draw uncertain fields and say what becomes of targets",
)
async def simulations(
    data: RequestBody[SimulationRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    settings: NamedDependency[Settings],
) -> Response[Simulation]:
    """Means, quantiles and probabilities over the draws, each with its interval."""
    return answer(await workers.run(simulated, data, settings), request)


@post(
    "/sensitivity",
    status_code=OK,
    operation_id="sensitivity",
    summary="Rank the inputs on which a target depends",
)
async def sensitivities(
    data: RequestBody[SensitivityRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    settings: NamedDependency[Settings],
) -> Response[Sensitivity]:
    """How far each input alone moves the target, and how much of its variance each one
    stands for.
    """
    return answer(await workers.run(ranked, data, settings), request)


ROUTES = (simulations, sensitivities)
