"""One scenario's answers: quotes, breakeven, depreciation, cash flows.

On the event loop where that takes a moment, in a worker process where lives are long.
"""

from collections.abc import Callable

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import Quote
from economics.questions import ready_made
from economics.scenario.durations import periods_of
from economics.sweeps.prepared import Progress
from service.web.named_scenarios import asked_scenario
from service.web.problems import OK
from service.web.responses import AnyRequest, answer, worked_answer
from service.web.schema import QuoteRequest, ScenarioRequest
from service.web.workers import Workers

# the default quantities over so many take a few milliseconds; longer lives would hold up others
INLINE_PERIODS = 60


def run_quote(asked: QuoteRequest, _: Progress) -> Quote:
    """The answer to targets for one scenario. Errors: Problem, NoAnswer."""
    return economics.quote(asked_scenario(asked), asked.targets)


def run_question(asked: ScenarioRequest, question: str, _: Progress) -> Quote:
    """The answer to a ready-made question about one scenario. Errors: Problem, NoAnswer."""
    return ready_made.answer(question, asked_scenario(asked))


async def _answer(
    workers: Workers,
    request: AnyRequest,
    work: Callable[..., Quote],
    asked: ScenarioRequest,
    *more: str,
) -> Response[Quote]:
    """What some work gives, here or in a worker process. Errors: Problem, NoAnswer, Busy."""
    if periods_of(asked_scenario(asked)) <= INLINE_PERIODS:
        return answer(work(asked, *more, lambda *_: None), request)
    return await worked_answer(workers, request, work, asked, *more)


@post(
    "/quotes",
    status_code=OK,
    operation_id="quote",
    tags=["Quotes"],
    summary="Answer quantities for one scenario",
)
async def quotes(
    data: RequestBody[QuoteRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Values with units, descriptions and status, and the scenario with every default filled in."""
    return await _answer(workers, request, run_quote, data)


@post(
    "/depreciation",
    status_code=OK,
    operation_id="depreciation",
    tags=["Quotes"],
    summary="Book, tax and economic value by year",
)
async def depreciation(
    data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Book value, tax value, value in use and the gap, by year, and what each year writes off."""
    return await _answer(workers, request, run_question, data, "depreciate")


@post(
    "/breakeven",
    status_code=OK,
    operation_id="breakeven",
    tags=["Quotes"],
    summary="Utilisations and prices at which it breaks even",
)
async def breakeven(
    data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """A rack's three lines of breakeven utilisation and its prices, beside what it states of both;
    or what breaks even where there is no rack.
    """
    return await _answer(workers, request, run_question, data, "breakeven")


@post(
    "/cashflows",
    status_code=OK,
    operation_id="cashflow",
    tags=["Quotes"],
    summary="The lines of the cash flow by year",
)
async def cashflows(
    data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Revenue, running cost, tax, debt service and flows by operating year, and the returns."""
    return await _answer(workers, request, run_question, data, "cashflow")


ROUTES = (quotes, breakeven, depreciation, cashflows)
