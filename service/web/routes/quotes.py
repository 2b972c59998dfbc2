"""One scenario's answers: quotes, depreciation, cash flows.

On the event loop where that takes a moment, in a thread where lives are long.
"""

from collections.abc import Callable, Iterable
from functools import partial

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import Quote
from economics.questions.quote import quote_stated
from economics.questions.ready_made import ready
from economics.scenario.durations import periods_of
from economics.scenario.reading import Sourced
from service.web.named_scenarios import asked_scenario
from service.web.problems import OK
from service.web.responses import AnyRequest, answer
from service.web.schema import QuoteRequest, ScenarioRequest
from service.web.workers import Receive, Workers

# the default quantities over so many take a few milliseconds; longer lives would hold up others
INLINE_PERIODS = 60


async def quote_targets(
    asked: ScenarioRequest, targets: Iterable[str] | None, workers: Workers, receive: Receive
) -> Quote:
    """The answer to targets for one scenario. Errors: Problem, NoAnswer, Busy."""
    sourced = asked_scenario(asked)
    return await _answer(sourced, partial(economics.quote, sourced, targets), workers, receive)


async def answer_question(
    asked: ScenarioRequest, question: str, workers: Workers, receive: Receive
) -> Quote:
    """The answer to a ready-made question about one scenario. Errors: Problem, NoAnswer, Busy."""
    sourced = asked_scenario(asked)
    targets = ready(question, sourced.scenario)
    return await _answer(sourced, partial(quote_stated, sourced, targets), workers, receive)


async def _answer(
    sourced: Sourced, asked: Callable[[], Quote], workers: Workers, receive: Receive
) -> Quote:
    if periods_of(sourced) <= INLINE_PERIODS:
        return asked()
    return await workers.run(receive, lambda _: asked())


@post("/quotes", status_code=OK, operation_id="quote", summary="Answer quantities for one scenario")
async def quotes(
    data: RequestBody[QuoteRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Values with units, descriptions and status, and the scenario with every default filled in."""
    return answer(await quote_targets(data, data.targets, workers, request.receive), request)


@post(
    "/depreciation",
    status_code=OK,
    operation_id="depreciation",
    summary="Book, tax and economic value by year",
)
async def depreciation(
    data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Book value, tax value, value in use and the gap, by year, and what each year writes off."""
    return answer(await answer_question(data, "depreciate", workers, request.receive), request)


@post(
    "/cashflows",
    status_code=OK,
    operation_id="cashflow",
    summary="The lines of the cash flow by year",
)
async def cashflows(
    data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Quote]:
    """Revenue, running cost, tax, debt service and flows by operating year, and the returns."""
    return answer(await answer_question(data, "cashflow", workers, request.receive), request)


ROUTES = (quotes, depreciation, cashflows)
