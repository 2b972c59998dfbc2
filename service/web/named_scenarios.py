"""Scenarios as requests name them: their own tables, or the name of a shipped one."""

from collections.abc import Mapping
from typing import Any

import economics
from economics import Quote
from economics.scenario import catalog
from economics.scenario.layers import layered
from economics.scenario.reading import Sourced
from economics.vocabulary.problems import UnknownProblem
from kernels.language.caches import cached
from service.files.reading import shipped_names, shipped_tables, without_nulls
from service.web.schema import QuoteRequest, ScenarioRequest

FOLDER = "scenarios"
MOST_KEPT_TARGETS = 64  # 256 quotes of so many, each by year over a short life, take 30 MB
Files = tuple[tuple[catalog.Stamp, ...], ...]


@cached()
def shipped_scenario(name: str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables of a shipped scenario. Errors: UnknownProblem with near matches."""
    known = shipped_names(FOLDER)
    if name not in known:
        raise UnknownProblem(where, name, "shipped scenario", known)
    return shipped_tables(FOLDER, name)


def tables_of(scenario: Mapping[str, Any] | str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables that a request means; a null is a field that is not stated. Errors: Problem."""
    if isinstance(scenario, str):
        return shipped_scenario(scenario, where)
    found: Mapping[str, Any] = without_nulls(scenario)
    return found


def asked_tables(asked: ScenarioRequest) -> Mapping[str, Any]:
    """The tables that a request means, with what it changes in them. Errors: Problem."""
    tables = tables_of(asked.scenario)
    return layered(tables, asked.overrides) if asked.overrides else tables


def asked_scenario(asked: ScenarioRequest) -> Sourced:
    """The scenario that a request means, checked; a shipped one is checked once for as long as the
    catalog stays as it is. Errors: Problem.
    """
    if isinstance(asked.scenario, str) and not asked.overrides:
        return _shipped_record(asked.scenario, _own_files())
    return economics.scenario(asked_tables(asked))


def asked_quote(asked: QuoteRequest, sourced: Sourced) -> Quote:
    """The quote that a request means, of its checked scenario; of a shipped one it is kept for as
    long as the catalog stays as it is, if it is short. Errors: Problem, NoAnswer.
    """
    if (
        isinstance(asked.scenario, str)
        and not asked.overrides
        and len(asked.targets or ()) <= MOST_KEPT_TARGETS
    ):
        return _shipped_quote(asked.scenario, asked.targets, _own_files())
    return economics.quote(sourced, asked.targets)


def _own_files() -> Files:
    """The user's own files of the catalog."""
    return tuple(map(catalog.own_files, catalog.KINDS))


@cached(256)
def _shipped_record(name: str, _: Files) -> Sourced:
    return economics.scenario(shipped_scenario(name))


@cached(256)
def _shipped_quote(name: str, targets: tuple[str, ...] | None, own: Files) -> Quote:
    return economics.quote(_shipped_record(name, own), targets)


def scenario_names() -> tuple[str, ...]:
    """The shipped scenarios."""
    return shipped_names(FOLDER)
