"""Records with the fields that extensions add to them."""

from collections.abc import Iterable, Mapping
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

Fields = list[tuple[str, Any, Any]]  # name, type, default


def with_fields(
    record: type[Struct], additions: Mapping[str, Iterable[type[Struct]]], module: str
) -> type[Struct]:
    """A record with the fields of others, each behind the field by which it is listed, or at the
    end (""); itself where there are none.

    It is to stand in a module under the record's name, so that scenarios can be pickled. Errors:
    ValueError where the record has no such field.
    """
    if strange := set(additions) - {"", *record.__struct_fields__}:
        raise ValueError(f"{record.__name__} has no field {min(strange)}")
    own: Fields = []
    for field in fields_of(record):
        own += [field, *(one for more in additions.get(field[0], ()) for one in fields_of(more))]
    own += [one for more in additions.get("", ()) for one in fields_of(more)]
    if len(own) == len(record.__struct_fields__):
        return record
    return msgspec.defstruct(
        record.__name__,
        own,
        module=module,
        namespace={"__doc__": record.__doc__},
        forbid_unknown_fields=True,
        frozen=True,
        kw_only=True,
    )


def fields_of(record: type[Struct]) -> Fields:
    """The fields of a record."""
    types = get_type_hints(record, include_extras=True)
    return [(one.name, types[one.name], one.default) for one in msgspec.structs.fields(record)]
