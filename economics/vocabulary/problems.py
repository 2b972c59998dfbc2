"""What can be wrong with a question, said so that it can be mended.

Problem                what, where, what was expected; bad input
  UnknownProblem       a name that is not known, with near matches
  MissingProblem       a field that a target needs is not stated
NoAnswer               the input is good but cannot be computed
"""

from collections.abc import Iterable
from typing import Any

from kernels.language.spelling import near


class Problem(ValueError):
    """Bad input: `where` (a dotted path), the `value` found there and what was `expected`."""

    def __init__(self, where: str, value: Any, expected: str) -> None:
        self.where, self.value, self.expected = where, value, expected
        super().__init__(f"{where} = {shown(value)}: expected {expected}")


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


class MissingProblem(Problem):
    """A field that a target needs is not stated."""

    def __init__(self, where: str, needed_by: str) -> None:
        super().__init__(where, None, f"a value, needed by {needed_by}")


class NoAnswer(Exception):
    """The input is good, but what is asked has no answer."""


def shown(value: Any) -> str:
    """A value as it is quoted back: short, on one line."""
    if value is None:
        return "(not stated)"
    text = repr(value).replace("\n", " ")
    return text if len(text) <= 80 else text[:77] + "..."
