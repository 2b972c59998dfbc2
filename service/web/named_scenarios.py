"""Scenarios as requests name them: their own tables, or the name of a shipped one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from economics.vocabulary.problems import UnknownProblem
from service.files.reading import shipped, shipped_tables, without_nulls

FOLDER = "scenarios"


@cache
def named(name: str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables of a shipped scenario. Errors: UnknownProblem with near matches."""
    known = shipped(FOLDER)
    if name not in known:
        raise UnknownProblem(where, name, "shipped scenario", known)
    return shipped_tables(FOLDER, name)


def tables(scenario: Mapping[str, Any] | str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables that a request means; a null is a field that is not stated. Errors: Problem."""
    if isinstance(scenario, str):
        return named(scenario, where)
    found: Mapping[str, Any] = without_nulls(scenario)
    return found


def names() -> tuple[str, ...]:
    """The shipped scenarios."""
    return shipped(FOLDER)
