"""Why there is no value, in words: a status, and how many cells or draws have it."""

from collections.abc import Mapping

from economics.models.registry import status_words

WORDS = {
    "ok": "",
    "partly": "some years have no value",
    "undefined": "not defined for these inputs",
    "beyond_life": "beyond the economic life",
}


def in_words(status: str) -> str:
    """A status in words; nothing where all is well."""
    return {**status_words(), **WORDS}.get(status, status.replace("_", " "))


def left_out(
    name: str, missing: Mapping[str, int], cells: int, kind: str = "cells", more: str = ""
) -> tuple[str, ...]:
    """How many of some cells (or draws) have no value of a quantity and why: a line a status."""
    return tuple(
        f"{count:,} of {cells:,} {kind} {'has' if count == 1 else 'have'} no {name}{more}:"
        f" {in_words(status)}"
        for status, count in missing.items()
        if count
    )
