"""What a scenario of any model says of itself, and what it should come to."""

from typing import Annotated as A

from msgspec import Meta, Struct

from economics.vocabulary.bounds import Amount, AnyAmount


def is_(meaning: str) -> Meta:
    """A field's meaning, for schemas and starter files."""
    return Meta(description=meaning)


class Expected(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An answer that the scenario should come to; tests check those of the shipped scenarios."""

    target: A[str, is_("the quantity")]
    answer: A[
        AnyAmount | None,
        is_("its value, or that of the field solved for; none where the status says why"),
    ] = None
    within: A[Amount, is_("how far it may be off")] = 0.0
    status: A[str, is_("why it has no value, or ok")] = "ok"
    set: A[tuple[str, ...], is_("fields changed before asking, name=value")] = ()
    solve_for: A[str | None, is_("the field solved for, where the target is `at`")] = None
    at: A[AnyAmount | None, is_("the target's value where a field is solved for")] = None
    of: A[str | None, is_("another shipped scenario that is asked in place of this one")] = None
    why: A[str | None, is_("whose figure it is, or what it shows")] = None


class About(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the scenarios of all models have."""

    name: A[str | None, is_("what it is called")] = None
    source: A[str | None, is_("where its numbers come from")] = None
    as_of: A[str | None, is_("of when they are")] = None
    note: A[str | None, is_("what was assumed")] = None
    expect: A[tuple[Expected, ...], is_("answers that it should come to")] = ()
    given: A[dict[str, AnyAmount], is_("computed quantities by name, taken as stated")] = {}
