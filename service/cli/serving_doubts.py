"""What an operator should know before `serve`: the settings with where each was stated, who may
ask, and what is missing or doubtful.
"""

import os
import resource
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from economics import Problem
from kernels.engines.llvm.runner import cache_folder
from kernels.grids.engine_table import JIT, cores
from service.files.key_files import Key, read_keys
from service.jobs.data import data_path, environment_of
from service.jobs.folders import check_place
from service.jobs.records import NoData
from service.settings import Settings, check_engine, read_settings, stated_settings
from service.version import MISSING, installed_version, requirements

SOON_DAYS = 30
SPARE_FILES = 128  # that a process has open beside its connections
MEMORY_LIMIT = Path("/sys/fs/cgroup/memory.max")


def settings_report(environment: Mapping[str, str]) -> dict[str, str]:
    """Each setting with its value and its origin: default, environment or a file; or what is wrong
    with them.
    """
    try:
        given, stated = read_settings(environment), stated_settings(environment)
    except Problem as problem:
        return {"wrong": str(problem)}
    return {
        name: f"{_shown(value)} ({stated[name].origin if name in stated else 'default'})"
        for name, value in msgspec.structs.asdict(given).items()
    }


def _shown(value: Any) -> str:
    if value in (None, ()):
        return "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def extras() -> dict[str, str]:
    """The extras of this program that are installed whole, and what the others lack."""
    lacking: dict[str, list[str]] = {}
    for package, extra in requirements():
        missing = lacking.setdefault(extra, [])
        if installed_version(package) == MISSING:
            missing.append(package)
    lacking.pop("", None)
    return {
        extra: f"without {', '.join(missing)}" if missing else "ok"
        for extra, missing in sorted(lacking.items())
    }


def data_report(environment: Mapping[str, str]) -> str:
    """The folder of jobs, and whether it can be written; whatever is wrong with the settings is
    told elsewhere.
    """
    with suppress(Problem):
        environment = environment_of(read_settings(environment), environment)
    path = data_path(environment)
    how = "made when it is needed" if not path.exists() else "ok"
    return f"{path} ({how if _writable(path) else 'cannot be written: there can be no jobs'})"


def doubts(environment: Mapping[str, str]) -> list[str]:
    """What is missing or doubtful for serving, a sentence each."""
    try:
        given = read_settings(environment)
        check_engine(given)
    except Problem as problem:
        return [str(problem)]
    return [*_access(given), *_machine(given), *_folders(given, environment)]


def _access(given: Settings) -> Iterator[str]:
    if given.api_keys_file is None:
        yield (
            "without_keys is set: whoever reaches the service may ask"
            if given.without_keys
            else "only loopback addresses can be listened on: there is no api_keys_file"
        )
        return
    try:
        keys = read_keys(given.api_keys_file)
    except Problem as problem:
        yield str(problem)
        return
    now = datetime.now(UTC)
    yield from filter(None, (_expiry(one, now) for one in keys))


def _expiry(key: Key, now: datetime) -> str:
    if key.end <= now.timestamp():
        return f"the key {key.name} has expired ({key.expires})"
    if key.end <= (now + timedelta(days=SOON_DAYS)).timestamp():
        return f"the key {key.name} will have expired after {key.expires}"
    return ""


def _machine(given: Settings) -> Iterator[str]:
    count, memory, files = cores(), _memory(), _open_files()
    if given.workers > count:
        yield f"workers = {given.workers}, but there are {count} cores"
    needed = given.workers * given.max_sweep_bytes
    if needed > memory:
        yield (
            f"workers x max_sweep_bytes are {_gib(needed)}, but there are {_gib(memory)} of memory"
        )
    if given.max_connections + SPARE_FILES > files:
        yield (
            f"max_connections = {given.max_connections}, but a process may have {files} files open"
            " (ulimit -n)"
        )


def _folders(given: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    compiled = cache_folder()
    if not JIT.missing() and (compiled is None or not _writable(compiled)):
        yield f"compiled code cannot be kept in {compiled}: each start compiles it anew"
    if given.metrics_folder is not None and not _writable(Path(given.metrics_folder)):
        yield f"metrics_folder = {given.metrics_folder} cannot be written"
    data = data_path(environment_of(given, environment))
    if not _writable(data):
        yield f"data = {data} cannot be written: there can be no jobs"
    if given.results is not None:
        try:
            check_place(given.results)
        except NoData as error:
            yield f"results = {given.results}: {error}"


def _writable(folder: Path) -> bool:
    """Whether a folder can be written, or made where it will be."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _memory() -> int:
    """Bytes that this machine, or this container, has."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        stated = MEMORY_LIMIT.read_text("ascii").strip()
    except OSError:
        return there
    return min(int(stated), there) if stated.isdigit() else there


def _open_files() -> float:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return float("inf") if most == resource.RLIM_INFINITY else most


def _gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
