"""Paths of values over a scenario's life: one value an operating year, or one a period."""

from collections.abc import Collection, Iterator, Mapping
from math import ceil
from typing import Any

from economics.models.registry import MODELS
from economics.scenario.fields import field_paths, names_of
from economics.vocabulary.problems import Problem
from economics.vocabulary.values import all_values
from kernels.language.caches import cached
from kernels.language.timeline import Calendar

NEAR = 1e-6  # of a year
LONG_LIFE_YEARS = 30  # a path of more values is surely not meant by the year


def paths_of(values: Mapping[str, Any], model: str) -> dict[str, tuple[float, ...]]:
    """The paths that are stated over the life of a model, by their flat names."""
    known = _path_fields(model) if MODELS[model].life else ()
    return {name: values[name] for name in known if name in values}


@cached()
def _path_fields(model: str) -> tuple[str, ...]:
    records = (record for records in MODELS[model].tables.values() for record in records)
    return tuple(dict.fromkeys(name for record in records for name in names_of(record, "path")))


def check_paths(
    values: Mapping[str, Any], model: str, needed: Collection[str], calendar: Calendar
) -> None:
    """Whether each path that is needed has at most one value a year of the longest life, or one a
    period. Errors: Problem with its length and those that it may have.
    """
    years, periods = calendar.years, calendar.periods
    for name, path in paths_of(values, model).items():
        count, where = len(path), field_paths(model)[name]
        if name in needed and count > years and count != periods:
            one_a_period = f", or {periods}, one a period" if periods > years else ""
            expected = f"at most {years} values, one a year of the life{one_a_period}"
            message = f"{where} has {count} values: expected {expected}"
            raise Problem(where, count, expected, message)


def about_paths(
    values: Mapping[str, Any], model: str, needed: Collection[str], periods_per_year: int
) -> Iterator[str]:
    """What is said of paths that are needed: of those that the shortest of several lives cuts, and
    of those read by the period that may be meant by the year.
    """
    life = MODELS[model].life or ""
    if life not in needed:  # nothing over time is asked
        return
    lives = all_values(values[life])
    years = ceil(max(lives) - NEAR)
    for name, path in paths_of(values, model).items():
        if name not in needed:
            continue
        by_period, said = len(path) > years, f"{field_paths(model)[name]} has {len(path)} values"
        if by_period and len(path) <= LONG_LIFE_YEARS:
            yield f"{said}, as many as the life has periods: read as one a period, not one a year"
        used = ceil(min(lives) * (periods_per_year if by_period else 1) - NEAR)
        if len(path) > used:
            yield f"{said}: a life of {min(lives):g} years uses the first {used}"
