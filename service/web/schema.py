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
from economics.vocabulary.name_kinds import FieldName, TargetName
from kernels.grids.engine_choice import NAMES
from service.web.problems import ProblemDetails

Name = A[str, Meta(min_length=1, max_length=200)]
Target = A[TargetName, Meta(min_length=1, max_length=200)]
Field = A[FieldName, Meta(min_length=1, max_length=200)]
Names = A[tuple[Target, ...], Meta(max_length=1000)]
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

    axes: A[
        tuple[AnyAxis, ...],
        Meta(min_length=1, max_length=MOST_AXES),
        Meta(description="what varies"),
    ]
    targets: Targets = None
    reduce: A[
        Reduction, Meta(description="what is left of the cells; all of them if not stated")
    ] = Cells()
    backend: Engine = None
    name: A[Text | None, Meta(description="what it is called")] = None
    source: A[Text | None, Meta(description="where its numbers come from")] = None
    as_of: A[Text | None, Meta(description="of when they are")] = None
    note: A[Text | None, Meta(description="what was assumed")] = None


class SimulationRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A base scenario, which of its fields are uncertain, and what is asked of each draw."""

    draws: A[Drawn, Meta(description="the uncertain fields, and how they are drawn")]
    targets: Targets = None
    conditions: A[
        Conditions,
        Meta(description="such as npv_usd_per_rack > 0, whose probabilities are asked for"),
    ] = ()
    backend: Engine = None
    name: A[Text | None, Meta(description="what it is called")] = None
    source: A[Text | None, Meta(description="where its numbers come from")] = None
    as_of: A[Text | None, Meta(description="of when they are")] = None
    note: A[Text | None, Meta(description="what was assumed")] = None


class SensitivityRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A base scenario, a target, and how far its inputs go."""

    target: A[Target, Meta(description="whose inputs are ranked")]
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

    target: A[Target, Meta(description="what should have the value")]
    value: A[Number, Meta(description="what the target should be")]
    unknown: A[
        Field,
        Meta(description="the field that may vary, or `given.` and the name of a quantity"),
    ]
    between: A[
        tuple[Number, Number] | None,
        Meta(description="where to look; all that the field can be if not stated"),
    ] = None


class CompareRequest(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Scenarios of one model, what is asked of each, and the quantity that bridges explain."""

    scenarios: A[
        tuple[Tables, ...],
        Meta(min_length=2, max_length=MOST_SCENARIOS),
        Meta(description="tables, or names of shipped ones; others are compared with the first"),
    ]
    targets: A[
        Names | None, Meta(description="quantities; the usual ones that all have if not stated")
    ] = None
    bridge: A[
        Target | None,
        Meta(description="one number; the NPV, or the first of the targets, if not stated"),
    ] = None


class ExplainRequest(ScenarioRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Whose derivation is asked for."""

    target: A[Target, Meta(description="whose derivation is asked for")]
    depth: A[
        A[int, Meta(ge=0, le=1000)] | None,
        Meta(description="formulas deep; down to the inputs if not stated"),
    ] = None


class RowAnswer(Struct, frozen=True, kw_only=True):
    """What is answered of one scenario, as one quote has it; or the problem that it is."""

    quantities: A[
        dict[str, Quantity] | UnsetType, Meta(description="the answers, by the name of the target")
    ] = UNSET
    notices: A[
        tuple[str, ...] | UnsetType, Meta(description="what the reader should know, in words")
    ] = UNSET
    unanswered: A[
        dict[str, tuple[str, ...]] | UnsetType,
        Meta(description="usual quantities that need fields that are not stated, with those"),
    ] = UNSET
    problem: A[ProblemDetails | UnsetType, Meta(description="why there is no answer")] = UNSET


class RowsAnswer(Struct, tag="rows", tag_field="kind", frozen=True, kw_only=True):
    """An answer for each scenario, in their order."""

    answers: A[list[RowAnswer], Meta(description="one a scenario")]
    model_version: A[str, Meta(description="of the formulas")] = MODEL_VERSION


class RowProblem(Struct, frozen=True):
    """What is wrong with a row."""

    row: A[int, Meta(ge=0, description="its place, from 0")]
    problem: A[ProblemDetails, Meta(description="why the row has no values")]


class ColumnsAnswer(Struct, tag="columns", tag_field="kind", frozen=True, kw_only=True):
    """Each quantity in all rows, and what is wrong with those that are refused."""

    rows: A[int, Meta(description="how many there are")]
    quantities: A[dict[str, BatchColumn], Meta(description="a column for each target")]
    problems: A[list[RowProblem], Meta(description="of the rows that are refused")]
    unanswered: A[
        dict[str, tuple[str, ...]],
        Meta(description="usual quantities that need fields that are not stated, with those"),
    ]
    basis: A[Basis, Meta(description="the scenario that the rows change")]
