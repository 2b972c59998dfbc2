"""Answers over HTTP that are no records of `economics`, as the service writes and a client reads
them.
"""

from typing import Annotated as A
from typing import Any

from msgspec import Meta, Struct


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
