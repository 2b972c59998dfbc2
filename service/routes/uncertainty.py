"""What becomes of targets when fields are uncertain, and which fields matter."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from economics import Sensitivity, Simulation
from service.answers import AnyRequest, answer
from service.problems import OK
from service.schema import SensitivityRequest, SimulationRequest
from service.settings import Settings
from service.uncertainty import ranked, simulated
from service.work import Workers


@post("/simulations", status_code=OK, operation_id="simulate", summary="Draw uncertain fields and say what becomes of targets")
async def simulations(
    data: RequestBody[SimulationRequest], request: AnyRequest, workers: NamedDependency[Workers], settings: NamedDependency[Settings]
) -> Response[Simulation]:
    """Means, quantiles and probabilities over the draws, each with its interval."""
    return answer(await workers.run(simulated, data, settings), request)


@post("/sensitivity", status_code=OK, operation_id="sensitivity", summary="Rank the inputs on which a target depends")
async def sensitivities(
    data: RequestBody[SensitivityRequest], request: AnyRequest, workers: NamedDependency[Workers], settings: NamedDependency[Settings]
) -> Response[Sensitivity]:
    """How far each input alone moves the target, and how much of its variance each one stands for."""
    return answer(await workers.run(ranked, data, settings), request)


ROUTES = (simulations, sensitivities)
