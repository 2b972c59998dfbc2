"""Scenarios as requests name them: their own tables, or the name of a shipped one."""

from collections.abc import Mapping
from typing import Any

import economics
from economics.scenario import catalog
from economics.scenario.layers import layered
from economics.scenario.reading import Sourced, plain_scenario
from economics.vocabulary.problems import UnknownProblem
from kernels.language.caches import cached
from service.files.reading import shipped_names, shipped_tables, without_nulls
from service.web.formats import ENCODERS, JSON
from service.web.problems import FieldError, TooLarge
from service.web.requests import HOLDERS, inside
from service.web.schema import ScenarioRequest

FOLDER = "scenarios"
MOST_VALUES = 5_000  # of a scenario, at all depths; reading them holds up others


@cached()
def shipped_scenario(name: str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables of a shipped scenario. Errors: UnknownProblem with near matches."""
    return _shipped(FOLDER, name, where)


def shipped_sweep(name: str) -> Mapping[str, Any]:
    """The parts of a shipped sweep. Errors: UnknownProblem with near matches."""
    return _shipped("sweeps", name, "sweep")


def _shipped(folder: str, name: str, what: str) -> Mapping[str, Any]:
    known = shipped_names(folder)
    if name not in known:
        raise UnknownProblem(what, name, f"shipped {folder.removesuffix('s')}", known)
    return shipped_tables(folder, name)


def tables_of(scenario: Mapping[str, Any] | str, where: str = "scenario") -> Mapping[str, Any]:
    """The tables that a request means; a null is a field that is not stated. Errors: Problem."""
    if isinstance(scenario, str):
        return shipped_scenario(scenario, where)
    check_size(scenario, where)
    found: Mapping[str, Any] = without_nulls(scenario)
    return found


def check_size(tables: Any, where: str) -> None:
    """Whether tables have no more values than are looked into. Errors: TooLarge."""
    if len(ENCODERS[JSON](tables)) <= MOST_VALUES:  # each takes a byte
        return
    level, seen = [tables], 0
    while (level := [one for one in level if isinstance(one, HOLDERS)]) and seen <= MOST_VALUES:
        seen += sum(map(len, level))
        level = [value for one in level for value in inside(one)]
    if seen > MOST_VALUES:
        limit = f"at most {MOST_VALUES} values"
        detail = f"{where} has {seen} values or more, {limit} are read"
        raise TooLarge(detail, (FieldError(where, seen, limit),))


def asked_tables(asked: ScenarioRequest) -> Mapping[str, Any]:
    """The tables that a request means, with what it changes in them. Errors: Problem."""
    tables = tables_of(asked.scenario)
    check_size(asked.overrides, "overrides")
    return layered(tables, asked.overrides) if asked.overrides else tables


def asked_scenario(asked: ScenarioRequest) -> Sourced:
    """The scenario that a request means, checked; a shipped one is checked once for as long as the
    catalog stays as it is. Errors: Problem.
    """
    if isinstance(asked.scenario, str) and not asked.overrides:
        return _shipped_record(asked.scenario, catalog.state())
    if isinstance(asked.scenario, dict) and not asked.overrides:
        check_size(asked.scenario, "scenario")
        if (plain := plain_scenario(asked.scenario)) is not None:
            return plain
    return economics.scenario(asked_tables(asked))


@cached(256)
def _shipped_record(name: str, _: catalog.State) -> Sourced:
    return economics.scenario(shipped_scenario(name))


def scenario_names() -> tuple[str, ...]:
    """The shipped scenarios."""
    return shipped_names(FOLDER)
