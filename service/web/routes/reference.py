"""What there is to ask about: catalog rows, shipped scenarios and sweeps, quantities and fields."""

from collections.abc import Mapping
from typing import Annotated as A
from typing import Any

from litestar import Response, get
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from economics.scenario import catalog as rows
from economics.vocabulary.problems import Problem, UnknownProblem
from service.answers import Quantities
from service.files.reading import shipped_names
from service.web import named_scenarios
from service.web.problems import NotThere, field_error
from service.web.quantities import quantities as everything
from service.web.responses import AnyRequest, lasting_answer

Row = Mapping[str, Any]
KindName = A[
    str,
    PathParameter(
        description="kind of rows", format="CatalogKind", examples=[Example(value="accelerators")]
    ),
]
RowName = A[
    str,
    PathParameter(
        description="name of a row; GET /v1/catalog lists them all",
        examples=[Example(value="hgx-h100")],
    ),
]
ScenarioName = A[
    str,
    PathParameter(
        description="a shipped scenario",
        format="ScenarioName",
        examples=[Example(value="reference-project")],
    ),
]

SweepName = A[
    str,
    PathParameter(description="a shipped sweep", examples=[Example(value="stargate-rack-grid")]),
]


def look_up(find: Any, **names: str) -> Any:
    """What is known by some names of a path. Errors: NotThere, of the name that is not known."""
    try:
        return find(*names.values())
    except UnknownProblem as problem:
        where = next((name for name, value in names.items() if value == problem.value), "")
        told = Problem(where, problem.value, problem.expected)
        raise NotThere(str(told), (field_error(told),)) from None


@get(
    "/catalog",
    operation_id="listCatalog",
    tags=["Reference"],
    summary="The kinds of catalog rows and the names of their rows",
)
async def catalog(request: AnyRequest) -> Response[dict[str, list[str]]]:
    """Names of rows by kind."""
    return lasting_answer({kind: list(rows.rows(kind)) for kind in rows.KINDS}, request)


@get(
    "/catalog/{kind:str}",
    operation_id="readCatalogKind",
    tags=["Reference"],
    summary="All rows of a kind",
)
async def catalog_kind(kind: KindName, request: AnyRequest) -> Response[dict[str, Row]]:
    """Rows by name, each number with its source and date."""
    return lasting_answer(dict(look_up(rows.rows, kind=kind)), request)


@get(
    "/catalog/{kind:str}/{row:str}",
    operation_id="readCatalogRow",
    tags=["Reference"],
    summary="One row",
)
async def catalog_row(kind: KindName, row: RowName, request: AnyRequest) -> Response[Row]:
    """Each number with its source and date."""
    return lasting_answer(look_up(rows.row, kind=kind, row=row), request)


@get(
    "/scenarios",
    operation_id="listScenarios",
    tags=["Reference"],
    summary="The names of the shipped scenarios",
)
async def scenario_names(request: AnyRequest) -> Response[list[str]]:
    """Names that a request may state as its scenario."""
    return lasting_answer(list(named_scenarios.scenario_names()), request)


@get(
    "/scenarios/{name:str}",
    operation_id="readScenario",
    tags=["Reference"],
    summary="A shipped scenario's tables",
)
async def scenario(name: ScenarioName, request: AnyRequest) -> Response[Row]:
    """As they are written, each number with its source and date."""
    return lasting_answer(look_up(named_scenarios.shipped_scenario, name=name), request)


@get(
    "/sweeps",
    operation_id="listSweeps",
    tags=["Reference"],
    summary="The names of the shipped sweeps",
)
async def sweep_names(request: AnyRequest) -> Response[list[str]]:
    """Sweeps of shipped scenarios, to look at."""
    return lasting_answer(list(shipped_names("sweeps")), request)


@get(
    "/sweeps/{sweep:str}",
    operation_id="readSweep",
    tags=["Reference"],
    summary="A shipped sweep's parts",
)
async def sweep_parts(sweep: SweepName, request: AnyRequest) -> Response[Row]:
    """As they are written: a scenario, axes, targets, a reduction."""
    return lasting_answer(look_up(named_scenarios.shipped_sweep, sweep=sweep), request)


@get(
    "/quantities",
    operation_id="listQuantities",
    tags=["Reference"],
    summary="All quantities and all fields of a scenario",
)
async def quantities(request: AnyRequest) -> Response[Quantities]:
    """Units, descriptions, bounds and defaults."""
    return lasting_answer(everything(), request)


ROUTES = (
    *(catalog, catalog_kind, catalog_row),
    *(scenario_names, scenario, sweep_names, sweep_parts, quantities),
)
