"""Solve, explain and compare: which value of a field meets a target, how a number comes about, what
differs between scenarios.
"""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import Comparison, Explanation, Solution
from service.web.named_scenarios import asked_tables, tables_of
from service.web.operations.exchange import take_cells
from service.web.problems import OK
from service.web.responses import AnyRequest, answer
from service.web.schema import CompareRequest, ExplainRequest, SolveRequest
from service.web.workers import Workers


@post(
    "/solve",
    status_code=OK,
    operation_id="solve",
    summary="Find the values of a field at which a target is met",
)
async def solve(
    data: RequestBody[SolveRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
) -> Response[Solution]:
    """All roots that samples of the field's range can see."""
    take_cells(request, 1)
    asked = (asked_tables(data), data.target, data.value, data.unknown, data.between)
    found = await workers.run(request.receive, lambda watch: economics.solve(*asked, watch))
    return answer(found, request)


@post(
    "/explain",
    status_code=OK,
    operation_id="explain",
    summary="Derive a number, formula by formula",
)
async def explain(
    data: RequestBody[ExplainRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Explanation]:
    """The number's formula and its inputs, each explained in turn, down to stated fields with their
    sources.
    """
    take_cells(request, 1)
    asked = (asked_tables(data), data.target, data.depth)
    return answer(await workers.run(request.receive, lambda _: economics.explain(*asked)), request)


@post("/comparisons", status_code=OK, operation_id="compare", summary="Put scenarios side by side")
async def compare(
    data: RequestBody[CompareRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
) -> Response[Comparison]:
    """Inputs that differ, answers side by side, and the bridge from the first scenario's answer to
    each other one's.
    """
    take_cells(request, len(data.scenarios))
    scenarios = [tables_of(one, f"scenarios[{at}]") for at, one in enumerate(data.scenarios)]
    asked = (scenarios, data.targets, data.bridge)
    found = await workers.run(request.receive, lambda watch: economics.compare(*asked, watch))
    return answer(found, request)


ROUTES = (solve, explain, compare)
