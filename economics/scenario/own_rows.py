"""What a scenario brings with it beside its tables: `catalog`, rows of its own by kind and name,
and `notices`, what the reader of its answers is told first.

So tables that were written where a catalog has rows of its own are answered elsewhere as they are
there.
"""

from collections.abc import Mapping
from typing import Any

from economics.scenario import catalog
from economics.scenario.checking import checked
from economics.vocabulary.problems import UnknownProblem

ROWS, NOTICES = "catalog", "notices"
Row = dict[str, dict[str, Any] | float | str]


def own_rows(tables: Mapping[str, Any]) -> Mapping[str, catalog.Rows]:
    """The rows that tables bring with them, by kind. Errors: Problem."""
    if ROWS not in tables:
        return catalog.NONE
    found: Mapping[str, catalog.Rows] = checked(tables[ROWS], dict[str, dict[str, Row]], ROWS)
    if unknown := sorted(set(found) - set(catalog.KINDS)):
        raise UnknownProblem(
            f"{ROWS}.{unknown[0]}", unknown[0], "kind of catalog rows", catalog.KINDS
        )
    return found


def own_notices(tables: Mapping[str, Any]) -> tuple[str, ...]:
    """What tables tell the reader, and then the layers over them. Errors: Problem."""
    stated: tuple[str, ...] = checked(tables.get(NOTICES, ()), tuple[str, ...], NOTICES)
    return (*stated, *getattr(tables, NOTICES, ()))


def bare(tables: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tables alone."""
    if ROWS not in tables and NOTICES not in tables:
        return tables
    return {name: value for name, value in tables.items() if name not in (ROWS, NOTICES)}
