"""What becomes of targets when fields are uncertain, and which fields matter: refused before
anything is computed where too large.
"""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from economics import Sensitivity, Simulation, sensitivity
from economics.sweeps.prepared import Progress
from economics.uncertainty.sensitivity import COUNT
from economics.uncertainty.simulate import prepare, run
from service.settings import Settings
from service.web.asked_specs import sensitivity_spec, simulation_spec
from service.web.front.exchange import take_cells
from service.web.job_desk import JobDesk
from service.web.job_questions import submitted
from service.web.limits import check_memory, engine_problems, job_instead
from service.web.preferences import prefers_job
from service.web.problems import OK
from service.web.responses import AnyRequest, worked_answer
from service.web.schema import SensitivityRequest, SimulationRequest
from service.web.workers import Workers

USUAL_INPUTS = 14  # of a scenario whose inputs are not stated, for the rate of cells
MIXED = 2  # tables of draws, beside one for each input


def run_simulation(asked: SimulationRequest, settings: Settings, watch: Progress) -> Simulation:
    """The answer to a simulation. Errors: TooLarge, Problem, NoEngine, and those of the watch."""
    spec = simulation_spec(asked, settings)
    with engine_problems(spec.backend):
        simulation = prepare(spec)
        check_memory(simulation.prepared.bytes, settings, "draws")
        watch(0, 1)
        return run(simulation, watch)


def run_sensitivity(asked: SensitivityRequest, settings: Settings, watch: Progress) -> Sensitivity:
    """The answer to a question of sensitivity. Errors: Problem, NoEngine, and those of the
    watch.
    """
    spec = sensitivity_spec(asked, settings)
    with engine_problems(spec.backend):
        return sensitivity(spec, progress=watch)


@post(
    "/simulations",
    status_code=OK,
    operation_id="simulate",
    tags=["Uncertainty"],
    summary="Draw uncertain fields and say what becomes of targets",
)
async def simulations(
    data: RequestBody[SimulationRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    desk: NamedDependency[JobDesk],
    settings: NamedDependency[Settings],
) -> Response[Simulation]:
    """Means, quantiles and probabilities over the draws, each with its interval."""
    take_cells(request, data.draws.count)
    if prefers_job(request.headers):
        return await submitted(data, request, workers, desk, settings)
    with job_instead():
        return await worked_answer(workers, request, run_simulation, data, settings)


@post(
    "/sensitivity",
    status_code=OK,
    operation_id="sensitivity",
    tags=["Uncertainty"],
    summary="Rank the inputs on which a target depends",
)
async def sensitivities(
    data: RequestBody[SensitivityRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    desk: NamedDependency[JobDesk],
    settings: NamedDependency[Settings],
) -> Response[Sensitivity]:
    """How far each input alone moves the target, and how much of its variance each one
    stands for.
    """
    drawn = data.draws
    inputs = len(drawn.fields) if drawn else USUAL_INPUTS
    take_cells(request, (drawn.count if drawn else COUNT) * (inputs + MIXED))
    if prefers_job(request.headers):
        return await submitted(data, request, workers, desk, settings)
    with job_instead():
        return await worked_answer(workers, request, run_sensitivity, data, settings)


ROUTES = (simulations, sensitivities)
