"""The catalog: rows of sourced figures (accelerators, facilities, electricity, rentals) that fill a
scenario's fields.

Beside the shipped rows stand the user's own: of every TOML file in their folder whose name begins
with the kind, such as `rentals.toml` or `rentals-aws.toml`. The folder is `RACKRATE_CATALOG`, or
`rackrate/catalog` in `XDG_DATA_HOME` (`~/.local/share`).
"""

import os
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from economics.vocabulary.problems import Problem, UnknownProblem
from kernels.language.caches import cached

# What a scenario names a row by: the table that it fills, the name's path, the kind of row.
ROWS = (
    ("hardware", "accelerator", "accelerators"),
    ("facility", "facility.site", "facilities"),
    ("power", "power.tariff", "electricity"),
    ("revenue", "revenue.market", "rentals"),
)
KINDS = tuple(kind for _, _, kind in ROWS)
FOLDER = "RACKRATE_CATALOG"
Rows = Mapping[str, Mapping[str, Any]]
NONE: Mapping[str, Rows] = {}
Stamp = tuple[str, int, int]  # of a file: its path, when it was changed, its size
State = tuple[tuple[Stamp, ...], ...]


def rows(kind: str) -> Rows:
    """All rows of a kind by name, as they are written, the user's own after the shipped ones.
    Errors: Problem.
    """
    if kind not in KINDS:
        raise UnknownProblem("catalog", kind, "kind of row: " + ", ".join(KINDS), KINDS)
    own = own_files(kind)
    return _merged(kind, own) if own else shipped(kind)


@cached()
def shipped(kind: str) -> Rows:
    """The shipped rows of a kind."""
    return tomllib.loads((files("configs") / "catalog" / f"{kind}.toml").read_text("utf-8"))


def version(kind: str, name: str, brought: Mapping[str, Rows] = NONE) -> str:
    """The version of a row: the start of the SHA-256 of the shipped file of its kind, and of the
    row itself where it is no shipped one.
    """
    own = brought.get(kind, {}).get(name) or rows(kind).get(name)
    if own is None or own is shipped(kind).get(name):
        return _version(kind)
    encoded = msgspec.json.encode(own, order="deterministic")
    return f"{_version(kind)}+{sha256(encoded).hexdigest()[:12]}"


def state() -> State:
    """The user's own files of all kinds: as long as it stays the same, so do all rows."""
    return _state(*_moment())


@cached()
def _version(kind: str) -> str:
    return sha256((files("configs") / "catalog" / f"{kind}.toml").read_bytes()).hexdigest()[:12]


def row(
    kind: str, name: Any, where: str = "catalog", brought: Mapping[str, Rows] = NONE
) -> Mapping[str, Any]:
    """One row, of those that a scenario has `brought` or of the catalog. Errors: UnknownProblem
    with near matches.
    """
    own, known = brought.get(kind, {}), rows(kind)
    if not isinstance(name, str) or (name not in own and name not in known):
        raise UnknownProblem(where, name, f"row of {kind}", (*own, *known))
    return own[name] if name in own else known[name]


def own_folder() -> str:
    """The folder of the user's own rows; it need not be there."""
    if stated := os.environ.get(FOLDER):
        return stated
    data = os.environ.get("XDG_DATA_HOME")
    return str(
        (Path(data) if data else Path(os.environ.get("HOME") or ".").resolve() / ".local" / "share")
        / "rackrate"
        / "catalog"
    )


def own_files(kind: str) -> tuple[Stamp, ...]:
    """The user's own files of a kind, in the order of their names; looked for once a second, since
    every scenario asks.
    """
    return _own_files(kind, *_moment())


def _moment() -> tuple[str | None, int]:
    return os.environ.get(FOLDER), int(monotonic())


@cached(4)
def _state(folder: str | None, second: int) -> State:
    return tuple(_own_files(kind, folder, second) for kind in KINDS)


def look_again() -> None:
    """Look for the user's own files anew, for one was written."""
    _own_files.cache_clear()
    _state.cache_clear()


@cached(16)
def _own_files(kind: str, _: str | None, __: int) -> tuple[Stamp, ...]:
    try:
        with os.scandir(own_folder()) as entries:
            mine = sorted(
                (
                    one
                    for one in entries
                    if one.name.startswith(kind) and one.name.endswith(".toml")
                ),
                key=lambda one: one.name,
            )
            return tuple((one.path, one.stat().st_mtime_ns, one.stat().st_size) for one in mine)
    except OSError:
        return ()


@cached(16)
def _merged(kind: str, own: tuple[Stamp, ...]) -> Rows:
    """The shipped rows and those of the user's files. Errors: Problem where a file is no TOML, or a
    row has no name or table of its own.
    """
    merged = dict(shipped(kind))
    for path, *_ in own:
        try:
            found = tomllib.loads(Path(path).read_text("utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            raise Problem(
                path, " ".join(str(error).split()), "a TOML file of catalog rows"
            ) from None
        for name, one in found.items():
            if name in merged:
                raise Problem(path, name, "a name that no other row has")
            if not isinstance(one, Mapping):
                raise Problem(f"{path}: {name}", one, "a table")
            merged[name] = one
    return merged
