"""Scenario and sweep files: read by path or by the name of one that is shipped.

FileProblem    a file that is not there, cannot be read or written, or is not what it should be
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from economics.scenario.nested import SCALARS
from economics.scenario.reading import Sourced
from economics.vocabulary.header import About
from kernels.language.caches import cached
from kernels.language.spelling import near

MOST_BYTES = 64 * 2**20
FOLDERS = ("scenarios", "sweeps")
STANDARD_STREAM = "-"
SWEEP = {
    "scenario",
    "axes",
    "targets",
    "reduce",
    "backend",
    "draws",
    "conditions",
}  # what a sweep's or a simulation's file has alone


ScenarioLike = str | PathLike[str] | Mapping[str, Any] | About | Sourced


class FileProblem(Exception):
    """What is wrong with a file, in one line."""


@cached()
def shipped_names(folder: str) -> tuple[str, ...]:
    """Names of the files that are shipped in a folder of configs (`scenarios`, `sweeps`),
    sorted.
    """
    found = (files("configs") / folder).iterdir()
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in found if one.name.endswith(".toml"))
    )


def shipped_tables(folder: str, name: str) -> dict[str, Any]:
    """The tables of a shipped file. Errors: FileProblem with near matches."""
    if name not in shipped_names(folder):
        raise _unknown(name, (folder,))
    return tomllib.loads((files("configs") / folder / f"{name}.toml").read_text("utf-8"))


def scenario_tables(name: str) -> dict[str, Any]:
    """A scenario's tables: of a file, of standard input (`-`), or of a shipped scenario. Errors:
    FileProblem.
    """
    tables = _tables(name, ("scenarios",))
    if SWEEP & set(tables):
        what, command = ("simulation", "simulate") if "draws" in tables else ("sweep", "sweep")
        raise FileProblem(f"{name} is a {what}, not a scenario: rackrate {command} {name}")
    return tables


def sweep_spec(name: str) -> dict[str, Any]:
    """A sweep's or a simulation's spec: of its file, or of a scenario, which has no axes and no
    draws yet. Errors: FileProblem.

    Such a file names its scenario by the name of a shipped one or by a path relative to the file,
    or holds its tables.
    """
    tables = _tables(name, ("sweeps", "scenarios"))
    if not SWEEP & set(tables):
        return {"scenario": tables}
    base = tables.get("scenario")
    if isinstance(base, str):
        beside = Path(name).parent / base
        base = scenario_tables(str(beside) if readable(beside) else base)
    if not isinstance(base, Mapping):
        raise FileProblem(f'{name}: expected scenario = "name or path" or a [scenario] table')
    return {**tables, "scenario": base}


def _tables(name: str, folders: tuple[str, ...]) -> dict[str, Any]:
    if name == STANDARD_STREAM:
        return _standard_input()
    path = Path(name)
    if readable(path):
        return read(path)
    for folder in folders:
        if name in shipped_names(folder):
            return shipped_tables(folder, name)
    raise _unknown(name, folders)


def readable(path: Path) -> bool:
    """Whether there is something to read. Errors: FileProblem if that cannot be found out."""
    with access("read", path):
        return path.exists() and not path.is_dir()


def _standard_input() -> dict[str, Any]:
    """The tables on standard input: JSON if it begins with a brace, which no TOML does."""
    if sys.stdin is None:
        raise FileProblem("cannot read standard input: it is closed")
    with access("read", "standard input"):
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    return parse(data, "standard input", json=data.lstrip()[:1] == b"{")


def _unknown(name: str, folders: tuple[str, ...]) -> FileProblem:
    hints = near(name, (known for folder in folders for known in shipped_names(folder)))
    kinds = " or ".join(folder.removesuffix("s") for folder in folders)
    hint = (
        f"; did you mean {' or '.join(hints)}?"
        if hints
        else "; `rackrate catalog` lists what is shipped"
    )
    return FileProblem(f"{name!r} is neither a file nor a shipped {kinds}{hint}")


def read(path: Path) -> dict[str, Any]:
    """The tables of a TOML file, or of a JSON one by its suffix. Errors: FileProblem."""
    return parse(read_bytes(path), str(path), json=path.suffix.lower() == ".json")


def read_bytes(path: Path) -> bytes:
    """A file's bytes, up to one more than a file may have. Errors: FileProblem."""
    with access("read", path), path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def check_size(data: bytes, where: str, what: str, most: int = MOST_BYTES) -> None:
    """Whether a file is no larger than `what` it should be can be. Errors: FileProblem."""
    if len(data) > most:
        raise FileProblem(f"{where} is larger than {most // 2**20} MiB: no {what} is")


def parse(data: bytes, where: str, json: bool = False) -> dict[str, Any]:
    """The tables that a file's bytes say. Errors: FileProblem that names `where`."""
    check_size(data, where, "scenario")
    language = "JSON" if json else "TOML"
    try:
        tables = _from_json(data) if json else tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileProblem(f"{where} is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise FileProblem(
            f"{where} is not valid {language}: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(tables, dict):
        raise FileProblem(f"{where}: expected tables, not {type(tables).__name__}")
    return tables


def _from_json(data: bytes) -> Any:
    import msgspec

    return without_nulls(msgspec.json.decode(data))


def without_nulls(value: Any) -> Any:
    """Tables without what is not stated: JSON writes it as null, TOML leaves it out."""
    if type(value) is dict or isinstance(value, Mapping):
        return {
            key: inner if type(inner) in SCALARS else without_nulls(inner)
            for key, inner in value.items()
            if inner is not None
        }
    return value


@contextmanager
def access(verb: str, what: Path | str) -> Iterator[None]:
    """Access to a file: what the system says against it is a line that names it. Errors:
    FileProblem.
    """
    try:
        yield
    except OSError as error:
        raise FileProblem(f"cannot {verb} {what}: {error.strerror or error}") from None
