"""Quotes of many scenarios in one request: row by row, or as columns over arrays; in a worker
process."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RequestBody
from msgspec import Raw, Struct

import economics
from economics import NoAnswer, Problem
from economics.questions.written import as_record, written
from economics.scenario.reading import Sourced
from economics.sweeps.batch import batch
from economics.sweeps.prepared import Progress
from service.settings import Settings
from service.web.formats import JSON, answer_format
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
    Names,
    QuoteRequest,
    RowAnswer,
    RowProblem,
    RowsAnswer,
)
from service.web.workers import Workers


def answer_rows(asked: BatchRows, media: str, watch: Progress) -> RowsAnswer:
    """An answer for each scenario; what is wrong with one is told in its place."""
    rows, answers = len(asked.scenarios), list[RowAnswer]()
    answered: Any = _as_json if media == JSON else _as_record
    for at, scenario in enumerate(asked.scenarios):
        watch(at, rows)
        one = QuoteRequest(scenario=scenario, targets=asked.targets)
        try:
            answers.append(answered(asked_scenario(one), asked.targets))
        except (Problem, NoAnswer) as error:
            answers.append(RowAnswer(problem=problem_details(error, one)))
    return RowsAnswer(answers=answers)


def _as_json(sourced: Sourced, targets: Names | None) -> Raw:
    return Raw(written(sourced, targets, RowAnswer))


def _as_record(sourced: Sourced, targets: Names | None) -> Struct:
    return as_record(economics.quote(sourced, targets), RowAnswer)


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


def run_batch(asked: BatchRequest, media: str, watch: Progress) -> RowsAnswer | ColumnsAnswer:
    """The answer to a batch. Errors: Problem, NoAnswer, and those of the watch."""
    if isinstance(asked, BatchRows):
        return answer_rows(asked, media, watch)
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
    media = answer_format(request.headers.get("accept"))
    return await worked_answer(workers, request, run_batch, data, media)


ROUTES = (quotes_batch,)
