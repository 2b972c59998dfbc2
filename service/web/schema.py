"""Requests and answers of the HTTP service that are not already records of `economics`."""

from typing import Annotated as A
from typing import Any

from msgspec import Meta, Struct

from economics.questions.compare import MOST_SCENARIOS
from economics.sweeps.axes import MOST_AXES, AnyAxis
from economics.sweeps.distributions import Drawn
from economics.sweeps.spec import Cells, Reduction
from economics.uncertainty.sensitivity import ByFraction
from economics.uncertainty.simulate import Conditions
from kernels.grids.engine_choice import NAMES

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
    unknown: A[Name, Meta(description="the field that may vary")]
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
        A[int, Meta(ge=0, le=100)] | None,
        Meta(description="formulas deep; down to the inputs if not stated"),
    ] = None


class QuantityInfo(Struct, frozen=True, kw_only=True):
    """A quantity that can be asked for."""

    unit: str
    description: str
    by_year: A[bool, Meta(description="one number a year; NAME[year] is one of them")]
    first_year: int | None = None
    statuses: A[tuple[str, ...], Meta(description="why it may have no value")] = ()
    when: A[
        dict[str, tuple[str, ...]],
        Meta(description="choices of a scenario that it needs; none: always there"),
    ] = {}


class FieldInfo(Struct, frozen=True, kw_only=True):
    """A field of a scenario."""

    path: str
    kind: A[str | None, Meta(description="of its table, where that has several kinds")] = None
    unit: str | None
    description: str
    default: Any
    schema: A[dict[str, Any], Meta(description="JSON schema of its value: type and bounds")]


class Quantities(Struct, frozen=True):
    """Everything that has a name."""

    quantities: dict[str, QuantityInfo]
    fields: A[
        dict[str, tuple[FieldInfo, ...]],
        Meta(description="by flat name, once for each kind of table that has it"),
    ]
    model_version: str


class Health(Struct, frozen=True):
    """That the service is there."""

    status: str
    version: str
    model_version: str
