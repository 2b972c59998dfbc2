"""What tools take and give that the HTTP API does not."""

from typing import Annotated as A
from typing import Any, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from economics.models.assembly import MODEL_VERSION
from economics.questions.compare import Difference
from economics.questions.solve import Solution
from economics.scenario import catalog
from economics.scenario.reading import Source, Sourced
from economics.sweeps.prepared import Progress
from economics.sweeps.spec import Reduction
from service.settings import Settings
from service.web.schema import Name, SweepRequest

Query = A[str, Meta(min_length=1, max_length=100, description="a few words, in any spelling")]


def is_(meaning: str) -> Meta:
    """What a field means."""
    return Meta(description=meaning)


class Call(NamedTuple):
    """What a tool is called with beside its arguments."""

    link: str  # where the HTTP API answers the same
    settings: Settings
    beat: Progress  # between steps of the work; raises to stop it


class Told(NamedTuple):
    """What a tool tells, and what that rests on."""

    found: Any
    scenarios: tuple[Sourced, ...] = ()
    notices: tuple[str, ...] = ()


class ListScenarios(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Which shipped scenarios there are, or the tables of one."""

    name: A[Name | None, is_("of one scenario, whose tables are wanted")] = None


class SearchCatalog(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Rows of the catalog that some words mean."""

    query: Query
    kind: A[A[str, Meta(extra_json_schema={"enum": list(catalog.KINDS)})] | None, is_("of row")] = (
        None
    )
    limit: A[int, Meta(ge=1, le=10, description="rows; 3 if not stated")] = 3


class SearchQuantities(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Quantities that can be asked for, and fields that can be stated, that some words mean."""

    query: Query
    limit: A[int, Meta(ge=1, le=20, description="of each; 5 if not stated")] = 5


class ReducedSweep(SweepRequest, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A sweep of which a reduction is told."""

    reduce: Reduction


class Reference(Struct, frozen=True, kw_only=True):
    """What an answer about what there is has."""

    link: A[str, is_("where the HTTP API has all of it")]
    model_version: str = MODEL_VERSION


class Basics(Reference, frozen=True, kw_only=True):
    """What an answer about a scenario has."""

    inputs_hash: A[str, is_("digest of the scenario with every default filled in")]
    notices: A[tuple[str, ...], is_("what a reader of the answer must know")] = ()


class ScenarioLine(Struct, frozen=True, kw_only=True):
    """A shipped scenario."""

    name: str
    model: str
    about: str
    as_of: str | None


class Scenarios(Struct, frozen=True, kw_only=True):
    """The shipped scenarios, or one with its tables."""

    scenarios: list[ScenarioLine]
    tables: A[
        dict[str, Any] | UnsetType, is_("of the one asked for: numbers with source and date")
    ] = UNSET


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of the catalog."""

    value: Any
    unit: str | None
    source: str | None = None
    as_of: str | None = None


class Row(Struct, frozen=True, kw_only=True):
    """A row of the catalog."""

    kind: str
    name: str
    description: str
    stated_at: A[str, is_("the scenario's field that takes the row's name")]
    figures: A[dict[str, Figure], is_("by field; those of facts are read by no formula")]
    link: str


class Rows(Struct, frozen=True, kw_only=True):
    """Rows that are meant, the likeliest first."""

    rows: list[Row]
    left_out: A[int, is_("further rows that have a word of the query")]


class AskedQuantity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quantity: what a target names."""

    name: str
    unit: str
    description: str
    by_year: bool = False
    statuses: A[tuple[str, ...], is_("why it may have no value")] = ()
    when: A[dict[str, tuple[str, ...]], is_("choices of a scenario that it needs")] = {}


class StatedField(Struct, frozen=True, kw_only=True):
    """A field of a scenario."""

    path: A[str, is_("table.field")]
    kind: A[str | None, is_("of the table, where it has several")]
    unit: str | None
    description: str
    default: Any
    schema: A[dict[str, Any], is_("type and bounds")]


class Found(Struct, frozen=True, kw_only=True):
    """Names that are meant, the likeliest first."""

    quantities: list[AskedQuantity]
    fields: list[StatedField]
    left_out: A[int, is_("further names that have a word of the query")]


class Step(Struct, frozen=True, kw_only=True):
    """A number of a derivation."""

    name: str
    value: float | str | UnsetType | None = UNSET
    values: tuple[float | None, ...] | UnsetType = UNSET
    unit: str
    status: str
    description: str
    formula: str | UnsetType = UNSET
    inputs: A[tuple[str, ...], is_("names of the steps that it is computed from")] = ()
    source: Source | UnsetType = UNSET


class Derivation(Struct, frozen=True, kw_only=True):
    """A number's formula and its inputs, level by level."""

    steps: A[list[Step], is_("the target first")]
    left_out: A[int, is_("further numbers of the derivation")]
    note: A[str, is_("how to see what is left out")]


class Solved(Solution, frozen=True, kw_only=True):
    """Where a target has the wanted value."""

    status: A[str, is_("ok, or no_root: then `reason` says what the target is instead")]


class ShortBridge(Struct, frozen=True, kw_only=True):
    """How a target comes from its value in one scenario to that in another."""

    target: str
    unit: str
    start: str
    end: str
    status: str
    changes: A[list[dict[str, Any]], is_("what changing each field adds, the largest of them")]
    left_out: A[int, is_("smaller changes")]
    note: str


class Output(Struct, frozen=True, kw_only=True):
    """A target in each scenario, in their order."""

    unit: str
    description: str
    values: A[tuple[Any, ...], is_("a number, or a list by year; null where there is none")]
    statuses: A[tuple[str, ...], is_("ok, or why there is no value")]


class SideBySide(Struct, frozen=True, kw_only=True):
    """Scenarios side by side."""

    names: tuple[str, ...]
    inputs: A[list[Difference], is_("fields that differ; null: not stated there")]
    inputs_left_out: int
    outputs: A[dict[str, Output], is_("targets")]
    missing: A[dict[str, list[str]], is_("fields that a scenario needs and does not state")]
    taken_as_zero: A[dict[str, list[str]], is_("amounts that another states")]
    unanswered: A[tuple[str, ...], is_("targets that not every scenario states enough for")]
    order: A[
        dict[str, tuple[str, ...]],
        is_("names from the least value to the greatest; which is better is not said"),
    ]
    no_order: A[str | None, is_("why there is none, or not of every target")]
    bridges: list[ShortBridge]
