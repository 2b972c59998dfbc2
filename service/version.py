"""Versions of what is installed."""

from functools import cache
from importlib import metadata

MISSING = "not installed"


def version() -> str:
    """The version of this program."""
    return installed_version("rackrate")


@cache
def installed_version(package: str) -> str:
    """The version of a package, or that it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return MISSING
