"""The catalog: rows of sourced figures (accelerators, facilities, electricity) that fill a scenario's fields."""

import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from economics.problems import UnknownProblem
from kernels.graph import near

KINDS = ("accelerators", "facilities", "electricity")


@cache
def rows(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """All rows of a kind by name, as they are written. Errors: UnknownProblem."""
    if kind not in KINDS:
        raise UnknownProblem("catalog", kind, "kind of row: " + ", ".join(KINDS), near(kind, KINDS))
    return tomllib.loads((files("configs") / "catalog" / f"{kind}.toml").read_text("utf-8"))


@cache
def version(kind: str) -> str:
    """The version of a kind's rows: the start of their file's SHA-256."""
    return sha256((files("configs") / "catalog" / f"{kind}.toml").read_bytes()).hexdigest()[:12]


def row(kind: str, name: Any, where: str = "catalog") -> Mapping[str, Any]:
    """One row. Errors: UnknownProblem with near matches."""
    known = rows(kind)
    if not isinstance(name, str) or name not in known:
        raise UnknownProblem(where, name, f"row of {kind}", near(str(name), known))
    return known[name]
