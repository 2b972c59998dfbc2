"""What can be wrong with a question, said so that it can be mended.

Problem                what, where, what was expected; bad input
  UnknownProblem       a name that is not known, with near matches
    UnknownField       a field that is not known
  MissingProblem       fields that targets need are not stated
  ExcessProblem        a field is stated where it has no place
  SeveralProblems      more than one of them at once
NoAnswer               the input is good but cannot be computed
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from kernels.language.spelling import near

MOST_AT_ONCE = 20  # problems that are told of one question
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Problem(ValueError):
    """Bad input: `where` (a dotted path), the `value` found there and what was `expected`; a
    `message` where that says it better.
    """

    def __init__(self, where: str, value: Any, expected: str, message: str = "") -> None:
        self.where, self.value, self.expected = where, value, expected
        super().__init__(message or f"{_stated(where, value)}: expected {expected}")

    @property
    def each(self) -> "tuple[Problem, ...]":
        """What is wrong, field by field."""
        return (self,)


class UnknownProblem(Problem):
    """A name that is not known; it says which of the `known` names may be meant: those `meant`
    where the caller can tell, else those that are spelt alike.
    """

    def __init__(
        self, where: str, name: Any, what: str, known: Iterable[str] = (), meant: Iterable[str] = ()
    ) -> None:
        alike = tuple(meant) or near(str(name), known)
        hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
        super().__init__(where, name, f"a known {what}{hint}")


class UnknownField(UnknownProblem):
    """A field of the `name` that is not known, with the `value` that was stated for it."""

    def __init__(
        self,
        where: str,
        name: str,
        value: Any,
        what: str,
        known: Iterable[str] = (),
        meant: Iterable[str] = (),
    ) -> None:
        super().__init__(where, name, what, known, meant)
        Problem.__init__(self, where, value, self.expected, f"{where}: expected {self.expected}")


class MissingProblem(Problem):
    """Fields that targets need are not stated: that at `where`, and the `others`."""

    def __init__(self, where: str, needed_by: str, others: Sequence[str] = ()) -> None:
        also = f"; also required: {', '.join(others)}" if others else ""
        self.needed_by, self.others = needed_by, tuple(others)
        super().__init__(
            where,
            None,
            f"a value, needed by {needed_by}{also}",
            f"required: {', '.join((where, *others))}, needed by {needed_by}",
        )

    @property
    def each(self) -> tuple[Problem, ...]:
        """What is wrong, field by field."""
        expected = f"a value, needed by {self.needed_by}"
        return (self, *(Problem(other, None, expected) for other in self.others))


class ExcessProblem(Problem):
    """A field is stated where it has no place: because of what, or unless what, says `why`."""

    def __init__(self, where: str, value: Any, why: str) -> None:
        super().__init__(
            where, value, f"no value {why}", f"{_stated(where, value)}: leave it out {why}"
        )


class SeveralProblems(Problem):
    """More than one thing is wrong: the first, and the `others`."""

    def __init__(self, first: Problem, *others: Problem) -> None:
        super().__init__(
            first.where, first.value, first.expected, "; ".join(map(str, (first, *others)))
        )
        self.others = others

    @property
    def each(self) -> tuple[Problem, ...]:
        """What is wrong, field by field."""
        return (Problem(self.where, self.value, self.expected), *self.others)


def as_one(problems: Iterable[Problem]) -> Problem:
    """One problem that tells all of some."""
    first, *others = problems
    return SeveralProblems(first, *others) if others else first


def all_of(ask: Callable[[Asked], Answer], things: Iterable[Asked]) -> list[Answer]:
    """What is found of each of some things. Errors: Problem that tells all that are wrong."""
    found, problems = list[Answer](), list[Problem]()
    for one in things:
        try:
            found.append(ask(one))
        except Problem as problem:
            problems += problem.each
        if len(problems) >= MOST_AT_ONCE:
            break
    if problems:
        raise as_one(problems[:MOST_AT_ONCE])
    return found


class NoAnswer(Exception):
    """The input is good, but what is asked has no answer."""


def _stated(where: str, value: Any) -> str:
    """What was stated, as it was typed: an option of a command is no field."""
    if value is None:
        return f"{where} is not stated"
    joint = " = " if not where.startswith("--") else "=" if " " in where else " "
    return f"{where}{joint}{shown(value)}"


def shown(value: Any) -> str:
    """A value as it is quoted back: short, on one line."""
    text = repr(value).replace("\n", " ")
    return text if len(text) <= 80 else text[:77] + "..."
