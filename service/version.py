"""Versions of what is installed."""

import re
from importlib import metadata

from kernels.language.caches import cached

MISSING = "not installed"
REQUIREMENT = re.compile(r"([\w.-]+)[^;]*(?:;.*extra == .(\w+).)?")


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


def requirements() -> list[tuple[str, str]]:
    """What this program needs: (package, the extra that it belongs to or an empty text)."""
    try:
        stated = metadata.requires("rackrate") or ()
    except metadata.PackageNotFoundError:
        return []
    found = [REQUIREMENT.match(one) for one in stated]
    return [(one[1], one[2] or "") for one in found if one]
