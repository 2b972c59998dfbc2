"""Paths of values over a scenario's life: one value an operating year, or one a period."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from economics.models.registry import MODELS
from economics.scenario.fields import field_paths
from economics.vocabulary.problems import Problem
from economics.vocabulary.values import all_values
from kernels.language.timeline import Calendar

NEAR = 1e-6  # of a year


def paths_of(values: Mapping[str, Any], model: str) -> dict[str, tuple[float, ...]]:
    """The paths that are stated over the life of a model, by their dotted paths."""
    known = field_paths(model) if MODELS[model].life else {}
    return {where: values[name] for name, where in known.items() if _is_path(values.get(name))}


def _is_path(value: Any) -> bool:
    return type(value) is tuple  # a method of depreciation may be one of a kind


def check_paths(values: Mapping[str, Any], model: str, calendar: Calendar) -> None:
    """Whether each path has at most one value a year of the longest life, or one a period. Errors:
    Problem with its length and those that it may have.
    """
    years, periods = calendar.years, calendar.periods
    for where, path in paths_of(values, model).items():
        count = len(path)
        if count > years and count != periods:
            one_a_period = f", or {periods}, one a period" if periods > years else ""
            expected = f"at most {years} values, one a year of the life{one_a_period}"
            message = f"{where} has {count} values: expected {expected}"
            raise Problem(where, count, expected, message)


def about_paths(values: Mapping[str, Any], model: str, periods_per_year: int) -> Iterator[str]:
    """What is said of paths that the shortest of several lives cuts."""
    stated, life = paths_of(values, model), MODELS[model].life or ""
    if not stated or life not in values:  # nothing over time is asked
        return
    lives = all_values(values[life])
    years = ceil(max(lives) - NEAR)
    for where, path in stated.items():
        used = ceil(min(lives) * (periods_per_year if len(path) > years else 1) - NEAR)
        if len(path) > used:
            yield (
                f"{where} has {len(path)} values: a life of {min(lives):g} years uses the first"
                f" {used}"
            )
