"""Records with the fields of others behind their own."""

from typing import Annotated as A

import msgspec
import pytest
from msgspec import Struct

from economics.records.additions import with_fields
from economics.vocabulary.bounds import Fraction, Years
from economics.vocabulary.header import is_


class Stall(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The stall."""

    stall_count: A[int, is_("stalls there are")] = 1


class Shade(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is said of its shade."""

    shade_fraction: A[Fraction, is_("share of it that is in the shade")] = 0.25
    awning_life_years: A[Years | None, is_("years that the awning lasts")] = None


class Music(Struct, frozen=True, kw_only=True):
    """What is said of its music."""

    is_loud: A[bool, is_("whether it is heard from afar")] = False


class Roof(Struct, frozen=True, kw_only=True):
    """What is said of its roof."""

    has_roof: A[bool, is_("whether it has one")] = False


BOTH = with_fields(Stall, {"": [Shade, Music]}, __name__)


def test_fields_stand_behind_the_record_s_own():
    assert BOTH.__struct_fields__ == (
        *("stall_count", "shade_fraction", "awning_life_years", "is_loud"),
    )
    assert BOTH() == BOTH(stall_count=1, shade_fraction=0.25, awning_life_years=None, is_loud=False)


def test_without_additions_a_record_is_itself():
    assert with_fields(Stall, {}, __name__) is Stall


def test_fields_stand_behind_the_one_that_is_named():
    made = with_fields(BOTH, {"stall_count": [Roof]}, __name__)
    assert made.__struct_fields__[:2] == ("stall_count", "has_roof")
    with pytest.raises(ValueError, match="Stall has no field roof"):
        with_fields(Stall, {"roof": [Shade]}, __name__)


def test_what_it_adds_to_has_not_changed():
    assert (BOTH.__name__, BOTH.__doc__) == ("Stall", "The stall.")
    assert Stall.__struct_fields__ == ("stall_count",)


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"shade_fraction": 1.5}, r"<= 1.0 - at `\$.shade_fraction`"),
        ({"awning_life_years": 0}, r">= 0.01 - at `\$.awning_life_years`"),
        ({"is_loud": "very"}, r"Expected `bool`.*\$.is_loud"),
        ({"stall_count": None}, r"Expected `int`.*\$.stall_count"),
        ({"shade": 0.5}, "unknown field `shade`"),
    ],
)
def test_what_an_added_field_cannot_be(stated, why):
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(stated, BOTH)


def test_added_fields_are_read_and_kept():
    stated = {"stall_count": 2, "shade_fraction": 1, "awning_life_years": None, "is_loud": True}
    read = msgspec.convert(stated, BOTH)
    assert msgspec.to_builtins(read) == stated
    assert hash(read) == hash(msgspec.convert(stated, BOTH))
    with pytest.raises(AttributeError):
        read.is_loud = False


def test_schemas_say_what_each_field_means():
    fields = msgspec.json.schema(BOTH)["$defs"]["Stall"]["properties"]
    assert {name: one["description"] for name, one in fields.items()} == {
        "stall_count": "stalls there are",
        "shade_fraction": "share of it that is in the shade",
        "awning_life_years": "years that the awning lasts",
        "is_loud": "whether it is heard from afar",
    }
    assert (fields["shade_fraction"]["maximum"], fields["shade_fraction"]["default"]) == (1, 0.25)
