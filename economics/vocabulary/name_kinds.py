"""Texts that name something, marked so that a schema can say which names there are, or what they
look like. A name that is not known is refused where it is looked up, with near matches.
"""

from typing import Annotated as A

from msgspec import Meta

NAMES = "format"  # of a schema: what the text is the name of


def _name_of(what: str) -> Meta:
    return Meta(extra_json_schema={NAMES: what})


TargetName = A[str, _name_of("TargetName")]  # of a quantity, one of its years, or a field
FieldName = A[str, _name_of("FieldName")]  # of a number of a scenario, by its flat name
StatusName = A[str, _name_of("Status")]
