"""Scenarios as leaves: every field by its dotted path, what differs between some of them, and which
fields can only change together.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from economics.scenario import catalog
from economics.scenario.nested import leaves_of
from economics.scenario.reading import Sourced
from economics.vocabulary.header import About

TAGS = ("kind", "method")
# What is said of a scenario, of which nothing is computed.
ABOUT = {*About.__struct_fields__} - {"given"}
# Rows of the catalog: what they fill stands in the fields.
ROWS = {path for _, path, _ in catalog.ROWS}
ENTRY = re.compile(r"(.+)\[(\d+)\]")
Leaves = dict[str, Any]


def leaves(sourced: Sourced) -> Leaves:
    """The fields of a scenario, filled and checked, by dotted path, in the order of its tables;
    None where nothing is stated.
    """
    plain = msgspec.to_builtins(sourced.scenario)
    inputs = {key: value for key, value in plain.items() if key not in ABOUT}
    return {path: value for path, value in leaves_of(inputs) if path not in ROWS}


def tables(found: Leaves) -> dict[str, Any]:
    """The tables that some leaves make; what is not stated is left out."""
    made: dict[str, Any] = {}
    for path, value in found.items():
        if value is not None:
            *holders, field = _steps(path)
            inside = made
            for holder in holders:
                inside = inside.setdefault(holder, {})
            inside[field] = value
    listed: dict[str, Any] = _listed(made)
    return listed


def _steps(path: str) -> list[str]:
    """The keys of a path; a given quantity is one, be it of a tranche."""
    return path.split(".", 1 if path.startswith("given.") else -1)


def _listed(made: Any) -> Any:
    """Tables with entries `name[0]`, `name[1]` as lists of tables."""
    if not isinstance(made, Mapping):
        return made
    entries = sorted(
        (entry.group(1), int(entry.group(2)), key)
        for key in made
        if (entry := ENTRY.fullmatch(key))
    )
    found = {key: _listed(inner) for key, inner in made.items() if not ENTRY.fullmatch(key)}
    for name, _, key in entries:
        found.setdefault(name, []).append(_listed(made[key]))
    return found


def differing(all_of: Sequence[Leaves]) -> tuple[str, ...]:
    """The paths at which some scenarios differ, in the order of the first one's tables; what only
    others have comes after its holder's.
    """
    first, *others = all_of
    paths = list(first)
    for other in others:
        place = 0
        for path in other:
            if path in paths:
                place = paths.index(path) + 1
            else:
                paths.insert(place, path)
                place += 1
    return tuple(
        path
        for path in paths
        if any(path not in one or one[path] != first.get(path) for one in all_of)
        or path not in first
    )


def together(a: Leaves, b: Leaves) -> list[tuple[str, ...]]:
    """The fields that differ between two scenarios in groups that change at once: a kind or a
    method with the fields that come with it.
    """
    groups: dict[str, list[str]] = {}
    for path in differing((a, b)):
        groups.setdefault(_leader(path, a, b), []).append(path)
    return [
        tuple(sorted(paths, key=lambda path: path.split(".")[-1] not in TAGS))
        for paths in groups.values()
    ]


def _leader(path: str, a: Leaves, b: Leaves) -> str:
    """The field on which it hangs that a path exists in one scenario only; else the path itself."""
    if path in a and path in b:
        return path
    parts = _steps(path)
    for length in range(1, len(parts) + 1):
        holder = ".".join(parts[:length])
        if holder in a or holder in b:
            return holder
        if holder.endswith("]") and not all(
            any(other.startswith(f"{holder}.") for other in one) for one in (a, b)
        ):
            return holder
        for tag in (f"{holder}.{name}" for name in TAGS):
            if tag in a and tag in b and a[tag] != b[tag]:
                return tag
    return path


def moved(found: Leaves, to: Leaves, paths: Sequence[str]) -> Leaves:
    """Leaves with those at some paths as another scenario has them, or taken out where it
    has none.
    """
    kept = {path: value for path, value in found.items() if path not in paths}
    return {**kept, **{path: to[path] for path in paths if path in to}}
