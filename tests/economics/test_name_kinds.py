"""Texts that are names are marked, and are texts all the same."""

from typing import Annotated

import msgspec

from economics.vocabulary.name_kinds import NAMES, FieldName, StatusName, TargetName


def test_a_schema_says_of_what_a_text_is_the_name():
    for kind, said in (
        (TargetName, "TargetName"),
        (FieldName, "FieldName"),
        (StatusName, "Status"),
    ):
        schema = msgspec.json.schema(Annotated[kind, msgspec.Meta(description="which")])
        assert schema == {"type": "string", NAMES: said, "description": "which"}
        assert msgspec.convert("anything", kind) == "anything"
