"""Quotes of many scenarios, one by one."""

from msgspec import UNSET, Struct, UnsetType

from economics import NoAnswer, Problem, Quantity
from service.client.replies import Told, decoded, row_problem


class QuoteOfMany(Struct, frozen=True):
    """What is answered of one scenario of many, as one quote has it; or the `problem` that it
    is.
    """

    quantities: dict[str, Quantity]
    notices: tuple[str, ...]
    unanswered: dict[str, tuple[str, ...]]
    problem: Problem | NoAnswer | None = None


class _Row(Struct, frozen=True):
    quantities: dict[str, Quantity] = {}
    notices: tuple[str, ...] = ()
    unanswered: dict[str, tuple[str, ...]] = {}
    problem: Told | UnsetType = UNSET


class _Rows(Struct, frozen=True):
    answers: tuple[_Row, ...]


def quotes(body: bytes) -> tuple[QuoteOfMany, ...]:
    """Quotes of many scenarios, one by one. Errors: MsgspecError."""
    return tuple(
        QuoteOfMany(
            one.quantities,
            one.notices,
            one.unanswered,
            None if one.problem is UNSET else row_problem(one.problem),
        )
        for one in decoded(body, _Rows).answers
    )
