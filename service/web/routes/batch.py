"""Quotes of many scenarios in one request: row by row, or as columns over arrays; in a thread."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import NoAnswer, Problem
from economics.sweeps.batch import batch
from service.settings import Settings
from service.web.limits import check_batch
from service.web.named_scenarios import asked_scenario
from service.web.operations.exchange import take_cells
from service.web.problems import OK, problem_details
from service.web.responses import AnyRequest, answer
from service.web.schema import (
    BatchColumns,
    BatchRequest,
    BatchRows,
    ColumnsAnswer,
    RowAnswer,
    RowProblem,
    RowsAnswer,
    ScenarioRequest,
)
from service.web.workers import Watch, Workers


def answer_rows(asked: BatchRows, settings: Settings, watch: Watch) -> RowsAnswer:
    """An answer for each scenario; what is wrong with one is told in its place. Errors:
    TooLarge.
    """
    check_batch("scenarios", len(asked.scenarios), asked.targets, settings)
    rows = len(asked.scenarios)
    answers = list[RowAnswer]()
    for at, scenario in enumerate(asked.scenarios):
        watch(at, rows)
        answers.append(_row(scenario, asked.targets))
    return RowsAnswer(answers=answers)


def _row(scenario: Any, targets: tuple[str, ...] | None) -> RowAnswer:
    asked = ScenarioRequest(scenario=scenario)
    try:
        found = economics.quote(asked_scenario(asked), targets)
    except (Problem, NoAnswer) as error:
        return RowAnswer(problem=problem_details(error))
    return RowAnswer(
        quantities=found.quantities, notices=found.notices, unanswered=found.unanswered
    )


def answer_columns(asked: BatchColumns, settings: Settings, watch: Watch) -> ColumnsAnswer:
    """Each quantity in all rows. Errors: TooLarge, Problem, NoAnswer."""
    rows = scenarios_of(asked)
    check_batch("columns", rows, asked.targets, settings)
    found = batch(asked_scenario(asked), asked.columns, asked.targets, watch)
    problems = [RowProblem(row, problem_details(error)) for row, error in found.problems.items()]
    return ColumnsAnswer(
        rows=rows,
        quantities=found.quantities,
        problems=problems,
        unanswered=dict(found.unanswered),
        basis=found.basis,
    )


def scenarios_of(asked: BatchRequest) -> int:
    """How many scenarios a batch has."""
    if isinstance(asked, BatchRows):
        return len(asked.scenarios)
    return max(map(len, asked.columns.values()))


def run_batch(
    asked: BatchRequest, settings: Settings, request: AnyRequest, watch: Watch
) -> Response[RowsAnswer | ColumnsAnswer]:
    """The answer to a batch, encoded. Errors: TooLarge, Problem, NoAnswer."""
    found: RowsAnswer | ColumnsAnswer = (
        answer_rows(asked, settings, watch)
        if isinstance(asked, BatchRows)
        else answer_columns(asked, settings, watch)
    )
    return answer(found, request)


@post(
    "/quotes/batch",
    status_code=OK,
    operation_id="batch",
    summary="Answer quantities for many scenarios",
)
async def quotes_batch(
    data: RequestBody[BatchRequest],
    request: AnyRequest,
    workers: NamedDependency[Workers],
    settings: NamedDependency[Settings],
) -> Response[RowsAnswer | ColumnsAnswer]:
    """Scenarios one by one (`rows`), or one scenario with a value of some fields for each row
    (`columns`), answered as columns. A row that is wrong is told as a problem in its place.
    """
    take_cells(request, scenarios_of(data))
    return await workers.run(
        request.receive, lambda watch: run_batch(data, settings, request, watch)
    )


ROUTES = (quotes_batch,)
