"""What there is to ask about: catalog rows, shipped scenarios and sweeps, quantities and fields."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from economics.scenario import catalog as rows
from economics.vocabulary.problems import UnknownProblem
from service.answers import Quantities
from service.files.reading import shipped_names
from service.web import named_scenarios
from service.web.problems import NotThere, field_error
from service.web.quantities import quantities as everything
from service.web.responses import AnyRequest, lasting_answer

Row = Mapping[str, Any]


def look_up(find: Any, *names: str) -> Any:
    """What is known by some names of a path. Errors: NotThere."""
    try:
        return find(*names)
    except UnknownProblem as problem:
        raise NotThere(str(problem), (field_error(problem),)) from None


@get(
    "/catalog",
    operation_id="listCatalog",
    summary="The kinds of catalog rows and the names of their rows",
)
async def catalog(request: AnyRequest) -> Response[dict[str, list[str]]]:
    """Names of rows by kind."""
    return lasting_answer({kind: list(rows.rows(kind)) for kind in rows.KINDS}, request)


@get("/catalog/{kind:str}", operation_id="readCatalogKind", summary="All rows of a kind")
async def catalog_kind(kind: FromPath[str], request: AnyRequest) -> Response[dict[str, Row]]:
    """Rows by name, each number with its source and date."""
    return lasting_answer(dict(look_up(rows.rows, kind)), request)


@get("/catalog/{kind:str}/{row:str}", operation_id="readCatalogRow", summary="One row")
async def catalog_row(
    kind: FromPath[str], row: FromPath[str], request: AnyRequest
) -> Response[Row]:
    """Each number with its source and date."""
    return lasting_answer(look_up(rows.row, kind, row), request)


@get("/scenarios", operation_id="listScenarios", summary="The names of the shipped scenarios")
async def scenario_names(request: AnyRequest) -> Response[list[str]]:
    """Names that a request may state as its scenario."""
    return lasting_answer(list(named_scenarios.scenario_names()), request)


@get("/scenarios/{name:str}", operation_id="readScenario", summary="A shipped scenario's tables")
async def scenario(name: FromPath[str], request: AnyRequest) -> Response[Row]:
    """As they are written, each number with its source and date."""
    return lasting_answer(look_up(named_scenarios.shipped_scenario, name), request)


@get("/sweeps", operation_id="listSweeps", summary="The names of the shipped sweeps")
async def sweep_names(request: AnyRequest) -> Response[list[str]]:
    """Sweeps of shipped scenarios, to look at."""
    return lasting_answer(list(shipped_names("sweeps")), request)


@get("/sweeps/{name:str}", operation_id="readSweep", summary="A shipped sweep's parts")
async def sweep(name: FromPath[str], request: AnyRequest) -> Response[Row]:
    """As they are written: a scenario, axes, targets, a reduction."""
    return lasting_answer(look_up(named_scenarios.shipped_sweep, name), request)


@get(
    "/quantities",
    operation_id="listQuantities",
    summary="All quantities and all fields of a scenario",
)
async def quantities(request: AnyRequest) -> Response[Quantities]:
    """Units, descriptions, bounds and defaults."""
    return lasting_answer(everything(), request)


ROUTES = (
    *(catalog, catalog_kind, catalog_row),
    *(scenario_names, scenario, sweep_names, sweep, quantities),
)
