"""Solve, explain and compare: which value of a field meets a target, how a number comes about, what
differs between scenarios.
"""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import Comparison, Explanation, Solution
from economics.sweeps.prepared import Progress
from economics.vocabulary.problems import all_of
from service.web.front.exchange import take_cells
from service.web.named_scenarios import asked_tables, tables_of
from service.web.problems import OK
from service.web.responses import AnyRequest, worked_answer
from service.web.schema import CompareRequest, ExplainRequest, SolveRequest
from service.web.workers import Workers


def run_solve(asked: SolveRequest, watch: Progress) -> Solution:
    """The answer to a solve. Errors: Problem, NoAnswer, and those of the watch."""
    tables = asked_tables(asked)
    return economics.solve(tables, asked.target, asked.value, asked.unknown, asked.between, watch)


def run_explain(asked: ExplainRequest, _: Progress) -> Explanation:
    """How a number comes about. Errors: Problem, NoAnswer."""
    return economics.explain(asked_tables(asked), asked.target, asked.depth)


def run_compare(asked: CompareRequest, watch: Progress) -> Comparison:
    """What differs between scenarios. Errors: Problem, NoAnswer, and those of the watch."""
    named = [(one, f"scenarios[{at}]") for at, one in enumerate(asked.scenarios)]
    scenarios = all_of(lambda one: tables_of(*one), named)
    return economics.compare(scenarios, asked.targets, asked.bridge, watch)


@post(
    "/solve",
    status_code=OK,
    operation_id="solve",
    tags=["Questions"],
    summary="Find the values of a field at which a target is met",
)
async def solve(
    data: RequestBody[SolveRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
) -> Response[Solution]:
    """All roots that samples of the field's range can see."""
    take_cells(request, 1)
    return await worked_answer(workers, request, run_solve, data)


@post(
    "/explain",
    status_code=OK,
    operation_id="explain",
    tags=["Questions"],
    summary="Derive a number, formula by formula",
)
async def explain(
    data: RequestBody[ExplainRequest], request: AnyRequest, workers: NamedDependency[Workers]
) -> Response[Explanation]:
    """The number's formula and its inputs, each explained in turn, down to stated fields with their
    sources.
    """
    take_cells(request, 1)
    return await worked_answer(workers, request, run_explain, data)


@post(
    "/comparisons",
    status_code=OK,
    operation_id="compare",
    tags=["Questions"],
    summary="Put scenarios side by side",
)
async def compare(
    data: RequestBody[CompareRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
) -> Response[Comparison]:
    """Inputs that differ, answers side by side, and the bridge from the first scenario's answer to
    each other one's.
    """
    take_cells(request, len(data.scenarios))
    return await worked_answer(workers, request, run_compare, data)


ROUTES = (solve, explain, compare)
