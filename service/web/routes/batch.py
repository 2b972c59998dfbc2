"""Quotes of many scenarios in one request: row by row, or as columns over arrays; in a worker
process."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

import economics
from economics import NoAnswer, Problem
from economics.sweeps.batch import batch
from economics.sweeps.prepared import Progress
from service.settings import Settings
from service.web.front.exchange import take_cells
from service.web.limits import check_batch
from service.web.named_scenarios import asked_scenario
from service.web.problems import OK, problem_details
from service.web.responses import AnyRequest, worked_answer
from service.web.schema import (
    BatchColumns,
    BatchRequest,
    BatchRows,
    ColumnsAnswer,
    QuoteRequest,
    RowAnswer,
    RowProblem,
    RowsAnswer,
)
from service.web.workers import Workers


def answer_rows(asked: BatchRows, watch: Progress) -> RowsAnswer:
    """An answer for each scenario; what is wrong with one is told in its place."""
    rows = len(asked.scenarios)
    answers = list[RowAnswer]()
    for at, scenario in enumerate(asked.scenarios):
        watch(at, rows)
        answers.append(_row(scenario, asked.targets))
    return RowsAnswer(answers=answers)


def _row(scenario: Any, targets: tuple[str, ...] | None) -> RowAnswer:
    asked = QuoteRequest(scenario=scenario, targets=targets)
    try:
        found = economics.quote(asked_scenario(asked), targets)
    except (Problem, NoAnswer) as error:
        return RowAnswer(problem=problem_details(error, asked))
    return RowAnswer(
        quantities=found.quantities, notices=found.notices, unanswered=found.unanswered
    )


def answer_columns(asked: BatchColumns, watch: Progress) -> ColumnsAnswer:
    """Each quantity in all rows. Errors: Problem, NoAnswer."""
    found = batch(asked_scenario(asked), asked.columns, asked.targets, watch)
    problems = [
        RowProblem(row, problem_details(error, asked)) for row, error in found.problems.items()
    ]
    return ColumnsAnswer(
        rows=max(map(len, asked.columns.values())),
        quantities=found.quantities,
        problems=problems,
        unanswered=dict(found.unanswered),
        basis=found.basis,
    )


def run_batch(asked: BatchRequest, watch: Progress) -> RowsAnswer | ColumnsAnswer:
    """The answer to a batch. Errors: Problem, NoAnswer, and those of the watch."""
    if isinstance(asked, BatchRows):
        return answer_rows(asked, watch)
    return answer_columns(asked, watch)


@post(
    "/quotes/batch",
    status_code=OK,
    operation_id="batch",
    tags=["Quotes"],
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
    if isinstance(data, BatchRows):
        path, count = "scenarios", len(data.scenarios)
    else:
        path, count = "columns", max(map(len, data.columns.values()))
    check_batch(path, count, data.targets, settings)
    take_cells(request, count)
    return await worked_answer(workers, request, run_batch, data)


ROUTES = (quotes_batch,)
