"""One scenario's answers: quotes, depreciation, cash flows."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from economics import Quote
from service.answers import AnyRequest, answer
from service.problems import OK
from service.quotes import answered, quoted
from service.schema import QuoteRequest, ScenarioRequest
from service.work import Workers


@post("/quotes", status_code=OK, operation_id="quote", summary="Answer quantities for one scenario")
async def quotes(data: RequestBody[QuoteRequest], request: AnyRequest, workers: NamedDependency[Workers]) -> Response[Quote]:
    """Values with units, descriptions and status, and the scenario with every default filled in."""
    return answer(await quoted(data.scenario, data.targets, workers), request)


@post("/depreciation", status_code=OK, operation_id="depreciation", summary="Book, tax and economic value by year")
async def depreciation(data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]) -> Response[Quote]:
    """Book value, tax value, value in use and the gap, by year, and what each year writes off."""
    return answer(await answered(data.scenario, "depreciate", workers), request)


@post("/cashflows", status_code=OK, operation_id="cashflow", summary="The lines of the cash flow by year")
async def cashflows(data: RequestBody[ScenarioRequest], request: AnyRequest, workers: NamedDependency[Workers]) -> Response[Quote]:
    """Revenue, running cost, tax, debt service and flows by operating year, and the returns."""
    return answer(await answered(data.scenario, "cashflow", workers), request)


ROUTES = (quotes, depreciation, cashflows)
