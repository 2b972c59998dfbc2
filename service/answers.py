"""Answers over HTTP that are no records of `economics`, as the service writes and a client reads
them.
"""

from typing import Annotated as A
from typing import Any, Literal

from msgspec import Meta, Struct

from economics.vocabulary.name_kinds import StatusName
from service.jobs.records import Job


class QuantityInfo(Struct, frozen=True, kw_only=True):
    """A quantity that can be asked for."""

    unit: A[str, Meta(description="of its value, or of each of its values")]
    description: A[str, Meta(description="what it is")]
    by_year: A[bool, Meta(description="one number a year; NAME[year] is one of them")]
    first_year: A[
        int | None, Meta(description="of a quantity by year: the year of its first value")
    ] = None
    statuses: A[tuple[StatusName, ...], Meta(description="why it may have no value")] = ()
    when: A[
        dict[str, tuple[str, ...]],
        Meta(description="choices of a scenario that it needs; none: always there"),
    ] = {}


class FieldInfo(Struct, frozen=True, kw_only=True):
    """A field of a scenario."""

    path: A[str, Meta(description="where it stands in a scenario")]
    kind: A[str | None, Meta(description="of its table, where that has several kinds")] = None
    unit: A[str | None, Meta(description="of its value; null where that is no number")]
    description: A[str, Meta(description="what it is")]
    default: A[Any, Meta(description="its value where it is not stated; null: none")]
    schema: A[dict[str, Any], Meta(description="JSON schema of its value: type and bounds")]


class Quantities(Struct, frozen=True):
    """Everything that has a name."""

    quantities: A[dict[str, QuantityInfo], Meta(description="by name")]
    fields: A[
        dict[str, tuple[FieldInfo, ...]],
        Meta(description="by flat name, once for each kind of table that has it"),
    ]
    model_version: A[str, Meta(description="of the formulas")]


class JobList(Struct, frozen=True):
    """The jobs of a key."""

    jobs: A[tuple[Job, ...], Meta(description="the latest first")]


class Health(Struct, frozen=True):
    """That the service is there."""

    status: A[Literal["live", "ready"], Meta(description="what it was asked")]
    version: A[str, Meta(description="of the service")]
    model_version: A[str, Meta(description="of the formulas")]
