"""What can be looked up at a service, as calls: rows of its catalog, its scenarios, every name."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from service.answers import Health, Quantities
from service.client.replies import Call, decoded

Row = Mapping[str, Any]


def catalog() -> Call[dict[str, tuple[str, ...]]]:
    """The names of the catalog's rows by kind."""
    return _get(dict[str, tuple[str, ...]], "v1", "catalog")


def rows(kind: str) -> Call[dict[str, Row]]:
    """All rows of a kind of the catalog, as they are written. Errors: Problem."""
    return _get(dict[str, dict[str, Any]], "v1", "catalog", kind)


def row(kind: str, name: str) -> Call[Row]:
    """A row of the catalog, as it is written. Errors: Problem, with near matches."""
    return _get(dict[str, Any], "v1", "catalog", kind, name)


def scenarios() -> Call[tuple[str, ...]]:
    """The names of the scenarios that the service has."""
    return _get(tuple[str, ...], "v1", "scenarios")


def scenario(name: str) -> Call[Row]:
    """The tables of a scenario that the service has. Errors: Problem, with near matches."""
    return _get(dict[str, Any], "v1", "scenarios", name)


def shipped_sweeps() -> Call[tuple[str, ...]]:
    """The names of the sweeps that the service has."""
    return _get(tuple[str, ...], "v1", "sweeps")


def shipped_sweep(name: str) -> Call[Row]:
    """The parts of a sweep that the service has. Errors: Problem, with near matches."""
    return _get(dict[str, Any], "v1", "sweeps", name)


def quantities() -> Call[Quantities]:
    """Every quantity and every field, with unit and description."""
    return _get(Quantities, "v1", "quantities")


def health() -> Call[Health]:
    """Whether the service is there, and its versions."""
    return _get(Health, "health", "ready")


def _get(record: Any, *steps: str) -> Call[Any]:
    path = "".join(f"/{quote(step, safe='')}" for step in steps)
    return Call("GET", path, None, partial(decoded, record=record))
