"""`doctor`: what an installation has and lacks."""

import os
import platform
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from economics.models.registry import MODELS
from kernels.engines.engine import Engine
from kernels.grids.engine_table import ENGINES
from service.cli import display
from service.cli.environment import SETTINGS, unknown_variables
from service.cli.overrides import from_environment
from service.version import installed_version, version

CUPY = ("cupy-cuda12x", "cupy-cuda13x")
PACKAGES = (
    "msgspec",
    "rich",
    "numpy",
    "polars",
    "litestar",
    "uvicorn",
    "uvloop",
    "httptools",
    "xlsxwriter",
    "scipy",
    "llvmlite",
    *CUPY,
)


def doctor(options: Namespace) -> None:
    """What this installation has and lacks."""
    found = checkup(os.environ)
    if options.json:
        display.show_json(found)
        return
    for name, value in found.items():
        shown = (
            ", ".join(f"{key} {inner}" for key, inner in value.items())
            if isinstance(value, Mapping)
            else value
        )
        sys.stdout.write(f"{name}: {shown}\n")


def checkup(environment: Mapping[str, str]) -> dict[str, Any]:
    """Versions of Python and packages, engines, the folder of shipped files, what the environment
    sets and what it does not.
    """
    fields = {
        variable: text
        for model in MODELS
        for variable, _, text in from_environment(environment, model)
    }
    return {
        "rackrate": version(),
        "python": f"{platform.python_version()} {sys.executable}",
        "platform": platform.platform(),
        "packages": {name: installed_version(name) for name in PACKAGES},
        "engines": engines(),
        "configs": str(files("configs")),
        "fields set by the environment": fields,
        "settings set by the environment": {
            name: environment[name] for name in SETTINGS if environment.get(name)
        },
        "other variables": unknown_variables(environment),
    }


def engines(known: Sequence[Engine] = ENGINES) -> dict[str, str]:
    """Which engines can run here, and why the others cannot."""
    return {"floats": "ok", **{one.name: one.missing() or "ok" for one in known}}
