"""Records with the fields that extensions add to them."""

from collections.abc import Iterable
from typing import get_type_hints

import msgspec
from msgspec import Struct


def with_fields(
    record: type[Struct], additions: Iterable[type[Struct]], module: str
) -> type[Struct]:
    """A record with the fields of others behind its own, to stand in a module under the record's
    name (so that scenarios can be pickled); itself where there are none.
    """
    found = [
        (one.name, get_type_hints(fields, include_extras=True)[one.name], one.default)
        for fields in additions
        for one in msgspec.structs.fields(fields)
    ]
    if not found:
        return record
    return msgspec.defstruct(
        record.__name__,
        found,
        bases=(record,),
        module=module,
        namespace={"__doc__": record.__doc__},
        frozen=True,
        kw_only=True,
    )
