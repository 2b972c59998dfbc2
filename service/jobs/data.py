"""The folder of a machine's jobs, found without opening anything in it, and what they may take."""

import os
from collections.abc import Mapping
from pathlib import Path

from service.jobs.records import Limits, NoData
from service.settings import Settings

VARIABLE = "RACKRATE_DATA"
TABLE = "jobs.sqlite"


def data_path(environment: Mapping[str, str]) -> Path:
    """Where jobs are kept: as RACKRATE_DATA says, else in the folder of the user's state."""
    stated = environment.get(VARIABLE, "").strip()
    state = environment.get("XDG_STATE_HOME", "").strip()
    home = Path(environment.get("HOME") or ".")
    return Path(stated) if stated else Path(state or home / ".local" / "state") / "rackrate"


def has_jobs(environment: Mapping[str, str]) -> bool:
    """Whether there have been jobs."""
    return (data_path(environment) / TABLE).exists()


def data_directory(environment: Mapping[str, str]) -> Path:
    """Where jobs are kept, made for its owner alone if it is not there. Errors: NoData."""
    path = data_path(environment)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NoData(f"{VARIABLE}: {path} cannot be made: {error.strerror}") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise NoData(f"{VARIABLE}: {path} cannot be written")
    return path


def environment_of(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment, with the folder that the settings name, wherever they say it."""
    return {**environment, VARIABLE: settings.data or ""}


def limits_of(settings: Settings) -> Limits:
    """What jobs may take, and how long they are kept."""
    return Limits(
        owner_jobs=settings.max_jobs,
        owner_bytes=settings.max_owner_bytes,
        kept_days=settings.keep_days,
        kept_bytes=settings.keep_bytes,
        free_bytes=settings.min_free_bytes,
    )
