"""Versions of what is installed."""

from importlib import metadata

from kernels.language.caches import cached

MISSING = "not installed"


def version() -> str:
    """The version of this program."""
    return installed_version("rackrate")


@cached()
def installed_version(package: str) -> str:
    """The version of a package, or that it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return MISSING
