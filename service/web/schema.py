"""Requests and answers of the HTTP service that are not already records of `economics`."""

from typing import Annotated as A
from typing import Any, Union

from msgspec import UNSET, Meta, Struct, UnsetType

from economics.models.assembly import MODEL_VERSION
from economics.questions.compare import MOST_SCENARIOS
from economics.questions.quote import Quantity
from economics.scenario.basis import Basis
from economics.sweeps.axes import MOST_AXES, AnyAxis
from economics.sweeps.batch import BatchColumn
from economics.sweeps.distributions import Drawn
from economics.sweeps.spec import Cells, Reduction
from economics.uncertainty.sensitivity import ByFraction
from economics.uncertainty.simulate import Conditions
from kernels.grids.engine_choice import NAMES
from service.web.problems import ProblemDetails

Name = A[str, Meta(min_length=1, max_length=200)]
Names = A[tuple[Name, ...], Meta(max_length=1000)]
Number = A[float, Meta(ge=-1e18, le=1e18)]
Tables = A[
    dict[str, Any] | str, Meta(description="a scenario's tables, or the name of a shipped one")
]
Targets = A[Names | None, Meta(description="quantities; the usual ones if not stated")]
Engine = A[
    A[Name, Meta(extra_json_schema={"enum": list(NAMES)})] | None,  # no Literal has near matches
    Meta(description="the engine; the one that the service is set to if not stated"),
]
Text = A[str, Meta(max_length=10_000)]


class ScenarioRequest(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One scenario, and what is changed in it."""

    scenario: Tables
    overrides: A[
        dict[str, Any],
        Meta(
            description=(
                "tables over those of the scenario: null takes a field out; a row of the catalog"
                " that is named here fills its fields over the scenario's"
            )
        ),
    ] = {}


class QuoteRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One scenario and what is asked of it."""

    targets: Targets = None


class BatchRows(
    Struct, tag="rows", tag_field="kind", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Scenarios of any kind, one by one, and what is asked of each."""

    scenarios: A[
        tuple[Any, ...],
        Meta(min_length=1, description="tables, or the names of shipped scenarios"),
    ]
    targets: Targets = None


class BatchColumns(
    ScenarioRequest,
    tag="columns",
    tag_field="kind",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
):
    """One scenario, of which some fields have a value for each row."""

    columns: A[
        dict[Name, tuple[A[Any, Meta(description='a number, or a percentage: "8%"')], ...]],
        Meta(min_length=1, description="a value for each row, by the names that axes have"),
    ]
    targets: Targets = None


BatchRequest = Union[BatchRows, BatchColumns]  # noqa: UP007  msgspec reads it


class SweepRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A base scenario, what varies, what is asked of each cell, and what is to be left of
    the grid.
    """

    axes: A[tuple[AnyAxis, ...], Meta(min_length=1, max_length=MOST_AXES)]
    targets: Targets = None
    reduce: A[
        Reduction, Meta(description="what is left of the cells; all of them if not stated")
    ] = Cells()
    backend: Engine = None
    name: Text | None = None
    source: Text | None = None
    as_of: Text | None = None
    note: Text | None = None


class SimulationRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A base scenario, which of its fields are uncertain, and what is asked of each draw."""

    draws: Drawn
    targets: Targets = None
    conditions: A[
        Conditions,
        Meta(description="such as npv_usd_per_rack > 0, whose probabilities are asked for"),
    ] = ()
    backend: Engine = None
    name: Text | None = None
    source: Text | None = None
    as_of: Text | None = None
    note: Text | None = None


class SensitivityRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A base scenario, a target, and how far its inputs go."""

    target: Name
    draws: A[
        Drawn | None,
        Meta(
            description="the inputs; every stated number on which the target depends if not stated"
        ),
    ] = None
    by_fraction: A[
        ByFraction | None,
        Meta(
            description="how far inputs that are not stated go down and up; a tenth if not stated"
        ),
    ] = None
    backend: Engine = None


class SolveRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Which value of a field makes a target what is wanted."""

    target: Name
    value: A[Number, Meta(description="what the target should be")]
    unknown: A[
        Name,
        Meta(description="the field that may vary, or `given.` and the name of a quantity"),
    ]
    between: A[
        tuple[Number, Number] | None,
        Meta(description="where to look; all that the field can be if not stated"),
    ] = None


class CompareRequest(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Scenarios of one model, what is asked of each, and the quantity that bridges explain."""

    scenarios: A[tuple[Tables, ...], Meta(min_length=2, max_length=MOST_SCENARIOS)]
    targets: A[
        Names | None, Meta(description="quantities; the usual ones that all have if not stated")
    ] = None
    bridge: A[
        Name | None,
        Meta(description="one number; the NPV, or the first of the targets, if not stated"),
    ] = None


class ExplainRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Whose derivation is asked for."""

    target: Name
    depth: A[
        A[int, Meta(ge=0, le=1000)] | None,
        Meta(description="formulas deep; down to the inputs if not stated"),
    ] = None


class RowAnswer(Struct, frozen=True, kw_only=True):
    """What is answered of one scenario, as one quote has it; or the problem that it is."""

    quantities: dict[str, Quantity] | UnsetType = UNSET
    notices: tuple[str, ...] | UnsetType = UNSET
    unanswered: dict[str, tuple[str, ...]] | UnsetType = UNSET
    problem: ProblemDetails | UnsetType = UNSET


class RowsAnswer(Struct, tag="rows", tag_field="kind", frozen=True, kw_only=True):
    """An answer for each scenario, in their order."""

    answers: list[RowAnswer]
    model_version: str = MODEL_VERSION


class RowProblem(Struct, frozen=True):
    """What is wrong with a row."""

    row: A[int, Meta(ge=0, description="its place, from 0")]
    problem: ProblemDetails


class ColumnsAnswer(Struct, tag="columns", tag_field="kind", frozen=True, kw_only=True):
    """Each quantity in all rows, and what is wrong with those that are refused."""

    rows: int
    quantities: dict[str, BatchColumn]
    problems: list[RowProblem]
    unanswered: A[
        dict[str, tuple[str, ...]],
        Meta(description="usual quantities that need fields that are not stated, with those"),
    ]
    basis: A[Basis, Meta(description="the scenario that the rows change")]
